import { startOfDayInChina } from '../../services/core/clock.js'
import type { RejectedRow, SourceRow, Value } from '../sdk/source.js'
import { unreadable, type CsvLimits, type CsvLine } from './file.js'

/** What may leave of a row: columns that are not named here stay in the department. */
export interface Column {
  /** Heading in the file. */
  heading: string
  /** Name of the information item; the heading if not said. */
  name?: string
  /** `text` if not said. A `number` is decimal and exact; a `day` is YYYY-MM-DD. */
  type?: 'text' | 'number' | 'day'
  /** Must it have a value? An empty one otherwise leaves as null. */
  required?: boolean
}
/** The columns as they stand in one file. */
export interface Heading { width: number, columns: Array<Column & { at: number }>, key: number[] }

const KEY = /^[^\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]{1,128}$/ // eslint-disable-line no-control-regex -- what a key must not hold
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/ // eslint-disable-line no-control-regex -- control characters are what it looks for
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/

/** @throws {Failure} SOURCE_INVALID a heading is missing, empty or there twice */
export function readHeading (file: string, { fields }: CsvLine, { columns, key, limits }: { columns: readonly Column[], key: readonly string[], limits: CsvLimits }): Heading {
  if (fields.length > limits.columns) throw unreadable(file, `it has more than ${limits.columns} columns`)
  if (fields.includes('')) throw unreadable(file, 'a heading is empty')
  const twice = fields.find((heading, at) => fields.indexOf(heading) !== at)
  if (twice !== undefined) throw unreadable(file, `the heading ${twice} stands twice`)
  const find = (heading: string): number => {
    const at = fields.indexOf(heading)
    if (at < 0) throw unreadable(file, `the heading ${heading} is missing`)
    return at
  }
  return { width: fields.length, columns: columns.map(column => ({ ...column, at: find(column.heading) })), key: key.map(find) }
}

export type ReadRow = { row: SourceRow } | { rejected: RejectedRow }

export function readRow (file: string, { fields, line }: CsvLine, heading: Heading, limits: CsvLimits): ReadRow {
  const reject = (code: string, message: string, key?: string): ReadRow =>
    ({ rejected: { at: `${file}:${line}`, code, message, ...key !== undefined && { key } } })
  if (fields.length !== heading.width) return reject('ROW_WIDTH', `${fields.length} fields where the heading has ${heading.width}`)
  const key = keyOf(fields, heading)
  if (key === undefined) return reject('ROW_KEY', 'the key is empty, too long or holds a control character')
  const bytes = fields.reduce((sum, field) => sum + Buffer.byteLength(field) + 1, 0)
  if (bytes > limits.rowBytes) return reject('ROW_TOO_LARGE', `the row is larger than ${limits.rowBytes} bytes`, key)
  const values: Record<string, Value> = {}
  for (const column of heading.columns) {
    const text = fields[column.at] as string
    const value = valueOf(text, column)
    if (value === undefined || (value === null && column.required === true)) {
      return reject('ROW_VALUE', `${column.heading} ${text === '' ? 'is empty' : `is not a ${column.type ?? 'text'}`}`, key)
    }
    values[column.name ?? column.heading] = value
  }
  return { row: { key, values } }
}

/** Several columns make a key together; a separator that is part of one is marked, so that no two rows share a key by chance. */
function keyOf (fields: string[], heading: Heading): string | undefined {
  const parts = heading.key.map(at => fields[at] as string)
  if (parts.includes('')) return undefined
  const key = parts.length === 1 ? parts[0] as string : parts.map(part => part.replace(/[|\\]/g, '\\$&')).join('|')
  return KEY.test(key) ? key : undefined
}

/** @returns undefined where the text is no value of this column */
function valueOf (text: string, { type = 'text' }: Column): Value | undefined {
  if (text === '') return null
  switch (type) {
    case 'text': return CONTROL.test(text) ? undefined : text
    case 'number': {
      const value = Number(text)
      const exact = NUMBER.test(text) && (text.includes('.') ? text.replace(/[-.]/g, '').replace(/^0+/, '').length <= 15 : Number.isSafeInteger(value))
      return exact ? value : undefined
    }
    case 'day': return startOfDayInChina(text) === undefined ? undefined : text
  }
}
