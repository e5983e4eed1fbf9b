import { DerError } from './error.js'
import { checkPrimitive } from './primitives.js'

export interface DerLimits { bytes: number, depth: number, nodes: number }
/** Far above any certificate, list or seal met in the field, far below what could hurt. */
export const DER_LIMITS: Readonly<DerLimits> = { bytes: 16 * 1024 * 1024, depth: 32, nodes: 200_000 }

/** Ways to break DER that field files need. Each is taken only where the caller asks for it, and is reported. */
export type DerDialect = 'unsorted-set'
export interface DerOptions extends Partial<DerLimits> {
  dialects?: readonly DerDialect[]
  /** Dialects that were met are added here. */
  found?: Set<DerDialect>
}

const NONE: readonly DerNode[] = []

/** One element. Every slice is a view into the input, so what is signed is hashed as it came. */
export class DerNode {
  /** The whole identifier octet: 0x30 for SEQUENCE, 0xa0 for [0] constructed. */
  readonly tag: number
  /** Offsets into the input: of the tag, of the content, and of what comes next. */
  readonly start: number
  readonly body: number
  readonly end: number
  /** Empty where the element is primitive. */
  readonly children: readonly DerNode[]
  readonly #input: Buffer
  constructor (input: Buffer, tag: number, start: number, body: number, end: number, children: readonly DerNode[]) {
    this.#input = input
    this.tag = tag
    this.start = start
    this.body = body
    this.end = end
    this.children = children
  }

  get constructed (): boolean { return (this.tag & 0x20) !== 0 }
  /** Tag, length and content. */
  get bytes (): Buffer { return this.#input.subarray(this.start, this.end) }
  get content (): Buffer { return this.#input.subarray(this.body, this.end) }
}

/**
 * Reads one element that fills the whole input, and everything in it, as DER and nothing else. Refused: indefinite and padded
 * lengths, high tags, trailing bytes, a type in the wrong form (primitive or constructed), padded or empty INTEGERs,
 * BOOLEANs other than 00 and FF, unused bits that are set, OIDs that are padded or cut off, text outside its alphabet, times
 * that no calendar has, sets out of order. Context tags say nothing of their type; the typed readers check those.
 * @throws {DerError} DER_INVALID, DER_TOO_LARGE, DER_TOO_DEEP, DER_TOO_MANY_ELEMENTS
 * @see X.690 clauses 8, 10 and 11
 */
export function readDer (bytes: Uint8Array, options: DerOptions = {}): DerNode {
  const limit = options.bytes ?? DER_LIMITS.bytes
  if (bytes.length > limit) throw new DerError(`longer than ${limit} bytes`, limit, 'DER_TOO_LARGE')
  const input = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const reader = new Reader(input, options)
  const node = reader.element(0, input.length, 1)
  if (node.end !== input.length) throw new DerError('more bytes follow', node.end)
  return node
}

class Reader {
  readonly #input: Buffer
  readonly #depth: number
  readonly #nodeLimit: number
  readonly #unsortedSets: boolean
  readonly #found: Set<DerDialect> | undefined
  #nodes = 0
  constructor (input: Buffer, options: DerOptions) {
    this.#input = input
    this.#depth = options.depth ?? DER_LIMITS.depth
    this.#nodeLimit = options.nodes ?? DER_LIMITS.nodes
    this.#unsortedSets = options.dialects?.includes('unsorted-set') ?? false
    this.#found = options.found
  }

  element (start: number, limit: number, depth: number): DerNode {
    const input = this.#input
    if (++this.#nodes > this.#nodeLimit) throw new DerError(`more than ${this.#nodeLimit} elements`, start, 'DER_TOO_MANY_ELEMENTS')
    if (start + 2 > limit) throw new DerError('an element is cut off', start)
    const tag = input[start] as number
    if ((tag & 0x1f) === 0x1f) throw new DerError('a tag number above 30', start)
    let length = input[start + 1] as number
    let body = start + 2
    if (length >= 0x80) {
      const octets = length & 0x7f
      if (octets === 0) throw new DerError('an indefinite length', start)
      if (octets > 4) throw new DerError('a length of more than four octets', start)
      if (body + octets > limit) throw new DerError('an element is cut off', start)
      length = 0
      for (let i = 0; i < octets; i++) length = length * 256 + (input[body + i] as number)
      if (length < 0x80 || length < 2 ** (8 * (octets - 1))) throw new DerError('a padded length', start)
      body += octets
    }
    const end = body + length
    if (end > limit) throw new DerError('an element is longer than what holds it', start)
    if ((tag & 0x20) === 0) {
      if ((tag & 0xc0) === 0) checkPrimitive(input, tag, start, body, end)
      return new DerNode(input, tag, start, body, end, NONE)
    }
    if ((tag & 0xc0) === 0 && tag !== 0x30 && tag !== 0x31) throw new DerError('a type that DER does not construct', start)
    if (depth >= this.#depth && length > 0) throw new DerError(`nested deeper than ${this.#depth}`, start, 'DER_TOO_DEEP')
    const children: DerNode[] = []
    for (let at = body; at < end;) {
      const child = this.element(at, end, depth + 1)
      children.push(child)
      at = child.end
    }
    const node = new DerNode(input, tag, start, body, end, children)
    if (tag === 0x31 && children.length > 1 && !isSorted(node)) {
      if (!this.#unsortedSets) throw new DerError('a set out of order', start)
      this.#found?.add('unsorted-set')
    }
    return node
  }
}

/** Are the elements in the order that DER wants of a SET OF? For sets behind a context tag, which the reader can't know. */
export function isSorted (node: DerNode): boolean {
  for (let i = 1; i < node.children.length; i++) {
    if (Buffer.compare((node.children[i - 1] as DerNode).bytes, (node.children[i] as DerNode).bytes) > 0) return false
  }
  return true
}
