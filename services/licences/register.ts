import { createHash } from 'node:crypto'
import type { Collection, Document, Documents } from '../../platform/documents/port.js'
import type { EventLog, EventRecord, NewRecord } from '../../platform/event-log/port.js'
import { SIGNATURE_HEADER, TOPICS, type Event } from '../core/event.js'
import { mask } from '../core/identifiers.js'
import { HEADERS, quarantineId, readAt, type QuarantineRecord } from '../core/quarantine.js'
import type { RegisterReasonCode } from './reasons.js'
import { refusalOf, type LicenceFacts, type Move, type MoveName } from './standing.js'

/** One licence: what its issuer said of it, in the order recorded. Who asks how it stands works that out of `moves`. */
export interface LicenceDocument extends Document {
  type: string
  typeName: string
  issuer: { uscc: string, name: string }
  issuedOn: string
  /** The licence that it took the place of. */
  replaces?: string
  moves: Move[]
  // What the indexes need
  /** Codes of all who ever held it. */
  holders: string[]
  issuerCode: string
  /** Offset in `trusted` up to which this is told. */
  through: number
}
interface ProgressDocument extends Document {
  /** Refusals before this offset of `trusted` are in quarantine; a rebuild does not tell them again. */
  refusedThrough: number
}

export const LICENCE_INDEXES = { byHolder: { on: ['holders', 'type'], array: 'holders' }, byHolderIssuer: { on: ['holders', 'issuerCode', 'type'], array: 'holders' }, byIssuer: { on: ['issuerCode', 'type'] } }

export interface RegisterLimits { moves: number }

const PAGE = 1000

/** The register of licences: a view of `trusted`, written by the group that consumes it. */
export class Register {
  readonly #log: EventLog
  readonly #licences: Collection<LicenceDocument>
  readonly #progress: Collection<ProgressDocument>
  readonly #limits: RegisterLimits
  private constructor (log: EventLog, licences: Collection<LicenceDocument>, progress: Collection<ProgressDocument>, limits: RegisterLimits) {
    this.#log = log
    this.#licences = licences
    this.#progress = progress
    this.#limits = limits
  }

  static async open (log: EventLog, documents: Documents, limits: RegisterLimits): Promise<Register> {
    const licences = await documents.collection<LicenceDocument>('licences', { indexes: LICENCE_INDEXES })
    return new Register(log, licences, await documents.collection('licences-progress'), limits)
  }

  get licences (): Pick<Collection<LicenceDocument>, 'get' | 'getMany' | 'find' | 'count'> { return this.#licences }

  /** Tells the register what came in, and quarantine what may not be. Bears getting a batch again. */
  async handle (records: readonly EventRecord[], partition: number): Promise<void> {
    const told = records.map(record => ({ record, event: JSON.parse(Buffer.from(record.value).toString('utf8')) as LicenceEvent })).filter(({ event }) => event.type.startsWith('licence.'))
    const batch = new Map<string, LicenceDocument>()
    const ids = [...new Set(told.flatMap(({ event: { data } }) => data.replaces === undefined ? [data.licenceId] : [data.licenceId, data.replaces]))]
    for (let at = 0; at < ids.length; at += PAGE) {
      for (const { document } of await this.#licences.getMany(ids.slice(at, at + PAGE))) batch.set(document.id, document)
    }
    const changed = new Set<string>()
    const refused: Array<{ offset: number, record: NewRecord }> = []
    for (const { record, event } of told) {
      const outcome = tell(batch, event, record, this.#limits)
      if ('changed' in outcome) for (const id of outcome.changed) changed.add(id)
      else refused.push({ offset: record.offset, record: refusalRecord(record, event, outcome) })
    }

    // Refusals first: once the licences say that they know of this batch, it may not be judged again.
    const id = `partition-${partition}`
    const { refusedThrough } = (await this.#progress.get(id))?.document ?? { refusedThrough: 0 }
    const untold = refused.filter(({ offset }) => offset >= refusedThrough)
    if (untold.length > 0) {
      await this.#log.append(TOPICS.quarantine, untold.map(({ record }) => record))
      await this.#progress.set([{ id, refusedThrough: (untold.at(-1) as { offset: number }).offset + 1 }])
    }
    const documents = [...changed].map(id => batch.get(id) as LicenceDocument)
    for (let at = 0; at < documents.length; at += PAGE) await this.#licences.set(documents.slice(at, at + PAGE))
  }

  async clear (): Promise<void> { await this.#licences.clear() }
}

interface LicenceData {
  licenceId: string
  effectiveAt: string
  replaces?: string
  replacedBy?: string
  reason?: { zh: string, en?: string }
  basis?: string
  kind?: 'revoked' | 'withdrawn'
  changes?: Partial<LicenceFacts>
}
interface IssueData extends LicenceData, LicenceFacts { licenceType: string, licenceTypeName: string, issuer: { uscc: string, name: string }, issuedOn: string }
type LicenceEvent = Event<LicenceData>

interface Refusal { code: RegisterReasonCode, detail?: string, pointer: string }

const POINTERS: Partial<Record<RegisterReasonCode, string>> = { BEFORE_ISSUE: '/data/effectiveAt', VALIDITY_INVERTED: '/data/changes/validUntil' }

/** @returns the licences that it changed, none where it had been told before; or why it may not be */
function tell (batch: Map<string, LicenceDocument>, event: LicenceEvent, { offset, headers, storedAt }: EventRecord, { moves: most }: RegisterLimits): { changed: string[] } | Refusal {
  const { data } = event
  const document = batch.get(data.licenceId)
  const move = moveOf(event, headers[HEADERS.recordedAt] ?? storedAt.toISOString())
  const known = document !== undefined && (offset <= document.through || document.moves.some(({ eventId }) => eventId === event.id))
  const changed: string[] = []

  // The licence that it replaces goes first: if that may not be replaced, nothing is issued in its place.
  const old = data.replaces === undefined ? undefined : batch.get(data.replaces)
  const replacement: Move = { ...move, move: 'replaced', replacedBy: data.licenceId }
  delete replacement.facts
  const oldKnown = old !== undefined && (offset <= old.through || old.moves.some(({ eventId }) => eventId === event.id))
  if (!known) {
    const refusal = refusalOf(document?.moves ?? [], move, most)
    if (refusal !== undefined) return { ...refusal, pointer: POINTERS[refusal.code] ?? '/data/licenceId' }
  }
  if (data.replaces !== undefined && !oldKnown) {
    const refusal = data.replaces === data.licenceId ? { code: 'LICENCE_UNKNOWN' as const } : refusalOf(old?.moves ?? [], replacement, most)
    if (refusal !== undefined) return { code: 'REPLACED_LICENCE_ILLEGAL', detail: refusal.detail ?? refusal.code, pointer: '/data/replaces' }
    const replaced = old as LicenceDocument
    batch.set(replaced.id, { ...replaced, moves: [...replaced.moves, replacement], through: offset })
    changed.push(replaced.id)
  }
  if (known) return { changed }
  batch.set(data.licenceId, document === undefined ? opened(event as Event<IssueData>, move, offset) : continued(document, move, offset))
  return { changed: [...changed, data.licenceId] }
}

function opened ({ data }: Event<IssueData>, move: Move, through: number): LicenceDocument {
  const { licenceId, licenceType, licenceTypeName, issuer, issuedOn, holder, replaces } = data
  return {
    id: licenceId, type: licenceType, typeName: licenceTypeName, issuer, issuedOn, ...(replaces === undefined ? {} : { replaces }), moves: [move], holders: [holder.code], issuerCode: issuer.uscc, through
  }
}

function continued (document: LicenceDocument, move: Move, through: number): LicenceDocument {
  const holder = move.facts?.holder?.code
  return {
    ...document, moves: [...document.moves, move], holders: holder === undefined || document.holders.includes(holder) ? document.holders : [...document.holders, holder], through
  }
}

function moveOf (event: LicenceEvent, recordedAt: string): Move {
  const { effectiveAt, reason, basis, kind, replacedBy } = event.data
  const move = event.type.split('.')[1] as MoveName
  const facts = move === 'issued' ? factsOf(event.data as IssueData) : event.data.changes
  return {
    move,
    effectiveAt: new Date(effectiveAt).toISOString(), // one spelling, so that instants compare as text
    recordedAt,
    eventId: event.id,
    sequence: event.sequence,
    ...(facts === undefined ? {} : { facts }),
    ...(reason === undefined ? {} : { reason }),
    ...(basis === undefined ? {} : { basis }),
    ...(move === 'revoked' ? { kind: kind ?? 'revoked' } : {}),
    ...(replacedBy === undefined ? {} : { replacedBy })
  }
}

function factsOf ({ number, holder, validFrom, validUntil, region, face, file }: IssueData): LicenceFacts {
  return { number, holder, validFrom, ...(validUntil === undefined ? {} : { validUntil }), region, face, ...(file === undefined ? {} : { file }) }
}

function refusalRecord ({ key, value, headers, partition, offset }: EventRecord, event: LicenceEvent, { code, detail, pointer }: Refusal): NewRecord {
  const told: QuarantineRecord = {
    action: 'refused',
    id: quarantineId('licences', value, headers[SIGNATURE_HEADER]),
    stage: 'licences',
    at: headers[HEADERS.recordedAt] ?? '',
    digest: createHash('sha256').update(value).digest('hex'),
    reasons: [{ code, pointer, ...(detail === undefined ? {} : { detail }) }],
    inbound: readAt(headers[HEADERS.inbound]) ?? { partition, offset },
    waiting: false,
    source: event.source.slice('urn:uscc:'.length),
    sequence: event.sequence,
    eventId: event.id,
    type: event.type,
    subject: mask(event.subject),
    ...(headers[HEADERS.submitter] === undefined ? {} : { submitter: headers[HEADERS.submitter] })
  }
  return { key, value: Buffer.from(JSON.stringify(told)) }
}
