import type { Test } from 'tap'
import { sqlSource, type SqlConnection, type SqlSourceOptions } from '../../../connectors/sql/index.js'
import type { RejectedRow, Source, SourceBatch, SourceRow } from '../../../connectors/sdk/index.js'
import { CONTRACT_ROW_BYTES, type RegisterLine, type System } from '../../contract/connector.js'

/** What the two engines say differently. */
export interface Engine {
  connection: SqlConnection
  sql: (text: string) => Promise<unknown>
  name: (identifier: string) => string
  /** A text, quoted. */
  text: (value: string) => string
  types: { key: string, text: string, size: string }
  noDay: string
  grant: (table: string) => string
  revoke: (table: string) => string
  /** Ends what the connector has open. */
  kill: () => Promise<void>
  /** Keeps everyone else out of a table. */
  lock: (table: string) => Promise<() => Promise<void>>
}

export const LIMITS = { rowBytes: CONTRACT_ROW_BYTES, columns: 20, timeoutMs: 20_000, pageRows: 3 }
export const COLUMNS = [{ column: '名称', required: true }, { column: '面积', type: 'number' as const }, { column: '开业日期', type: 'day' as const }]

let tables = 0

/** A table of its own for each test. */
export function tableSystem (engine: Engine, options: Partial<SqlSourceOptions> = {}): System & { table: string } {
  const { name, text, types } = engine
  const table = `shops ${++tables}`
  const declared: SqlSourceOptions = { resource: 'shops', connection: engine.connection, table: { name: table }, key: ['编号'], columns: COLUMNS, limits: LIMITS, ...options }
  const rowOf = ({ key, name, size, day }: RegisterLine, withoutName: boolean): string =>
    `(${[text(key), ...withoutName ? [] : [name === null ? 'null' : text(name)], size ?? 'null', day === undefined ? 'null' : text(day)].join(', ')})`
  const insert = async (rows: string[], withoutName = false): Promise<void> => {
    const columns = ['编号', ...withoutName ? [] : ['名称'], '面积', '开业日期'].map(name).join(', ')
    if (rows.length > 0) await engine.sql(`insert into ${name(table)} (${columns}) values ${rows.join(', ')}`)
  }
  return {
    table,
    source: sqlSource(declared),
    tellsEmpty: true,
    write: async (rows, { withoutName = false, withMore = false } = {}) => {
      await engine.sql(`drop table if exists ${name(table)}`)
      await engine.sql(`create table ${name(table)} (${[
        `${name('编号')} ${types.key}`, ...withoutName ? [] : [`${name('名称')} ${types.text}`], `${name('面积')} ${types.size}`, `${name('开业日期')} date`,
        `note ${types.key} default 'not published'`, ...withMore ? [`${name('更多')} ${types.key} default 'not published'`] : []
      ].join(', ')})`)
      await engine.sql(engine.grant(name(table)))
      await insert(rows.map(row => rowOf(row, withoutName)), withoutName)
    },
    spoil: async () => { await insert([`(null, ${text('name')}, null, null)`]) },
    spoilSize: async key => { await insert([rowOf({ key, name: 'name', size: '9007199254740993' }, false)]) },
    spoilDay: async key => { await insert([rowOf({ key, name: 'name', day: engine.noDay }, false)]) },
    breakOff: { when: 'during', code: 'SOURCE_UNAVAILABLE', now: engine.kill },
    lockOut: async () => {
      await engine.sql(engine.revoke(name(table)))
      return async () => { await engine.sql(engine.grant(name(table))) }
    },
    lockedOutCode: 'SOURCE_REFUSED',
    silence: async () => ({ source: sqlSource({ ...declared, limits: { ...LIMITS, timeoutMs: 200 } }), end: await engine.lock(name(table)) })
  }
}

export interface Read { rows: SourceRow[], rejected: RejectedRow[], batches: SourceBatch[], position: string | undefined }

export async function readAll (source: Source, position?: string): Promise<Read> {
  const read: Read = { rows: [], rejected: [], batches: [], position: undefined }
  for await (const batch of source.read(position)) {
    read.batches.push(batch)
    read.rows.push(...batch.rows)
    read.rejected.push(...batch.rejected ?? [])
    read.position = batch.position
  }
  return read
}
export const keysOf = ({ rows }: Read): string[] => rows.map(({ key, deleted = false }) => deleted ? `-${key}` : key)

/** What holds on both engines and is no matter of the contract. */
export function bothEngines (t: Test, engine: Engine): void {
  const { name, sql } = engine
  const source = (options: Partial<SqlSourceOptions>): Source => sqlSource({ resource: 'shops', connection: engine.connection, key: ['id'], columns: [{ column: 'v' }], limits: LIMITS, ...options })

  t.test('a column that is missing or holds something else than declared is refused before anything is read', async t => {
    await sql(`create table changed (id ${engine.types.key}, v ${engine.types.text}, n int, d date, at timestamp null)`)
    await sql(engine.grant('changed'))
    const table = { name: 'changed' }
    for (const column of [{ column: 'gone' }, { column: 'v', type: 'number' as const }, { column: 'n', type: 'day' as const }, { column: 'd' }, { column: 'v', type: 'boolean' as const }, { column: 'd', type: 'instant' as const }]) {
      await t.rejects(readAll(source({ table, columns: [column] })), { code: 'SOURCE_INVALID' }, JSON.stringify(column))
    }
    for (const options of [{ key: ['at'] }, { deleted: 'v' }, { changes: { updated: 'd', lookBackSeconds: 1 } }]) {
      await t.rejects(readAll(source({ table, ...options })), { code: 'SOURCE_INVALID' }, JSON.stringify(options))
    }
    // Of a table that is not there and one that may not be read MariaDB says the same.
    await t.rejects(readAll(source({ table: { name: 'nowhere' } })), { code: engine.connection.engine === 'postgresql' ? 'SOURCE_INVALID' : 'SOURCE_REFUSED' })
    t.same((await readAll(source({ table, columns: [{ column: 'v' }, { column: 'n', type: 'number' }, { column: 'd', type: 'day' }, { column: 'at', type: 'instant' }] }))).rows, [])
  })

  t.test('names are names, whatever stands in them', async t => {
    const odd = 'od`d" ; drop table x -- \\'
    await sql(`create table ${name(odd)} (${name(`${odd}k`)} ${engine.types.key}, ${name(`${odd}v`)} ${engine.types.text})`)
    await sql(engine.grant(name(odd)))
    await sql(`insert into ${name(odd)} values ('1', 'one'), ('2', 'two'), ('3', 'three'), ('4', 'four')`)
    t.same((await readAll(source({ table: { name: odd }, key: [`${odd}k`], columns: [{ column: `${odd}v`, name: 'v' }] }))).rows.map(({ values }) => values['v']), ['one', 'two', 'three', 'four'])
    await t.rejects(readAll(source({ table: { name: `${odd}" where 1=1; --` } })), { code: /SOURCE_(?:INVALID|REFUSED)/ })
  })

  t.test('a key of two columns, numbers among them, is paged without losing or doubling any', async t => {
    await sql(`create table pairs (a bigint, b ${engine.types.key}, v ${engine.types.text})`)
    await sql(engine.grant('pairs'))
    const pairs = [9007199254740992n, 9007199254740993n, 9007199254740994n, -1n].flatMap(a => ['x', 'y', 'z|', "'"].map(b => [a, b] as const))
    await sql(`insert into pairs values ${pairs.map(([a, b]) => `(${a}, ${engine.text(b)}, 'v')`).join(', ')}`)
    const { rows } = await readAll(source({ table: { name: 'pairs' }, key: ['a', 'b'] }))
    t.same(rows.map(({ key }) => key).sort(), pairs.map(([a, b]) => `${a}|${b.replace('|', '\\|')}`).sort())
  })

  t.test('whole numbers beyond 2^53 leave as text, exact, and yes or no as such', async t => {
    await sql(`create table kinds (id int, big bigint, exact decimal(30,4), yes boolean, f double ${engine.connection.engine === 'postgresql' ? 'precision' : ''})`)
    await sql(engine.grant('kinds'))
    await sql('insert into kinds values (1, 9223372036854775807, 12345678901234567890.1200, true, 0.1), (2, null, 1.5, false, 1e300)')
    const { rows, rejected } = await readAll(source({ table: { name: 'kinds' }, columns: [{ column: 'big' }, { column: 'exact', name: 'text' }, { column: 'yes', type: 'boolean' }] }))
    t.same(rows.map(({ values }) => values), [{ big: '9223372036854775807', text: '12345678901234567890.1200', yes: true }, { big: null, text: '1.5000', yes: false }])
    const numbers = await readAll(source({ table: { name: 'kinds' }, columns: [{ column: 'f', type: 'number' }] }))
    t.same([numbers.rows.map(({ values }) => values), numbers.rejected.map(({ key }) => key), rejected], [[{ f: 0.1 }], ['2'], []], '1e300 is a whole number that JSON readers would round')
  })

  t.test('instants are UTC, whatever zone the server stands in; without a zone they are of the one declared', async t => {
    const withZone = engine.connection.engine === 'postgresql' ? 'timestamptz' : 'timestamp'
    const without = engine.connection.engine === 'postgresql' ? 'timestamp' : 'datetime(6)'
    await sql(`create table instants (id int, a ${withZone} null, b ${without})`)
    await sql(engine.grant('instants'))
    await sql(engine.connection.engine === 'postgresql' ? "set time zone 'UTC'" : "set time_zone = '+00:00'")
    await sql("insert into instants values (1, '2026-03-01 00:00:00', '2026-03-01 08:00:00.123456')")
    const columns = [{ column: 'a', type: 'instant' as const }, { column: 'b', type: 'instant' as const }]
    t.same((await readAll(source({ table: { name: 'instants' }, columns }))).rows[0]?.values, { a: '2026-03-01T00:00:00.000Z', b: '2026-03-01T00:00:00.123Z' })
    t.same((await readAll(source({ table: { name: 'instants' }, columns, zone: '+00:00' }))).rows[0]?.values, { a: '2026-03-01T00:00:00.000Z', b: '2026-03-01T08:00:00.123Z' })
  })

  t.test('a query may join and end with a comment, and can write nothing', async t => {
    await sql(`create table halves (id int, v ${engine.types.text})`)
    await sql(engine.grant('halves'))
    await sql("insert into halves values (1, 'a'), (2, 'b')")
    t.same(keysOf(await readAll(source({ query: 'select x.id, y.v from halves x join halves y on x.id = y.id where x.id > 1 -- the end' }))), ['2'])
    for (const query of ['select 1 as id, 2 as v; delete from halves', 'delete from halves', '']) {
      await t.rejects(readAll(source({ query })), { code: 'SOURCE_INVALID' }, query)
    }
    t.equal(keysOf(await readAll(source({ table: { name: 'halves' } }))).length, 2)
  })

  t.test('a row is as large as the limit or left out, and a huge one is never fetched', async t => {
    await sql(`create table sizes (id int, v ${engine.connection.engine === 'postgresql' ? 'text' : 'longtext'})`)
    await sql(engine.grant('sizes'))
    await sql("insert into sizes values (1, repeat('x', 99)), (2, repeat('x', 100)), (3, repeat('证', 3000000))")
    const { rows, rejected } = await readAll(source({ table: { name: 'sizes' }, limits: { ...LIMITS, rowBytes: 100 } }))
    t.same([rows.map(({ key }) => key), rejected.map(({ key, code }) => `${key} ${code}`)], [['1'], ['2 ROW_TOO_LARGE', '3 ROW_TOO_LARGE']])
  })

  t.test('a wrong password, a database that is none and one that is not there have their codes, and no message says the password', async t => {
    const at = (connection: Partial<SqlConnection>): Source => source({ table: { name: 'kinds' }, connection: { ...engine.connection, ...connection }, limits: { ...LIMITS, timeoutMs: 2000 } })
    const codeOf = async (source: Source): Promise<string> => await readAll(source).then(() => 'read', (error: Error & { code: string }) => {
      t.notMatch(`${error.message} ${String(error.stack)}`, /wrong-secret|reader/)
      return error.code
    })
    t.equal(await codeOf(at({ password: 'wrong-secret' })), 'SOURCE_REFUSED')
    t.match(await codeOf(at({ database: 'no_such' })), /SOURCE_INVALID|SOURCE_REFUSED/)
    t.equal(await codeOf(at({ port: 1 })), 'SOURCE_UNAVAILABLE')
    t.equal(await codeOf(at({ tls: {} })), 'SOURCE_REFUSED', 'a server without TLS is not spoken to in the clear')
  })

  t.test('rows whose flag says so count as deleted, of a register that is read whole too', async t => {
    await sql(`create table flagged (id int, v ${engine.types.text}, gone boolean)`)
    await sql(engine.grant('flagged'))
    await sql("insert into flagged values (1, 'a', false), (2, 'b', true), (3, 'c', null)")
    t.same(keysOf(await readAll(source({ table: { name: 'flagged' }, deleted: 'gone' }))), ['1', '-2', '3'])
  })
}
