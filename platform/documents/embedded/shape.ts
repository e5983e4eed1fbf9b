import { Failure } from '../../../services/core/failure.js'
import type { Document, IndexOptions } from '../port.js'

/** How a collection lies in its tables; worked out from its number and the indexes it declares. */
export interface Shape {
  /** Of id, version, one column for each scalar member that an index holds, and the JSON. */
  table: string
  /** Scalar members with their columns. */
  members: Array<{ member: string, column: string, required: boolean }>
  indexes: Map<string, Index>
}
export interface Index {
  name: string
  unique: boolean
  /** Columns by the order of the declaration. */
  columns: string[]
  /** The members in the same order. */
  on: readonly string[]
  /** Set where one member is an array: the index is then a table of its own, with a row for each item. */
  array?: { member: string, table: string }
}
export type ArrayIndex = Index & Required<Pick<Index, 'array'>>
export type Key = string | number

/**
 * Stands in a column where the document lacks the member. NULL would drop out of the comparisons that paging rests on; this is
 * below every finite number, and equal to none.
 */
export const MISSING = -Infinity

const MAX_ID = 256
const MAX_TEXT = 1024
const MAX_ITEMS = 1000
const MAX_MEMBERS = 6
const NAME = /^[A-Za-z0-9._-]{1,100}$/

export function shapeOf (number: number, indexes: Record<string, IndexOptions>): Shape {
  const table = `doc_${number}`
  const members: Shape['members'] = []
  const shape: Shape = { table, members, indexes: new Map() }
  const columnOf = (member: string, required: boolean): string => {
    let known = members.find(one => one.member === member)
    if (known === undefined) members.push(known = { member, column: `m${members.length}`, required: false })
    known.required ||= required
    return known.column
  }
  for (const [name, { on, unique = false, array }] of Object.entries(indexes)) {
    if (!NAME.test(name) || name === 'id') throw new Failure('INPUT_INVALID', `an index cannot be named ${name}`)
    if (on.length < 1 || on.length > MAX_MEMBERS || new Set(on).size !== on.length || on.includes('id')) {
      throw new Failure('INPUT_INVALID', `index ${name} names 1 to ${MAX_MEMBERS} different members other than id`)
    }
    if (array !== undefined && !on.includes(array)) throw new Failure('INPUT_INVALID', `index ${name} does not hold its array member`)
    const index: Index = { name, unique, on, columns: on.map(member => member === array ? 'item' : columnOf(member, unique)) }
    if (array !== undefined) index.array = { member: array, table: `${table}_${shape.indexes.size}` }
    shape.indexes.set(name, index)
  }
  return shape
}

export function collectionName (name: string): string {
  if (!NAME.test(name)) throw new Failure('INPUT_INVALID', 'a collection is named by 1 to 100 letters, digits, dots, hyphens and underscores')
  return name
}

export function checkedId (id: unknown): string {
  if (typeof id !== 'string' || id.length < 1 || id.length > MAX_ID || !storable(id)) {
    throw new Failure('INPUT_INVALID', `a document's id is a text of 1 to ${MAX_ID} characters without U+0000`)
  }
  return id
}

export function isKey (value: unknown): value is Key {
  return typeof value === 'string'
    ? value.length <= MAX_TEXT && storable(value)
    : typeof value === 'number' && Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
}

function storable (text: string): boolean { return !text.includes('\0') && !HALF_CHARACTER.test(text) }
const HALF_CHARACTER = /\p{Surrogate}/u

/** The values of the scalar columns, in the order of `shape.members`. @throws {Failure} INPUT_INVALID a member is not indexable */
export function scalars (shape: Shape, document: Document): Key[] {
  return shape.members.map(({ member, required }) => {
    const value = memberOf(document, member)
    if (value === undefined || value === null) {
      if (required) throw new Failure('INPUT_INVALID', `${member} is missing, which a unique index holds`)
      return MISSING
    }
    if (!isKey(value)) throw new Failure('INPUT_INVALID', `${member} is neither a text of at most ${MAX_TEXT} characters nor an exact number`)
    return value
  })
}

/** The items of an index's array member, each once. @throws {Failure} INPUT_INVALID it is no array of strings */
export function items (member: string, document: Document): string[] {
  const value = memberOf(document, member)
  if (value === undefined || value === null) return []
  if (!Array.isArray(value) || value.length > MAX_ITEMS || !value.every(item => typeof item === 'string' && isKey(item))) {
    throw new Failure('INPUT_INVALID', `${member} is not an array of at most ${MAX_ITEMS} texts`)
  }
  return [...new Set(value as string[])]
}

function memberOf (document: Document, member: string): unknown {
  return Object.hasOwn(document, member) ? (document as unknown as Record<string, unknown>)[member] : undefined
}
