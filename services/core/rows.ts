import { hash } from 'node:crypto'
import { canonicalJson } from './json.js'

/** One record as it was handed over, or as its receiver keeps it. */
export interface Row { key: string, values: Readonly<Record<string, unknown>> }

/**
 * By this whoever receives a record checks it, and both sides compare what they hold: SHA-256 over the canonical form of
 * `{ "key": …, "values": { … } }`, with just the values that were handed over.
 * @returns 64 lower-case hexadecimal digits
 * @see RFC 8785
 */
export function digestOf ({ key, values }: Row): string {
  return hash('sha256', canonicalJson({ key, values }), 'hex')
}

/** The order in which both sides line up records: by code point, which is also the order of the bytes in UTF-8. */
export function compareKeys (a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b))
}
