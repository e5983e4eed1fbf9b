import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FACE_PREFIX, recordOfRow, REGISTER_COLUMNS } from '../register-row.js'
import type { Sample } from './index.js'

export interface RegisterFile {
  department: string
  licenceType: string
  /** Path of the file, below the folder given. */
  file: string
  rows: number
}

/**
 * Writes what each department's own system would export: `<department>/<licence type>/register.csv`, a folder for each licence type since their columns differ, as
 * REGISTER_COLUMNS says. A file that stands there is replaced whole.
 */
export function writeRegisters (sample: Sample, folder: string): RegisterFile[] {
  return sample.province.departments.flatMap(({ id, licences }) => {
    return licences.map(({ type, extra }) => {
      mkdirSync(join(folder, id, type), { recursive: true })
      const columns = [...Object.values(REGISTER_COLUMNS), ...Object.keys(extra).map(name => FACE_PREFIX + name)]
      const lines = [line(columns)]
      for (const row of sample.rows(id, type)) {
        const record = recordOfRow(row)
        lines.push(line(columns.map(column => record[column] ?? '')))
      }
      const file = join(id, type, 'register.csv')
      const path = join(folder, file)
      writeFileSync(`${path}.part`, lines.join(''))
      renameSync(`${path}.part`, path) // a connector that watches the folder never sees half a register
      return { department: id, licenceType: type, file, rows: lines.length - 1 }
    })
  })
}

/** A data set as the department's own system holds it: which columns, in which order. */
export interface RecordSet { department: string, name: string, columns: readonly string[] }

/** Writes `<department>/<name>/records.csv`, a folder for each data set. @throws {RangeError} a record has an item that is none of the columns */
export function writeRecords (sample: Sample, sets: readonly RecordSet[], folder: string): void {
  for (const { department, name, columns } of sets) {
    mkdirSync(join(folder, department, name), { recursive: true })
    const lines = [line(columns)]
    for (const record of sample.records(name)) {
      const stray = Object.keys(record).find(item => !columns.includes(item))
      if (stray !== undefined) throw new RangeError(`${name} has no item ${stray}`)
      lines.push(line(columns.map(column => record[column] ?? '')))
    }
    const path = join(folder, department, name, 'records.csv')
    writeFileSync(`${path}.part`, lines.join(''))
    renameSync(`${path}.part`, path)
  }
}

/** @see RFC 4180 section 2 */
function line (fields: readonly string[]): string {
  return `${fields.map(field => /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field).join(',')}\r\n`
}
