import type { OfdCode } from './codes.js'
import type { FormatFinding } from './package.js'

const SHOWN_CHARACTERS = 80

/**
 * Ends the reading of a package that cannot be read in one way only. It never leaves this folder: readZip and readOfd turn it
 * into their answer, since a finding on a document is an answer and no error.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly finding: FormatFinding
  constructor (code: OfdCode, detail: string) {
    super(`${code}: ${detail}`)
    this.finding = { code, detail }
  }
}

/** A name or value out of the package as a person may read it: in quotation marks, control characters escaped, shortened. */
export function quoted (text: string): string {
  const shown = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text
  // JSON leaves DEL, C1 controls and the marks that turn the direction of writing as they are; on a terminal they would act.
  return JSON.stringify(shown).replace(/[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, character =>
    `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
