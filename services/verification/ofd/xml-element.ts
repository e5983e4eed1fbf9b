import { decodeReferences } from './xml-text.js'

/** Shared by all elements that have none. */
export const NO_CHILDREN: readonly XmlElement[] = []
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map()

/** A name as written, and what it comes to. */
export interface Name { qualified: string, name: string, namespace: string }

/**
 * The text of a document and where its attributes stand in it, five numbers each: name from and to, value from and to, and 1 where
 * the value is as it is written. Few attributes are ever asked for, so that most are never cut out of the text.
 */
export interface Source { text: string, spans: number[] }
export const SPAN = 5

/** One element. `start` and `end` are offsets in the text as decoded, line ends normalised. */
export class XmlElement {
  /** Name without prefix. */
  readonly name: string
  /** Empty where there is none. */
  readonly namespace: string
  children: readonly XmlElement[] = NO_CHILDREN
  /** All character data that stands in this element itself, CDATA included. */
  text = ''
  readonly start: number
  end = 0
  /** Does a comment, or a CDATA section, stand in this element itself? A value that holds one is read differently by some. */
  hasComment = false
  hasCdata = false
  #attributes: ReadonlyMap<string, string> | undefined
  readonly #source: Source
  readonly #from: number
  readonly #to: number

  /** @param attributes - where they are not plain; else they are those between `from` and `to` in the source */
  constructor ({ name, namespace }: Name, start: number, source: Source, from: number, to: number, attributes?: ReadonlyMap<string, string>) {
    this.name = name
    this.namespace = namespace
    this.start = start
    this.#source = source
    this.#from = from
    this.#to = to
    this.#attributes = from === to ? NO_ATTRIBUTES : attributes
  }

  /** By name; `{namespace}name` where the attribute has a prefix. Declarations of namespaces are left out. */
  get attributes (): ReadonlyMap<string, string> {
    if (this.#attributes === undefined) {
      const attributes = new Map<string, string>()
      for (let at = this.#from; at < this.#to; at += SPAN) attributes.set(nameAt(this.#source, at), valueAt(this.#source, at))
      this.#attributes = attributes
    }
    return this.#attributes
  }
}

/** The name of the attribute at `at` in the spans. */
export function nameAt ({ text, spans }: Source, at: number): string { return text.slice(spans[at], spans[at + 1]) }

/** Its value, white space and references as XML says. The references were found right when the tag was read. @see XML 1.0, 3.3.3 */
export function valueAt ({ text, spans }: Source, at: number): string {
  const raw = text.slice(spans[at + 2], spans[at + 3])
  return spans[at + 4] === 1 ? raw : decodeReferences(raw.replace(/[\n\t]/g, ' ')) ?? raw
}
