import type { Collection, Document, Documents } from '../../platform/documents/port.js'
import type { EventLog, EventRecord } from '../../platform/event-log/port.js'
import type { CaseRecorded } from '../../schemas/events/case-recorded.v1.js'
import type { Caller } from '../core/caller.js'
import type { Clock, InstantText } from '../core/clock.js'
import { TOPICS } from '../core/event.js'
import { Failure } from '../core/failure.js'
import type { Uscc } from '../core/identifiers.js'
import { View } from '../core/views.js'
import type { Assessed, Request, Resolution } from './resolution.js'

type Data = CaseRecorded['data']
export type Decided = Extract<Data, { resolution: unknown }>
export type Refused = Extract<Data, { reason: string }>
export type Flagged = Extract<Data, { kind: string }>
export type Committed = Extract<Data, { commitment: string }>
export type Rechecked = Extract<Data, { decidedAt: string }>
interface DataOf {
  'exemption.decided.v1': Decided
  'material.refused.v1': Refused
  'value.flagged.v1': Flagged
  'commitment.made.v1': Committed
  'material.rechecked.v1': Rechecked
}
type CaseEventType = keyof DataOf

interface Act { at: InstantText, client: string }
/** One case as its events tell it. Personal data are whole: who hands it out masks them. */
export interface CaseDocument extends Document {
  /** Who opened it; nobody else sees it. */
  organisation: Uscc
  openedAt: InstantText
  caseNumber: string
  matterVersion: number
  /** Of the matter's content; absent where the case was decided before digests were kept. */
  matterDigest?: string
  request: Request
  /** As last decided; `materials` with what was asked again since. */
  resolution: Resolution
  /** By material. */
  refusals: Record<string, Act & { why: string }>
  commitments: Record<string, Act & Omit<Committed, 'material' | 'after'>>
  flags: Array<Act & { material: string, why: string, item: string, correctionId: string, answeredBefore?: true }>
  /** Its organisation, as long as something of it is not decided: then it stands in an index of its own. */
  unfinished?: Uscc
  /** Events so far, void ones left out. */
  events: number
  /** Sorts by age. */
  age: string
  /** Offset in its partition of `cases` up to which this is told. */
  through: number
}
interface VoidEvent extends Document { subject: string, partition: number, offset: number }

const GROUP = 'cases'
/** Counted up when the rules or documents of the view change. */
const VERSION = 3
const PAGE = 1000
/** Whoever acts on cases, or asks for them, does not wait for it. */
const GATHER_MS = 50
export const CASE_INDEXES = { byOrganisation: { on: ['organisation', 'age'] }, byUnfinished: { on: ['unfinished', 'age'] }, byNumber: { on: ['organisation', 'caseNumber', 'age'] } }
/** Most pages that are read to fill one of cases that still wait, and most of the last cases of one number that are looked at. */
const ROUNDS = 5
const LATER = 20
/** Most flags of a case that wait for an answer: none is ever forgotten for the sake of another. */
export const MOST_FLAGS = 100

export interface CaseLogOptions { eventLog: EventLog, documents: Documents, clock: Clock, newId: () => string, partitions: number, onError?: (error: unknown) => void }

/** Cases on the topic `cases`. Whoever acts on one reads it, appends, and waits until the view knows; of two who act at once one wins. */
export class CaseLog {
  readonly #options: CaseLogOptions
  readonly #cases: Collection<CaseDocument>
  readonly #voids: Collection<VoidEvent>
  readonly #view: View<EventRecord>

  private constructor (options: CaseLogOptions, view: View<EventRecord>, cases: Collection<CaseDocument>, voids: Collection<VoidEvent>) {
    this.#options = options
    this.#view = view
    this.#cases = cases
    this.#voids = voids
  }

  static async open (options: CaseLogOptions): Promise<CaseLog> {
    const { eventLog, documents, partitions, onError } = options
    await eventLog.createTopic(TOPICS.cases, { partitions })
    const cases = await documents.collection<CaseDocument>('exemption-cases', { indexes: CASE_INDEXES })
    const voids = await documents.collection<VoidEvent>('exemption-voids')
    const view = await View.open<EventRecord>({
      eventLog,
      documents,
      group: GROUP,
      topic: TOPICS.cases,
      version: VERSION,
      gatherMs: GATHER_MS,
      clear: async () => { await cases.clear(); await voids.clear() },
      handle: async (records, partition) => { await tell({ cases, voids }, records, partition) },
      onError
    })
    return new CaseLog(options, view, cases, voids)
  }

  start (): void { this.#view.start() }
  async stop (): Promise<void> { await this.#view.stop() }
  async idle (): Promise<void> { await this.#view.idle() }
  async lag (): Promise<number> { return await this.#view.lag() }
  /** Throws the view away and reads it off the topic again. Answers once it has caught up, if it was running. */
  async rebuild (): Promise<void> { await this.#view.rebuild() }

  /** Opens a case, which is durable before its access record is; the view follows. It is opened when it was decided, however long the sources took. */
  async open (data: Decided, by: Caller, why: string): Promise<CaseDocument> {
    const { event, record } = await this.#append('exemption.decided.v1', this.#options.newId(), data, by, why, data.resolution.decidedAt)
    return opened(event, record)
  }

  /**
   * Adds to a case and answers with it as the view then has it.
   * @throws {Failure} VERSION_CONFLICT somebody else acted on it meanwhile; SHUTTING_DOWN, also where the view was stopped
   * before it knew of the event: that is written, and tells after the next start whether it holds
   */
  async act<Type extends Exclude<CaseEventType, 'exemption.decided.v1'>> (type: Type, on: CaseDocument, data: Omit<DataOf[Type], 'after'>, by: Caller, why: string): Promise<CaseDocument> {
    if (!this.#view.isRunning) throw new Failure('SHUTTING_DOWN', 'cases take no events now')
    const { event, record } = await this.#append(type, on.id, { ...data, after: on.events } as unknown as DataOf[Type], by, why)
    await this.idle()
    if (await this.#voids.get(event.id) !== undefined) throw new Failure('VERSION_CONFLICT', 'something else was done in this case meanwhile')
    const next = (await this.#cases.get(on.id))?.document
    if (next === undefined || next.through < record.offset) throw new Failure('SHUTTING_DOWN', 'it is written down, and the view was stopped before it knew')
    return next
  }

  /** As of all that was said before. @throws {Failure} NOT_FOUND there is none, or it is another organisation's */
  async get (id: string, organisation: Uscc): Promise<CaseDocument> {
    let found = await this.#cases.get(id)
    if (found === undefined) {
      await this.idle()
      found = await this.#cases.get(id)
    }
    if (found === undefined || found.document.organisation !== organisation) throw new Failure('NOT_FOUND', 'there is no such case')
    return found.document
  }

  /** Those of one organisation, the latest first; the first page as of all that was said before. */
  async list (organisation: Uscc, { limit, after }: { limit: number, after?: string }): Promise<{ items: CaseDocument[], next?: string }> {
    if (after === undefined) await this.idle()
    const { items, next } = await this.#cases.find({ index: 'byOrganisation', equals: [organisation], order: 'descending', limit, ...(after === undefined ? {} : { after }) })
    return { items: items.map(({ document }) => document), ...(next === undefined ? {} : { next }) }
  }

  /**
   * Those of one organisation of which something is not decided, the latest first. Questions are answered in a new request: where one
   * came under the same number for the same applicant, the earlier case waits for nobody. The first page as of all that was said before.
   * @returns fewer than asked for, and where the next begin, where many had to be left out
   */
  async unfinished (organisation: Uscc, { limit, after }: { limit: number, after?: string }): Promise<{ items: CaseDocument[], next?: string }> {
    if (after === undefined) await this.idle()
    const found: CaseDocument[] = []
    const lasts = new Map<string, Promise<CaseDocument[]>>() // by number: an office may have given hundreds of cases the same
    const isTakenUp = async (earlier: CaseDocument): Promise<boolean> => {
      const { caseNumber } = earlier
      let last = lasts.get(caseNumber)
      if (last === undefined) lasts.set(caseNumber, last = this.#lastOf(organisation, caseNumber))
      return (await last).some(later => takesPlaceOf(later, earlier))
    }
    let next = after
    for (let round = 0; round < ROUNDS && found.length < limit; round++) {
      const page = await this.#cases.find({ index: 'byUnfinished', equals: [organisation], order: 'descending', limit: limit - found.length, ...(next === undefined ? {} : { after: next }) })
      const taken = await Promise.all(page.items.map(async ({ document }) => await isTakenUp(document)))
      found.push(...page.items.map(({ document }) => document).filter((_, index) => taken[index] === false))
      next = page.next
      if (next === undefined) return { items: found }
    }
    return { items: found, ...(next === undefined ? {} : { next }) }
  }

  async #lastOf (organisation: Uscc, caseNumber: string): Promise<CaseDocument[]> {
    const { items } = await this.#cases.find({ index: 'byNumber', equals: [organisation, caseNumber], order: 'descending', limit: LATER })
    return items.map(({ document }) => document)
  }

  async #append<Type extends CaseEventType> (type: Type, subject: string, data: DataOf[Type], { client, organisation, ...caller }: Caller, why: string, time: InstantText = this.#options.clock.now().toISOString()): Promise<{ event: CaseRecorded, record: Pick<EventRecord, 'partition' | 'offset'> }> {
    const { eventLog, newId } = this.#options
    const { person } = caller as { person?: { id: string, name: string } }
    const event: CaseRecorded = { id: newId(), type, subject, time, by: { client, organisation, ...(person === undefined ? {} : { person }) }, why, data }
    const [record] = await eventLog.append(TOPICS.cases, [{ key: subject, value: Buffer.from(JSON.stringify(event)) }], { followed: true })
    return { event, record: record as Pick<EventRecord, 'partition' | 'offset'> }
  }
}

/** Of two cases of one number: is this a later one of the same matter and applicant? */
function takesPlaceOf ({ age, request: { matterId, applicant } }: CaseDocument, { age: earlier, request }: CaseDocument): boolean {
  return age > earlier && matterId === request.matterId && applicant.code === request.applicant.code
}

/** Bears getting a batch again. */
async function tell (kept: { cases: Collection<CaseDocument>, voids: Collection<VoidEvent> }, records: readonly EventRecord[], partition: number): Promise<void> {
  const told = records.map(record => ({ record, event: JSON.parse(Buffer.from(record.value).toString('utf8')) as CaseRecorded }))
  const cases = new Map<string, CaseDocument>()
  const ids = [...new Set(told.map(({ event }) => event.subject))]
  for (let from = 0; from < ids.length; from += PAGE) for (const { document } of await kept.cases.getMany(ids.slice(from, from + PAGE))) cases.set(document.id, document)
  const changed = new Set<string>()
  const voids: VoidEvent[] = []
  for (const { record, event } of told) {
    const known = cases.get(event.subject)
    if (known !== undefined && record.offset <= known.through) continue // told before a crash
    const next = fold(known, event, record)
    if (next === undefined) { voids.push({ id: event.id, subject: event.subject, partition, offset: record.offset }); continue }
    cases.set(next.id, next)
    changed.add(next.id)
  }
  for (let from = 0; from < voids.length; from += PAGE) await kept.voids.set(voids.slice(from, from + PAGE))
  const documents = [...changed].map(id => cases.get(id) as CaseDocument)
  for (let from = 0; from < documents.length; from += PAGE) await kept.cases.set(documents.slice(from, from + PAGE))
}

function opened ({ subject, time, by, data }: CaseRecorded, { offset }: Pick<EventRecord, 'offset'>): CaseDocument {
  const { matterVersion, matterDigest, request, resolution } = data as Decided
  return {
    id: subject,
    organisation: by.organisation,
    openedAt: time,
    caseNumber: request.caseNumber,
    matterVersion,
    ...(matterDigest === undefined ? {} : { matterDigest }),
    request,
    resolution,
    refusals: {},
    commitments: {},
    flags: [],
    events: 1,
    age: `${time} ${subject}`,
    through: offset
  }
}

/** Questions that are open and materials that are undecided keep a case from being finished; one that does not apply is over. */
function waits ({ unfinished: _before, ...found }: CaseDocument): CaseDocument {
  const { organisation, resolution: { ended, questions } } = found
  return ended.length === 0 && (questions.length > 0 || undecidedIn(found).length > 0) ? { ...found, unfinished: organisation } : found
}

/** Materials of which nobody can tell yet, by how they stand now. */
export function undecidedIn (found: CaseDocument): Assessed[] {
  return found.resolution.materials.map(material => standing(found, material)).filter(({ need, outcome }) => outcome === 'undecided' && need !== 'spare' && need !== 'unfit')
}

/** Pure, so that a rebuild makes the same bytes. @returns undefined where the event is void: another came before it */
function fold (before: CaseDocument | undefined, event: CaseRecorded, record: Pick<EventRecord, 'offset'>): CaseDocument | undefined {
  const next = applied(before, event, record)
  return next === undefined ? undefined : waits(next)
}

function applied (before: CaseDocument | undefined, event: CaseRecorded, record: Pick<EventRecord, 'offset'>): CaseDocument | undefined {
  if (event.type === 'exemption.decided.v1') return before === undefined ? opened(event, record) : undefined
  if (before === undefined || before.organisation !== event.by.organisation || (event.data as Refused).after !== before.events) return undefined
  const act: Act = { at: event.time, client: event.by.client }
  const next = { ...before, events: before.events + 1, through: record.offset }
  switch (event.type) {
    case 'material.refused.v1': {
      const { material, reason } = event.data as Refused
      return { ...next, refusals: { ...before.refusals, [material]: { ...act, why: reason } } }
    }
    case 'value.flagged.v1': {
      const { material, item, correctionId, answeredBefore } = event.data as Flagged
      return { ...next, flags: [...before.flags, { ...act, material, why: event.why, item, correctionId, ...(answeredBefore === undefined ? {} : { answeredBefore }) }] }
    }
    case 'commitment.made.v1': {
      const { material, after: _after, ...made } = event.data as Committed
      return { ...next, commitments: { ...before.commitments, [material]: { ...act, ...made } } }
    }
    case 'material.rechecked.v1': {
      const { settled, materials, decidedAt } = event.data as Rechecked
      return { ...next, flags: before.flags.filter(flag => !settled.includes(flag.correctionId)), resolution: { ...before.resolution, decidedAt, materials } }
    }
  }
}

/** How a material stands after what the applicant did: refused and flagged ones are no longer skipped. */
export function standing (found: CaseDocument, material: Assessed): Assessed {
  const { tried } = material
  if (found.refusals[material.id] !== undefined) return { id: material.id, need: 'needed', outcome: 'submit', code: 'REFUSED_BY_APPLICANT', tried }
  const committed = found.commitments[material.id]
  if (committed !== undefined) return { ...material, need: 'needed', outcome: 'commit', code: 'COMMITMENT_ALLOWED' }
  const flags = found.flags.filter(flag => flag.material === material.id)
  if (flags.length === 0) return material
  // Decided again since, another way may spare it or have the first reason: the flag still is about the word that proves nothing now.
  const again = flags.every(({ at }) => at <= found.resolution.decidedAt)
  const source = (again ? tried.find(({ code }) => code === 'SOURCE_DISPUTED')?.source : undefined) ?? material.source
  return { id: material.id, need: material.need, outcome: 'undecided', code: 'FLAGGED', ...(source === undefined ? {} : { source }), tried }
}
