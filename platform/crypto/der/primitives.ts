import { isAscii, isUtf8 } from 'node:buffer'
import { DerError } from './error.js'

/** Is the content of a universal primitive element what DER allows for its type? @throws {DerError} */
export function checkPrimitive (input: Buffer, tag: number, start: number, body: number, end: number): void {
  switch (tag) {
    case 0x01: return checkBoolean(input, start, body, end)
    case 0x02: case 0x0a: return checkInteger(input, start, body, end)
    case 0x03: return checkBits(input, start, body, end)
    case 0x04: return
    case 0x05: if (end !== body) throw new DerError('a NULL that holds something', start); return
    case 0x06: return checkOid(input, start, body, end)
    case 0x0c: if (!isUtf8(input.subarray(body, end))) throw new DerError('text that is not UTF-8', start); return
    case 0x12: case 0x13: case 0x16: case 0x1a:
      if (!isAscii(input.subarray(body, end))) throw new DerError('text outside its alphabet', start)
      return
    case 0x14: return
    case 0x17: case 0x18: parseTime(input.toString('latin1', body, end), tag, start); return
    case 0x1c: if ((end - body) % 4 !== 0) throw new DerError('a UniversalString cut off', start); return
    case 0x1e: if ((end - body) % 2 !== 0) throw new DerError('a BMPString cut off', start); return
    default: throw new DerError(`type ${tag} in this form`, start)
  }
}

export function checkBoolean (input: Buffer, start: number, body: number, end: number): void {
  const value = input[body]
  if (end - body !== 1 || (value !== 0 && value !== 0xff)) throw new DerError('a BOOLEAN other than 00 or FF', start)
}

export function checkInteger (input: Buffer, start: number, body: number, end: number): void {
  if (end === body) throw new DerError('an empty INTEGER', start)
  if (end - body === 1) return
  const first = input[body] as number
  const second = input[body + 1] as number
  if ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)) throw new DerError('a padded INTEGER', start)
}

export function checkBits (input: Buffer, start: number, body: number, end: number): void {
  if (end === body) throw new DerError('a BIT STRING without its first octet', start)
  const unused = input[body] as number
  if (unused > 7 || (unused > 0 && end - body === 1)) throw new DerError('a wrong count of unused bits', start)
  if (((input[end - 1] as number) & ((1 << unused) - 1)) !== 0 && end - body > 1) throw new DerError('unused bits that are set', start)
}

/** Longer ones than this (X.509 uses some 20 octets at most) are an attempt at something. */
const OID_OCTETS = 64
export function checkOid (input: Buffer, start: number, body: number, end: number): void {
  if (end === body || end - body > OID_OCTETS) throw new DerError('an OID that is empty or too long', start)
  let first = true
  for (let i = body; i < end; i++) {
    const octet = input[i] as number
    if (first && octet === 0x80) throw new DerError('a padded OID', start)
    first = octet < 0x80
  }
  if (!first) throw new DerError('an OID cut off', start)
}

const UTC_TIME = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
const GENERALIZED_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{0,8}[1-9]))?Z$/
/** @throws {DerError} not in the one form that DER allows, or a time that no calendar has. @see X.690 11.7, 11.8; RFC 5280 4.1.2.5 */
export function parseTime (text: string, tag: number, start: number): Date {
  const match = (tag === 0x17 ? UTC_TIME : GENERALIZED_TIME).exec(text)
  if (match === null) throw new DerError('a time not in the form YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ', start)
  const [, y, month, day, hour, minute, second] = match.map(Number) as [number, number, number, number, number, number, number]
  const year = tag !== 0x17 ? y : y < 50 ? 2000 + y : 1900 + y
  const milliseconds = match[7] === undefined ? 0 : Math.floor(Number(`0.${match[7]}`) * 1000)
  const at = new Date(0)
  at.setUTCFullYear(year, month - 1, day) // Date.UTC would take the years 0 to 99 for those of the twentieth century
  at.setUTCHours(hour, minute, second, milliseconds)
  if (at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day || at.getUTCHours() !== hour ||
    at.getUTCMinutes() !== minute || at.getUTCSeconds() !== second) throw new DerError('a time that no calendar has', start)
  return at
}
