import type { DayText } from '../core/clock.js'
import type { ResourceId, Uscc } from '../core/identifiers.js'

/** What release has to know of a resource; the catalogue's to answer. */
export interface SharedResource {
  resourceId: ResourceId
  provider: Uscc
  /** Only a published one is released from. */
  state: string
  items: ReadonlyArray<{ name: string, type: string }>
  /** The items that make up a record's key. A key of others, or of nobody knows which, leaves as a name that tells nothing. */
  keyItems?: readonly string[]
  /** The item that holds the code of the person or organisation that a record is about. */
  subjectItem?: string
  /** The item that holds the division code of the place that a record belongs to. */
  regionItem?: string
  sharing: { class: 'unconditional' | 'conditional' | 'not-shared' }
}

export const FORMS = ['query', 'assertion', 'subscription'] as const
export type Form = typeof FORMS[number]
export type GrantState = 'not-yet' | 'active' | 'ended' | 'pulled'

/** What release has to know of a grant, as it stands at the instant asked about. */
export interface GrantView {
  grantId: string
  resourceId: ResourceId
  provider: Uscc
  consumer: Uscc
  state: GrantState
  fields: readonly string[]
  forms: readonly Form[]
  /** A call names exactly this. */
  purpose: string
  /** Any matter where absent. */
  matters?: readonly string[]
  /** Division codes; records of any place, or of none, where absent. */
  regions?: readonly string[]
  from: DayText
  until: DayText
}

/** What release asks of others. The host joins it with those who know. */
export interface ReleasePorts {
  resource: (resourceId: ResourceId) => Promise<SharedResource | undefined>
  /** All that this consumer was ever granted on it, in whatever state: a refusal says which of them fell short, and why. */
  grantsFor: (question: { consumer: Uscc, resourceId: ResourceId, at: Date }) => Promise<GrantView[]>
  grant: (question: { grantId: string, at: Date }) => Promise<GrantView | undefined>
  /** Is there such a division on that day? */
  isDivision: (code: string, on: DayText) => boolean
}
