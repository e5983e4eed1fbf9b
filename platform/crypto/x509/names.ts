import { DerError } from '../der/error.js'
import { Fields, ia5, oid, octets, sequence, set, text } from '../der/read.js'
import type { DerNode } from '../der/reader.js'

/** Attribute types that people know by a short name. */
export const ATTRIBUTE_TYPES = {
  CN: '2.5.4.3',
  SN: '2.5.4.4',
  SERIALNUMBER: '2.5.4.5',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  STREET: '2.5.4.9',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  T: '2.5.4.12',
  GN: '2.5.4.42',
  UID: '0.9.2342.19200300.100.1.1',
  DC: '0.9.2342.19200300.100.1.25',
  emailAddress: '1.2.840.113549.1.9.1'
} as const
export type AttributeType = keyof typeof ATTRIBUTE_TYPES
const SHORT = new Map<string, string>(Object.entries(ATTRIBUTE_TYPES).map(([short, type]) => [type, short]))

export interface NameAttribute {
  /** Dotted. */
  type: string
  /** Text; `#` and the hex of the whole element where the value is no text. */
  value: string
}
export type Rdn = readonly NameAttribute[]

/** A distinguished name. */
export class Name {
  /** As in the certificate: a view into it. */
  readonly der: Buffer
  readonly rdns: readonly Rdn[]
  /** One key for each RDN: two names are the same when these are. @see RFC 5280 section 7.1 */
  readonly keys: readonly string[]
  /** The keys in one text, for maps. */
  readonly key: string
  constructor (node: DerNode, tag = 0x30) {
    this.der = node.bytes
    this.rdns = sequence(node, tag).map(readRdn)
    this.keys = this.rdns.map(rdnKey)
    this.key = this.keys.join('\u0002')
    Object.freeze(this)
  }

  /** The last value of this type; of the whole name, since the last RDN is the most particular. */
  get (type: AttributeType | (string & {})): string | undefined {
    const dotted = (ATTRIBUTE_TYPES as Record<string, string>)[type] ?? type
    return this.rdns.flat().findLast(attribute => attribute.type === dotted)?.value
  }

  /** Every value of this type, in order. */
  all (type: AttributeType | (string & {})): string[] {
    const dotted = (ATTRIBUTE_TYPES as Record<string, string>)[type] ?? type
    return this.rdns.flat().filter(attribute => attribute.type === dotted).map(attribute => attribute.value)
  }

  get isEmpty (): boolean { return this.rdns.length === 0 }
  equals (other: Name): boolean { return this.key === other.key }
  /** Does this name stand at or under `base`? @see RFC 5280 section 4.2.1.10 */
  isWithin (base: Name): boolean { return base.keys.every((key, i) => key === this.keys[i]) }

  /** For people, first RDN first: `C=CN, O=…, CN=…`. */
  toString (): string {
    return this.rdns.map(rdn => rdn.map(({ type, value }) => `${SHORT.get(type) ?? type}=${value.replace(/[,+\\]/g, '\\$&')}`).join('+')).join(', ')
  }
}

function readRdn (node: DerNode): Rdn { return readAttributes(set(node), node) }
/** `tag` is the one of an IMPLICIT RDN. */
export function readImplicitRdn (node: DerNode, tag: number): Rdn { return readAttributes(set(node, tag), node) }
function readAttributes (attributes: readonly DerNode[], node: DerNode): Rdn {
  if (attributes.length === 0) throw new DerError('a relative name without an attribute', node.start)
  return attributes.map(attribute => {
    const fields = new Fields(attribute)
    const type = oid(fields.next('attribute type'))
    const value = fields.next('attribute value')
    fields.end()
    return { type, value: TEXT_TAGS.has(value.tag) ? text(value) : `#${value.bytes.toString('hex')}` }
  })
}
const TEXT_TAGS = new Set([0x0c, 0x12, 0x13, 0x14, 0x16, 0x1a, 0x1c, 0x1e])

/** Case, white space and the string type don't tell names apart. @see RFC 5280 section 7.1, RFC 4518 */
export function rdnKey (rdn: Rdn): string {
  return rdn.map(({ type, value }) => `${type}=${prepared(value)}`).sort().join('\u0001')
}
function prepared (value: string): string {
  if (/^[a-z0-9]*$/.test(value)) return value // most are; normalizing costs
  // Soft hyphens, variation selectors and zero-width marks are mapped to nothing, control characters 1 and 2 separate our keys.
  return value.normalize('NFKC').replace(/[\u00ad\u034f\u1806\u180b-\u180d\ufe00-\ufe0f\u200b-\u200f\u2060\ufeff\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f]/g, '') // eslint-disable-line no-control-regex, no-misleading-character-class -- such characters, one by one, are what is taken out
    .toLowerCase().normalize('NFKC').replace(/\s+/g, ' ').trim()
}

/** A name of one of the kinds that certificates can hold. */
export type GeneralName =
  | { type: 'email' | 'dns' | 'uri', value: string }
  | { type: 'directory', value: Name }
  /** 4 or 16 octets; with a mask as many more in name constraints. */
  | { type: 'ip', value: Buffer }
  /** Kinds that nothing here can compare: otherName, x400Address, ediPartyName, registeredID. */
  | { type: 'other', tag: number, der: Buffer }

/** @see RFC 5280 section 4.2.1.6 */
export function readGeneralName (node: DerNode): GeneralName {
  switch (node.tag) {
    case 0x81: return { type: 'email', value: ia5(node, 0x81) }
    case 0x82: return { type: 'dns', value: ia5(node, 0x82) }
    case 0x86: return { type: 'uri', value: ia5(node, 0x86) }
    case 0x87: return { type: 'ip', value: octets(node, 0x87) }
    case 0xa4: {
      const inner = node.children[0]
      if (inner === undefined || node.children.length !== 1) throw new DerError('a directoryName holds one name', node.start)
      return { type: 'directory', value: new Name(inner) }
    }
    case 0xa0: case 0xa3: case 0xa5: case 0x88: return { type: 'other', tag: node.tag, der: node.bytes }
    default: throw new DerError('a name of an unknown kind', node.start)
  }
}

export function readGeneralNames (node: DerNode, tag = 0x30): GeneralName[] {
  const names = sequence(node, tag).map(readGeneralName)
  if (names.length === 0) throw new DerError('an empty list of names', node.start)
  return names
}
