import type { Collection, Document, Documents } from '../../platform/documents/port.js'
import type { EventLog, EventRecord } from '../../platform/event-log/port.js'
import { dayInChina, type DayText, type InstantText } from '../core/clock.js'
import { TOPICS } from '../core/event.js'
import type { ResourceId } from '../core/identifiers.js'
import { HEADERS } from '../core/quarantine.js'
import { View } from '../core/views.js'

/** An event that proves a state: whoever may read it finds it by its source's code and this number. */
export interface Proof { sequence: number, eventId: string, type: string, recordedAt: InstantText }
/** From this event on the resource is as of that day. */
export interface Advance extends Proof { asOf: DayText }

/** What came in of one resource, as much as its duties ask for. */
export interface Arrivals extends Document {
  /** The first event of all. */
  first: Advance
  /** Each is fresher by a day or more than the one before; the latest last, at most `kept` of them. */
  advances: Advance[]
  /** How many older ones were let go. */
  dropped: number
  /** Offset in `trusted` up to which this is told. */
  through: number
}

/** Two years of days: what is asked of a day before that cannot be told any more, and is said so. */
export const ADVANCES_KEPT = 750

const COLLECTION = 'catalogue-arrivals'
const GROUP = 'catalogue-arrivals'
/** Counted up when the rules or documents of the view change. */
const VERSION = 1
const PAGE = 1000

export interface ArrivalsOptions {
  eventLog: EventLog
  documents: Documents
  /** Most events that are told together; 500 if not said. */
  batch?: number
  onError?: (error: unknown) => void
}

/** A view of `trusted`: for each resource, on which days something came in. Written by the group that consumes it. */
export class ArrivalsView {
  readonly #arrivals: Collection<Arrivals>
  readonly view: Pick<View<EventRecord>, 'start' | 'stop' | 'idle' | 'rebuild'>

  private constructor (arrivals: Collection<Arrivals>, view: ArrivalsView['view']) {
    this.#arrivals = arrivals
    this.view = view
  }

  static async open (options: ArrivalsOptions): Promise<ArrivalsView> {
    const arrivals = await options.documents.collection<Arrivals>(COLLECTION)
    const view = await View.open<EventRecord>({
      ...options, group: GROUP, topic: TOPICS.trusted, version: VERSION, clear: async () => { await arrivals.clear() }, handle: async records => { await tell(arrivals, records) }
    })
    return new ArrivalsView(arrivals, view)
  }

  get arrivals (): Pick<Collection<Arrivals>, 'get' | 'getMany' | 'find'> { return this.#arrivals }
}

/** What came in of these resources, each asked for once. */
export async function arrivalsFor (resources: readonly ResourceId[], { arrivals }: Pick<ArrivalsView, 'arrivals'>): Promise<Map<ResourceId, Arrivals>> {
  return new Map((await arrivals.getMany([...new Set(resources)])).map(({ document }) => [document.id, document]))
}

/** Bears getting a batch again. */
async function tell (view: Collection<Arrivals>, records: readonly EventRecord[]): Promise<void> {
  const told = new ArrivalsFold()
  const ids = new Set<string>()
  for (const record of records) {
    const id = resourceOf(record)
    if (id !== undefined) ids.add(id)
  }
  const known = [...ids]
  for (let from = 0; from < known.length; from += PAGE) {
    for (const { document } of await view.getMany(known.slice(from, from + PAGE))) told.know(document)
  }
  for (const record of records) told.take(record)
  const changed = told.changed()
  for (let from = 0; from < changed.length; from += PAGE) await view.set(changed.slice(from, from + PAGE))
}

/** Works out what came in, record by record: the view and whoever works it out again from the log go through here. */
export class ArrivalsFold {
  readonly #arrivals = new Map<string, Arrivals>()
  readonly #changed = new Set<string>()
  readonly #kept: number
  constructor (kept: number = ADVANCES_KEPT) { this.#kept = kept }

  /** Goes on from what was known before; the document becomes the fold's own. */
  know (document: Arrivals): void { this.#arrivals.set(document.id, document) }
  get (resourceId: string): Arrivals | undefined { return this.#arrivals.get(resourceId) }
  changed (): Arrivals[] { return [...this.#changed].map(id => this.#arrivals.get(id) as Arrivals) }
  all (): Arrivals[] { return [...this.#arrivals.values()] }

  take (record: EventRecord): void {
    const id = resourceOf(record)
    if (id === undefined) return
    const recordedAt = record.headers[HEADERS.recordedAt] ?? record.storedAt.toISOString()
    const known = this.#arrivals.get(id)
    if (known !== undefined && record.offset <= known.through) return
    const last = known?.advances.at(-1)
    // Most events of a day change nothing; only those that may be fresher are read whole.
    if (known !== undefined && last !== undefined && dayOf(recordedAt) <= last.asOf) return
    const advance = advanceOf(record, recordedAt)
    if (last !== undefined && advance.asOf <= last.asOf) return
    const arrivals = known ?? { id, first: advance, advances: [], dropped: 0, through: record.offset }
    arrivals.advances.push(advance)
    if (arrivals.advances.length > this.#kept) {
      arrivals.advances.shift()
      arrivals.dropped++
    }
    arrivals.through = record.offset
    this.#arrivals.set(id, arrivals)
    this.#changed.add(id)
  }
}

interface Told { id: string, type: string, source: string, sequence: number, data: { resource: string, asOf?: InstantText } }

function advanceOf ({ value }: EventRecord, recordedAt: InstantText): Advance {
  const { id: eventId, type, sequence, data } = JSON.parse(Buffer.from(value).toString('utf8')) as Told
  const [arrivedOn, stated] = [dayOf(recordedAt), data.asOf === undefined ? undefined : dayInChina(new Date(data.asOf))]
  // Nobody's data are fresher than the day on which they came.
  return { sequence, eventId, type, recordedAt, asOf: stated !== undefined && stated < arrivedOn ? stated : arrivedOn }
}

/** The resource that a record event is of, or undefined where it is of none. */
function resourceOf ({ value }: EventRecord): string | undefined {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  const plain = plainly(bytes)
  if (plain !== undefined) return plain
  const { type, source, data } = JSON.parse(bytes.toString('utf8')) as Told
  return type.startsWith('record.') || type === 'resource.refreshed.v1' ? `${source.slice(SOURCE.length)}.${data.resource}` : undefined
}
const SOURCE = 'urn:uscc:'

const DATA_MEMBER = Buffer.from('"data":{"resource":"')
const SOURCE_MEMBER = Buffer.from(`"source":"${SOURCE}`)
const QUOTE = 0x22
const USCC_LENGTH = 18
const NAME = /^[A-Za-z0-9._-]+$/

/**
 * The short way for events that are written as nearly all are, three times as fast as reading them whole. Within a string a quotation
 * mark is escaped, and before `data` an event has no object: so neither piece can stand elsewhere. Only events of records begin their data so.
 * @returns undefined where it is written otherwise, for the reader of JSON to say
 */
function plainly (bytes: Buffer): string | undefined {
  const data = bytes.indexOf(DATA_MEMBER)
  const source = data < 0 ? -1 : bytes.indexOf(SOURCE_MEMBER)
  if (source < 0 || source > data) return undefined
  const [from, begin] = [source + SOURCE_MEMBER.length, data + DATA_MEMBER.length]
  const name = bytes.toString('latin1', begin, bytes.indexOf(QUOTE, begin))
  const uscc = bytes.toString('latin1', from, from + USCC_LENGTH)
  return bytes[from + USCC_LENGTH] === QUOTE && NAME.test(name) && NAME.test(uscc) ? `${uscc}.${name}` : undefined
}

let lastAsked: { hour: string, day: DayText } | undefined
/** The day in China of an instant; days there begin on a full hour of ours, so events of one hour share theirs. */
function dayOf (instant: InstantText): DayText {
  const hour = instant.slice(0, 13)
  if (lastAsked?.hour !== hour) lastAsked = { hour, day: dayInChina(new Date(instant)) }
  return lastAsked.day
}
