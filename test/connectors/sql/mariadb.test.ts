import t from 'tap'
import { follow } from '../../../connectors/sdk/index.js'
import { sqlSource, type SqlSourceOptions } from '../../../connectors/sql/index.js'
import { connectorContract } from '../../contract/connector.js'
import { department } from '../../support/department.js'
import { mariaDbIsHere, startMariaDb } from '../../support/mariadb.js'
import { bothEngines, keysOf, LIMITS, readAll, tableSystem, type Engine } from './register.js'

if (!mariaDbIsHere()) {
  t.test('MariaDB as a source', { skip: 'LOUDLY SKIPPED: no MariaDB server is installed (Debian: mariadb-server)' }, async () => {})
} else {
  const server = await startMariaDb(t)
  const engine: Engine = {
    connection: server.connection,
    sql: async text => await server.sql(text),
    name: identifier => `\`${identifier.replaceAll('`', '``')}\``,
    text: value => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`,
    types: { key: 'varchar(200)', text: 'text', size: 'decimal(40,6)' },
    noDay: '0000-00-00',
    grant: table => `grant select on register.${table} to connector@'%'`,
    revoke: table => `revoke select on register.${table} from connector@'%'`,
    kill: async () => {
      for (const [id] of await server.sql("select id from information_schema.processlist where user = 'connector'") as number[][]) await server.sql(`kill ${id}`)
    },
    lock: async table => {
      const other = await server.connect()
      await other.query(`lock tables ${table} write`)
      return async () => { await other.query('unlock tables') }
    }
  }
  await server.sql("grant usage on register.* to connector@'%'")
  const source = (options: Partial<SqlSourceOptions>): ReturnType<typeof sqlSource> =>
    sqlSource({ resource: 'shops', connection: server.connection, key: ['id'], columns: [{ column: 'v' }], changes: { updated: 'updated', lookBackSeconds: 60 }, limits: LIMITS, ...options })

  t.test('a table of MariaDB as a connector', async t => { connectorContract(t, async () => tableSystem(engine)) })
  t.test('what every engine keeps', async t => { bothEngines(t, engine) })

  t.test('a row that is committed late within the stated window is not skipped, and nothing of the window is published twice', async t => {
    t.testdir()
    const desk = await department(t)
    const publisher = await desk.publisher()
    await server.sql('create table late (id int primary key, v text, updated datetime(6) default now(6)) engine=innodb')
    await server.sql(engine.grant('late'))
    const late = source({ table: { name: 'late' } })
    const slow = await server.connect()
    await slow.query('start transaction')
    await slow.query("insert into late (id, v) values (1, 'late')")
    await server.sql("insert into late (id, v) values (2, 'in time')")
    t.match(await follow({ source: late, publisher }), { changed: 1 })
    await slow.query('commit')
    t.match(await follow({ source: late, publisher }), { changed: 1, unchanged: 1 })
    t.same(desk.receiver.events.map(({ subject }) => subject), ['2', '1'])
    await server.sql("insert into late values (3, 'before the window', now(6) - interval 1 hour)")
    t.match(await follow({ source: late, publisher }), { changed: 0, unchanged: 2 }, 'the window is what was promised, and no more')
  })

  t.test('a stamp from a clock that runs ahead does not move the window past the others', async t => {
    await server.sql('create table ahead (id int primary key, v text, updated timestamp(6) default now(6))')
    await server.sql(engine.grant('ahead'))
    await server.sql("insert into ahead values (1, 'from tomorrow', now(6) + interval 1 day)")
    const ahead = source({ table: { name: 'ahead' } })
    const { position } = await readAll(ahead)
    await server.sql("insert into ahead (id, v) values (2, 'now')")
    t.same(keysOf(await readAll(ahead, position)), ['1', '2'])
  })

  t.test('a row without a stamp is read at every pass', async t => {
    await server.sql('create table unstamped (id int primary key, v text, updated datetime(6) null)')
    await server.sql(engine.grant('unstamped'))
    await server.sql("insert into unstamped values (1, 'a', null), (2, 'b', now(6) - interval 1 day), (3, 'c', now(6))")
    const unstamped = source({ table: { name: 'unstamped' } })
    const { position } = await readAll(unstamped)
    t.same(keysOf(await readAll(unstamped, position)), ['1', '3'])
  })

  t.test('changes cannot be followed without a stamp and a window, and that is said before anything is asked', async t => {
    t.throws(() => source({ table: { name: 'x' }, changes: {} }), { code: 'CONFIG_INVALID' })
    t.throws(() => source({ table: { name: 'x' }, changes: { updated: 'u' } }), { code: 'CONFIG_INVALID' })
    t.throws(() => source({ table: { name: 'x' }, changes: { updated: 'u', lookBackSeconds: 0 } }), { code: 'CONFIG_INVALID' })
  })

  t.test('keys that the database takes for one are rows with one key, on whatever page they stand', async t => {
    await server.sql('create table folded (id varchar(20), v text)')
    await server.sql(engine.grant('folded'))
    await server.sql("insert into folded values ('a', '1'), ('b', '2'), ('c', '3'), ('C', '4'), ('d', '5'), ('e', '6')")
    const { rows, rejected } = await readAll(sqlSource({ resource: 'shops', connection: server.connection, table: { name: 'folded' }, key: ['id'], columns: [{ column: 'v' }], limits: LIMITS }))
    t.same([rows.map(({ key }) => key), rejected.map(({ key, code }) => `${key} ${code}`).sort()], [['a', 'b', 'd', 'e'], ['C ROW_KEY_TWICE', 'c ROW_KEY_TWICE']])
  })

  t.test('a table in GBK arrives as it reads', async t => {
    await server.sql('create table gbk (id varchar(20), v text) character set gbk')
    await server.sql(engine.grant('gbk'))
    await server.sql("insert into gbk values ('键一', '证照'), ('键二', '面馆'), ('键三', '药店'), ('键四', '书店')")
    t.same(Object.fromEntries((await readAll(sqlSource({ resource: 'shops', connection: server.connection, table: { name: 'gbk' }, key: ['id'], columns: [{ column: 'v' }], limits: LIMITS }))).rows.map(({ key, values }) => [key, values['v']])), { 键一: '证照', 键二: '面馆', 键三: '药店', 键四: '书店' })
  })
}
