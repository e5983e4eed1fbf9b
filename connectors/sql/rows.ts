import type { Bilingual } from '../../services/core/words.js'
import { ROW_TOLD } from '../sdk/row-words.js'
import type { RejectedRow, SourceRow, Value } from '../sdk/source.js'
import { exactNumber, instantOfText, keyOf, valueOfText, type ItemType } from '../sdk/values.js'
import type { Cell, ColumnKind } from './session.js'

/** What may leave of a row: columns that are not named here stay in the department. */
export interface Column {
  column: string
  /** Name of the information item; the column's if not said. */
  name?: string
  /** `text` if not said. */
  type?: ItemType
  /** Must it have a value? Neither null nor an empty text is one. */
  required?: boolean
}
export interface RowShape {
  columns: readonly Column[]
  key: readonly string[]
  deleted?: string
  kinds: readonly ColumnKind[]
  zone: string
  rowBytes: number
}

/** A row as `page` asks for it: size, key, deleted, columns. */
export function readRow (cells: readonly Cell[], shape: RowShape): { row: SourceRow } | { rejected: RejectedRow } {
  const { columns, key: keyColumns, deleted, kinds, zone, rowBytes } = shape
  const key = keyOfCells(cells.slice(1, 1 + keyColumns.length))
  const reject = (code: string, message: Bilingual): { rejected: RejectedRow } => ({ rejected: { at: key ?? 'a row', code, message, ...key !== undefined && { key } } })
  if (key === undefined) return reject('ROW_KEY', ROW_TOLD.key)
  if (Number(cells[0]) > rowBytes) return reject('ROW_TOO_LARGE', ROW_TOLD.tooLarge(rowBytes))
  const first = 1 + keyColumns.length + (deleted === undefined ? 0 : 1)
  if (deleted !== undefined && isTrue(cells[first - 1] ?? null)) return { row: { key, values: {}, deleted: true } }
  const values: Record<string, Value> = {}
  for (const [at, column] of columns.entries()) {
    const cell = cells[first + at] ?? null
    const value = cell === null ? null : valueOf(cell, column.type ?? 'text', kinds[first - 1 + at] as ColumnKind, zone)
    if (value === undefined) return reject('ROW_VALUE', ROW_TOLD.notOfType(column.column, column.type ?? 'text'))
    if (column.required === true && (value === null || value === '')) return reject('ROW_VALUE', ROW_TOLD.empty(column.column))
    values[column.name ?? column.column] = value
  }
  return { row: { key, values } }
}

export function keyOfCells (cells: readonly Cell[]): string | undefined { return keyOf(cells.map(cell => cell ?? '')) }

const FLOAT = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i

function valueOf (text: string, type: ItemType, kind: ColumnKind, zone: string): Value | undefined {
  switch (type) {
    case 'instant': return instantOfText(text, zone)
    case 'boolean': return isTrue(text) ? true : text === 'false' || text === '0' ? false : undefined
    case 'number': {
      if (kind !== 'float') return exactNumber(text)
      const value = Number(text) // what the database keeps is binary itself
      return FLOAT.test(text) && Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)) ? value : undefined
    }
    default: return valueOfText(text, type)
  }
}

function isTrue (cell: Cell): boolean { return cell === 'true' || cell === '1' }
