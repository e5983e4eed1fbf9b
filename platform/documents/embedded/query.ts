import { Failure } from '../../../services/core/failure.js'
import type { Value } from '../../sqlite/statement.js'
import type { Query } from '../port.js'
import { isKey, MISSING, type Index, type Key, type Shape } from './shape.js'

export interface Select {
  /** FROM and WHERE. */
  source: string
  values: Value[]
  orderBy: string
  /** Columns that a cursor holds: what the order goes by. */
  cursor: string[]
}

const BEYOND_TEXT = Buffer.alloc(0) // SQLite orders numbers, then text, then blobs

/** @throws {Failure} INDEX_UNKNOWN; INPUT_INVALID the query does not fit its index, or `after` is of another one */
export function toSelect (shape: Shape, query: Omit<Query, 'limit'>): Select {
  const { equals = [], range, order = 'ascending', after } = query
  const { columns, table, array } = lookUp(shape, query.index)
  const arrayAt = array === undefined ? -1 : columns.indexOf('item')
  if (equals.length > columns.length) throw invalid('more values than the index has members')
  if (arrayAt >= equals.length) throw invalid('a query by this index names the array member in equals')
  if (!equals.every(isKey)) throw invalid('a value in equals is neither text nor an exact number')

  const where = equals.map((_, at) => `x.${columns[at]} = ?`)
  const values: Value[] = [...equals]
  const rest = [...columns.slice(equals.length), ...query.index === 'id' ? [] : ['id']].map(column => `x.${column}`)
  const first = rest[0]

  const position = after === undefined ? undefined : readCursor(after, rest.length)
  const [low, high] = bounds(range)
  if ((low ?? high) !== undefined && (first === undefined || equals.length === columns.length)) throw invalid('there is no member for the range')
  // The page before has passed the near bound, so the cursor takes its place: SQLite then seeks by all columns at once.
  for (const bound of [position !== undefined && order === 'ascending' ? undefined : low, position !== undefined && order === 'descending' ? undefined : high]) {
    if (bound === undefined) continue
    where.push(`${first} ${bound.compare} ?`)
    values.push(bound.value)
  }
  if (position !== undefined && rest.length > 0) {
    where.push(`(${rest.join(', ')}) ${order === 'ascending' ? '>' : '<'} (${rest.map(() => '?').join(', ')})`)
    values.push(...position)
  }
  return {
    source: `FROM ${table} AS x${array === undefined ? '' : ` JOIN ${shape.table} AS d ON d.id = x.id`}${where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`}`,
    values,
    orderBy: rest.length === 0 ? '' : `ORDER BY ${rest.map(column => order === 'ascending' ? column : `${column} DESC`).join(', ')}`,
    cursor: rest
  }
}

function lookUp (shape: Shape, name: string): { columns: string[], table: string, array?: Index['array'] } {
  if (name === 'id') return { columns: ['id'], table: shape.table }
  const index = shape.indexes.get(name)
  if (index === undefined) throw new Failure('INDEX_UNKNOWN', `no index ${name} is declared`)
  return index.array === undefined ? { columns: index.columns, table: shape.table } : { columns: index.columns, table: index.array.table, array: index.array }
}

interface Bound { compare: string, value: Value }
/** Both bounds, since one alone would let values of the other type in. */
function bounds (range: Query['range']): [Bound?, Bound?] {
  const { from, to, fromExclusive = false, toExclusive = false } = range ?? {}
  if (from === undefined && to === undefined) return []
  if ((from !== undefined && !isKey(from)) || (to !== undefined && !isKey(to))) throw invalid('a bound is neither text nor an exact number')
  if (from !== undefined && to !== undefined && typeof from !== typeof to) throw invalid('the bounds are of different types')
  const text = typeof (from ?? to) === 'string'
  return [
    from !== undefined ? { compare: fromExclusive ? '>' : '>=', value: from } : text ? { compare: '>=', value: '' } : { compare: '>', value: MISSING },
    to !== undefined ? { compare: toExclusive ? '<' : '<=', value: to } : { compare: '<', value: text ? BEYOND_TEXT : '' }
  ]
}

export function writeCursor (values: Key[]): string {
  return Buffer.from(JSON.stringify(values.map(value => value === MISSING ? null : value))).toString('base64url')
}

function readCursor (text: string, length: number): Key[] {
  let values: unknown
  try { values = JSON.parse(Buffer.from(text, 'base64url').toString()) } catch { values = undefined }
  if (!Array.isArray(values) || values.length !== length || !values.every(value => value === null || isKey(value))) {
    throw invalid('after is not a place in this query')
  }
  return (values as Array<Key | null>).map(value => value ?? MISSING)
}

function invalid (why: string): Failure { return new Failure('INPUT_INVALID', why) }
