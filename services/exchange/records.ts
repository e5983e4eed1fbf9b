import { hash } from 'node:crypto'
import type { Collection, CollectionOptions, Document, Documents } from '../../platform/documents/port.js'
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
  /** Code and item, for each item that holds the code of a person or organisation now, or what should have been one. */
  subjects: string[]
  /** Digits and item, for each division that an item named or names, and those around it: who had the record must hear that it left. */
  places: string[]
  /** Of these, the ones where it is no more: the position at which it left. */
  left?: Record<string, string>
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

  /** Those whose item holds this code; `next` where there are more. */
  async bySubject (resourceId: ResourceId, item: string, code: string, after?: string): Promise<{ records: HeldRecord[], next?: string }> {
    const { items, next } = await this.#records.find({ index: 'bySubject', equals: [subjectEntry(code, item), resourceId], limit: PAGE, ...(after === undefined ? {} : { after }) })
    return { records: items.map(({ document }) => document), ...(next === undefined ? {} : { next }) }
  }

  /** Was anything ever said of it? Else that a record is not there proves nothing. */
  async holdsAny (resourceId: ResourceId): Promise<boolean> { return await this.#records.count({ index: 'byResource', equals: [resourceId] }, 1) > 0 }

  /**
   * Can it be read off the item whom records are about? Where one of them holds half a code, a masked one or one with a slip of the pen,
   * or the last one holds none at all, that nobody was found proves nothing.
   */
  async tellsSubjects (resourceId: ResourceId, item: string): Promise<boolean> {
    if (await this.#records.count({ index: 'bySubject', equals: [subjectEntry(UNREADABLE, item), resourceId] }, 1) > 0) return false
    const { items: [last] } = await this.#records.find({ index: 'byResource', equals: [resourceId], order: 'descending', limit: 1 })
    const values = last?.document.values
    return values === undefined || (Object.hasOwn(values, item) && codeIn(values[item]) !== undefined)
  }

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

export type PlacedRecord = Pick<RecordDocument, keyof HeldRecord | 'order' | 'left'>

/** The position at which a record left a division; that of what was said of it last where that is not known. */
export function leftAt ({ left = {}, order }: PlacedRecord, item: string, division: string): string {
  const entry = placeEntry(divisionPrefix(division), item)
  return Object.hasOwn(left, entry) ? left[entry] as string : order
}
/** When that was. */
export function instantOf (position: string): InstantText { return position.slice(0, position.indexOf('/')) }

type RecordEvent = Event<{ resource: string, key: string, values?: Record<string, Value> }>

function resourceOf ({ source, data: { resource } }: RecordEvent): ResourceId { return `${source.slice('urn:uscc:'.length)}.${resource}` }

/** Of one length, whatever the key holds, and of no two records the same. */
function idOf (resourceId: ResourceId, key: string): string { return hash('sha256', canonicalJson([resourceId, key]), 'base64url') }

/** What stands in the place of a code that nobody can read. */
const UNREADABLE = '?'.repeat(18)
/** The code of a person or organisation, however wide or small its letters are written. */
export function codeIn (value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > CODE_CHARACTERS) return undefined
  const code = plainly(value)
  return isUscc(code) || isCitizenId(code) ? code : undefined
}
/** Does it look as if it should have been one: the old numbers of 15 digits, a digit too many or too few, a masked one? */
function isUnreadable (value: unknown): boolean {
  if (typeof value === 'number') return value >= 1e14
  return typeof value === 'string' && value.length <= CODE_CHARACTERS && /^[0-9A-Z*]{15,20}$/.test(plainly(value)) && /[0-9*]/.test(value)
}
function plainly (text: string): string { return text.normalize('NFKC').replace(/\s/g, '').toUpperCase() }
const CODE_CHARACTERS = 40

function subjectEntries ([item, value]: [string, Value]): string[] {
  const code = codeIn(value)
  return code !== undefined ? [subjectEntry(code, item)] : isUnreadable(value) ? [subjectEntry(UNREADABLE, item)] : []
}

/** A code has 18 characters, so that no two pairs of code and item make the same entry. */
function subjectEntry (code: string, item: string): string { return code + item }
/** Digits end at the colon, whatever the item holds. */
function placeEntry (prefix: string, item: string): string { return `${prefix}:${item}` }

function tell (before: RecordDocument | undefined, event: RecordEvent, { offset }: EventRecord, recordedAt: InstantText): RecordDocument {
  const { key, values } = event.data
  const resourceId = resourceOf(event)
  const items = Object.entries(values ?? {})
  const order = `${recordedAt}/${String(offset).padStart(16, '0')}`
  const now = items.flatMap(([item, value]) => isDivision(value) ? prefixesOf(value).map(prefix => placeEntry(prefix, item)) : [])
  const places = [...new Set([...now, ...before?.places ?? []])].slice(0, PLACES)
  const left = places.filter(place => !now.includes(place)).map((place): [string, string] => [place, before?.left !== undefined && Object.hasOwn(before.left, place) ? before.left[place] as string : order])
  return {
    id: idOf(resourceId, key),
    resourceId,
    key,
    ...(values === undefined ? {} : { values }),
    recordedAt,
    sequence: event.sequence,
    ...(values === undefined ? {} : { digest: digestOf({ key, values }) }),
    through: offset,
    order,
    subjects: [...new Set(items.flatMap(subjectEntries))],
    places,
    ...(left.length === 0 ? {} : { left: Object.fromEntries(left) })
  }
}
