import assert from 'node:assert/strict'
import type { Consumer, EventRecord, Position } from '../../platform/event-log/port.js'
import { SIGNATURE_HEADER, TOPICS } from '../core/event.js'
import { Failure } from '../core/failure.js'
import type { Uscc } from '../core/identifiers.js'
import type { Json } from '../core/json.js'
import { HEADERS, writeAt, type Actor, type Requested } from '../core/quarantine.js'
import { sourceOf } from './facts.js'
import { openLedgers } from './ledger.js'
import type { EventState, IntakeOptions } from './ports.js'
import { Quarantine, type QuarantineEntry } from './quarantine.js'
import { PartitionWriter, type Counts } from './writer.js'

export { DEFAULT_LIMITS, type EventKey, type EventState, type IntakeLimits, type IntakeOptions } from './ports.js'
export type { QuarantineEntry } from './quarantine.js'
export { REASONS, WAIVABLE, type ReasonCode } from './reasons.js'
export { EVENT_TYPES, schemaIdOf, type EventType } from './types.js'
export { intakeRoutes, type IntakeRoutesOptions } from './routes/index.js'

const INTAKE_GROUP = 'intake'
/** Key of what cannot be filed under its source. */
const UNREADABLE = 'unreadable'
/** Most entries that one request replays. */
const REPLAYED_AT_ONCE = 1000
/** Reasons under which nobody has shown that the source wrote it: its number is then not the source's to lose. */
const UNPROVEN = new Set(['SIGNATURE_MISSING', 'SIGNATURE_MALFORMED', 'SIGNATURE_INVALID', 'KEY_UNKNOWN', 'KEY_NOT_VALID', 'PARTITION_KEY_WRONG'])

/** An event as handed in: its exact bytes, and the detached JWS over them. */
export interface HandedIn { value: Uint8Array, signature?: string | undefined }
export interface OperatorRequest { by: Actor, why: string }
export interface Neighbour { sequence: number, state: EventState['state'] | 'missing' }

export type Intake = Awaited<ReturnType<typeof createIntake>>

/**
 * Is this event what it claims to be? Takes in what departments send, judges it in order, and passes on what holds. What does not
 * stays in quarantine with every reason, until its cause is mended or an operator discards it.
 * @throws {Failure} TOPIC_MISMATCH the topics stand with another number of partitions
 */
export async function createIntake (options: IntakeOptions) {
  const { eventLog, documents, clock, limits, partitions } = options
  for (const topic of [TOPICS.inbound, TOPICS.trusted, TOPICS.quarantine]) await eventLog.createTopic(topic, { partitions })
  const ledgers = await openLedgers(documents)
  const quarantine = await Quarantine.open({ eventLog, documents, batch: limits.judgedTogether, ...(options.onError === undefined ? {} : { onError: options.onError }) })
  const writers = Array.from({ length: partitions }, (_, partition) => new PartitionWriter(options, ledgers, partition))
  let judging: Consumer | undefined

  function start (): void {
    judging = eventLog.consume({
      group: INTAKE_GROUP,
      topic: TOPICS.inbound,
      batch: limits.judgedTogether,
      ...(options.onError === undefined ? {} : { onError: options.onError }),
      handle: async (records, partition) => { await (writers[partition] as PartitionWriter).handle(records) }
    })
    quarantine.view.start()
  }
  async function stop (): Promise<void> {
    await Promise.all([judging?.stop(), quarantine.view.stop()])
    judging = undefined
  }

  /**
   * Takes events in, and answers once they are durable; whether they hold is judged later and told by `stateOf`.
   * @param submitter - the organisation that hands them in: it may send its own events alone
   * @throws {Failure} RECORD_TOO_LARGE, BATCH_TOO_LARGE, SOURCE_NOT_YOURS (nothing is taken in); STORE_FULL, STORE_UNAVAILABLE
   */
  async function receive (events: readonly HandedIn[], submitter?: Uscc): Promise<Position[]> {
    if (events.length > limits.batchEvents) throw new Failure('BATCH_TOO_LARGE', `more than ${limits.batchEvents} events at once`)
    const receivedAt = clock.now().toISOString()
    const records = events.map(({ value, signature }, index) => {
      if (value.length > limits.eventBytes) throw new Failure('RECORD_TOO_LARGE', `event ${index} is larger than ${limits.eventBytes} bytes`)
      if (signature !== undefined && !/^[\x21-\x7e]{0,4096}$/.test(signature)) throw new Failure('INPUT_INVALID', `the signature of event ${index} is no JWS`)
      const source = sourceOf(glance(value))
      if (submitter !== undefined && source !== undefined && source !== submitter) throw new Failure('SOURCE_NOT_YOURS', `event ${index} names another organisation as its source`)
      return {
        key: source === undefined ? UNREADABLE : `urn:uscc:${source}`,
        value,
        headers: {
          ...(signature === undefined ? {} : { [SIGNATURE_HEADER]: signature }),
          ...(submitter === undefined ? {} : { [HEADERS.submitter]: submitter }),
          [HEADERS.receivedAt]: receivedAt
        }
      }
    })
    return await eventLog.append(TOPICS.inbound, records)
  }

  /** What became of an event, or undefined where nothing is known of it and nothing waits to be judged. */
  async function stateOf (source: Uscc, sequence: number): Promise<EventState | undefined> {
    const entries = (await quarantine.ofSequence(source, sequence)).filter(({ state }) => state !== 'released')
    const open = entries.filter(({ state }) => state === 'open')
    const shown = (some: QuarantineEntry[]): Pick<EventState, 'quarantine'> => some.length === 0 ? {} : { quarantine: some.map(({ id, stage, reasons }) => ({ id, stage, reasons })) }
    const { items: [accepted] } = await ledgers.accepted.find({ index: 'bySequence', equals: [source, sequence], limit: 1 })
    if (accepted !== undefined) {
      // It was believed; the register may still have refused the move that it states.
      const refused = open.some(({ stage }) => stage === 'licences')
      return { source, sequence, state: refused ? 'quarantined' : 'accepted', recordedAt: accepted.document.recordedAt, ...shown(open) }
    }
    if (open.length > 0) return { source, sequence, state: 'quarantined', ...shown(open) }
    if (entries.length > 0) return { source, sequence, state: 'dropped', ...shown(entries) }
    for (let partition = 0; partition < partitions; partition++) {
      if (await eventLog.committed(INTAKE_GROUP, TOPICS.inbound, partition) < await eventLog.end(TOPICS.inbound, partition)) return { source, sequence, state: 'pending' }
    }
    return undefined
  }

  /** @throws {Failure} NOT_FOUND */
  async function entryOf (id: string): Promise<QuarantineEntry> {
    const entry = await quarantine.get(id)
    if (entry === undefined) throw new Failure('NOT_FOUND', 'there is no such entry in quarantine')
    return entry
  }

  async function originalOf ({ inbound: { partition, offset } }: QuarantineEntry): Promise<EventRecord> {
    const [record] = await eventLog.read(TOPICS.inbound, partition, offset, { limit: 1 })
    assert(record?.offset === offset, 'what came in stays in its topic')
    return record
  }

  /** Records what operators ask for, then points the partition's writer to it, so that it is done in order with the events. */
  async function ask (requests: ReadonlyArray<{ entry: QuarantineEntry, request: Omit<Requested, 'action' | 'id' | 'at' | 'inbound'> }>): Promise<void> {
    const at = clock.now().toISOString()
    const records = await Promise.all(requests.map(async ({ entry, request }) => {
      const told: Requested = { action: 'requested', id: entry.id, at, inbound: entry.inbound, ...request }
      return { key: (await originalOf(entry)).key, value: Buffer.from(JSON.stringify(told)) }
    }))
    const positions = await eventLog.append(TOPICS.quarantine, records)
    await eventLog.append(TOPICS.inbound, positions.map((position, index) => ({ key: (records[index] as { key: string }).key, value: Buffer.from('{}'), headers: { [HEADERS.operation]: writeAt(position) } })))
  }

  return {
    start,
    stop,
    receive,
    stateOf,
    /** Resolves when all that was taken in before has been judged, and quarantine shows it. */
    async idle (): Promise<void> { await judging?.idle(); await quarantine.view.idle() },
    /** Events taken in and not yet judged. */
    async lag (): Promise<number> { return await judging?.lag() ?? 0 },
    /** Since this process started. */
    counts (): Counts {
      const sum: Counts = { accepted: 0, refused: 0, duplicates: 0, released: 0 }
      for (const { counts } of writers) for (const name of Object.keys(sum) as Array<keyof Counts>) sum[name] += counts[name]
      return sum
    },
    quarantine: {
      list: quarantine.list.bind(quarantine),
      listOf: quarantine.listOf.bind(quarantine),
      counts: quarantine.counts.bind(quarantine),
      /** Resolves when it shows all that was refused, released or asked before. */
      idle: async (): Promise<void> => { await quarantine.view.idle() }
    },
    entry: entryOf,
    /** What stands before and after it. */
    async neighbours ({ source, sequence }: QuarantineEntry): Promise<Neighbour[]> {
      if (source === undefined || sequence === undefined) return []
      const around = [sequence - 1, sequence, sequence + 1].filter(number => number >= 1)
      return await Promise.all(around.map(async number => ({ sequence: number, state: (await stateOf(source, number))?.state ?? 'missing' })))
    },
    /** The bytes as they came, for the source alone. */
    async original (entry: QuarantineEntry): Promise<HandedIn> {
      const { value, headers } = await originalOf(entry)
      return { value, signature: headers[SIGNATURE_HEADER] }
    },
    /**
     * Has an event judged anew, in order with those of its source.
     * @param waive - reasons that the operator takes upon himself, of WAIVABLE
     * @throws {Failure} NOT_FOUND, ENTRY_SETTLED it is in `trusted`, REPLAY_NOT_POSSIBLE the register refused it
     */
    async replay (id: string, { by, why, waive }: OperatorRequest & { waive?: string[] }): Promise<void> {
      const entry = await entryOf(id)
      if (entry.stage === 'licences') throw new Failure('REPLAY_NOT_POSSIBLE', 'the register refused this move; the source sends another event')
      if (entry.state === 'released') throw new Failure('ENTRY_SETTLED', 'this event was released already')
      await ask([{ entry, request: { request: 'replay', by, why, ...(waive === undefined ? {} : { waive }) } }])
    },
    /** The same for all that stand open for one cause, of one organisation where `owner` is said, at most 1,000 at a time. */
    async replayAll (cause: string, { by, why, owner }: OperatorRequest & { owner?: Uscc }): Promise<{ requested: number, more: boolean }> {
      const { items, next } = await quarantine.list({ cause, limit: REPLAYED_AT_ONCE, ...(owner === undefined ? {} : { owner }) })
      const entries = items.filter(({ stage }) => stage === 'intake').sort((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0))
      if (entries.length > 0) await ask(entries.map(entry => ({ entry, request: { request: 'replay', by, why } })))
      return { requested: entries.length, more: next !== undefined }
    },
    /**
     * Puts an event aside for good. The source's order goes on without its number.
     * @param skip - whether it does; where absent, if the source's signature over it was found good
     * @throws {Failure} NOT_FOUND, ENTRY_SETTLED
     */
    async discard (id: string, { by, why, skip }: OperatorRequest & { skip?: boolean }): Promise<void> {
      const entry = await entryOf(id)
      if (entry.state !== 'open') throw new Failure('ENTRY_SETTLED', 'this event was released or discarded already')
      await ask([{ entry, request: { request: 'discard', by, why, skip: skip ?? !entry.reasons.some(({ code }) => UNPROVEN.has(code)) } }])
    }
  }
}

/** Enough to file it; what the bytes say is read strictly when they are judged. */
function glance (value: Uint8Array): Json | undefined {
  try { return JSON.parse(Buffer.from(value).toString('utf8')) as Json } catch { return undefined }
}
