import type { InstantText } from './clock.js'

/**
 * What a department says happened, as a CloudEvents 1.0 JSON object. The bytes as sent are what is signed and kept; this
 * is only how they read. Its schemas stand in schemas/events/.
 */
export interface Event<Data = unknown> {
  specversion: '1.0'
  /** Unique within the source, at most 64 characters. */
  id: string
  /** `urn:uscc:<18 characters>` */
  source: string
  /** `licence.issued.v1`, `record.upserted.v1`, … */
  type: string
  /** Licence identifier, record key, or name of the resource. */
  subject: string
  /** When the source wrote it. */
  time: InstantText
  datacontenttype: 'application/json'
  /** Counts per source from 1 without gaps. */
  sequence: number
  data: Data
}

/** Topics of the event log. Those with several partitions go by `source`, so that one source's events stay in order. */
export const TOPICS = {
  inbound: 'inbound', // as received, before any check
  trusted: 'trusted', // passed intake: shape, signature, authority, order
  quarantine: 'quarantine', // what was refused, by whom, with every reason; and what an operator did about it
  access: 'access', // who saw or was refused what; one partition, whose offset is the leaf index of the transparency log
  cases: 'cases', // what was decided for applicants and what became of it; partitioned by case
  catalogue: 'catalogue', // what is held and owed, and who decided so; one partition, so that all decisions stand in one order
  subscriptions: 'subscriptions' // whose rows a consumer receives; one partition
} as const

/** Header of an event record that carries the department's detached JWS over the record's value. @see RFC 7797 */
export const SIGNATURE_HEADER = 'signature'
/** The same over HTTP. */
export const SIGNATURE_HTTP_HEADER = 'event-signature'
