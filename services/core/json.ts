import { Failure } from './failure.js'

export interface JsonLimits { bytes: number, depth: number }
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

const FATAL_UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
// One token of RFC 8259 with the white space before it. Sticky, so that no position is read twice. The characters that a
// string may hold are named from U+0020 up, leaving out the quotation mark and the backslash.
const TOKEN = /[ \t\n\r]*(?:([{}[\],:])|("(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null))/y

/** The same value, which nobody can change any more, at any depth: so it may be handed to many. */
export function frozen<T> (value: T): T {
  if (value !== null && typeof value === 'object') Object.values(Object.freeze(value)).forEach(frozen)
  return value
}

/**
 * Reads JSON that can be read in one way only: UTF-8 without BOM, no name twice in one object, no lone surrogate, integers exact
 * (at most 2^53 - 1), within the limits. What is signed goes through here, since parsers differ on just these.
 * @throws {Failure} BODY_TOO_LARGE, JSON_TOO_DEEP, JSON_INVALID
 * @see RFC 8259 section 4, RFC 7493 (I-JSON)
 */
export function parseJson (bytes: Uint8Array, limits: JsonLimits): Json {
  if (bytes.length > limits.bytes) throw new Failure('BODY_TOO_LARGE', `JSON is larger than ${limits.bytes} bytes`)
  let text: string
  try { text = FATAL_UTF8.decode(bytes) } catch (cause) { throw new Failure('JSON_INVALID', 'JSON is not UTF-8', { cause }) }
  const plain = plainly(text, limits.depth)
  return plain === undefined ? new Reader(text, limits.depth).document() : plain.value
}

/**
 * The short way for text that is just what JSON.stringify would write of its value: it holds no name twice (one would be lost) and no
 * number that was rounded (it would be written otherwise). The engine's own parser is some ten times faster than the reader below.
 * @returns undefined where that is not so, for the reader to say what is wrong, or that nothing is
 */
function plainly (text: string, depth: number): { value: Json } | undefined {
  if (text.includes('\\ud')) return undefined // perhaps half a character, which would be written the same
  let value: Json
  try { value = JSON.parse(text) as Json } catch { return undefined }
  return isPlain(value, depth) && JSON.stringify(value) === text ? { value } : undefined
}

function isPlain (value: Json, depth: number): boolean {
  switch (typeof value) {
    case 'number': return !Number.isInteger(value) || Number.isSafeInteger(value)
    case 'object':
      if (value === null) return true
      if (depth < 1) return false
      for (const member of Array.isArray(value) ? value : Object.values(value)) if (!isPlain(member, depth - 1)) return false
      return true
    default: return true
  }
}

class Reader {
  readonly #text: string
  readonly #depth: number
  #at = 0
  constructor (text: string, depth: number) { this.#text = text; this.#depth = depth }

  document (): Json {
    const value = this.#value(1, this.#token())
    if (/[^ \t\n\r]/.test(this.#text.slice(this.#at))) throw this.#invalid('more follows the value')
    return value
  }

  #token (): string {
    TOKEN.lastIndex = this.#at
    const match = TOKEN.exec(this.#text)
    if (match === null) throw this.#invalid('not JSON')
    this.#at = TOKEN.lastIndex
    return (match[1] ?? match[2] ?? match[3] ?? match[4]) as string
  }

  #value (depth: number, token: string): Json {
    switch (token[0]) {
      case '{': return this.#object(this.#deeper(depth))
      case '[': return this.#array(this.#deeper(depth))
      case '"': return this.#string(token)
      case 't': return true
      case 'f': return false
      case 'n': return null
      case '}': case ']': case ',': case ':': throw this.#invalid(`unexpected ${token}`)
      default: return this.#number(token)
    }
  }

  #deeper (depth: number): number {
    if (depth > this.#depth) throw new Failure('JSON_TOO_DEEP', `JSON is nested deeper than ${this.#depth}`)
    return depth + 1
  }

  #object (depth: number): Json {
    const result: Record<string, Json> = {}
    let token = this.#token()
    if (token === '}') return result
    for (;;) {
      if (token[0] !== '"') throw this.#invalid('a name must be a string')
      const name = this.#string(token)
      if (Object.hasOwn(result, name)) throw this.#invalid('a name stands twice in one object')
      if (this.#token() !== ':') throw this.#invalid('a colon is missing')
      // defineProperty, since assigning "__proto__" would change the object's prototype and lose the member
      Object.defineProperty(result, name, { value: this.#value(depth, this.#token()), enumerable: true, writable: true, configurable: true })
      token = this.#token()
      if (token === '}') return result
      if (token !== ',') throw this.#invalid('a comma is missing')
      token = this.#token()
    }
  }

  #array (depth: number): Json {
    const result: Json[] = []
    let token = this.#token()
    if (token === ']') return result
    for (;;) {
      result.push(this.#value(depth, token))
      token = this.#token()
      if (token === ']') return result
      if (token !== ',') throw this.#invalid('a comma is missing')
      token = this.#token()
    }
  }

  #string (token: string): string {
    const text = JSON.parse(token) as string
    if (/[\ud800-\udfff]/.test(text) && !isWellFormed(text)) throw this.#invalid('a string holds half a character')
    return text
  }

  #number (token: string): number {
    const value = Number(token)
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) throw this.#invalid('a number cannot be held exactly')
    return value
  }

  #invalid (why: string): Failure { return new Failure('JSON_INVALID', `${why}, near character ${this.#at}`) }
}

function isWellFormed (text: string): boolean {
  return !/[\ud800-\udbff](?![\udc00-\udfff])|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]/.test(text)
}

/**
 * The canonical form: names sorted by UTF-16 code units, no white space, numbers as ECMAScript writes them.
 * @throws {TypeError} a number is not finite, a value is not JSON, or a string holds half a character
 * @see RFC 8785
 */
export function canonicalJson (value: unknown): string {
  // What we make ourselves often is in order: then the engine writes the same text in half the time.
  if (isInOrder(value)) {
    const text = JSON.stringify(value)
    if (!MAY_HOLD_HALF.test(text)) return text
  }
  return written(value)
}

/** How JSON.stringify writes half a character; text that only looks like it is written the long way, to the same end. */
const MAY_HOLD_HALF = /\\ud[89a-f]/

/** Would JSON.stringify write it in the canonical order, leaving out and putting in nothing of its own? */
function isInOrder (value: unknown): boolean {
  switch (typeof value) {
    case 'boolean': case 'string': return true
    case 'number': return Number.isFinite(value)
    case 'object': {
      if (value === null) return true
      if (Array.isArray(value)) {
        for (const item of value) if (!isInOrder(item)) return false
        return true
      }
      if (Object.getPrototypeOf(value) !== Object.prototype) return false
      let before = ''
      for (const name of Object.keys(value)) {
        const member = (value as Record<string, unknown>)[name]
        if (member === undefined) continue
        if (before > name || !isInOrder(member)) return false
        before = name
      }
      return true
    }
    default: return false
  }
}

function written (value: unknown): string {
  switch (typeof value) {
    case 'boolean': return String(value)
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError('a number is not finite')
      return JSON.stringify(value)
    case 'string': return canonicalText(value)
    case 'object': {
      if (value === null) return 'null'
      let text = ''
      if (Array.isArray(value)) {
        for (const item of value) text += `${text === '' ? '' : ','}${written(item)}`
        return `[${text}]`
      }
      for (const name of inOrder(Object.keys(value))) {
        const member = (value as Record<string, unknown>)[name]
        if (member !== undefined) text += `${text === '' ? '' : ','}${canonicalText(name)}:${written(member)}`
      }
      return `{${text}}`
    }
    default: throw new TypeError(`${typeof value} is not JSON`)
  }
}

const FEW = 16
/** By UTF-16 code units. Few are moved to their places one by one, which takes a fraction of what `sort` does, and no memory. */
function inOrder (names: string[]): string[] {
  if (names.length > FEW) return names.sort()
  for (let next = 1; next < names.length; next++) {
    const name = names[next] as string
    let at = next
    for (; at > 0 && (names[at - 1] as string) > name; at--) names[at] = names[at - 1] as string
    names[at] = name
  }
  return names
}

function canonicalText (text: string): string {
  if (PLAIN.test(text)) return `"${text}"`
  if (!isWellFormed(text)) throw new TypeError('a string holds half a character')
  return JSON.stringify(text)
}
/** Needs no escape, and holds no surrogates. */
const PLAIN = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/
