import type { Resource } from '../../schemas/documents/resource.v1.js'
import { Failure } from '../core/failure.js'
import { divisionContains, parseResourceId, type ResourceId, type Uscc } from '../core/identifiers.js'
import { FAULT } from '../core/violations.js'
import { told } from '../core/words.js'
import type { Dated } from './catalogue-log.js'
import type { ResourceDocument } from './resources.js'

export interface SearchQuestion {
  /** Words apart by spaces; each has to stand somewhere in the resource as it is written. */
  q?: string
  provider?: Uscc
  sharing?: Resource['sharing']['class']
  /** Resources that cover this division, or one inside it. */
  region?: string
  limit: number
  /** `next` of the page before. */
  after?: string
}
export interface Found {
  ids: ResourceId[]
  next?: string
  /** How many there are, counted no further than a thousand; told where words were asked for. */
  total?: number
}

/** What is held in memory of a published resource. */
interface Entry {
  id: ResourceId
  changedAt: string
  /** Offset of what made it so: later is newer. */
  through: number
  provider: Uscc
  sharing: Resource['sharing']['class']
  region: string
  /** As words are compared: NFKC, lower case. */
  title: string
  text: string
}

/** More characters of one resource are not searched: title, provider and items come first, the summary last. */
const SEARCHED_CHARACTERS = 4000
const MOST_TERMS = 8
const READ_TOGETHER = 500
const COMPACT_FROM = 1000
const COUNTED = 1000

/**
 * Finds published resources by words, Chinese ones too: an inverted index of single characters and pairs of them, in memory, made from
 * the view and kept up by asking it what changed since. docs/decisions/0101-search-by-pairs-of-characters.md
 */
export class ResourceSearch {
  readonly #resources: Dated<ResourceDocument>
  readonly #through = { offset: -1 }
  /** By number; a hole where a resource changed and was entered anew. */
  #entries: Array<Entry | undefined> = []
  #numbers = new Map<ResourceId, number>()
  readonly #postings = { title: new Map<number, Postings>(), text: new Map<number, Postings>() }
  readonly #byTitle = new Map<string, number>()
  /** All that were ever published, in order, with when they first came into the catalogue. */
  #known: ResourceId[] = []
  readonly #madeAt = new Map<ResourceId, string>()
  #catchingUp: Promise<void> | undefined

  constructor (resources: Dated<ResourceDocument>) { this.#resources = resources }

  /** Published resources that can be found. */
  get size (): number { return this.#numbers.size }

  /** Takes in what was decided since; many callers share one look. */
  async catchUp (): Promise<void> {
    this.#catchingUp ??= this.#takeIn().finally(() => { this.#catchingUp = undefined })
    await this.#catchingUp
  }

  /** Forgets everything; for a view that is rebuilt. */
  clear (): void {
    this.#through.offset = -1
    this.#forget()
    this.#known = []
    this.#madeAt.clear()
  }

  /**
   * What is published now, or was at `at`. With words: the title itself, then all words in the title, then elsewhere, the newest first;
   * without: by identifier. Always the same order.
   * @throws {Failure} INPUT_INVALID `after` is of no page, or there are too many words
   */
  async find (question: SearchQuestion, at?: Date): Promise<Found> {
    await this.catchUp()
    const terms = termsOf(question.q)
    if (terms.length === 0) return pageOf(at === undefined ? this.#walk(question) : byId(await this.#asOf(at), question), question.limit, ({ id }) => id)
    const after = question.after === undefined ? undefined : parseCursor(question.after)
    const hits: Hit[] = []
    let total = 0
    for (const hit of at === undefined ? this.#hits(terms) : ranked(await this.#asOf(at), terms)) {
      if (!fits(hit.entry, question)) continue
      total += 1
      if (hits.length <= question.limit && (after === undefined || compare(after, hit) < 0)) hits.push(hit)
      if (total >= COUNTED && hits.length > question.limit) break
    }
    const { ids, next } = pageOf(hits, question.limit, cursor)
    return { ids, ...(next === undefined ? {} : { next }), total: Math.min(total, COUNTED) }
  }

  /** Without words: in the order of identifiers, and no further than the page needs. */
  * #walk (question: SearchQuestion): Generator<Entry> {
    const after = idOf(question.after)
    for (let i = after === undefined ? 0 : place(this.#known, after); i < this.#known.length; i++) {
      const entry = this.#entry(this.#known[i] as ResourceId)
      if (entry !== undefined && entry.id !== after && fits(entry, question)) yield entry
    }
  }

  #entry (id: ResourceId): Entry | undefined {
    const number = this.#numbers.get(id)
    return number === undefined ? undefined : this.#entries[number]
  }

  /** In order, each looked at when its turn comes: numbers go up with time, so the newest is the last. */
  * #hits (terms: readonly string[]): Generator<Hit> {
    const itself = new Set([terms.join(''), terms.join(' ')].flatMap(title => this.#byTitle.get(title) ?? []))
    for (const number of [...itself].sort((a, b) => b - a)) yield { rank: 0, entry: this.#entries[number] as Entry }
    const exact = terms.filter(({ length }) => length > 2) // a single character and a pair are what the index holds; longer words have to be looked at
    const inTitle = this.#candidates(this.#postings.title, terms)
    const titled = new Uint8Array(inTitle.length === 0 ? 0 : this.#entries.length)
    for (let i = inTitle.length - 1; i >= 0; i--) {
      const number = inTitle[i] as number
      const entry = this.#entries[number]
      if (entry === undefined || !exact.every(term => entry.title.includes(term))) continue
      titled[number] = 1
      if (!itself.has(number)) yield { rank: 1, entry }
    }
    const anywhere = this.#candidates(this.#postings.text, terms)
    for (let i = anywhere.length - 1; i >= 0; i--) {
      const number = anywhere[i] as number
      const entry = titled[number] === 1 || itself.has(number) ? undefined : this.#entries[number]
      if (entry !== undefined && exact.every(term => entry.text.includes(term))) yield { rank: 2, entry }
    }
  }

  /** Of a longer word its two rarest pairs are enough, since the text is looked at anyway. */
  #candidates (postings: ReadonlyMap<number, Postings>, terms: readonly string[]): Uint32Array {
    const lists = new Set<Postings>()
    for (const term of terms) {
      const ofTerm: Postings[] = []
      for (const gram of gramsOf(term)) {
        const list = postings.get(gram)
        if (list === undefined) return new Uint32Array(0)
        ofTerm.push(list)
      }
      for (const list of ofTerm.sort(shorter).slice(0, 2)) lists.add(list)
    }
    return intersection([...lists].sort(shorter))
  }

  /** As they were published then. Those that nothing was decided on since are at hand; the others are read from the store. */
  async #asOf (at: Date): Promise<Entry[]> {
    const instant = at.toISOString()
    const found: Entry[] = []
    const changed: ResourceId[] = []
    for (const id of this.#known) {
      const entry = this.#entry(id)
      if (entry !== undefined && entry.changedAt <= instant) found.push(entry)
      else if ((this.#madeAt.get(id) as string) <= instant) changed.push(id)
    }
    for (let from = 0; from < changed.length; from += READ_TOGETHER) {
      for (const document of await this.#resources.manyAsOf(changed.slice(from, from + READ_TOGETHER), at)) {
        const entry = entryOf(document)
        if (entry !== undefined) found.push(entry)
      }
    }
    return found
  }

  async #takeIn (): Promise<void> {
    for (;;) {
      const { items } = await this.#resources.find({ index: 'byThrough', range: { from: this.#through.offset, fromExclusive: true }, limit: READ_TOGETHER })
      if (items.length === 0) return
      for (const { document } of items) {
        this.#enter(document)
        this.#through.offset = document.through
      }
    }
  }

  #enter (document: ResourceDocument): void {
    const { id } = document
    const old = this.#numbers.get(id)
    if (old !== undefined) {
      const title = this.#entries[old]?.title
      if (title !== undefined && this.#byTitle.get(title) === old) this.#byTitle.delete(title)
      this.#entries[old] = undefined
      this.#numbers.delete(id)
    }
    if (document.published !== undefined && !this.#madeAt.has(id)) {
      this.#madeAt.set(id, document.madeAt)
      this.#known.splice(place(this.#known, id), 0, id)
    }
    const entry = entryOf(document)
    if (entry !== undefined) this.#index(entry)
    if (this.#entries.length > COMPACT_FROM && this.#entries.length > 2 * this.#numbers.size) this.#compact()
  }

  #index (entry: Entry): void {
    const number = this.#entries.push(entry) - 1
    this.#numbers.set(entry.id, number)
    this.#byTitle.set(entry.title, number)
    post(this.#postings.title, entry.title, number)
    post(this.#postings.text, entry.text, number)
  }

  #compact (): void {
    const entries = this.#entries.filter(entry => entry !== undefined)
    this.#forget()
    for (const entry of entries) this.#index(entry)
  }

  #forget (): void {
    this.#entries = []
    this.#numbers.clear()
    this.#byTitle.clear()
    this.#postings.title.clear()
    this.#postings.text.clear()
  }
}

function post (postings: Map<number, Postings>, text: string, number: number): void {
  const add = (gram: number): void => {
    let list = postings.get(gram)
    if (list === undefined) postings.set(gram, list = new Postings())
    list.add(number)
  }
  let before = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (isSpace(unit)) { before = 0; continue }
    add(unit)
    if (before !== 0) add(pair(before, unit))
    before = unit
  }
}

/** Numbers, ascending, each once. */
class Postings {
  #numbers = new Uint32Array(2)
  length = 0
  add (number: number): void {
    if (this.length > 0 && this.#numbers[this.length - 1] === number) return
    if (this.length === this.#numbers.length) {
      const wider = new Uint32Array(this.length + (this.length >> 1) + 1)
      wider.set(this.#numbers)
      this.#numbers = wider
    }
    this.#numbers[this.length++] = number
  }

  get numbers (): Uint32Array { return this.#numbers.subarray(0, this.length) }
}

function shorter (a: Postings, b: Postings): number { return a.length - b.length }

function intersection (lists: readonly Postings[]): Uint32Array {
  const [first, ...others] = lists
  if (first === undefined) return new Uint32Array(0)
  let kept = first.numbers
  for (const { numbers } of others) {
    const both = new Uint32Array(kept.length)
    let length = 0
    let j = 0
    for (const number of kept) {
      while (j < numbers.length && (numbers[j] as number) < number) j++
      if (numbers[j] === number) both[length++] = number
    }
    kept = both.subarray(0, length)
  }
  return kept
}

/** Where a hit stands: 0 the title itself, 1 all words in the title, 2 elsewhere; then the newest first. */
interface Place { rank: number, through: number }
interface Hit { rank: number, entry: Entry }
function compare (a: Place, { rank, entry: { through } }: Hit): number { return a.rank - rank || through - a.through }

/** Of entries at hand, in the order of `#hits`. */
function ranked (entries: readonly Entry[], terms: readonly string[]): Hit[] {
  const titles = new Set([terms.join(''), terms.join(' ')])
  return entries.filter(({ text }) => terms.every(term => text.includes(term)))
    .map(entry => ({ entry, rank: titles.has(entry.title) ? 0 : terms.every(term => entry.title.includes(term)) ? 1 : 2 }))
    .sort((a, b) => compare({ rank: a.rank, through: a.entry.through }, b))
}

function byId (entries: readonly Entry[], question: SearchQuestion): Entry[] {
  const after = idOf(question.after)
  return entries.filter(entry => (after === undefined || entry.id > after) && fits(entry, question)).sort((a, b) => a.id < b.id ? -1 : 1)
}

/** @param placeOf - what `after` of the next page says of the last one on this */
function pageOf <T extends Entry | Hit> (all: Iterable<T>, limit: number, placeOf: (last: T) => string): Found {
  const page: T[] = []
  let more = false
  for (const item of all) {
    if (page.length === limit) { more = true; break }
    page.push(item)
  }
  const last = page.at(-1)
  return { ids: page.map(item => 'entry' in item ? item.entry.id : item.id), ...(more && last !== undefined ? { next: placeOf(last) } : {}) }
}

function fits ({ provider, sharing, region }: Entry, asked: SearchQuestion): boolean {
  return (asked.provider === undefined || provider === asked.provider) &&
    (asked.sharing === undefined || sharing === asked.sharing) &&
    (asked.region === undefined || divisionContains(region, asked.region) || divisionContains(asked.region, region))
}

function entryOf ({ id, through, published, withdrawn, provider, providerName, changedAt }: ResourceDocument): Entry | undefined {
  if (published === undefined || withdrawn !== undefined) return undefined
  const { title, summary, items, sharing, region } = published.resource
  const text = [title, providerName, ...items.flatMap(({ name, title }) => title === undefined ? [name] : [name, title]), summary].join('\n')
  return { id, changedAt, through, provider, sharing: sharing.class, region, title: comparable(title), text: comparable(text).slice(0, SEARCHED_CHARACTERS) }
}

function comparable (text: string): string { return text.normalize('NFKC').toLowerCase() }

/** @throws {Failure} INPUT_INVALID */
function termsOf (q: string | undefined): string[] {
  const terms = [...new Set(comparable(q ?? '').split(/\s+/u).filter(term => term !== ''))]
  if (terms.length > MOST_TERMS) throw new Failure('INPUT_INVALID', 'too many words', { violations: [{ pointer: '/q', message: told(`超过 ${MOST_TERMS} 个词`, `holds more than ${MOST_TERMS} words`) }] })
  return terms
}

function gramsOf (term: string): number[] {
  if (term.length === 1) return [term.charCodeAt(0)]
  return Array.from({ length: term.length - 1 }, (_, i) => pair(term.charCodeAt(i), term.charCodeAt(i + 1)))
}

/** A pair of characters as one number, above all single ones. */
function pair (first: number, second: number): number { return first * 65_536 + second }
function isSpace (unit: number): boolean { return unit <= 32 || unit === 0x3000 || unit === 0xa0 }

/** Where this identifier stands or would stand in a sorted list. */
function place (sorted: readonly string[], id: string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as string) < id) low = middle + 1
    else high = middle
  }
  return low
}

/** @throws {Failure} INPUT_INVALID */
function idOf (after: string | undefined): ResourceId | undefined {
  if (after !== undefined && parseResourceId(after) === undefined) throw noPage()
  return after
}

function noPage (): Failure { return new Failure('INPUT_INVALID', 'after is of no page', { violations: [{ pointer: '/after', message: FAULT.noPage }] }) }
function cursor ({ rank, entry: { through } }: Hit): string { return `${rank}.${through}` }
function parseCursor (text: string): Place {
  const match = /^([0-2])\.(\d{1,15})$/.exec(text)
  if (match === null) throw noPage()
  return { rank: Number(match[1]), through: Number(match[2]) }
}
