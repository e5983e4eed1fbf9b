import { createHash } from 'node:crypto'
import type { InstantText } from './clock.js'
import type { Uscc } from './identifiers.js'

/** Who refused an event: intake, before it was believed; or the register of licences, since it is no lawful move. */
export type Stage = 'intake' | 'licences'

/** One thing that is wrong with an event. Carries no value of the event, since operators read it. */
export interface Reason {
  code: string
  /** RFC 6901 pointer into the event. */
  pointer?: string
  detail?: string
}

/** Where a record stands in its topic. */
export interface At { partition: number, offset: number }
/** Who did it: a system and its organisation. */
export interface Actor { client: string, organisation: Uscc }

/** An event was refused, for these reasons; or judged again and refused again. The event itself stays where it came in. */
export interface Refused {
  action: 'refused'
  /** Made of the bytes and their signature, so that the same event refused twice is one entry. */
  id: string
  stage: Stage
  at: InstantText
  /** SHA-256 of the bytes, lower-case hex. */
  digest: string
  reasons: Reason[]
  /** Where the bytes stand in `inbound`. */
  inbound: At
  /** Waits for an event before it; is judged again of itself when that has come. */
  waiting: boolean
  source?: Uscc
  sequence?: number
  eventId?: string
  type?: string
  /** Masked. */
  subject?: string
  /** Who handed it in. */
  submitter?: Uscc
  /** Position in `quarantine` of the request that had it judged again. */
  act?: At
}
/** An operator asks for something to be done; intake does it in order with the events of that source. */
export interface Requested {
  action: 'requested'
  request: 'replay' | 'discard'
  id: string
  at: InstantText
  by: Actor
  why: string
  inbound: At
  /** Reasons that the operator takes upon himself. */
  waive?: string[]
  /** Let the source go on without this number. */
  skip?: boolean
}
/** It is in `trusted` now: released from here, or accepted when it was handed in again. */
export interface Released { action: 'released', id: string, at: InstantText, as: 'accepted' | 'duplicate', act?: At }
export interface Discarded {
  action: 'discarded'
  id: string
  at: InstantText
  act: At
  source?: Uscc
  /** The number that the source's order goes on without. */
  skipped?: number
}
/** What a record of the topic `quarantine` says. Its key is that of the event's record in `inbound`. */
export type QuarantineRecord = Refused | Requested | Released | Discarded

/** The entry of an event refused at this stage: the same bytes and signature always make the same one. */
export function quarantineId (stage: Stage, value: Uint8Array, signature: string | undefined): string {
  // The length keeps bytes and signature apart
  const digest = createHash('sha256').update(`${value.length}:`).update(value).update(signature ?? '').digest('hex')
  return `${stage}-${digest.slice(0, 40)}`
}

export function writeAt ({ partition, offset }: At): string { return `${partition}-${offset}` }
export function readAt (text: string | undefined): At | undefined {
  const match = /^(\d{1,9})-(\d{1,15})$/.exec(text ?? '')
  return match === null ? undefined : { partition: Number(match[1]), offset: Number(match[2]) }
}

/** Headers of event records besides the signature. */
export const HEADERS = {
  receivedAt: 'received-at', // when intake was handed it
  submitter: 'submitter', // the organisation that handed it in
  operation: 'operation', // not an event: points to what an operator asked for, as its position in `quarantine`
  recordedAt: 'recorded-at', // when it was accepted: the record time of what it says
  inbound: 'inbound', // where it came in
  quarantine: 'quarantine' // the entry that it was released from
} as const
