import type { KeyObject } from 'node:crypto'
import type { Documents } from '../../platform/documents/port.js'
import type { EventLog } from '../../platform/event-log/port.js'
import type { Clock, DayText } from '../core/clock.js'
import type { Violation } from '../core/failure.js'
import type { Uscc } from '../core/identifiers.js'
import type { Reason, Stage } from '../core/quarantine.js'

/** A key that a source registered for signing its events; the algorithm belongs to the key, never to what was sent. */
export interface EventKey {
  key: KeyObject
  algorithm: 'EdDSA' | 'ES256' | 'PS256'
  /** Was it valid at the instant asked about? */
  valid: boolean
}

export interface IntakeOptions {
  eventLog: EventLog
  documents: Documents
  clock: Clock
  /** The validator of a schema by its `$id`; every violation is listed. */
  validate: (schemaId: string) => (value: unknown) => Violation[]
  /** @returns undefined where this source never registered a key of that identifier */
  keyFor: (source: Uscc, kid: string, at: Date) => Promise<EventKey | undefined>
  /** Does the authority list let this office issue this type of licence in this region on this day? */
  mayIssue: (question: { issuer: Uscc, licenceType: string, region: string, on: DayText }) => Promise<boolean>
  limits: IntakeLimits
  /** Of each topic; may not change once there are events. */
  partitions: number
  onError?: (error: unknown) => void
}

export interface IntakeLimits {
  /** Largest event, bytes. */
  eventBytes: number
  /** Deepest nesting of an event, levels. */
  eventDepth: number
  /** Most events in one request. */
  batchEvents: number
  /** Most events that are judged together. */
  judgedTogether: number
  /** How far a source's clock may run ahead. */
  clockSkewMs: number
  /** How far ahead a decision may take effect. */
  effectiveAheadDays: number
  /** Most reasons kept for one event. */
  reasons: number
  /** Most refused events that wait in line for one sequence number of a source; further ones wait for an operator. */
  waitingPerNumber: number
}

export const DEFAULT_LIMITS: IntakeLimits = {
  eventBytes: 256 * 1024,
  eventDepth: 16,
  batchEvents: 1000,
  judgedTogether: 1000,
  clockSkewMs: 5 * 60_000,
  effectiveAheadDays: 366,
  reasons: 50,
  waitingPerNumber: 8
}

/** What became of one numbered event of a source. */
export interface EventState {
  source: string
  sequence: number
  state: 'pending' | 'accepted' | 'quarantined' | 'dropped'
  recordedAt?: string
  /** Entries in quarantine that are still open, or were discarded. */
  quarantine?: Array<{ id: string, stage: Stage, reasons: Reason[] }>
}
