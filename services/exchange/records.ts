import { hash } from 'node:crypto'
import type { Collection, CollectionOptions, Document, Documents, Page } from '../../platform/documents/port.js'
import type { EventRecord } from '../../platform/event-log/port.js'
import type { InstantText } from '../core/clock.js'
import type { Event } from '../core/event.js'
import { isCitizenId, isUscc, type ResourceId } from '../core/identifiers.js'
import { canonicalJson } from '../core/json.js'
import { HEADERS } from '../core/quarantine.js'
import { digestOf } from '../core/rows.js'
import { divisionPrefix, isDivision, prefixesOf } from './regions.js'
import type { Value } from './types.js'

/** A record as its provider said last, or that it is gone. Never leaves as such: `release` makes of it what may. */
export interface HeldRecord {
  resourceId: ResourceId
  key: string
  /** Absent once it was deleted. */
  values?: Record<string, Value>
  /** When the exchange accepted what was said last; never before that of the event before it. */
  recordedAt: InstantText
  /** Of the event that said so, within its source. */
  sequence: number
  /** Over key and all values; absent once it was deleted. */
  digest?: string
}

interface RecordDocument extends HeldRecord, Document {
  /** Offset in `trusted` up to which this is told. */
  through: number
  // What the indexes need. They know nothing of the catalogue, so that the view depends on the log alone.
  /** Instant and offset: the order of the log, which falls on days as they pass. */
  order: string
  /** Code and item, for each item that holds the code of a person or organisation now. */
  subjects: string[]
  /** Digits and item, for each division that an item named or names, and those around it: who had the record must hear that it left. */
  places: string[]
}
interface ProgressDocument extends Document { recordedAt: InstantText }

export const RECORD_INDEXES: NonNullable<CollectionOptions['indexes']> = {
  byResource: { on: ['resourceId', 'order'] },
  bySubject: { on: ['subjects', 'resourceId'], array: 'subjects' },
  byPlace: { on: ['places', 'resourceId', 'order'], array: 'places' }
}
const PAGE = 1000
/** Most entries that one record keeps for places: some hundred moves. The first that it was in go first. */
const PLACES = 900

/** Records of data sets: a view of `trusted`, written by the group that consumes it. */
export class Records {
  readonly #records: Collection<RecordDocument>
  readonly #progress: Collection<ProgressDocument>
  private constructor (records: Collection<RecordDocument>, progress: Collection<ProgressDocument>) {
    this.#records = records
    this.#progress = progress
  }

  static async open (documents: Documents): Promise<Records> {
    return new Records(await documents.collection('shared-records', { indexes: RECORD_INDEXES }), await documents.collection('shared-records-progress'))
  }

  /** Bears getting a batch again. */
  async handle (told: readonly EventRecord[], partition: number): Promise<void> {
    const id = `partition-${partition}`
    let { recordedAt } = (await this.#progress.get(id))?.document ?? { recordedAt: '' }
    const events = told.map(record => ({ record, event: JSON.parse(Buffer.from(record.value).toString('utf8')) as RecordEvent }))
      .filter(({ event }) => event.type === 'record.upserted.v1' || event.type === 'record.deleted.v1')
    if (events.length === 0) return

    const known = new Map<string, RecordDocument>()
    const ids = [...new Set(events.map(({ event }) => idOf(resourceOf(event), event.data.key)))]
    for (let at = 0; at < ids.length; at += PAGE) {
      for (const { document } of await this.#records.getMany(ids.slice(at, at + PAGE))) known.set(document.id, document)
    }
    const changed = new Map<string, RecordDocument>()
    for (const { record, event } of events) {
      const accepted = record.headers[HEADERS.recordedAt] ?? record.storedAt.toISOString()
      if (accepted > recordedAt) recordedAt = accepted // a clock that is set back must not unsort the days
      const before = known.get(idOf(resourceOf(event), event.data.key))
      if (before !== undefined && record.offset <= before.through) continue
      const after = tell(before, event, record, recordedAt)
      known.set(after.id, after)
      changed.set(after.id, after)
    }
    const documents = [...changed.values()]
    for (let at = 0; at < documents.length; at += PAGE) await this.#records.set(documents.slice(at, at + PAGE))
    await this.#progress.set([{ id, recordedAt }])
  }

  async byKey (resourceId: ResourceId, key: string): Promise<HeldRecord | undefined> {
    return (await this.#records.get(idOf(resourceId, key)))?.document
  }

  /** Those whose item holds this code, page by page. */
  async * bySubject (resourceId: ResourceId, item: string, code: string): AsyncGenerator<HeldRecord[]> {
    for (let after: string | undefined, more = true; more;) {
      const page: Page<RecordDocument> = await this.#records.find({ index: 'bySubject', equals: [subjectEntry(code, item), resourceId], limit: PAGE, ...(after === undefined ? {} : { after }) })
      yield page.items.map(({ document }) => document)
      after = page.next
      more = after !== undefined
    }
  }

  /** Was anything ever said of it? Else that a record is not there proves nothing. */
  async holdsAny (resourceId: ResourceId): Promise<boolean> { return await this.#records.count({ index: 'byResource', equals: [resourceId] }, 1) > 0 }

  /**
   * Records that the item places, or once placed, in this division, in the order of the log.
   * @param range - positions as `order` gives them; instants, too, since they begin with one
   */
  async inDivision (resourceId: ResourceId, item: string, division: string, range: { after?: string, before?: string }, limit: number): Promise<PlacedRecord[]> {
    const { items } = await this.#records.find({
      index: 'byPlace',
      equals: [placeEntry(divisionPrefix(division), item), resourceId],
      range: { from: range.after ?? '', fromExclusive: true, ...(range.before === undefined ? {} : { to: range.before, toExclusive: true }) },
      limit
    })
    return items.map(({ document }) => document)
  }

  /** Position of the last one there, empty where there is none. */
  async lastInDivision (resourceId: ResourceId, item: string, division: string): Promise<string> {
    const { items } = await this.#records.find({ index: 'byPlace', equals: [placeEntry(divisionPrefix(division), item), resourceId], order: 'descending', limit: 1 })
    return items[0]?.document.order ?? ''
  }

  async clear (): Promise<void> {
    await this.#records.clear()
    await this.#progress.clear()
  }
}

export type PlacedRecord = HeldRecord & { order: string }

type RecordEvent = Event<{ resource: string, key: string, values?: Record<string, Value> }>

function resourceOf ({ source, data: { resource } }: RecordEvent): ResourceId { return `${source.slice('urn:uscc:'.length)}.${resource}` }

/** Of one length, whatever the key holds, and of no two records the same. */
function idOf (resourceId: ResourceId, key: string): string { return hash('sha256', canonicalJson([resourceId, key]), 'base64url') }

/** A code has 18 characters, so that no two pairs of code and item make the same entry. */
function subjectEntry (code: string, item: string): string { return code + item }
/** Digits end at the colon, whatever the item holds. */
function placeEntry (prefix: string, item: string): string { return `${prefix}:${item}` }

function tell (before: RecordDocument | undefined, event: RecordEvent, { offset }: EventRecord, recordedAt: InstantText): RecordDocument {
  const { key, values } = event.data
  const resourceId = resourceOf(event)
  const items = Object.entries(values ?? {})
  const now = items.flatMap(([item, value]) => isDivision(value) ? prefixesOf(value).map(prefix => placeEntry(prefix, item)) : [])
  return {
    id: idOf(resourceId, key),
    resourceId,
    key,
    ...(values === undefined ? {} : { values }),
    recordedAt,
    sequence: event.sequence,
    ...(values === undefined ? {} : { digest: digestOf({ key, values }) }),
    through: offset,
    order: `${recordedAt}/${String(offset).padStart(16, '0')}`,
    subjects: [...new Set(items.flatMap(([item, value]) => typeof value === 'string' && (isUscc(value) || isCitizenId(value)) ? [subjectEntry(value, item)] : []))],
    places: [...new Set([...now, ...before?.places ?? []])].slice(0, PLACES)
  }
}
