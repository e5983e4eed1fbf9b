import { isUtf8 } from 'node:buffer'
import { DerError } from './error.js'
import { checkBits, checkBoolean, checkInteger, checkOid, parseTime } from './primitives.js'
import type { DerNode } from './reader.js'

/*
 * Typed readers. Each takes the element's own tag unless told another one, which is how an IMPLICIT tag is read:
 * `octets(node, 0x80)`. They throw DerError for any other type, and never anything else.
 */

function expect (node: DerNode, tag: number, what: string): void {
  if (node.tag !== tag) throw new DerError(`${what} expected (tag ${tag.toString(16)}), found tag ${node.tag.toString(16)}`, node.start)
}
const isUniversal = (tag: number): boolean => (tag & 0xc0) === 0

export function sequence (node: DerNode, tag = 0x30): readonly DerNode[] { expect(node, tag, 'SEQUENCE'); return node.children }
export function set (node: DerNode, tag = 0x31): readonly DerNode[] { expect(node, tag, 'SET'); return node.children }

/** What stands in an EXPLICIT context tag: exactly one element. */
export function explicit (node: DerNode, number: number): DerNode {
  expect(node, 0xa0 | number, `[${number}]`)
  const [inner] = node.children
  if (inner === undefined || node.children.length !== 1) throw new DerError('an explicit tag holds one element', node.start)
  return inner
}

export function integer (node: DerNode, tag = 0x02): bigint {
  const content = integerContent(node, tag)
  if (content.length > 128) throw new DerError('an INTEGER of more than 128 octets', node.start)
  return BigInt.asIntN(content.length * 8, BigInt(`0x${content.toString('hex')}`))
}
/** The octets of an INTEGER, two's complement, checked to be the shortest. */
export function integerContent (node: DerNode, tag = 0x02): Buffer {
  expect(node, tag, 'INTEGER')
  const content = node.content
  if (!isUniversal(tag)) checkInteger(content, node.start, 0, content.length)
  return content
}
/** An INTEGER of at most six octets; `tag` 0x0a reads ENUMERATED. */
export function smallInteger (node: DerNode, tag = 0x02): number {
  const content = integerContent(node, tag)
  if (content.length > 6) throw new DerError('an INTEGER too large here', node.start)
  return content.readIntBE(0, content.length)
}
export function boolean (node: DerNode, tag = 0x01): boolean {
  expect(node, tag, 'BOOLEAN')
  const content = node.content
  if (!isUniversal(tag)) checkBoolean(content, node.start, 0, content.length)
  return content[0] === 0xff
}
export function nothing (node: DerNode, tag = 0x05): void {
  expect(node, tag, 'NULL')
  if (node.end !== node.body) throw new DerError('a NULL that holds something', node.start)
}
/** A view into the input. */
export function octets (node: DerNode, tag = 0x04): Buffer { expect(node, tag, 'OCTET STRING'); return node.content }

export function bits (node: DerNode, tag = 0x03): { bytes: Buffer, unusedBits: number } {
  expect(node, tag, 'BIT STRING')
  const content = node.content
  if (!isUniversal(tag)) checkBits(content, node.start, 0, content.length)
  return { bytes: content.subarray(1), unusedBits: content[0] as number }
}
/** A BIT STRING of whole octets, as keys and signatures are. */
export function bitOctets (node: DerNode, tag = 0x03): Buffer {
  const { bytes, unusedBits } = bits(node, tag)
  if (unusedBits !== 0) throw new DerError('a BIT STRING of whole octets expected', node.start)
  return bytes
}
/**
 * A named-bit list: which bits are one, counting from the first. @throws {DerError} trailing zero bits, which DER leaves out
 * @see X.690 11.2.2
 */
export function namedBits (node: DerNode, tag = 0x03): number[] {
  const { bytes, unusedBits } = bits(node, tag)
  const found: number[] = []
  for (let i = 0; i < bytes.length * 8 - unusedBits; i++) if (((bytes[i >> 3] as number) & (0x80 >> (i & 7))) !== 0) found.push(i)
  if (bytes.length > 0 && found.at(-1) !== bytes.length * 8 - unusedBits - 1) throw new DerError('a bit list with trailing zeros', node.start)
  return found
}

const OIDS = new Map<string, string>()
/** Dotted text. */
export function oid (node: DerNode, tag = 0x06): string {
  expect(node, tag, 'OBJECT IDENTIFIER')
  const content = node.content
  if (!isUniversal(tag)) checkOid(content, node.start, 0, content.length)
  const key = content.toString('latin1')
  const known = OIDS.get(key)
  if (known !== undefined) return known
  const text = oidText(content)
  if (OIDS.size < 1000) OIDS.set(key, text) // strangers' OIDs can't fill the memory
  return text
}
function oidText (content: Buffer): string {
  const arcs: bigint[] = []
  let arc = 0n
  for (const octet of content) {
    arc = (arc << 7n) | BigInt(octet & 0x7f)
    if (octet < 0x80) { arcs.push(arc); arc = 0n }
  }
  const first = arcs[0] as bigint
  const root = first < 40n ? 0n : first < 80n ? 1n : 2n
  return [root, first - root * 40n, ...arcs.slice(1)].join('.')
}

export function utf8 (node: DerNode, tag = 0x0c): string {
  expect(node, tag, 'UTF8String')
  const content = node.content
  if (!isUniversal(tag) && !isUtf8(content)) throw new DerError('text that is not UTF-8', node.start)
  return content.toString('utf8')
}
export function ia5 (node: DerNode, tag = 0x16): string {
  expect(node, tag, 'IA5String')
  return ascii(node)
}
export function printable (node: DerNode, tag = 0x13): string {
  expect(node, tag, 'PrintableString')
  const text = ascii(node)
  if (!/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text)) throw new DerError('text outside PrintableString', node.start)
  return text
}
function ascii (node: DerNode): string {
  const text = node.content.toString('latin1')
  // A NUL cuts the text short for readers in other languages, so that two would read two names.
  // eslint-disable-next-line no-control-regex -- NUL is what it looks for
  if (/[\u0000\u0080-\u00ff]/.test(text)) throw new DerError('text outside its alphabet', node.start)
  return text
}
/** Any character string type; PrintableString is held to ASCII only, since many names in the field go beyond its alphabet. */
export function text (node: DerNode): string {
  const value = decode(node)
  if (value.includes('\0')) throw new DerError('text with a NUL', node.start)
  return value
}
function decode (node: DerNode): string {
  switch (node.tag) {
    case 0x0c: return node.content.toString('utf8')
    case 0x12: case 0x13: case 0x16: case 0x1a: case 0x14: return node.content.toString('latin1')
    case 0x1e: {
      const value = Buffer.from(node.content).swap16().toString('utf16le')
      if (/[\ud800-\udfff]/.test(value)) throw new DerError('a BMPString with half a character', node.start)
      return value
    }
    case 0x1c: {
      const content = node.content
      let value = ''
      for (let i = 0; i < content.length; i += 4) {
        const point = content.readUInt32BE(i)
        if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) throw new DerError('a UniversalString beyond Unicode', node.start)
        value += String.fromCodePoint(point)
      }
      return value
    }
    default: throw new DerError(`text expected, found tag ${node.tag.toString(16)}`, node.start)
  }
}

/** UTCTime or GeneralizedTime; behind an IMPLICIT tag say which (`as`). */
export function time (node: DerNode, tag?: number, as?: 0x17 | 0x18): Date {
  if (tag === undefined && node.tag !== 0x17 && node.tag !== 0x18) throw new DerError(`a time expected, found tag ${node.tag.toString(16)}`, node.start)
  if (tag !== undefined) expect(node, tag, 'time')
  return parseTime(node.content.toString('latin1'), as ?? node.tag, node.start)
}

/** Goes through the fields of a SEQUENCE in order; a field that is missing or left over is a DerError. */
export class Fields {
  readonly #node: DerNode
  readonly #children: readonly DerNode[]
  #at = 0
  constructor (node: DerNode, tag = 0x30) { this.#node = node; this.#children = sequence(node, tag) }

  /** The field that must stand here. */
  next (what: string): DerNode {
    const child = this.#children[this.#at++]
    if (child === undefined) throw new DerError(`${what} is missing`, this.#node.end)
    return child
  }

  /** The field that stands here if it has this tag. */
  optional (tag: number): DerNode | undefined {
    const child = this.#children[this.#at]
    if (child?.tag !== tag) return undefined
    this.#at++
    return child
  }

  /** What stands here, without going on. */
  get peek (): DerNode | undefined { return this.#children[this.#at] }
  /** @throws {DerError} something is left over */
  end (): void {
    const left = this.#children[this.#at]
    if (left !== undefined) throw new DerError('a field that does not belong here', left.start)
  }
}
/** @example const f = fields(node); const version = smallInteger(f.next('version')); f.end() */
export function fields (node: DerNode, tag = 0x30): Fields { return new Fields(node, tag) }
