import { Failure } from '../../services/core/failure.js'
import { told, type Bilingual } from '../../services/core/words.js'
import type { DeletionLimits } from '../sdk/guard.js'
import { ROW_TOLD } from '../sdk/row-words.js'
import type { RejectedRow, Source, SourceBatch, SourceRow } from '../sdk/source.js'
import { digestOfJson, requireResource } from '../sdk/values.js'
import { openMysql } from './mysql.js'
import { openPostgres } from './postgres.js'
import { keyOfCells, readRow, type Column, type RowShape } from './rows.js'
import type { ColumnKind, Session, SqlConnection } from './session.js'
import { countUnkeyed, FITTING, KEY_KINDS, latest, page, probe, sharedKeys, tableName, type Changed, type Reading, type Relation } from './statements.js'

export type { Column } from './rows.js'
export type { SqlConnection } from './session.js'

export interface SqlSourceOptions extends Relation {
  /** Name under which the rows are published. */
  resource: string
  connection: SqlConnection
  key: readonly string[]
  columns: readonly Column[]
  /** Column that is true, or not 0, in rows that count as deleted. */
  deleted?: string
  /** Only what changed is read. Without `updated` the table itself tells, which PostgreSQL's do. */
  changes?: { updated?: string, lookBackSeconds?: number }
  /** Zone of instants that the database keeps without one; +08:00 if not said. */
  zone?: string
  deletions?: DeletionLimits
  limits: SqlLimits
}
export interface SqlLimits {
  rowBytes: number
  columns: number
  /** Longest that one statement, and connecting, may take. */
  timeoutMs: number
  /** Rows that are asked for at once; 500 if not said, fewer where rows may be large. */
  pageRows?: number
}

/** How far a pass over changes got, and from where the next one reads. */
interface Position {
  /** Declaration and database that it belongs to; of another, everything is read again. */
  of: string
  /** From where this pass reads: number of a transaction or an instant; the beginning if absent. */
  since?: string
  /** From where the one after it reads. */
  next?: string
  /** Key of the last row dealt with; absent between two passes. */
  last?: string[]
}

const PAGE_BYTES = 16 * 1024 * 1024
const SHARED_KEYS = 10_000

/**
 * A table or a query as a source. One pass is one transaction that cannot write and sees the database as of one moment. Everything
 * that the declaration names is looked at before the first row is handed over, so that a table which is not as declared publishes
 * and deletes nothing.
 * @throws {Failure} CONFIG_INVALID
 */
export function sqlSource (options: SqlSourceOptions): Source {
  const { resource, table, query, key, columns, changes, deleted, connection, zone = '+08:00', deletions, limits } = options
  const wrong = (why: Bilingual): Failure => new Failure('CONFIG_INVALID', `${resource}: ${why}`)
  requireResource(resource)
  if ((table === undefined) === (query === undefined)) throw wrong(told('table 与 query 须写且只写一个', 'it is read from a table or from a query'))
  if (key.length === 0) throw wrong(told('key 至少写一列', 'key names at least one column'))
  const names = columns.map(({ column, name = column }) => name)
  if (names.length === 0 || new Set(names).size !== names.length) throw wrong(told('columns 至少一项，各不重名', 'columns name at least one item, each once'))
  if (columns.length > limits.columns) throw wrong(told(`超过 ${limits.columns} 列`, `it has more than ${limits.columns} columns`))
  if ([...key, ...columns.map(({ column }) => column), deleted ?? '', changes?.updated ?? ''].some(name => name.includes('\u0000'))) throw wrong(told('名称里有 U+0000', 'a name holds U+0000'))
  if (!/^[+-](?:0\d|1[0-4]):[0-5]\d$/.test(zone)) throw wrong(told('zone 应写成 +08:00', 'zone is written as +08:00'))
  if (!Number.isInteger(limits.timeoutMs) || limits.timeoutMs < 1) throw wrong(told('时限应为整毫秒', 'the time limit is a whole number of milliseconds'))
  if (changes !== undefined) {
    if ((changes.updated === undefined) !== (changes.lookBackSeconds === undefined)) throw wrong(told('updated 与 lookBackSeconds 须一起写', 'updated and lookBackSeconds go together'))
    if (changes.lookBackSeconds !== undefined && !(Number.isInteger(changes.lookBackSeconds) && changes.lookBackSeconds > 0)) throw wrong(told('lookBackSeconds 应为大于 0 的整数', 'lookBackSeconds is a whole number above 0'))
    if (changes.updated === undefined && (connection.engine !== 'postgresql' || table === undefined)) throw wrong(told('只有 PostgreSQL 的表自己能告知变更：请写明 updated 和 lookBackSeconds', 'only a table of PostgreSQL tells changes itself; name updated and lookBackSeconds'))
  }
  const { engine, host, port, socket, database } = connection
  return {
    resource,
    complete: changes === undefined,
    shape: digestOfJson({ engine, host, port, socket, database, table, query, key, deleted }),
    ...deletions !== undefined && { deletions },
    read: position => new Pass({ ...options, zone }).read(position)
  }
}

class Pass {
  readonly #options: SqlSourceOptions & { zone: string }
  readonly #reading: Reading

  constructor (options: SqlSourceOptions & { zone: string }) {
    this.#options = options
    const { table, query, columns, key, deleted, limits: { rowBytes } } = options
    this.#reading = { relation: { ...table && { table }, ...query !== undefined && { query } }, columns, key, rowBytes, ...deleted !== undefined && { deleted } }
  }

  async * read (stored: string | undefined): AsyncGenerator<SourceBatch> {
    const { connection, zone, limits: { timeoutMs } } = this.#options
    const session = await (connection.engine === 'postgresql' ? openPostgres : openMysql)(connection, { zone, timeoutMs })
    try {
      const kinds = await this.#kinds(session)
      const { rejected, shared } = await this.#unfit(session)
      if (rejected.length > 0) yield { rows: [], rejected }
      yield * this.#pages(session, kinds, shared, stored)
    } finally { await session.close() }
  }

  /** @throws {Failure} SOURCE_INVALID a column is missing, or holds something else than was declared */
  async #kinds (session: Session): Promise<ColumnKind[]> {
    const { key, columns, deleted, changes } = this.#options
    const kinds = await session.kinds(probe(session.words, this.#reading, changes?.updated))
    const fitting: Array<[string, readonly ColumnKind[]]> = [
      ...key.map(name => [name, KEY_KINDS] as [string, readonly ColumnKind[]]),
      ...deleted === undefined ? [] : [[deleted, FITTING.boolean] as [string, readonly ColumnKind[]]],
      ...columns.map(({ column, type = 'text' }) => [column, FITTING[type]] as [string, readonly ColumnKind[]]),
      ...changes?.updated === undefined ? [] : [[changes.updated, FITTING.instant] as [string, readonly ColumnKind[]]]
    ]
    for (const [at, [name, allowed]] of fitting.entries()) {
      const kind = kinds[at]
      if (kind === undefined || !allowed.includes(kind)) throw new Failure('SOURCE_INVALID', `${this.#options.resource}: ${told(`列 ${name} 是 ${kind ?? '（没有）'}，配置里写的是 ${allowed.join(' 或 ')}`, `column ${name} holds ${kind ?? 'nothing'}, where ${allowed.join(' or ')} was declared`)}`)
    }
    return kinds
  }

  /** Rows without a key that could be published, and keys that do not tell rows apart: the pages go by key, and would pass them over. */
  async #unfit (session: Session): Promise<{ rejected: RejectedRow[], shared: ReadonlySet<string> }> {
    const { resource } = this.#options
    const unkeyed = Number((await session.ask(countUnkeyed(session.words, this.#reading)))[0]?.[0])
    const twice = await session.ask(sharedKeys(session.words, this.#reading, SHARED_KEYS + 1))
    if (unkeyed > SHARED_KEYS || twice.length > SHARED_KEYS) throw new Failure('SOURCE_INVALID', `${resource}: ${told(`超过 ${SHARED_KEYS} 行没有主键或主键重复：所设的主键不成立`, `more than ${SHARED_KEYS} rows have no key, or share it: the declared key is none`)}`)
    const rejected: RejectedRow[] = Array.from({ length: unkeyed }, () => ({ at: 'a row', code: 'ROW_KEY', message: ROW_TOLD.key }))
    const shared = new Set<string>()
    for (const cells of twice) {
      const key = keyOfCells(cells)
      if (key !== undefined) shared.add(key)
      rejected.push({ at: key ?? 'a row', code: 'ROW_KEY_TWICE', message: ROW_TOLD.keyTwice, ...key !== undefined && { key } })
    }
    return { rejected, shared }
  }

  async * #pages (session: Session, kinds: ColumnKind[], shared: ReadonlySet<string>, stored: string | undefined): AsyncGenerator<SourceBatch> {
    const { changes, columns, key, deleted, zone, limits: { rowBytes, pageRows = 500 } } = this.#options
    const shape: RowShape = { columns, key, kinds, zone, rowBytes, ...deleted !== undefined && { deleted } }
    const rowsAtOnce = Math.max(1, Math.min(pageRows, Math.floor(PAGE_BYTES / rowBytes)))
    const position = changes === undefined ? undefined : await this.#position(session, stored)
    let last = position?.last
    for (;;) {
      const cells = await session.ask(page(session.words, this.#reading, { changed: position?.changed, kinds, last, rows: rowsAtOnce }))
      const rows: SourceRow[] = []
      const rejected: RejectedRow[] = []
      for (const row of cells) {
        if (shared.has(keyOfCells(row.slice(1, 1 + key.length)) ?? '')) continue // told of already
        const one = readRow(row, shape)
        if ('row' in one) rows.push(one.row)
        else rejected.push(one.rejected)
      }
      last = cells.at(-1)?.slice(1, 1 + key.length).map(cell => cell ?? '') ?? last
      const ended = cells.length < rowsAtOnce
      yield { rows, rejected, ...position && { position: position.at(ended ? undefined : last) } }
      if (ended) return
    }
  }

  /** Where this pass begins, and how to write down where it stands. */
  async #position (session: Session, stored: string | undefined): Promise<{ changed: Changed, last?: string[], at: (last: string[] | undefined) => string }> {
    const { table, changes: { updated } = {} } = this.#options
    const of = digestOfJson([
      this.#reading, this.#options.changes, this.#options.zone, this.#options.connection.engine, this.#options.connection.database,
      updated !== undefined || table === undefined ? '' : await session.identity(tableName(session.words, table))
    ])
    const before = positionOf(stored, of)
    const [row] = await session.ask(updated === undefined ? { sql: session.words.changes?.fence ?? '', values: [] } : latest(session.words, this.#reading, updated))
    const since = before.last === undefined ? before.next : before.since
    const next = before.last === undefined ? row?.[0] ?? since : before.next // a pass that was broken off goes on as it began
    const changed = this.#changed(since, row?.[1] ?? undefined)
    return {
      changed,
      ...before.last && { last: before.last },
      at: last => JSON.stringify({ of, ...next !== undefined && { next }, ...last && { last, ...since !== undefined && { since } } } satisfies Position)
    }
  }

  #changed (since: string | undefined, next: string | undefined): Changed {
    const { updated, lookBackSeconds = 0 } = this.#options.changes ?? {}
    if (since === undefined) return undefined
    if (updated !== undefined) return { updated, since, lookBackSeconds }
    // A number not given yet: the database was restored from a copy, so nothing is known of what changed.
    return next === undefined || BigInt(since) > BigInt(next) ? undefined : { fence: BigInt(since), next: BigInt(next) }
  }
}

function positionOf (stored: string | undefined, of: string): Omit<Position, 'of'> {
  if (stored === undefined) return {}
  const { of: before, ...position } = JSON.parse(stored) as Position
  return before === of ? position : {}
}
