import { isUtf8 } from 'node:buffer'
import type { OfdCode } from './codes.js'
import type { XmlLimits } from './limits.js'
import { quoted, Refusal } from './refusal.js'
import { nameAt, NO_CHILDREN, SPAN, valueAt, XmlElement, type Name, type Source } from './xml-element.js'
import { decodeReferences } from './xml-text.js'
import { readDeclaration } from './xml-declaration.js'
import { endOfName } from './xml-names.js'

/** What prefixes stand for here, those declared outside in `outer`; `names` holds what whole names came to, since a document repeats few of them often. */
interface Scope { prefixes: ReadonlyMap<string, string>, outer?: Scope, names: Name[] }
/** Beyond so many names in one scope none is remembered, so that looking among them stays cheap. */
const NAMES_REMEMBERED = 32

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace'
const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/'
// eslint-disable-next-line no-control-regex -- what XML forbids is what it looks for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/
const BLANK = /^[ \t\n]*$/
const LESS = 0x3c
const AMPERSAND = 0x26
const EQUALS = 0x3d
const MORE = 0x3e
const SLASH = 0x2f
const COLON = 0x3a
const QUOTE = 0x22
const APOSTROPHE = 0x27

/**
 * Reads the part of XML 1.0 with namespaces that all readers agree on: UTF-8, no document type, no processing instruction, no
 * entity but the five; attributes unique by expanded name.
 * @param file - name of the file, for the finding
 * @throws {Refusal} XML_…; it is the finding and stays within this folder
 * @see https://www.w3.org/TR/xml, https://www.w3.org/TR/xml-names
 */
export function parseXml (bytes: Uint8Array, limits: XmlLimits, file: string): XmlElement {
  return new Parser(decode(bytes, limits, file), limits, file).document()
}

function decode (bytes: Uint8Array, limits: XmlLimits, file: string): string {
  if (bytes.length > limits.xmlBytes) throw new Refusal('XML_TOO_LARGE', `${quoted(file)} has ${bytes.length} bytes, at most ${limits.xmlBytes}`)
  const [a, b, c] = bytes
  if ((a === 0xfe && b === 0xff) || (a === 0xff && b === 0xfe) || a === 0 || (b === 0 && a !== undefined)) {
    throw new Refusal('XML_ENCODING', `${quoted(file)} is UTF-16 or UTF-32`)
  }
  if (!isUtf8(bytes)) {
    // An honest document in GB 18030 says so in its declaration, which is ASCII.
    const declared = /^<\?xml[^>]{0,80}?encoding\s*=\s*["']([\w.-]{1,40})/.exec(Buffer.from(bytes.subarray(0, 128)).toString('latin1'))?.[1]
    if (declared !== undefined && !/^utf-?8$/i.test(declared)) throw new Refusal('XML_ENCODING', `${quoted(file)} is in ${quoted(declared)}`)
    throw new Refusal('XML_NOT_UTF8', quoted(file))
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8', a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0, bytes.length)
  if (FORBIDDEN.test(text)) throw new Refusal('XML_CHARACTER', quoted(file))
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text // XML 1.0, 2.11
}

class Parser {
  readonly #text: string
  readonly #limits: XmlLimits
  readonly #file: string
  #at = 0
  #elements = 0
  /** Has the name that was read last a prefix? */
  #prefixed = false
  #scope: Scope = { prefixes: new Map([['xml', XML_NAMESPACE], ['', '']]), names: [] }
  readonly #source: Source

  constructor (text: string, limits: XmlLimits, file: string) {
    this.#text = text
    this.#source = { text, spans: [] }
    this.#limits = limits
    this.#file = file
  }

  document (): XmlElement {
    const text = this.#text
    this.#at = readDeclaration(text, this.#file)
    // A stand-in parent, so that the root is read like any other element.
    const outside = new XmlElement({ qualified: '', name: '', namespace: '' }, 0, this.#source, 0, 0)
    const open: XmlElement[] = [outside]
    const names: string[] = ['']
    const scopes: Scope[] = [this.#scope]
    let parent = outside
    for (;;) {
      const less = text.indexOf('<', this.#at)
      this.#characters(parent, this.#at, less < 0 ? text.length : less)
      if (less < 0) break
      const next = text.charCodeAt(less + 1)
      if (next === SLASH) {
        if (parent === outside) throw this.#refuse('XML_ROOT', less, 'an end without a beginning')
        this.#endTag(less, names.pop() as string)
        parent.end = this.#at
        open.pop()
        scopes.pop()
        parent = open[open.length - 1] as XmlElement
        this.#scope = scopes[scopes.length - 1] as Scope
      } else if (next === 0x21) {
        this.#markup(parent, less, parent === outside)
      } else if (next === 0x3f) {
        throw this.#refuse('XML_PROCESSING_INSTRUCTION', less, 'a processing instruction')
      } else {
        if (parent === outside && outside.children.length > 0) throw this.#refuse('XML_ROOT', less, 'a second root element')
        if (open.length > this.#limits.xmlDepthLevels) throw this.#refuse('XML_TOO_DEEP', less, `at most ${this.#limits.xmlDepthLevels} levels`)
        const nameEnd = this.#qualifiedNameEnd(less + 1)
        const element = this.#startTag(less, nameEnd)
        if (parent.children === NO_CHILDREN) parent.children = [element]
        else (parent.children as XmlElement[]).push(element)
        if (text.charCodeAt(this.#at - 2) === SLASH) {
          element.end = this.#at
          this.#scope = scopes[scopes.length - 1] as Scope
        } else {
          open.push(element)
          names.push(text.slice(less + 1, nameEnd))
          scopes.push(this.#scope)
          parent = element
        }
      }
    }
    if (parent !== outside) throw this.#refuse('XML_TAG', text.length, `${quoted(names[names.length - 1] as string)} is not closed`)
    const root = outside.children[0]
    if (root === undefined) throw this.#refuse('XML_ROOT', text.length, 'no element')
    return root
  }

  #refuse (code: OfdCode, at: number, detail: string): Refusal {
    return new Refusal(code, `${quoted(this.#file)} at character ${at}: ${detail}`)
  }

  #characters (parent: XmlElement, from: number, to: number): void {
    if (from === to) return
    const raw = this.#text.slice(from, to)
    if (parent.name === '') { // outside the root
      if (!BLANK.test(raw)) throw this.#refuse('XML_ROOT', from, 'text outside the root element')
      return
    }
    if (raw.includes(']]>')) throw this.#refuse('XML_SYNTAX', from, ']]> in text')
    parent.text += raw.includes('&') ? this.#decoded(raw, from) : raw
  }

  #decoded (raw: string, at: number): string {
    const text = decodeReferences(raw)
    if (text === undefined) throw this.#refuse('XML_ENTITY', at, 'an entity or character reference that XML does not define')
    return text
  }

  #endTag (less: number, name: string): void {
    const text = this.#text
    const from = less + 2
    if (!text.startsWith(name, from)) throw this.#refuse('XML_TAG', less, `${quoted(name)} should be closed here`)
    const at = this.#skipBlank(from + name.length)
    if (text.charCodeAt(at) !== MORE) throw this.#refuse('XML_TAG', less, `${quoted(name)} should be closed here`)
    this.#at = at + 1
  }

  /** Comment or CDATA section; anything else that begins with `<!` is a document type or nothing. */
  #markup (parent: XmlElement, less: number, outside: boolean): void {
    const text = this.#text
    if (text.startsWith('<!--', less)) {
      const end = text.indexOf('--', less + 4)
      if (end < 0 || text.charCodeAt(end + 2) !== MORE) throw this.#refuse('XML_SYNTAX', less, 'a comment that holds -- or does not end')
      parent.hasComment = true
      this.#at = end + 3
    } else if (text.startsWith('<![CDATA[', less)) {
      const end = text.indexOf(']]>', less + 9)
      if (outside || end < 0) throw this.#refuse('XML_SYNTAX', less, 'CDATA outside the root element or without end')
      parent.hasCdata = true
      parent.text += text.slice(less + 9, end)
      this.#at = end + 3
    } else {
      throw this.#refuse(text.startsWith('<!DOCTYPE', less) ? 'XML_DOCTYPE' : 'XML_SYNTAX', less, 'a declaration')
    }
  }

  #startTag (less: number, nameEnd: number): XmlElement {
    if (++this.#elements > this.#limits.xmlElementCount) throw this.#refuse('XML_TOO_MANY_ELEMENTS', less, `at most ${this.#limits.xmlElementCount}`)
    const text = this.#text
    const { spans } = this.#source
    const first = spans.length
    const most = first + this.#limits.xmlAttributeCount * SPAN
    let plain = true
    let at = nameEnd
    for (;;) {
      const from = this.#skipBlank(at)
      const code = text.charCodeAt(from)
      if (code === MORE) { this.#at = from + 1; break }
      if (code === SLASH && text.charCodeAt(from + 1) === MORE) { this.#at = from + 2; break }
      if (from === at) throw this.#refuse('XML_SYNTAX', at, 'white space is missing in a tag')
      if (spans.length === most) throw this.#refuse('XML_TOO_MANY_ATTRIBUTES', less, `at most ${this.#limits.xmlAttributeCount}`)
      const to = this.#qualifiedNameEnd(from)
      if (this.#prefixed || (to - from === 5 && text.startsWith('xmlns', from))) plain = false
      at = this.#skipBlank(to)
      if (text.charCodeAt(at) !== EQUALS) throw this.#refuse('XML_SYNTAX', at, 'an attribute without =')
      at = this.#attributeValue(from, to, this.#skipBlank(at + 1))
    }
    const { length } = spans
    if (plain) {
      this.#distinct(first, less)
      return new XmlElement(this.#resolve(less + 1, nameEnd), less, this.#source, first, length)
    }
    this.#declare(first, less)
    return new XmlElement(this.#resolve(less + 1, nameEnd), less, this.#source, first, length, this.#attributes(first, less))
  }

  #skipBlank (at: number): number {
    for (;; at++) {
      const code = this.#text.charCodeAt(at)
      if (code !== 0x20 && code !== 0x0a && code !== 0x09) return at
    }
  }

  #qualifiedNameEnd (from: number): number {
    let end = endOfName(this.#text, from)
    this.#prefixed = end > from && this.#text.charCodeAt(end) === COLON
    if (this.#prefixed) {
      const local = end + 1
      end = endOfName(this.#text, local)
      if (end === local) throw this.#refuse('XML_SYNTAX', from, 'a name ends in a colon')
    }
    if (end === from) throw this.#refuse('XML_SYNTAX', from, 'a name is missing')
    return end
  }

  /** Notes an attribute whose value begins at `at` with its quotation mark. @returns where the tag goes on */
  #attributeValue (nameFrom: number, nameTo: number, at: number): number {
    const text = this.#text
    const quote = text.charCodeAt(at)
    if (quote !== QUOTE && quote !== APOSTROPHE) throw this.#refuse('XML_SYNTAX', at, 'an attribute value without quotation marks')
    let plain = 1
    let end = at + 1
    for (;; end++) {
      const code = text.charCodeAt(end)
      if (code === quote) break
      if (code === LESS) throw this.#refuse('XML_SYNTAX', end, '< in an attribute value')
      if (code === AMPERSAND || code === 0x0a || code === 0x09) plain = 0
      if (end >= text.length) throw this.#refuse('XML_SYNTAX', at, 'an attribute value without end')
    }
    if (plain === 0) this.#decoded(text.slice(at + 1, end), at)
    this.#source.spans.push(nameFrom, nameTo, at + 1, end, plain)
    return end + 1
  }

  /** Attributes without prefix, from `first` on, are distinct where their names are. */
  #distinct (first: number, at: number): void {
    const text = this.#text
    const { spans } = this.#source
    for (let b = first + SPAN; b < spans.length; b += SPAN) {
      const [from, to] = [spans[b] as number, spans[b + 1] as number]
      for (let a = first; a < b; a += SPAN) {
        const other = spans[a] as number
        if ((spans[a + 1] as number) - other !== to - from) continue
        // Long names are compared as wholes, which is many times as fast.
        if (to - from > 64) {
          if (text.slice(other, other + to - from) === text.slice(from, to)) throw this.#refuse('XML_ATTRIBUTE_TWICE', at, quoted(text.slice(from, to)))
          continue
        }
        let same = 0
        while (from + same < to && text.charCodeAt(other + same) === text.charCodeAt(from + same)) same++
        if (from + same === to) throw this.#refuse('XML_ATTRIBUTE_TWICE', at, quoted(text.slice(from, to)))
      }
    }
  }

  #declare (first: number, at: number): void {
    const prefixes = new Map<string, string>() // only its own: copies of all would cost the square of what is declared
    for (let span = first; span < this.#source.spans.length; span += SPAN) {
      const name = nameAt(this.#source, span)
      if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue
      const uri = valueAt(this.#source, span)
      const prefix = name.slice(6)
      if (prefixes.has(prefix)) throw this.#refuse('XML_ATTRIBUTE_TWICE', at, quoted(name))
      // Some readers trim a namespace name, so one with white space would mean two things.
      if (/[ \t\n\r]/.test(uri) || (uri === '' && prefix !== '') || prefix === 'xmlns' || uri === XMLNS_NAMESPACE || (prefix === 'xml') !== (uri === XML_NAMESPACE)) {
        throw this.#refuse('XML_NAMESPACE', at, `${quoted(name)} may not stand for ${quoted(uri)}`)
      }
      prefixes.set(prefix, uri)
    }
    if (prefixes.size > 0) this.#scope = { prefixes, outer: this.#scope, names: [] }
  }

  #resolve (from: number, to: number): Name {
    const text = this.#text
    const { names } = this.#scope
    for (const known of names) {
      if (known.qualified.length === to - from && text.startsWith(known.qualified, from)) return known
    }
    const qualified = text.slice(from, to)
    const name = this.#expand(qualified, from)
    if (names.length < NAMES_REMEMBERED) names.push(name)
    return name
  }

  #expand (qualified: string, at: number): Name {
    const colon = qualified.indexOf(':')
    const prefix = colon < 0 ? '' : qualified.slice(0, colon)
    let namespace: string | undefined
    for (let scope: Scope | undefined = this.#scope; scope !== undefined && namespace === undefined; scope = scope.outer) namespace = scope.prefixes.get(prefix)
    if (namespace === undefined) throw this.#refuse('XML_NAMESPACE', at, `the prefix ${quoted(prefix)} stands for nothing`)
    return { qualified, name: colon < 0 ? qualified : qualified.slice(colon + 1), namespace }
  }

  #attributes (first: number, at: number): ReadonlyMap<string, string> {
    const attributes = new Map<string, string>()
    for (let span = first; span < this.#source.spans.length; span += SPAN) {
      let key = nameAt(this.#source, span)
      if (key === 'xmlns' || key.startsWith('xmlns:')) continue
      if (key.includes(':')) {
        const { name, namespace } = this.#expand(key, at)
        key = `{${namespace}}${name}`
      }
      if (attributes.has(key)) throw this.#refuse('XML_ATTRIBUTE_TWICE', at, quoted(key))
      attributes.set(key, valueAt(this.#source, span))
    }
    return attributes
  }
}
