import mysql, { type FieldPacket } from 'mysql2/promise'
import { Failure } from '../../services/core/failure.js'
import { told } from '../../services/core/words.js'
import type { Cell, ColumnKind, Session, SqlConnection, Words } from './session.js'
import { withinTime } from './time.js'

const KINDS: Record<number, ColumnKind> = {
  0: 'decimal', 246: 'decimal', 1: 'integer', 2: 'integer', 3: 'integer', 8: 'integer', 9: 'integer', 13: 'integer', 4: 'float', 5: 'float', 10: 'day', 14: 'day', 7: 'instant', 12: 'instant'
}
const TEXTS = new Set([15, 247, 248, 249, 250, 251, 252, 253, 254]) // varchar, enum, set, the sizes of text, string
const BINARY = 63 // the character set of what is no text

const WORDS: Words = {
  name: identifier => `\`${identifier.replaceAll('`', '``')}\``,
  text: expression => `cast(${expression} as char)`,
  // Written out, since the engine finds no index for a comparison of rows.
  after: (columns, last, values) => {
    const given = (at: number): string => {
      const value = last[at] as string
      // Compared with a text, a whole number would be rounded: it becomes part of the statement, once it is known for one.
      if (columns[at]?.kind === 'integer' && /^-?\d{1,20}$/.test(value)) return value
      values.push(value)
      return '?'
    }
    return columns.map(({ expression }, at) => `(${[...columns.slice(0, at).map((same, index) => `${same.expression} = ${given(index)}`), `${expression} > ${given(at)}`].join(' and ')})`).join(' or ')
  },
  before: (instant, seconds, values) => {
    values.push(instant)
    return `(cast(? as datetime(6)) - interval ${seconds} second)`
  },
  now: 'now(6)',
  changes: undefined
}
const REFUSED = new Set([1044, 1045, 1130, 1142, 1143, 1227, 1370, 1698, 3118, 4151])
const BROKEN_OFF = new Set([1040, 1053, 1203, 1205, 1213, 1317, 1927, 1969, 3024])
const TOO_LONG = new Set([1969, 3024])

/** MySQL and MariaDB. @throws {Failure} SOURCE_REFUSED, SOURCE_UNAVAILABLE, SOURCE_INVALID */
export async function openMysql ({ host, port, socket, database, user, password, tls }: SqlConnection, { zone, timeoutMs }: { zone: string, timeoutMs: number }): Promise<Session> {
  let connection: mysql.Connection | undefined
  const end = (): void => { connection?.destroy() }
  try {
    connection = await withinTime(mysql.createConnection({
      ...socket === undefined ? { host, port } : { socketPath: socket },
      database,
      user,
      ...password !== undefined && { password },
      ...tls !== undefined && { ssl: { rejectUnauthorized: true, verifyIdentity: true, ...tls.ca !== undefined && { ca: tls.ca } } },
      charset: 'utf8mb4',
      connectTimeout: timeoutMs,
      dateStrings: true,
      supportBigNumbers: true,
      bigNumberStrings: true,
      multipleStatements: false,
      flags: ['-LOCAL_FILES'] // a server must not ask this client for its files
    }), timeoutMs, end)
  } catch (error) { throw asFailure(error) }
  const opened = connection
  let lost: unknown
  opened.on('error', error => { lost = error })
  const run = async (sql: string, values: string[] = []): Promise<[Cell[][], FieldPacket[]]> => {
    try {
      if (lost !== undefined) throw lost
      // A statement with values is prepared by the server; text made here would depend on its settings for quotation.
      const [rows, fields] = await withinTime(values.length > 0 ? opened.execute({ sql, rowsAsArray: true }, values) : opened.query({ sql, rowsAsArray: true }), timeoutMs, end)
      return [(Array.isArray(rows) ? rows : []) as unknown as Cell[][], fields ?? []]
    } catch (error) { throw asFailure(error) }
  }
  try {
    const [[[version]]] = await run('select version()') as unknown as [[[string]]]
    await run(/mariadb/i.test(version) ? `set max_statement_time = ${timeoutMs / 1000}` : `set max_execution_time = ${timeoutMs}`)
    await run(`set time_zone = '${zone}'`)
    await run('set transaction isolation level repeatable read')
    await run('start transaction with consistent snapshot, read only')
  } catch (error) {
    end()
    throw error
  }
  return {
    words: WORDS,
    ask: async ({ sql, values }) => (await run(sql, values))[0],
    kinds: async sql => (await run(sql))[1].map(kindOf),
    identity: async () => '',
    close: async () => { await withinTime(opened.end(), 1000, end).catch(() => {}) }
  }
}

function kindOf (field: FieldPacket): ColumnKind {
  const type = field.columnType ?? field.type ?? -1
  if (TEXTS.has(type)) return field.characterSet === BINARY ? 'other' : 'text'
  return KINDS[type] ?? 'other'
}

function asFailure (error: unknown): unknown {
  if (error instanceof Failure) return error
  const { errno, code = '', message } = error as { errno?: number, code?: string, message: string }
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY/i.test(code) || /certificate|secure connection/i.test(message)) return new Failure('SOURCE_REFUSED', told(`TLS 连接不上：${code}`, `no connection by TLS: ${code}`), { cause: error })
  if (errno === undefined || errno < 1000 || BROKEN_OFF.has(errno)) {
    return new Failure('SOURCE_UNAVAILABLE', TOO_LONG.has(errno ?? 0) ? told('查询超过了 timeoutSeconds', 'a statement took longer than timeoutSeconds') : told(`数据库没有答复，或中途断开（${code}）`, `the database does not answer, or broke off (${code})`), { cause: error })
  }
  // Its words may hold values, except where it speaks of our statement.
  if (REFUSED.has(errno)) return new Failure('SOURCE_REFUSED', told(`数据库不让该用户登录或读取（${errno}）`, `the database does not let the user in, or not read it (${errno})`), { cause: error })
  return new Failure('SOURCE_INVALID', [1049, 1054, 1064, 1146].includes(errno) ? told('数据库不能这样查询', `${message} (${errno})`) : told(`数据库答不了这个查询（${errno}）`, `the database cannot answer the statement (${errno})`), { cause: error })
}
