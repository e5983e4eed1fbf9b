import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { recordOfRow, type RegisterRow } from '../../connectors/register-row.js'
import type { RecordRow } from '../../connectors/sample/index.js'
import { citizenCheckCharacter, organisationCheckCharacter, usccCheckCharacter } from '../../services/core/identifiers.js'

/** A department's register as its clerks would keep it: lines that stand there, and those that the story adds or changes. */
export class RegisterFile {
  readonly #path: string
  readonly #before: string
  readonly #rows = new Map<string, RegisterRow>()

  constructor (path: string) {
    this.#path = path
    this.#before = readFileSync(path, 'utf8')
  }

  /** Writes the row at the end, in the place of what stood there for its serial number. */
  put (row: RegisterRow): void {
    this.#rows.set(row.serial, row)
    const header = this.#before.slice(0, this.#before.indexOf('\r\n')).split(',')
    const lines = [...this.#rows.values()].map(row => {
      const record = recordOfRow(row)
      return `${header.map(column => field(record[column] ?? '')).join(',')}\r\n`
    })
    writeFileSync(`${this.#path}.part`, this.#before + lines.join(''))
    renameSync(`${this.#path}.part`, this.#path)
  }
}

/** Rows more at the end of a department's data set. A column that a row does not name stays empty. */
export function addRecords (path: string, rows: readonly RecordRow[]): void {
  const before = readFileSync(path, 'utf8')
  const columns = before.slice(0, before.indexOf('\r\n')).split(',')
  const lines = rows.map(row => `${columns.map(column => field(row[column] ?? '')).join(',')}\r\n`)
  writeFileSync(`${path}.part`, before + lines.join(''))
  renameSync(`${path}.part`, path)
}

/** Codes of businesses and people that there are not. */
export function newUscc (region: string, serial: number): string {
  const organisation = `DEM${String(serial).padStart(5, '0')}`
  const first17 = `91${region}${organisation}${organisationCheckCharacter(organisation) as string}`
  return first17 + (usccCheckCharacter(first17) as string)
}
export function newCitizenNumber (region: string, birthDate: string, sequence: number): string {
  const first17 = region + birthDate.replaceAll('-', '') + String(sequence).padStart(3, '0')
  return first17 + citizenCheckCharacter(first17)
}

function field (text: string): string { return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text }

/** A row for a shop that there is not. */
export function newShop ({ licenceType, licenceTypeName, region, serial, issuedOn, validUntil, name, face }: {
  licenceType: string, licenceTypeName: string, region: string, serial: number, issuedOn: string, validUntil: string, name: string, face: Record<string, string>
}): RegisterRow {
  return {
    licenceType,
    licenceTypeName,
    number: `DEMO${region}${String(serial).padStart(7, '0')}`,
    serial: `DEMO${String(serial).padStart(6, '0')}`,
    holder: { name, code: newUscc(region, serial), codeType: '001' },
    issuedOn,
    validFrom: issuedOn,
    validUntil,
    region,
    face
  }
}
