/** Writes DER. Parts are whole elements, as these functions return them. @see X.690 */
export const der = {
  sequence: (...parts: Uint8Array[]): Buffer => element(0x30, ...parts),
  /** SET OF: put in order here. */
  set: (...parts: Uint8Array[]): Buffer => element(0x31, ...[...parts].sort(Buffer.compare)),
  integer: (value: number | bigint): Buffer => element(0x02, integerContent(BigInt(value))),
  enumerated: (value: number): Buffer => element(0x0a, integerContent(BigInt(value))),
  /** A positive INTEGER from its octets, most significant first, as keys and signatures have them. */
  positive: (bytes: Uint8Array): Buffer => element(0x02, positiveContent(bytes)),
  oid: (text: string): Buffer => element(0x06, oidContent(text)),
  octets: (bytes: Uint8Array): Buffer => element(0x04, bytes),
  bits: (bytes: Uint8Array, unusedBits = 0): Buffer => element(0x03, Uint8Array.of(unusedBits), bytes),
  /** A named-bit list: the numbers of the bits that are one. */
  namedBits: (...numbers: number[]): Buffer => {
    const highest = Math.max(-1, ...numbers)
    const bytes = Buffer.alloc((highest >> 3) + 1)
    for (const n of numbers) bytes[n >> 3] = (bytes[n >> 3] as number) | (0x80 >> (n & 7))
    return der.bits(bytes, highest < 0 ? 0 : 7 - (highest & 7))
  },
  utf8: (text: string): Buffer => element(0x0c, Buffer.from(text, 'utf8')),
  printable: (text: string): Buffer => {
    if (!/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text)) throw new TypeError('text outside PrintableString')
    return element(0x13, Buffer.from(text, 'latin1'))
  },
  ia5: (text: string): Buffer => {
    // eslint-disable-next-line no-control-regex -- IA5 has the control characters
    if (!/^[\u0000-\u007f]*$/.test(text)) throw new TypeError('text outside IA5String')
    return element(0x16, Buffer.from(text, 'latin1'))
  },
  boolean: (value: boolean): Buffer => element(0x01, Uint8Array.of(value ? 0xff : 0)),
  null: (): Buffer => element(0x05),
  /** Whole seconds. @throws {RangeError} a year that two digits can't say */
  utcTime: (at: Date): Buffer => {
    const year = at.getUTCFullYear()
    if (!(year >= 1950 && year < 2050)) throw new RangeError('UTCTime holds the years 1950 to 2049')
    return element(0x17, Buffer.from(`${compact(at).slice(2)}Z`, 'latin1'))
  },
  /** Whole seconds. */
  generalizedTime: (at: Date): Buffer => element(0x18, Buffer.from(`${compact(at)}Z`, 'latin1')),
  /** As certificates want it: UTCTime up to 2049. @see RFC 5280 4.1.2.5 */
  time: (at: Date): Buffer => at.getUTCFullYear() < 2050 ? der.utcTime(at) : der.generalizedTime(at),
  explicit: (number: number, part: Uint8Array): Buffer => element(0xa0 | number, part),
  /** Replaces the tag of `part`, keeping whether it is constructed. */
  implicit: (number: number, part: Uint8Array): Buffer => {
    const copy = Buffer.from(part)
    copy[0] = 0x80 | ((copy[0] as number) & 0x20) | number
    return copy
  }
}

/** One element with this identifier octet. */
export function element (tag: number, ...parts: Uint8Array[]): Buffer {
  let length = 0
  for (const part of parts) length += part.length
  const header = lengthOctets(length)
  const bytes = Buffer.allocUnsafe(1 + header.length + length)
  bytes[0] = tag
  bytes.set(header, 1)
  let at = 1 + header.length
  for (const part of parts) { bytes.set(part, at); at += part.length }
  return bytes
}

function lengthOctets (length: number): number[] {
  if (length < 0x80) return [length]
  const octets: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256)
  return [0x80 | octets.length, ...octets]
}

function integerContent (value: bigint): Buffer {
  let size = 1
  while (BigInt.asIntN(size * 8, value) !== value) size++
  return Buffer.from(BigInt.asUintN(size * 8, value).toString(16).padStart(size * 2, '0'), 'hex')
}

function positiveContent (bytes: Uint8Array): Buffer {
  let start = 0
  while (start < bytes.length - 1 && bytes[start] === 0) start++
  const shortest = bytes.subarray(start)
  return (shortest[0] ?? 0) >= 0x80 || shortest.length === 0 ? Buffer.concat([Buffer.alloc(1), shortest]) : Buffer.from(shortest)
}

function oidContent (text: string): Buffer {
  if (!/^[012](?:\.(?:0|[1-9]\d*))+$/.test(text)) throw new TypeError('not an object identifier')
  const [root, second, ...rest] = text.split('.').map(BigInt) as [bigint, bigint, ...bigint[]]
  if (root < 2n && second >= 40n) throw new TypeError('not an object identifier')
  const octets: number[] = []
  for (let arc of [root * 40n + second, ...rest]) {
    const group = [Number(arc & 0x7fn)]
    while ((arc >>= 7n) > 0n) group.unshift(Number(arc & 0x7fn) | 0x80)
    octets.push(...group)
  }
  return Buffer.from(octets)
}

function compact (at: Date): string { return at.toISOString().replace(/\D/g, '').slice(0, 14) }
