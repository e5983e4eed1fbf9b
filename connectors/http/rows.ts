import { Failure } from '../../services/core/failure.js'
import type { Json } from '../../services/core/json.js'
import { told, type Bilingual } from '../../services/core/words.js'
import { ROW_TOLD } from '../sdk/row-words.js'
import type { RejectedRow, SourceRow, Value } from '../sdk/source.js'
import { exactNumber, instantOfText, keyOf, valueOfText, type ItemType } from '../sdk/values.js'

/** What may leave of a row: members that are not named here stay in the department. */
export interface Column {
  member: string
  /** Name of the information item; the member's if not said. */
  name?: string
  /** `text` if not said. */
  type?: ItemType
  /** Must it have a value? Neither null nor an empty text is one. */
  required?: boolean
  /** Is it left out where it has no value? Otherwise an item without it means that the interface has changed. */
  mayBeAbsent?: boolean
}
export interface RowShape { columns: readonly Column[], key: readonly string[], deleted?: string, rowBytes: number }
export type ReadRow = { row: SourceRow } | { rejected: RejectedRow }

/**
 * @param at - where a person finds it
 * @throws {Failure} SOURCE_INVALID it is no object, or lacks a member
 */
export function readRow (item: Json, at: string, { columns, key: members, deleted, rowBytes }: RowShape): ReadRow {
  if (item === null || typeof item !== 'object' || Array.isArray(item)) throw new Failure('SOURCE_INVALID', told(`${at} 不是对象`, `${at} is no object`))
  const of = (member: string): Json | undefined => Object.hasOwn(item, member) ? item[member] : undefined
  const parts = members.map(member => of(member))
  if (parts.includes(undefined)) throw lacks(at, members[parts.indexOf(undefined)] as string)
  const key = keyOf(parts.map(part => typeof part === 'number' && Number.isSafeInteger(part) ? String(part) : typeof part === 'string' ? part : ''))
  const reject = (code: string, message: Bilingual): ReadRow => ({ rejected: { at, code, message, ...key !== undefined && { key } } })
  if (key === undefined) return reject('ROW_KEY', ROW_TOLD.key)
  if (deleted !== undefined) {
    const gone = of(deleted) ?? false
    if (typeof gone !== 'boolean') return reject('ROW_VALUE', ROW_TOLD.notOfType(deleted, 'boolean'))
    if (gone) return { row: { key, values: {}, deleted: true } }
  }
  const values: Record<string, Value> = {}
  let bytes = 0
  for (const { member, name = member, type = 'text', required = false, mayBeAbsent = false } of columns) {
    const found = of(member)
    if (found === undefined && !mayBeAbsent) throw lacks(at, member)
    const json = found ?? null
    bytes += (typeof json === 'string' ? Buffer.byteLength(json) : 8) + 1
    const value = json === null ? null : valueOf(json, type)
    if (value === undefined) return reject('ROW_VALUE', ROW_TOLD.notOfType(member, type))
    if (required && (value === null || value === '')) return reject('ROW_VALUE', ROW_TOLD.empty(member))
    values[name] = value
  }
  if (bytes > rowBytes) return reject('ROW_TOO_LARGE', ROW_TOLD.tooLarge(rowBytes))
  return { row: { key, values } }
}

function lacks (at: string, member: string): Failure { return new Failure('SOURCE_INVALID', told(`${at} 缺少 ${member}`, `${at} has no member ${member}`)) }

function valueOf (json: Json, type: ItemType): Value | undefined {
  switch (typeof json) {
    case 'boolean': return type === 'boolean' ? json : undefined
    case 'number': return type === 'number' ? json : undefined
    case 'string':
      if (type === 'number') return exactNumber(json)
      if (type === 'instant') return /(?:Z|[+-]\d{2}:?\d{2})$/.test(json) ? instantOfText(json, 'Z') : undefined
      return type === 'boolean' ? undefined : valueOfText(json, type)
    default: return undefined
  }
}
