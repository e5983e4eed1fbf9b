import type { Collection, Document, Documents } from '../../platform/documents/port.js'
import { BEGINNING, type Progress } from './order.js'

/** How far a source has got. Its id is the organisation's code. */
export interface SourceDocument extends Document, Progress {
  /** The highest number under which anything was ever refused: beyond it, nothing needs to be looked up. */
  refusedTo: number
}
/** An event that is in `trusted`. Its id is made of source and event id. */
export interface AcceptedDocument extends Document { source: string, sequence: number, digest: string, inbound: number, trusted: number, recordedAt: string }
/** A number that was refused or skipped. Its id is that of the quarantine entry, or made of source and number. */
export interface RefusedDocument extends Document {
  /** The source while it is open, empty once it is settled. */
  lane: string
  source: string
  sequence: number
  /** `settled`: its event is in `trusted`. */
  state: 'waiting' | 'refused' | 'skipped' | 'discarded' | 'settled'
  digest: string
  /** In `inbound`; the last one where it came in several times. */
  offset: number
}
/** Up to where the other three reflect the topics of one partition. */
export interface ProgressDocument extends Document { trusted: number, quarantine: number, recordedAt: string }

/**
 * What intake remembers, so as to keep events in order: views of `trusted` and `quarantine`, written by whoever consumes the
 * partition of `inbound`, and by nobody else.
 */
export interface Ledgers {
  sources: Collection<SourceDocument>
  accepted: Collection<AcceptedDocument>
  refused: Collection<RefusedDocument>
  progress: Collection<ProgressDocument>
}

export async function openLedgers (documents: Documents): Promise<Ledgers> {
  return {
    sources: await documents.collection('intake-sources'),
    accepted: await documents.collection('intake-accepted', { indexes: { bySequence: { on: ['source', 'sequence'] } } }),
    refused: await documents.collection('intake-refused', { indexes: { byLane: { on: ['lane', 'sequence', 'offset'] } } }),
    progress: await documents.collection('intake-progress')
  }
}

const PAGE = 1000 // most that the port reads at once

/** One batch's view of the ledgers: reads through, remembers what changes, writes it at the end. */
export class Ledger {
  readonly #ledgers: Ledgers
  readonly #sources = new Map<string, SourceDocument>()
  readonly #accepted = new Map<string, AcceptedDocument | undefined>()
  readonly #bySequence = new Map<string, AcceptedDocument>()
  readonly #refused = new Map<string, RefusedDocument>()
  readonly #changed = { sources: new Set<string>(), accepted: new Set<string>(), refused: new Set<string>() }
  constructor (ledgers: Ledgers) { this.#ledgers = ledgers }

  /** Reads ahead, in bulk, what the batch will ask for. */
  async load (sources: ReadonlySet<string>, events: ReadonlyArray<{ source: string, id: string }>): Promise<void> {
    await this.#sourcesOf([...sources].filter(source => !this.#sources.has(source)))
    const wanted = [...new Set(events.map(({ source, id }) => keyOf(source, id)))].filter(key => !this.#accepted.has(key))
    for (const key of wanted) this.#accepted.set(key, undefined)
    for (let at = 0; at < wanted.length; at += PAGE) {
      for (const { document } of await this.#ledgers.accepted.getMany(wanted.slice(at, at + PAGE))) this.#remember(document)
    }
  }

  async #sourcesOf (names: string[]): Promise<void> {
    for (const id of names) this.#sources.set(id, { id, ...BEGINNING, refusedTo: 0 })
    for (let at = 0; at < names.length; at += PAGE) {
      for (const { document } of await this.#ledgers.sources.getMany(names.slice(at, at + PAGE))) this.#sources.set(document.id, document)
    }
  }

  async source (id: string): Promise<SourceDocument> {
    if (!this.#sources.has(id)) await this.#sourcesOf([id])
    return this.#sources.get(id) as SourceDocument
  }

  async byId (source: string, id: string): Promise<AcceptedDocument | undefined> {
    const key = keyOf(source, id)
    if (!this.#accepted.has(key)) await this.load(new Set(), [{ source, id }])
    return this.#accepted.get(key)
  }

  async bySequence (source: string, sequence: number): Promise<AcceptedDocument | undefined> {
    const known = this.#bySequence.get(`${source} ${sequence}`)
    if (known !== undefined || sequence > (await this.source(source)).accepted) return known
    const { items: [found] } = await this.#ledgers.accepted.find({ index: 'bySequence', equals: [source, sequence], limit: 1 })
    if (found !== undefined) this.#remember(found.document)
    return found?.document
  }

  /** What stands open under this number, in the order in which it came. */
  async openAt (source: string, sequence: number): Promise<RefusedDocument[]> {
    if (sequence > (await this.source(source)).refusedTo) return []
    const { items } = await this.#ledgers.refused.find({ index: 'byLane', equals: [source, sequence], limit: PAGE })
    const open = new Map(items.map(({ document }) => [document.id, document]))
    for (const document of this.#refused.values()) {
      if (document.lane === source && document.sequence === sequence) open.set(document.id, document)
      else open.delete(document.id)
    }
    return [...open.values()].sort((a, b) => a.offset - b.offset)
  }

  async refusedBy (id: string): Promise<RefusedDocument | undefined> {
    return this.#refused.get(id) ?? (await this.#ledgers.refused.get(id))?.document
  }

  async accept (id: string, document: Omit<AcceptedDocument, 'id'>): Promise<void> {
    const whole = { id: keyOf(document.source, id), ...document }
    this.#remember(whole)
    this.#changed.accepted.add(whole.id)
    const source = await this.source(document.source)
    source.accepted = Math.max(source.accepted, document.sequence)
    source.last = Math.max(source.last, document.sequence)
    this.#changed.sources.add(source.id)
  }

  async refuse (document: RefusedDocument): Promise<void> {
    this.#refused.set(document.id, document)
    this.#changed.refused.add(document.id)
    const source = await this.source(document.source)
    if (document.sequence > source.refusedTo) {
      source.refusedTo = document.sequence
      this.#changed.sources.add(source.id)
    }
  }

  /** Its event is in `trusted`. @returns false where nothing of that id was refused, or this was known */
  async settle (id: string): Promise<boolean> { return await this.#close(id, 'settled', ['settled']) }
  /** @returns false where nothing of that id was open */
  async discard (id: string): Promise<boolean> { return await this.#close(id, 'discarded', ['settled', 'discarded']) }

  async #close (id: string, state: RefusedDocument['state'], unless: Array<RefusedDocument['state']>): Promise<boolean> {
    const document = await this.refusedBy(id)
    if (document === undefined || unless.includes(document.state)) return false
    await this.refuse({ ...document, lane: '', state })
    return true
  }

  async skip (source: string, sequence: number): Promise<void> {
    await this.refuse({ id: `${source}!${sequence}`, lane: source, source, sequence, state: 'skipped', digest: '', offset: 0 })
  }

  /** Goes on past the next number, if it was skipped. @returns whether it was */
  async pass (id: string): Promise<boolean> {
    const source = await this.source(id)
    if (!(await this.openAt(id, source.last + 1)).some(({ state }) => state === 'skipped')) return false
    source.last += 1
    this.#changed.sources.add(id)
    return true
  }

  /** Sources that may now go on past a skipped number. */
  changedSources (): string[] { return [...this.#changed.sources] }

  /**
   * Writes what changed, all at once.
   * @param saved - what the ledgers reflected before: said only now that it is certain, since the writes may come about in any order.
   * After a crash the last batch is read off the topics again, which does no harm.
   */
  async save (saved: ProgressDocument): Promise<void> {
    const pick = <T> (from: ReadonlyMap<string, T | undefined>, ids: ReadonlySet<string>): T[] => [...ids].map(id => from.get(id)).filter(document => document !== undefined)
    const { sources, accepted, refused } = this.#changed
    await Promise.all([
      inPages(pick(this.#accepted, accepted), async page => { await this.#ledgers.accepted.set(page) }),
      inPages(pick(this.#refused, refused), async page => { await this.#ledgers.refused.set(page) }),
      inPages(pick(this.#sources, sources), async page => { await this.#ledgers.sources.set(page) }),
      this.#ledgers.progress.set([saved])
    ])
    for (const ids of Object.values(this.#changed)) ids.clear()
  }

  #remember (document: AcceptedDocument): void {
    this.#accepted.set(document.id, document)
    this.#bySequence.set(`${document.source} ${document.sequence}`, document)
  }
}

async function inPages<T> (all: T[], write: (page: T[]) => Promise<void>): Promise<void> {
  for (let at = 0; at < all.length; at += PAGE) await write(all.slice(at, at + PAGE))
}

export function keyOf (source: string, id: string): string { return `${source}!${id}` }
