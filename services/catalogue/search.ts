import type { Resource } from '../../schemas/documents/resource.v1.js'
import { Failure } from '../core/failure.js'
import { divisionContains, type ResourceId, type Uscc } from '../core/identifiers.js'
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
  /** How many there are; told where words were asked for. */
  total?: number
}

/** What is held in memory of a published resource. */
interface Entry {
  id: ResourceId
  changedAt: string
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
  #postings = new Map<number, Postings>()
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
    this.#entries = []
    this.#numbers.clear()
    this.#postings.clear()
    this.#known = []
    this.#madeAt.clear()
  }

  /**
   * What is published now, or was at `at`: hits in the title first, then by identifier. Always the same order.
   * @throws {Failure} INPUT_INVALID `after` is of no page, or there are too many words
   */
  async find (question: SearchQuestion, at?: Date): Promise<Found> {
    await this.catchUp()
    const terms = termsOf(question.q)
    const after = question.after === undefined ? undefined : parseCursor(question.after)
    const best = new Best(question.limit + 1, after)
    let total = 0
    const offer = (entry: Entry): void => {
      total += 1
      best.offer({ rank: rankOf(entry.title, terms), id: entry.id })
    }
    if (at === undefined) {
      if (terms.length === 0) this.#walk(question, best, after)
      else for (const entry of this.#matching(terms)) if (fits(entry, question)) offer(entry)
    } else {
      for (const entry of await this.#asOf(at)) if (terms.every(term => entry.text.includes(term)) && fits(entry, question)) offer(entry)
    }
    const page = best.hits.slice(0, question.limit)
    const last = page.at(-1)
    return {
      ids: page.map(({ id }) => id),
      ...(best.hits.length > question.limit && last !== undefined ? { next: cursor(last) } : {}),
      ...(terms.length > 0 ? { total } : {})
    }
  }

  /** Without words: in the order of identifiers, and no further than the page needs. */
  #walk (question: SearchQuestion, best: Best, after: Hit | undefined): void {
    for (let i = after === undefined ? 0 : place(this.#known, after.id); i < this.#known.length && !best.full; i++) {
      const entry = this.#entry(this.#known[i] as ResourceId)
      if (entry !== undefined && fits(entry, question)) best.offer({ rank: 0, id: entry.id })
    }
  }

  #entry (id: ResourceId): Entry | undefined {
    const number = this.#numbers.get(id)
    return number === undefined ? undefined : this.#entries[number]
  }

  * #matching (terms: readonly string[]): Generator<Entry> {
    const lists: Postings[] = []
    for (const gram of new Set(terms.flatMap(gramsOf))) {
      const list = this.#postings.get(gram)
      if (list === undefined) return
      lists.push(list)
    }
    lists.sort((a, b) => a.length - b.length)
    const exact = terms.filter(({ length }) => length > 2) // a single character and a pair are what the index holds; longer words have to be looked at
    for (const number of intersection(lists)) {
      const entry = this.#entries[number]
      if (entry !== undefined && exact.every(term => entry.text.includes(term))) yield entry
    }
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
    let before = 0
    for (let i = 0; i < entry.text.length; i++) {
      const unit = entry.text.charCodeAt(i)
      if (isSpace(unit)) { before = 0; continue }
      this.#post(unit, number)
      if (before !== 0) this.#post(pair(before, unit), number)
      before = unit
    }
  }

  #post (gram: number, number: number): void {
    let list = this.#postings.get(gram)
    if (list === undefined) this.#postings.set(gram, list = new Postings())
    list.add(number)
  }

  #compact (): void {
    const entries = this.#entries.filter(entry => entry !== undefined)
    this.#entries = []
    this.#numbers.clear()
    this.#postings.clear()
    for (const entry of entries) this.#index(entry)
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

interface Hit { rank: number, id: ResourceId }
function compare (a: Hit, b: Hit): number { return a.rank - b.rank || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0) }

/** The first so many hits that come after one, in order, whatever order they are offered in. */
class Best {
  readonly #most: number
  readonly #after: Hit | undefined
  readonly hits: Hit[] = []
  constructor (most: number, after: Hit | undefined) { this.#most = most; this.#after = after }
  get full (): boolean { return this.hits.length >= this.#most }
  offer (hit: Hit): void {
    if (this.#after !== undefined && compare(hit, this.#after) <= 0) return
    if (this.full && compare(hit, this.hits.at(-1) as Hit) >= 0) return
    let low = 0
    let high = this.hits.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compare(this.hits[middle] as Hit, hit) < 0) low = middle + 1
      else high = middle
    }
    this.hits.splice(low, 0, hit)
    if (this.hits.length > this.#most) this.hits.pop()
  }
}

/** 0 the title itself; 1 all words in the title; 2 some; 3 none. */
function rankOf (title: string, terms: readonly string[]): number {
  if (terms.length === 0) return 0
  let hits = 0
  for (const term of terms) if (title.includes(term)) hits += 1
  return hits === terms.length ? title === terms.join('') || title === terms.join(' ') ? 0 : 1 : hits > 0 ? 2 : 3
}

function fits ({ provider, sharing, region }: Entry, asked: SearchQuestion): boolean {
  return (asked.provider === undefined || provider === asked.provider) &&
    (asked.sharing === undefined || sharing === asked.sharing) &&
    (asked.region === undefined || divisionContains(region, asked.region) || divisionContains(asked.region, region))
}

function entryOf ({ id, published, withdrawn, provider, providerName, changedAt }: ResourceDocument): Entry | undefined {
  if (published === undefined || withdrawn !== undefined) return undefined
  const { title, summary, items, sharing, region } = published.resource
  const text = [title, providerName, ...items.flatMap(({ name, title }) => title === undefined ? [name] : [name, title]), summary].join('\n')
  return { id, changedAt, provider, sharing: sharing.class, region, title: comparable(title), text: comparable(text).slice(0, SEARCHED_CHARACTERS) }
}

function comparable (text: string): string { return text.normalize('NFKC').toLowerCase() }

/** @throws {Failure} INPUT_INVALID */
function termsOf (q: string | undefined): string[] {
  const terms = [...new Set(comparable(q ?? '').split(/\s+/u).filter(term => term !== ''))]
  if (terms.length > MOST_TERMS) throw new Failure('INPUT_INVALID', 'too many words', { violations: [{ pointer: '/q', message: `holds more than ${MOST_TERMS} words` }] })
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

function cursor ({ rank, id }: Hit): string { return `${rank}.${id}` }
function parseCursor (text: string): Hit {
  const match = /^([0-3])\.(.{1,200})$/.exec(text)
  if (match === null) throw new Failure('INPUT_INVALID', 'after is of no page', { violations: [{ pointer: '/after', message: 'is of no page' }] })
  return { rank: Number(match[1]), id: match[2] as string }
}
