import type { Collection, CollectionOptions, Document, Documents } from '../../platform/documents/port.js'
import type { Consumer, EventLog, EventRecord, Position } from '../../platform/event-log/port.js'
import type { CatalogueRecorded } from '../../schemas/events/catalogue-recorded.v1.js'
import type { Caller } from '../core/caller.js'
import type { Clock, InstantText } from '../core/clock.js'
import { TOPICS } from '../core/event.js'
import { Failure } from '../core/failure.js'

/** Who decided: a system of an organisation, and the person who was signed in there. */
export type Author = CatalogueRecorded['by']
/** One decision, as the topic holds it. */
export type CatalogueEvent<Data = unknown> = Omit<CatalogueRecorded, 'data'> & { data: Data }
/** An event where it came to stand. `at` is when the topic took it in: from then on it holds, and nothing before it changes any more. */
export interface Told<Data = unknown> { event: CatalogueEvent<Data>, at: InstantText, offset: number }

/**
 * How events change the view. One fold decides on each type of event: it refuses what is no longer lawful where the event came to
 * stand, and then the event is void. Others may follow it. Folds are pure: they know the event and what they read of the view, no
 * clock and no chance, so that a rebuild makes the same bytes. What one decision does is one event, whatever it changes.
 */
export interface Fold {
  name: string
  /** Counted up when its rules or documents change: the view is then built anew at the next start. */
  version: number
  decides: readonly string[]
  /** Types that another fold decides on; told after it, and only where it was not void. */
  follows?: readonly string[]
  /**
   * Names are the collections' own (`catalogue-…`). A dated one keeps every version, for `Dated`; ids of its documents have at most
   * 200 characters, and the members `madeAt`, `changedAt` and `through` are set by the log.
   */
  collections: Record<string, CollectionOptions & { dated?: boolean }>
  /** @returns why the event is void, for whoever decided it to read; nothing that it set is kept then */
  apply: (told: Told<never>, view: FoldView) => Promise<Refusal | undefined>
}
export interface Refusal { detail: string }

/** The view as of the event before. Documents are copies. */
export interface FoldView {
  get: <T extends Document>(collection: string, id: string) => Promise<T | undefined>
  set: (collection: string, document: Document) => void
}

export interface DatedDocument extends Document {
  /** When it first came to be, and when it came to be as it is. */
  madeAt: InstantText
  changedAt: InstantText
  /** Offset of the event that made it so. */
  through: number
}

/** Documents as they are now, and as they were at any instant since the first event. */
export interface Dated<T extends DatedDocument> extends Pick<Collection<T>, 'get' | 'getMany' | 'find' | 'count'> {
  asOf: (id: string, at: Date) => Promise<T | undefined>
  /** Those of these that there were. In the order asked. */
  manyAsOf: (ids: readonly string[], at: Date) => Promise<T[]>
  /** Every version up to then, the latest first. */
  versions: (id: string, options: { at?: Date, limit: number, after?: string }) => Promise<{ items: T[], next?: string }>
}
interface Version extends Document { of: string, changedAt: InstantText, through: number, document: DatedDocument }

interface Progress extends Document {
  /** Which folds made the view. */
  views: string
  /** Events before this offset are in `writes` or were written before. */
  through: number
  /** Written again where it is not known that they were: so a crash between two documents leaves no half of an event. */
  writes: Array<{ collection: string, documents: Document[] }>
}
interface VoidEvent extends Document { eventId: string, type: string, subject: string, at: InstantText, detail: string }

const GROUP = 'catalogue'
const PROGRESS = 'catalogue-progress'
const VOIDS = 'catalogue-voids'
const PAGE = 1000
/** Characters of JSON that are written in one go: in UTF-8 still below what a document may hold. */
const CHUNK = 2_000_000
const BATCH_BYTES = 4 * 1024 * 1024

export interface CatalogueLogOptions {
  eventLog: EventLog
  documents: Documents
  clock: Clock
  newId: () => string
  folds: readonly Fold[]
  /** Most events that are folded together; 200 if not said. */
  batch?: number
  onError?: (error: unknown) => void
}

/**
 * Decisions on a log. Whoever decides reads the view, caught up; decides; appends; and waits until the view knows of it. Two who
 * decide at once cannot both win, in however many processes: the fold judges each event again where it stands.
 */
export class CatalogueLog {
  readonly #options: CatalogueLogOptions
  readonly #views: string
  readonly #collections = new Map<string, Collection<Document>>()
  readonly #past = new Map<string, Collection<Version>>()
  readonly #deciding = new Map<string, Fold>()
  readonly #following = new Map<string, Fold[]>()
  #consumer: Consumer | undefined
  /** Offset up to which this process itself knows everything to be written. */
  #written: number | undefined

  private constructor (options: CatalogueLogOptions) {
    this.#options = options
    this.#views = options.folds.map(({ name, version }) => `${name}@${version}`).sort().join(' ')
    for (const fold of options.folds) {
      for (const type of fold.decides) {
        if (this.#deciding.has(type)) throw new TypeError(`two folds decide on ${type}`)
        this.#deciding.set(type, fold)
      }
      for (const type of fold.follows ?? []) this.#following.set(type, [...this.#following.get(type) ?? [], fold])
    }
  }

  static async open (options: CatalogueLogOptions): Promise<CatalogueLog> {
    const { eventLog, documents, folds } = options
    await eventLog.createTopic(TOPICS.catalogue, { partitions: 1 })
    const log = new CatalogueLog(options)
    for (const name of [PROGRESS, VOIDS]) log.#collections.set(name, await documents.collection(name))
    for (const { collections } of folds) {
      for (const [name, { dated = false, ...options }] of Object.entries(collections)) {
        if (log.#collections.has(name)) throw new TypeError(`two folds write ${name}`)
        log.#collections.set(name, await documents.collection(name, dated ? { ...options, indexes: { ...options.indexes, byThrough: { on: ['through'] } } } : options))
        if (dated) log.#past.set(name, await documents.collection<Version>(`${name}-past`, { indexes: { byOf: { on: ['of', 'changedAt', 'through'] } } }))
      }
    }
    const progress = await log.#progress()
    if (progress !== undefined && progress.document.views !== log.#views) await log.#clear()
    return log
  }

  start (): void {
    const { eventLog, batch = 200, onError } = this.#options
    this.#consumer = eventLog.consume({
      group: GROUP, topic: TOPICS.catalogue, batch, batchBytes: BATCH_BYTES, ...(onError === undefined ? {} : { onError }), handle: async records => { await this.#handle(records) }
    })
  }

  async stop (): Promise<void> {
    await this.#consumer?.stop()
    this.#consumer = undefined
  }

  /** Resolves when the view knows all that was decided before. Who decides waits for it first. */
  async idle (): Promise<void> { await this.#consumer?.idle() }
  async lag (): Promise<number> { return await this.#consumer?.lag() ?? 0 }

  /**
   * Records a decision and answers once the view knows of it.
   * @throws {Failure} VERSION_CONFLICT something else was decided meanwhile, so that this is void; SHUTTING_DOWN, also where the
   * view was stopped before it knew of the event: that is written, and tells after the next start whether it holds
   */
  async decide <Data extends object> (decision: Pick<CatalogueEvent<Data>, 'type' | 'subject' | 'by' | 'why' | 'data'>): Promise<Told<Data>> {
    const { eventLog, clock, newId } = this.#options
    const consumer = this.#consumer
    if (consumer === undefined) throw new Failure('SHUTTING_DOWN', 'the catalogue takes no decisions now')
    if (!this.#deciding.has(decision.type)) throw new TypeError(`no fold decides on ${decision.type}`)
    const { type, subject, by, why, data } = decision
    const event: CatalogueEvent<Data> = { id: newId(), type, subject, time: clock.now().toISOString(), by, why, data }
    const [{ offset }] = await eventLog.append(TOPICS.catalogue, [{ key: subject, value: Buffer.from(JSON.stringify(event)) }]) as [Position]
    await consumer.idle()
    const refused = await this.#collection<VoidEvent>(VOIDS).get(voidId(offset))
    if (refused !== undefined) throw new Failure('VERSION_CONFLICT', refused.document.detail)
    const [record] = await eventLog.read(TOPICS.catalogue, 0, offset, { limit: 1 }) as [EventRecord]
    return { event, at: record.storedAt.toISOString(), offset }
  }

  /** What a fold keeps, for reading. */
  collection <T extends Document> (name: string): Pick<Collection<T>, 'get' | 'getMany' | 'find' | 'count'> { return this.#collection<T>(name) }

  dated <T extends DatedDocument> (name: string): Dated<T> {
    const now = this.#collection<T>(name)
    const past = this.#past.get(name) as Collection<Version> | undefined
    if (past === undefined) throw new TypeError(`${name} is not dated`)
    const asOf = async (id: string, at: Date): Promise<T | undefined> => {
      const { items: [found] } = await past.find({ index: 'byOf', equals: [id], range: { to: at.toISOString() }, order: 'descending', limit: 1 })
      return found?.document.document as T | undefined
    }
    return {
      get: async id => await now.get(id),
      getMany: async ids => await now.getMany(ids),
      find: async query => await now.find(query),
      count: async (query, atMost) => await now.count(query, atMost),
      asOf,
      async manyAsOf (ids, at) {
        const instant = at.toISOString()
        const found: T[] = []
        for (let from = 0; from < ids.length; from += PAGE) {
          for (const { document } of await now.getMany(ids.slice(from, from + PAGE))) {
            // Most have not changed since: these need no second look.
            const then = document.changedAt <= instant ? document : document.madeAt > instant ? undefined : await asOf(document.id, at)
            if (then !== undefined) found.push(then)
          }
        }
        return found
      },
      async versions (id, { at, limit, after }) {
        const { items, next } = await past.find({
          index: 'byOf', equals: [id], ...(at === undefined ? {} : { range: { to: at.toISOString() } }), order: 'descending', limit, ...(after === undefined ? {} : { after })
        })
        return { items: items.map(({ document }) => document.document as T), ...(next === undefined ? {} : { next }) }
      }
    }
  }

  /** Events in the order in which they hold, void ones too. */
  async events ({ from, limit }: { from: number, limit: number }): Promise<{ items: Told[], next?: number }> {
    const records = await this.#options.eventLog.read(TOPICS.catalogue, 0, from, { limit })
    const last = records.at(-1)
    return { items: records.map(toldBy), ...(last === undefined ? {} : { next: last.offset + 1 }) }
  }

  /** Throws the view away and reads it off the topic again. Answers once it has caught up, if it was running. */
  async rebuild (): Promise<void> {
    const running = this.#consumer !== undefined
    await this.stop()
    await this.#clear()
    if (!running) return
    this.start()
    await this.idle()
  }

  /** How far it had come is told by no rules first and forgotten last: a process that ends in between begins once more at the next start. */
  async #clear (): Promise<void> {
    const progress = this.#collection<Progress>(PROGRESS)
    await progress.set([{ id: PROGRESS, views: '', through: 0, writes: [] }])
    this.#written = undefined
    for (const collection of [...this.#collections.values(), ...this.#past.values()]) if (collection as unknown !== progress) await collection.clear()
    await this.#options.eventLog.commit(GROUP, TOPICS.catalogue, 0, 0)
    await progress.clear()
  }

  #collection <T extends Document> (name: string): Collection<T> {
    const collection = this.#collections.get(name)
    if (collection === undefined) throw new TypeError(`no fold keeps ${name}`)
    return collection as unknown as Collection<T>
  }

  async #progress (): Promise<{ document: Progress, version: number } | undefined> { return await this.#collection<Progress>(PROGRESS).get(PROGRESS) }

  /** Bears getting a batch again. */
  async #handle (records: readonly EventRecord[]): Promise<void> {
    const progress = await this.#progress()
    const through = progress?.document.through ?? 0
    if (progress !== undefined && this.#written !== through) {
      await this.#write(progress.document.writes)
      this.#written = through
    }
    let version = progress?.version ?? 0
    let batch = new Changes()
    const end = async (through: number): Promise<void> => {
      const writes = batch.writes()
      await this.#collection<Progress>(PROGRESS).put({ id: PROGRESS, views: this.#views, through, writes }, version) // another process that folds too is found out here
      version += 1
      await this.#write(writes)
      this.#written = through
      batch = new Changes()
    }
    for (const record of records) {
      if (record.offset < through) continue // told before a crash
      batch.take(await this.#fold(toldBy(record), batch))
      if (batch.characters >= CHUNK) await end(record.offset + 1)
    }
    const last = records.at(-1)
    if (last !== undefined && last.offset >= (this.#written ?? through)) await end(last.offset + 1)
  }

  async #fold (told: Told, batch: Changes): Promise<Changes> {
    const { event: { id, type, subject }, at, offset } = told
    const decider = this.#deciding.get(type)
    if (decider === undefined) throw new Error(`the catalogue holds an event of a type that this version does not know: ${type}`) // passing it over would lose what it says
    const changes = new Changes()
    const before = async <T extends Document> (collection: string, id: string): Promise<T | undefined> => {
      const found = batch.get(collection, id)
      return found === undefined ? (await this.#collection<T>(collection).get(id))?.document : structuredClone(found) as T
    }
    const view: FoldView = {
      get: async <T extends Document> (collection: string, id: string) => structuredClone(changes.get(collection, id)) as T | undefined ?? await before<T>(collection, id),
      set: (collection, document) => { changes.set(collection, document) }
    }
    for (const fold of [decider, ...this.#following.get(type) ?? []]) {
      const refusal = await fold.apply(told as Told<never>, view)
      if (refusal === undefined) continue
      if (fold !== decider) throw new Error(`the fold ${fold.name} follows ${type} and may not refuse it`)
      const refused: VoidEvent = { id: voidId(offset), eventId: id, type, subject, at, detail: refusal.detail }
      return new Changes().set(VOIDS, refused)
    }
    const dated = new Changes()
    for (const { collection, documents } of changes.writes()) {
      for (const document of documents) {
        if (!this.#past.has(collection)) { dated.set(collection, document); continue }
        const madeAt = (document as Partial<DatedDocument>).madeAt ?? (await before<DatedDocument>(collection, document.id))?.madeAt ?? at
        const marked: DatedDocument = { ...document, madeAt, changedAt: at, through: offset }
        dated.set(collection, marked)
        const version: Version = { id: `${document.id}@${offsetText(offset)}`, of: document.id, changedAt: at, through: offset, document: marked }
        dated.set(`${collection}-past`, version)
      }
    }
    return dated
  }

  async #write (writes: Progress['writes']): Promise<void> {
    for (const { collection, documents } of writes) {
      const past = collection.endsWith('-past') ? this.#past.get(collection.slice(0, -'-past'.length)) : undefined
      const target = past as unknown as Collection<Document> | undefined ?? this.#collection(collection)
      for (let from = 0; from < documents.length; from += PAGE) await target.set(documents.slice(from, from + PAGE))
    }
  }
}

/** Documents that are to be written, by collection; the last one set of an id counts. */
class Changes {
  readonly #documents = new Map<string, Map<string, Document>>()
  characters = 0

  get (collection: string, id: string): Document | undefined { return this.#documents.get(collection)?.get(id) }

  set (collection: string, document: Document): this {
    const documents = this.#documents.get(collection) ?? new Map<string, Document>()
    this.#documents.set(collection, documents.set(document.id, document))
    return this
  }

  take (other: Changes): void {
    for (const [collection, documents] of other.#documents) {
      for (const document of documents.values()) {
        this.set(collection, document)
        this.characters += JSON.stringify(document).length
      }
    }
  }

  writes (): Progress['writes'] {
    return [...this.#documents].map(([collection, documents]) => ({ collection, documents: [...documents.values()] }))
  }
}

export function authorOf ({ client, organisation, person }: Caller): Author {
  return { client, organisation, ...(person === undefined ? {} : { person: { id: person.id, name: person.name } }) }
}

function toldBy ({ value, storedAt, offset }: EventRecord): Told {
  return { event: JSON.parse(Buffer.from(value).toString('utf8')) as CatalogueEvent, at: storedAt.toISOString(), offset }
}

function offsetText (offset: number): string { return String(offset).padStart(15, '0') }
function voidId (offset: number): string { return offsetText(offset) }
