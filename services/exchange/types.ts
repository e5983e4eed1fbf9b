import type { DataUse } from '../../platform/http/port.js'
import type { Caller } from '../core/caller.js'
import type { InstantText } from '../core/clock.js'
import type { Failure } from '../core/failure.js'
import type { ResourceId } from '../core/identifiers.js'

export type Value = string | number | boolean | null

/** What each call has to say: about whom or what, and what for. Either `subject` or `key`. */
export interface Question {
  resourceId: ResourceId
  /** USCC or citizen number that stands in the resource's subject item. */
  subject?: string
  /** Key of one record, as its provider names it. */
  key?: string
  /** Exactly as granted. */
  purpose: string
  /** The matter that it is needed for. */
  matter: string
  caseNumber: string
  /** Under this grant alone; else under whichever allows it. */
  grantId?: string
}
export interface QueryQuestion extends Question { fields: readonly string[] }

/**
 * What is asked of one item of the record; without `item`, whether there is a record. What is named all has to hold. `atLeast`
 * and `atMost` compare numbers, or days as YYYY-MM-DD.
 */
export interface Ask {
  item?: string
  is?: Value
  oneOf?: readonly Value[]
  not?: Value
  atLeast?: number | string
  atMost?: number | string
  /** Is there a record, or with `item` a value; false asks that there be none. */
  exists?: boolean
}
export interface AssertionQuestion extends Question { ask: Ask }

/** One record as it leaves: granted values alone, and a digest over just what left. @see services/core/rows.ts, digestOf */
export interface ReleasedRow {
  /** The provider's key where all its items are granted or the caller named it; else a name that stands for it under this grant. */
  key: string
  values: Record<string, Value>
  /** When the exchange recorded what its provider said of it last. */
  recordedAt: InstantText
  /** SHA-256, lower-case hex. */
  digest: string
}

export interface QueryAnswer {
  outcome: 'found' | 'none' | 'several'
  rows: ReleasedRow[]
  grantId: string
  /** When the records were read. */
  asOf: InstantText
}

/** `none`: no such record, or no value that can be compared. `several`: more records than one, so that no single one answers. */
export interface AssertionAnswer {
  answer: 'yes' | 'no' | 'none' | 'several'
  grantId: string
  asOf: InstantText
  /** When the record that answers was recorded; absent where there is not just one. */
  recordedAt?: InstantText
}

/** An answer or a refusal, and in either case the line that the access record must carry. */
export type Outcome<Answer> = { answer: Answer, use: DataUse } | { refusal: Failure, use: DataUse }

/**
 * Reading shared data in this process, with the checks and the refusals of the routes. Whoever calls puts `use` into
 * `request.access.uses` before anything of the answer leaves. A refusal is an answer; what rejects is a store that cannot be read.
 */
export interface SharedData {
  query: (question: QueryQuestion, caller: Pick<Caller, 'organisation'>) => Promise<Outcome<QueryAnswer>>
  assert: (question: AssertionQuestion, caller: Pick<Caller, 'organisation'>) => Promise<Outcome<AssertionAnswer>>
}
