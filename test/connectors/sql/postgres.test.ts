import { spawnSync } from 'node:child_process'
import { chownSync, readFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { follow } from '../../../connectors/sdk/index.js'
import { sqlSource, type SqlSourceOptions } from '../../../connectors/sql/index.js'
import { connectorContract } from '../../contract/connector.js'
import { department } from '../../support/department.js'
import { postgresFolder, startPostgres } from '../../support/postgres.js'
import { bothEngines, keysOf, LIMITS, readAll, tableSystem, type Engine } from './register.js'

const bin = postgresFolder()
if (bin === undefined) {
  t.test('PostgreSQL as a source', { skip: 'LOUDLY SKIPPED: no PostgreSQL server is installed (Debian: postgresql)' }, async () => {})
} else {
  const server = await startPostgres(t, bin)
  const engine: Engine = {
    connection: server.connection,
    sql: async text => await server.sql(text),
    name: identifier => `"${identifier.replaceAll('"', '""')}"`,
    text: value => `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`,
    types: { key: 'text', text: 'text', size: 'numeric' },
    noDay: 'infinity',
    grant: table => `grant select on ${table} to connector`,
    revoke: table => `revoke select on ${table} from connector`,
    kill: async () => { await server.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'connector'") },
    lock: async table => {
      const other = await server.connect()
      await other.query(`begin; lock table ${table} in access exclusive mode`)
      return async () => { await other.query('rollback') }
    }
  }
  const source = (options: Partial<SqlSourceOptions>): ReturnType<typeof sqlSource> =>
    sqlSource({ resource: 'shops', connection: server.connection, key: ['id'], columns: [{ column: 'v' }], changes: {}, limits: LIMITS, ...options })

  t.test('a table of PostgreSQL as a connector', async t => { connectorContract(t, async () => tableSystem(engine)) })
  t.test('what every engine keeps', async t => { bothEngines(t, engine) })

  t.test('a row that is committed late, though written and stamped before others that were read, is not skipped', async t => {
    await server.sql('create table late (id int primary key, v text, updated timestamptz default now())')
    await server.sql('grant select on late to connector')
    const late = source({ table: { name: 'late' } })
    const early = await server.connect()
    await early.query('begin')
    await early.query('select now()') // stamped from here on, but without a number until it writes
    await server.sql("insert into late values (2, 'in time')")
    const slow = await server.connect()
    await slow.query("begin; insert into late values (3, 'numbered, not committed')")
    const first = await readAll(late)
    t.same(keysOf(first), ['2'])
    await early.query("insert into late values (1, 'late')")
    await early.query('commit')
    const second = await readAll(late, first.position)
    t.ok(keysOf(second).includes('1'))
    t.equal(String((await server.sql('select (select updated from late where id = 1) < (select updated from late where id = 2)'))[0]), 'true', 'a cursor by its stamp had passed it')
    await slow.query('commit')
    const third = await readAll(late, second.position)
    t.ok(keysOf(third).includes('3'))
    t.same(keysOf(await readAll(late, third.position)), [], 'and then all is read')
  })

  t.test('changes alone are published, deletions by their flag, each once, and the pass is announced without a count', async t => {
    t.testdir()
    const desk = await department(t)
    const publisher = await desk.publisher()
    await server.sql('create table feed (id int primary key, v text, gone boolean)')
    await server.sql('grant select on feed to connector')
    const feed = source({ table: { name: 'feed' }, deleted: 'gone' })
    const pass = async (): Promise<unknown> => await follow({ source: feed, publisher })
    await server.sql("insert into feed select n, 'v' || n, false from generate_series(1, 10) n")
    t.match(await pass(), { changed: 10, unchanged: 0 })
    t.match(await pass(), { changed: 0, unchanged: 0 }, 'nothing is read again')
    await server.sql("update feed set v = 'new' where id = 3; update feed set gone = true where id = 4; insert into feed values (11, 'eleven', false); delete from feed where id = 5")
    await follow({ source: feed, publisher, announce: desk.clock })
    t.same(desk.receiver.events.slice(10).map(({ type, subject }) => `${type} ${subject}`), ['record.upserted.v1 3', 'record.deleted.v1 4', 'record.upserted.v1 11', 'resource.refreshed.v1 shops'])
    t.same(desk.receiver.events.at(-1)?.data, { resource: 'shops', asOf: '2026-03-01T00:00:00.000Z' })
  })

  t.test('a pass that broke off goes on behind the page it had ended, and the one after it sees what changed meanwhile', async t => {
    await server.sql('create table sweep (id int primary key, v text)')
    await server.sql('grant select on sweep to connector')
    await server.sql("insert into sweep select n, 'v' from generate_series(1, 7) n")
    const sweep = source({ table: { name: 'sweep' } })
    const { batches } = await readAll(sweep)
    await server.sql("update sweep set v = 'changed meanwhile' where id = 1")
    const rest = await readAll(sweep, batches[0]?.position)
    t.same(keysOf(rest), ['4', '5', '6', '7'])
    t.ok(keysOf(await readAll(sweep, rest.position)).includes('1'))
  })

  t.test('another table in the place of the one that was followed is read from its beginning', async t => {
    await server.sql("create table again (id int, v text); insert into again values (1, 'a')")
    await server.sql('grant select on again to connector')
    const again = source({ table: { name: 'again' } })
    const { position } = await readAll(again)
    t.same(keysOf(await readAll(again, position)), [])
    t.same(keysOf(await readAll(source({ table: { name: 'again' }, columns: [{ column: 'v', name: 'other' }] }), position)), ['1'], 'and so is one that is declared otherwise')
    await server.sql('alter table again rename to before')
    await server.sql('create table again as select * from before')
    await server.sql('grant select on again to connector')
    t.same(keysOf(await readAll(again, position)), ['1'])
    const ahead = JSON.stringify({ ...JSON.parse((await readAll(again)).position as string) as object, next: '99999999999' })
    t.same(keysOf(await readAll(again, ahead)), ['1'], 'so is one restored from a copy, whose numbers begin earlier')
  })

  t.test('numbers of transactions that have wrapped around are told apart', async t => {
    const { openPostgres } = await import('../../../connectors/sql/postgres.js')
    const session = await openPostgres(server.connection, { zone: '+00:00', timeoutMs: 5000 })
    const since = async (xmin: number, fence: bigint, next: bigint): Promise<unknown> =>
      (await session.ask({ sql: `select (${session.words.changes?.since('q', fence, next)})::text from (select '${xmin}'::text as xmin) q`, values: [] }))[0]?.[0]
    const wrapped = (5n << 32n) + 100n
    t.equal(await since(50, (5n << 32n) + 50n, wrapped), 'true')
    t.equal(await since(49, (5n << 32n) + 50n, wrapped), 'false')
    t.equal(await since(4_294_967_295, (5n << 32n) - 1n, wrapped), 'true', 'just before the turn')
    t.equal(await since(4_294_967_294, (5n << 32n) - 1n, wrapped), 'false')
    t.equal(await since(2, 3n, wrapped), 'false', 'frozen by an upgrade: long ago')
    await session.close()
  })

  t.test('a view cannot tell its own changes and says so; with a column of the last change it can be followed', async t => {
    await server.sql("create table base (id int, v text, updated timestamptz default now()); insert into base values (1, 'a'); create view seen as select * from base")
    await server.sql('grant select on seen to connector')
    await t.rejects(readAll(source({ table: { name: 'seen' } })), { code: 'SOURCE_INVALID' })
    const windowed = source({ table: { name: 'seen' }, changes: { updated: 'updated', lookBackSeconds: 60 } })
    const { position } = await readAll(windowed)
    await server.sql("insert into base values (2, 'late', now() - interval '50 seconds'), (3, 'too late', now() - interval '1 hour')")
    t.same(keysOf(await readAll(windowed, position)), ['1', '2'], 'the window is read again; what lies before it is not')
  })

  t.test('a query that writes by way of a function is refused by the database', async t => {
    await server.sql("create table written (v text); create function writes () returns table (id int, v text) language sql as $$ insert into written values ('x') returning 1, v $$")
    await server.sql('grant select, insert on written to connector')
    await t.rejects(readAll(sqlSource({ resource: 'shops', connection: server.connection, query: 'select * from writes()', key: ['id'], columns: [{ column: 'v' }], limits: LIMITS })), { code: 'SOURCE_INVALID' })
    t.same(await server.sql('select count(*)::int from written'), [[0]])
  })

  t.test('text of a database that does not know its encoding is not guessed at', async t => {
    await server.sql("create database unknown_text encoding 'SQL_ASCII' template template0 locale 'C'")
    await t.rejects(readAll(source({ connection: { ...server.connection, database: 'unknown_text' }, table: { name: 'x' } })), { code: 'SOURCE_INVALID', message: /SQL_ASCII/ })
  })

  t.test('a server that accepts and never speaks is given up in time', async t => {
    const sockets = new Set<Socket>()
    const silent = createServer(socket => { sockets.add(socket) })
    await new Promise<void>(resolve => { silent.listen(0, '127.0.0.1', resolve) })
    t.teardown(() => { for (const socket of sockets) socket.destroy(); silent.close() })
    const { port } = silent.address() as AddressInfo
    for (const engine of ['postgresql', 'mysql'] as const) {
      const connection = { ...server.connection, engine, port }
      await t.rejects(readAll(source({ connection, table: { name: 'x' }, changes: { updated: 'u', lookBackSeconds: 1 }, limits: { ...LIMITS, timeoutMs: 200 } })), { code: 'SOURCE_UNAVAILABLE' }, engine)
    }
  })

  t.test('a certificate is believed if it leads to the CA that was given, and no other', async t => {
    const [key, certificate] = [join(server.dir, 'tls.key'), join(server.dir, 'tls.crt')]
    const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate], { encoding: 'utf8' })
    t.equal(made.status, 0, made.stderr)
    if (server.owner.uid !== undefined) chownSync(key, server.owner.uid, server.owner.gid ?? 0)
    await server.sql(`alter system set ssl_cert_file = '${certificate}'`)
    await server.sql(`alter system set ssl_key_file = '${key}'`)
    await server.sql('alter system set ssl = on')
    await server.sql('select pg_reload_conf()')
    await server.sql("create table sealed (id int, v text); insert into sealed values (1, 'a')")
    await server.sql('grant select on sealed to connector')
    const by = (tls: { ca?: string }): ReturnType<typeof sqlSource> => source({ table: { name: 'sealed' }, connection: { ...server.connection, tls } })
    t.same(keysOf(await readAll(by({ ca: readFileSync(certificate, 'utf8') }))), ['1'])
    await t.rejects(readAll(by({})), { code: 'SOURCE_REFUSED' })
  })
}
