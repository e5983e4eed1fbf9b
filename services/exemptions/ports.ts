import type { DataUse } from '../../platform/http/port.js'
import type { MatterForm } from '../../schemas/documents/matter-form.v1.js'
import type { Ask, Matter, Period } from '../../schemas/documents/matter.v1.js'
import type { Caller } from '../core/caller.js'
import type { DayText, InstantText } from '../core/clock.js'
import type { Failure } from '../core/failure.js'
import type { LicenceId } from '../core/identifiers.js'

/** What exemptions ask of others. The host joins them: services/host/exemption-sources.ts */
export interface ExemptionPorts {
  matters: MatterSource
  binding: CatalogueBinding
  register: LicenceRegister
  verifier: LicenceVerifier
  /** Made for each request, so that what several of its questions look at is looked at once. */
  shared: () => SharedData
  corrections: Corrections
  calendar: Calendar
  /** Name of an organisation that is registered, as known by now. */
  organisationName: (uscc: string) => string | undefined
  /** Told of each licence that stood for paper, for the list of licences used (用证清单). */
  licenceUsed?: (use: { licenceType: string, matterId: string, caller: Caller, at: InstantText }) => void
}

export interface MatterSource {
  matter: (id: string) => Matter | undefined
  form: (matterId: string) => MatterForm | undefined
}

/** Matters name data and licences by title; which resource and type that is, the province says. */
export interface CatalogueBinding {
  /** The published resource with this title. */
  resource: (title: string) => Promise<BoundResource | undefined>
  /** Type codes under this name in the authority list. */
  licenceTypes: (name: string) => Promise<readonly string[]>
}
export interface BoundResource { resourceId: string, provider: string }

export interface LicenceRegister {
  /** Licences of these types that this person or organisation holds now, in whatever state; at most `limit`. */
  heldBy: (code: string, types: readonly string[], limit: number) => Promise<HeldLicence[]>
}
export interface HeldLicence {
  licenceId: LicenceId
  inForce: boolean
  holder: { name: string, code: string }
  issuer: { code: string, name: string }
  /** What is printed on it, by name of the field. */
  face: Readonly<Record<string, string>>
}

export interface LicenceVerifier {
  verify: (licenceId: LicenceId) => Promise<{ verdict: 'valid' | 'invalid' | 'indeterminate', receiptId: string, at: InstantText }>
}

/** One question put to shared data, under a grant. */
export interface DataQuestion { resourceId: string, subject: string, purpose: string, matter: string, caseNumber: string }
/** An answer or a refusal, each with its line for the access record. */
export type Released<Answer> = { answer: Answer, use: DataUse } | { refusal: Failure, use: DataUse }
/** Shared data under grants. A refusal says why in its code (GRANT_MISSING, PURPOSE_NOT_GRANTED, …); what throws is no answer. */
export interface SharedData {
  assert: (question: DataQuestion & { ask: Ask }, caller: Caller) => Promise<Released<{ answer: 'yes' | 'no' | 'none' | 'several', grantId: string, asOf: InstantText, recordedAt?: InstantText }>>
  query: (question: DataQuestion & { fields: readonly string[] }, caller: Caller) => Promise<Released<{
    outcome: 'found' | 'none' | 'several'
    rows: ReadonlyArray<{ values: Readonly<Record<string, unknown>>, recordedAt: InstantText, digest: string }>
    grantId: string
    asOf: InstantText
  }>>
}

export interface Corrections {
  /**
   * Asks the provider or issuer to check what was flagged (校核).
   * @returns the number under which it is answered, and whether it had spoken on that very word before: then other cases still go by it
   */
  ask: (flag: Flag, caller: Caller) => Promise<{ correctionId: string, answeredBefore: boolean }>
  /** Was it answered or withdrawn? Until then what was flagged stands for nothing. */
  isSettled: (correctionId: string) => Promise<boolean>
  /** Whose word about this person or organisation was flagged, here or elsewhere, and waits for an answer: resources and licences by identifier. */
  disputed: (code: string) => Promise<ReadonlySet<string> | 'all'>
}
export interface Flag {
  about: { resourceId: string, item: string } | { licenceId: LicenceId, issuer: string, item?: string }
  kind: 'wrong' | 'outdated' | 'missing' | 'not-this-subject'
  subject: string
  caseNumber: string
  rowDigest?: string
  note?: string
  /** Did it stand for paper? */
  spared: boolean
  /** When the source said it. */
  toldAt?: InstantText
}

export interface Calendar {
  /** The last day of a period that begins on this day. @throws {Failure} CALENDAR_YEAR_UNKNOWN */
  end: (from: DayText, period: Period) => DayText
  /** Do no more than so many working days lie after the day, up to and with `until`? Nobody knows where a year without a calendar lies between. */
  isWithinWorkingDays: (day: DayText, until: DayText, count: number) => boolean | { unknownYear: number }
}

export interface ExemptionSettings {
  /** How long one source may take to answer. */
  sourceTimeoutMs: number
  /** How long all sources together may take; what has not answered by then is silent. */
  answerTimeoutMs: number
  /** Questions that one request asks at a time. */
  concurrentCalls: number
  /** Most choices that are tried to find the least set. */
  resolverSteps: number
  /** Most licences of a type that are looked at for one holder. */
  heldLicences: number
}
