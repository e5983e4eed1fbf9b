import pg from 'pg'
import { Failure } from '../../services/core/failure.js'
import { told } from '../../services/core/words.js'
import type { Cell, ColumnKind, Session, SqlConnection, Words } from './session.js'
import { withinTime } from './time.js'

const KINDS: Record<number, ColumnKind> = {
  16: 'boolean',
  20: 'integer',
  21: 'integer',
  23: 'integer',
  1700: 'decimal',
  700: 'float',
  701: 'float',
  1082: 'day',
  1114: 'instant',
  1184: 'instant',
  25: 'text',
  1042: 'text',
  1043: 'text',
  2950: 'text'
}
const EPOCH = 1n << 32n
const TELLS_CHANGES = new Set(['r', 'p', 'm']) // tables, partitioned ones, and views that are kept: their rows name who wrote them

const WORDS: Words = {
  name: identifier => `"${identifier.replaceAll('"', '""')}"`,
  text: expression => `${expression}::text`,
  after: (columns, last, values) => `(${columns.map(({ expression }) => expression).join(', ')}) > (${last.map(value => `$${values.push(value)}`).join(', ')})`,
  before: (instant, seconds, values) => `($${values.push(instant)}::timestamptz - make_interval(secs => ${seconds}))`,
  now: 'now()',
  changes: {
    fence: 'select pg_snapshot_xmin(s)::text, pg_snapshot_xmax(s)::text from pg_current_snapshot() s',
    // A row keeps the lower half of its transaction's number. Read as the nearest one before `next`, it may look younger than it is, never older.
    since: (row, fence, next) => {
      const half = `${row}.xmin::text::bigint`
      const epoch = next / EPOCH * EPOCH
      return `case when ${half} < 3 then 0 when ${half} >= ${next % EPOCH} then ${half} + ${epoch - EPOCH} else ${half} + ${epoch} end >= ${fence}`
    }
  }
}

/** @throws {Failure} SOURCE_REFUSED, SOURCE_UNAVAILABLE, SOURCE_INVALID */
export async function openPostgres ({ host, port, socket, database, user, password, tls }: SqlConnection, { zone, timeoutMs }: { zone: string, timeoutMs: number }): Promise<Session> {
  const client = new pg.Client({
    host: socket ?? host,
    port,
    database,
    user,
    ...password !== undefined && { password },
    ssl: tls === undefined ? false : { rejectUnauthorized: true, ...tls.ca !== undefined && { ca: tls.ca } },
    application_name: 'mianzheng connector',
    connectionTimeoutMillis: timeoutMs,
    types: { getTypeParser: () => (value: string) => value }
  })
  let lost: unknown
  client.on('error', error => { lost = error }) // it breaks off between two statements: the next one says so
  const run = async (text: string, values: string[] = []): Promise<pg.QueryArrayResult<Cell[]>> => {
    try {
      if (lost !== undefined) throw lost
      return await withinTime(client.query<Cell[]>({ text, values, rowMode: 'array' }), timeoutMs, end)
    } catch (error) { throw asFailure(error) }
  }
  // The driver's own end waits for a server that may be silent for ever.
  const end = (): void => { (client as unknown as { connection: { stream: { destroy: () => void } } }).connection.stream.destroy() }
  try {
    await withinTime(client.connect(), timeoutMs, end)
    // The number is whole and the zone has the shape +08:00: both were checked with the configuration.
    await run(`set statement_timeout = ${timeoutMs}`)
    await run(`set time zone interval '${zone}' hour to minute`)
    await run("set datestyle = 'ISO, YMD'")
    await run('begin isolation level repeatable read read only')
    const encoding = (await run('show server_encoding')).rows[0]?.[0]
    if (encoding === 'SQL_ASCII') throw new Failure('SOURCE_INVALID', told('数据库没有说明文本用什么编码（SQL_ASCII）', 'the database does not say in which encoding it keeps text (SQL_ASCII)'))
  } catch (error) {
    end()
    throw asFailure(error)
  }
  return {
    words: WORDS,
    ask: async ({ sql, values }) => (await run(sql, values)).rows,
    kinds: async sql => {
      const { fields } = await run(sql)
      const others = fields.map(({ dataTypeID }) => dataTypeID).filter(id => !(id in KINDS))
      const { rows } = await run("select oid::text from pg_type where typcategory in ('S', 'E') and oid::text = any(string_to_array($1, ','))", [others.join()])
      const texts = new Set(rows.map(([oid]) => Number(oid)))
      return fields.map(({ dataTypeID }) => KINDS[dataTypeID] ?? (texts.has(dataTypeID) ? 'text' : 'other'))
    },
    identity: async table => {
      const { rows: [row = []] } = await run(`select (select system_identifier from pg_control_system())::text, (select oid from pg_database where datname = current_database())::text,
        oid::text, relkind::text from pg_class where oid = $1::regclass`, [table])
      if (!TELLS_CHANGES.has(row[3] ?? '')) throw new Failure('SOURCE_INVALID', told(`${table} 不是表，自己不能告知变更：请写明 updated 和 lookBackSeconds`, `${table} is no table, and does not tell its changes itself: name updated and lookBackSeconds`))
      return row.join('.')
    },
    close: async () => {
      await withinTime(client.end(), 1000, end).catch(() => {}) // nothing was written that could be lost
    }
  }
}

/** The database's own words may hold values; its code, and what it says of our statement, do not. */
function asFailure (error: unknown): unknown {
  if (error instanceof Failure) return error
  const { code = '', message } = error as { code?: string, message: string }
  if (!/^[0-9A-Z]{5}$/.test(code) || !('severity' in (error as object))) {
    const tls = /CERT|TLS|SSL/i.test(code) || /SSL/.test(message)
    return tls
      ? new Failure('SOURCE_REFUSED', told(`TLS 连接不上：${code === '' ? '数据库不提供' : code}`, `no connection by TLS: ${code === '' ? 'the database offers none' : code}`), { cause: error })
      : new Failure('SOURCE_UNAVAILABLE', told(`数据库没有答复，或中途断开${code === '' ? '' : `（${code}）`}`, `the database does not answer, or broke off${code === '' ? '' : ` (${code})`}`), { cause: error })
  }
  if (/^28|^42501/.test(code)) return new Failure('SOURCE_REFUSED', code === '42501' ? told('该用户没有读取的权限', `the user may not read it: ${message}`) : told(`数据库不让该用户登录（${code}）`, `the database does not let the user in (${code})`), { cause: error })
  if (/^(?:08|25P|40|53|55|57|58)/.test(code)) return new Failure('SOURCE_UNAVAILABLE', code === '57014' ? told('查询超过了 timeoutSeconds', 'a statement took longer than timeoutSeconds') : told(`数据库中途断开（${code}）`, `the database broke off (${code})`), { cause: error })
  return new Failure('SOURCE_INVALID', /^(?:42|3D)/.test(code) ? told('数据库不能这样查询', `${message} (${code})`) : told(`数据库答不了这个查询（${code}）`, `the database cannot answer the statement (${code})`), { cause: error })
}
