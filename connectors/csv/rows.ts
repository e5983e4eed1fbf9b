import { told, type Bilingual } from '../../services/core/words.js'
import { ROW_TOLD } from '../sdk/row-words.js'
import type { RejectedRow, SourceRow, Value } from '../sdk/source.js'
import { keyOf, valueOfText, type ItemType } from '../sdk/values.js'
import { unreadable, type CsvLimits, type CsvLine } from './file.js'

/** What may leave of a row: columns that are not named here stay in the department. */
export interface Column {
  /** Heading in the file. */
  heading: string
  /** Name of the information item; the heading if not said. */
  name?: string
  /** `text` if not said. */
  type?: ItemType
  /** Must it have a value? An empty one otherwise leaves as null. */
  required?: boolean
}
/** The columns as they stand in one file. */
export interface Heading { width: number, columns: Array<Column & { at: number }>, key: number[] }

/** @throws {Failure} SOURCE_INVALID a heading is missing, empty or there twice */
export function readHeading (file: string, { fields }: CsvLine, { columns, key, limits }: { columns: readonly Column[], key: readonly string[], limits: CsvLimits }): Heading {
  if (fields.length > limits.columns) throw unreadable(file, told(`超过 ${limits.columns} 列`, `it has more than ${limits.columns} columns`))
  if (fields.includes('')) throw unreadable(file, told('有一列没有列名', 'a heading is empty'))
  const twice = fields.find((heading, at) => fields.indexOf(heading) !== at)
  if (twice !== undefined) throw unreadable(file, told(`列名 ${twice} 出现了两次`, `the heading ${twice} stands twice`))
  const find = (heading: string): number => {
    const at = fields.indexOf(heading)
    if (at < 0) throw unreadable(file, told(`缺少列 ${heading}`, `the heading ${heading} is missing`))
    return at
  }
  return { width: fields.length, columns: columns.map(column => ({ ...column, at: find(column.heading) })), key: key.map(find) }
}

export type ReadRow = { row: SourceRow } | { rejected: RejectedRow }

export function readRow (file: string, { fields, line }: CsvLine, heading: Heading, limits: CsvLimits): ReadRow {
  const reject = (code: string, message: Bilingual, key?: string): ReadRow =>
    ({ rejected: { at: `${file}:${line}`, code, message, ...key !== undefined && { key } } })
  if (fields.length !== heading.width) return reject('ROW_WIDTH', ROW_TOLD.width(fields.length, heading.width))
  const key = keyOf(heading.key.map(at => fields[at] as string))
  if (key === undefined) return reject('ROW_KEY', ROW_TOLD.key)
  const bytes = fields.reduce((sum, field) => sum + Buffer.byteLength(field) + 1, 0)
  if (bytes > limits.rowBytes) return reject('ROW_TOO_LARGE', ROW_TOLD.tooLarge(limits.rowBytes), key)
  const values: Record<string, Value> = {}
  for (const column of heading.columns) {
    const text = fields[column.at] as string
    const value: Value | undefined = text === '' ? null : valueOfText(text, column.type ?? 'text')
    if (value === undefined || (value === null && column.required === true)) {
      return reject('ROW_VALUE', text === '' ? ROW_TOLD.empty(column.heading) : ROW_TOLD.notOfType(column.heading, column.type ?? 'text'), key)
    }
    values[column.name ?? column.heading] = value
  }
  return { row: { key, values } }
}
