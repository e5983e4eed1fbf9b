import type { Documents } from '../../platform/documents/port.js'
import type { EventLog, EventRecord } from '../../platform/event-log/port.js'
import type { Clock, InstantText } from '../core/clock.js'
import { TOPICS } from '../core/event.js'
import { Failure } from '../core/failure.js'
import type { LicenceId, Uscc } from '../core/identifiers.js'
import { scanned } from '../core/scan.js'
import { View } from '../core/views.js'
import { told } from '../core/words.js'
import { Register, type LicenceDocument, type RegisterLimits } from './register.js'
import { standing, type LicenceFacts, type LicenceFile, type LicenceState, type Move } from './standing.js'

export { CODE_LISTS, OPERATIONS, codeOfState, stateOfCode, type StateCode } from './code-lists.js'
export { REGISTER_REASONS, type RegisterReasonCode } from './reasons.js'
export { STATES, type LicenceFile, type LicenceState, type Move } from './standing.js'
export { licenceRoutes, type LicenceRoutesOptions } from './routes/licences.js'

const LICENCES_GROUP = 'licences'
/** Counted up when the rules or documents of the register change. */
const VERSION = 2
const DEFAULT_LIMITS: RegisterLimits = { moves: 1000 }

export interface LicencesOptions {
  eventLog: EventLog
  documents: Documents
  clock: Clock
  /** `moves`: most that are recorded of one licence. */
  limits?: RegisterLimits
  /** Most events that are told together; 500 if not said. */
  batch?: number
  onError?: (error: unknown) => void
}

/** How a licence stands at an instant, as known at another. Personal data are whole: who hands it out masks them. */
export interface LicenceStatus {
  licenceId: LicenceId
  /** For when it was asked, and by what had been recorded until when. */
  at: InstantText
  known: InstantText
  state: LicenceState
  /** From when it has stood so; absent before it begins. */
  since?: InstantText
  /** Why, where its issuer said. */
  reason?: { zh: string, en?: string }
  kind?: 'revoked' | 'withdrawn'
  replacedBy?: LicenceId
  type?: string
  typeName?: string
  issuer?: { uscc: Uscc, name: string }
  issuedOn?: string
  replaces?: LicenceId
  facts?: LicenceFacts
  /** Every file that was issued for it, the latest last, by what was known. */
  files?: LicenceFile[]
}

/** One line of a licence's history: what was said, from when it holds, and since when we know. */
export type HistoryLine = Pick<Move, 'move' | 'effectiveAt' | 'recordedAt' | 'reason' | 'basis' | 'kind' | 'replacedBy'> & { changed?: string[] }

export type Licences = Awaited<ReturnType<typeof createLicences>>

/** What is a licence's status, now or on a day in the past. */
export async function createLicences ({ eventLog, documents, clock, limits = DEFAULT_LIMITS, batch, onError }: LicencesOptions) {
  const register = await Register.open(eventLog, documents, limits)
  const view = await View.open<EventRecord>({
    eventLog,
    documents,
    group: LICENCES_GROUP,
    topic: TOPICS.trusted,
    version: VERSION,
    clear: async () => { await register.clear() },
    handle: async (records, partition) => { await register.handle(records, partition) },
    batch,
    onError
  })
  const when = ({ at, known }: { at?: Date, known?: Date }): { at: InstantText, known: InstantText } => {
    const now = clock.now()
    return { at: (at ?? now).toISOString(), known: (known ?? now).toISOString() }
  }

  return {
    start (): void { view.start() },
    async stop (): Promise<void> { await view.stop() },
    /** Resolves when the register knows all that was in `trusted` before. */
    async idle (): Promise<void> { await view.idle() },
    async lag (): Promise<number> { return await view.lag() },
    /**
     * As of then, as known then; both are the present where absent. A licence that the register did not know then is `unknown`, with
     * nothing else said of it.
     */
    async status (licenceId: LicenceId, instants: { at?: Date, known?: Date } = {}): Promise<LicenceStatus> {
      const found = await register.licences.get(licenceId)
      return statusOf(licenceId, found?.document, when(instants))
    },
    /** The status, and what its issuer said of it, in the order recorded, as known then. */
    async statusWithHistory (licenceId: LicenceId, instants: { at?: Date, known?: Date } = {}): Promise<{ status: LicenceStatus, history: HistoryLine[] }> {
      const document = (await register.licences.get(licenceId))?.document
      const asked = when(instants)
      return { status: statusOf(licenceId, document, asked), history: historyOf(document, asked.known) }
    },
    /**
     * Licences that someone holds at `at`, by the code of that person or organisation; those of one issuer alone where it is named, and then no page
     * tells of others. A page holds fewer than asked for and still is not the last where that one held very many once.
     */
    async heldBy (code: string, { type, issuer, limit, after, ...instants }: { type?: string, issuer?: Uscc, limit: number, after?: string, at?: Date, known?: Date }): Promise<{ items: LicenceStatus[], next?: string }> {
      const ofType = type === undefined ? [] : [type]
      const where = issuer === undefined ? { index: 'byHolder', equals: [code, ...ofType] } : { index: 'byHolderIssuer', equals: [code, issuer, ...ofType] }
      const asked = when(instants)
      return await scanned({ limit, after }, async page => {
        const { items, next } = await register.licences.find({ ...where, ...page })
        const statuses = items.map(({ document }) => statusOf(document.id, document, asked))
        return { items: statuses.filter(({ facts }) => facts?.holder.code === code), looked: items.length, next }
      })
    },
    /** Licences of one issuer; as they stand now. */
    async issuedBy (issuer: Uscc, { limit, after }: { limit: number, after?: string }): Promise<{ items: LicenceStatus[], next?: string }> {
      const { items, next } = await register.licences.find({ index: 'byIssuer', equals: [issuer], limit, ...(after === undefined ? {} : { after }) })
      return { items: items.map(({ document }) => statusOf(document.id, document, when({}))), ...(next === undefined ? {} : { next }) }
    },
    /** Number of licences in the register, counted no further than `atMost`. */
    async count (atMost: number): Promise<number> { return await register.licences.count({ index: 'id' }, atMost) },
    /** Throws the register away and reads it off `trusted` again. Answers once it has caught up, if it was running. */
    async rebuild (): Promise<void> { await view.rebuild() }
  }
}

function historyOf (document: LicenceDocument | undefined, known: InstantText): HistoryLine[] {
  return (document?.moves ?? []).filter(({ recordedAt }) => recordedAt <= known).map(({ facts, eventId: _eventId, sequence: _sequence, ...line }) => ({
    ...line, ...(line.move === 'changed' && facts !== undefined ? { changed: Object.keys(facts).sort() } : {})
  }))
}

function statusOf (licenceId: LicenceId, document: LicenceDocument | undefined, { at, known }: { at: InstantText, known: InstantText }): LicenceStatus {
  const moves = document?.moves ?? []
  const { state, since, facts, by } = standing(moves, at, known)
  if (document === undefined || state === 'unknown') return { licenceId, at, known, state: 'unknown' }
  const { type, typeName, issuer, issuedOn, replaces } = document
  const files = moves.filter(({ recordedAt, facts }) => recordedAt <= known && facts?.file !== undefined).map(({ facts }) => facts?.file as LicenceFile)
  return {
    licenceId,
    at,
    known,
    state,
    ...(since === undefined ? {} : { since }),
    ...(by?.reason === undefined ? {} : { reason: by.reason }),
    ...(by?.kind === undefined ? {} : { kind: by.kind }),
    ...(by?.replacedBy === undefined ? {} : { replacedBy: by.replacedBy }),
    type,
    typeName,
    issuer,
    issuedOn,
    ...(replaces === undefined ? {} : { replaces }),
    ...(facts === undefined ? {} : { facts }),
    files
  }
}

/** @throws {Failure} INPUT_INVALID */
export function requirePast (known: Date | undefined, now: Date): void {
  if (known !== undefined && known > now) throw new Failure('INPUT_INVALID', 'known is an instant that has not come', { violations: [{ pointer: '/known', message: told('是将来的时刻', 'is in the future') }] })
}
