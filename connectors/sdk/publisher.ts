import type { InstantText, Clock } from '../../services/core/clock.js'
import type { Event } from '../../services/core/event.js'
import { Failure } from '../../services/core/failure.js'
import { parseJson } from '../../services/core/json.js'
import { signDetached, type SigningKey } from '../../platform/crypto/index.js'
import { told } from '../../services/core/words.js'
import type { Exchange } from './exchange.js'
import { Journal, bodyLine, type MarkChanges, type Outgoing } from './journal.js'

export interface NewEvent { type: string, subject: string, data: unknown }

/**
 * The way out of a department: numbers, signs and keeps events, then sends them, in order, until the exchange has acknowledged
 * each. An event that is numbered is durable before it is first sent, and sent again as the same bytes.
 */
export interface Publisher {
  /** `urn:uscc:<18 characters>` */
  readonly source: string
  /** Resolves when the event is numbered and durable; `flush` sends it. @throws as publishMany */
  publish: (type: string, subject: string, data: unknown) => Promise<void>
  /**
   * Keeps all these events and marks, or none. What is left out of `events` may have marks alone.
   * @throws {Failure} RECORD_TOO_LARGE, JSON_INVALID, JSON_TOO_DEEP an event that the exchange could not read; OUTBOX_FULL too much
   * waits to be sent; STORE_FULL; STORE_UNAVAILABLE
   */
  publishMany: (events: readonly NewEvent[], marks?: MarkChanges) => Promise<void>
  /** What was remembered with the events kept so far. */
  readonly marks: ReadonlyMap<string, string>
  /** Events kept and not yet acknowledged. */
  readonly pending: number
  /** Number of the last event kept; 0 before the first. */
  readonly sequence: number
  /**
   * Sends what was kept before the call; resolves once the exchange has acknowledged it.
   * @throws {Failure} EXCHANGE_UNAVAILABLE it did not answer often enough: nothing is lost, flush again later; EXCHANGE_REFUSED it
   * will not take the next event, or does not know this client: a person must look
   */
  flush: () => Promise<void>
  /** Lets a batch in hand end and closes the folder. What waits is sent after the next start. */
  close: () => Promise<void>
}

export interface PublisherOptions {
  /** `urn:uscc:<18 characters>` */
  source: string
  key: SigningKey
  /** Folder of its own, kept between starts: losing it means numbering anew, which the exchange takes for a fork. */
  dir: string
  exchange: Pick<Exchange, 'send'>
  clock: Clock
  /** Most events in one request; 200 if not said. */
  batchEvents?: number
  /** Most bytes of one request's body; 1 MiB if not said. */
  batchBytes?: number
  /** Largest event; 256 KiB if not said. */
  eventBytes?: number
  /** Deepest nesting in an event; 16 if not said. */
  jsonDepth?: number
  /** Events that may wait to be sent; 100,000 if not said. */
  pendingEvents?: number
}

/** @throws {Failure} OUTBOX_IN_USE another process uses this folder; STORE_CORRUPT; STORE_UNAVAILABLE */
export async function openPublisher (options: PublisherOptions): Promise<Publisher> {
  return new OutboxPublisher(options, await Journal.open(options.dir, options.source))
}

class OutboxPublisher implements Publisher {
  readonly source: string
  readonly #options: PublisherOptions
  readonly #journal: Journal
  #sending: Promise<void> | undefined
  #closing = false
  #batchEvents: number

  constructor (options: PublisherOptions, journal: Journal) {
    this.source = options.source
    this.#options = options
    this.#journal = journal
    this.#batchEvents = options.batchEvents ?? 200
  }

  get marks (): ReadonlyMap<string, string> { return this.#journal.marks }
  get pending (): number { return this.#journal.pending.length }
  get sequence (): number { return this.#journal.sequence }

  async publish (type: string, subject: string, data: unknown): Promise<void> {
    await this.publishMany([{ type, subject, data }])
  }

  async publishMany (events: readonly NewEvent[], marks: MarkChanges = {}): Promise<void> {
    if (this.pending + events.length > (this.#options.pendingEvents ?? 100_000)) {
      throw new Failure('OUTBOX_FULL', told('待送达的事件过多', 'too many events wait to be sent'))
    }
    await this.#journal.keep(first => events.map((event, index) => this.#seal(event, first + index)), marks)
  }

  #seal ({ type, subject, data }: NewEvent, sequence: number): Outgoing {
    const { source, clock, key, eventBytes = 256 * 1024, jsonDepth = 16 } = this.#options
    const time: InstantText = clock.now().toISOString()
    const event: Event = { specversion: '1.0', id: `e${sequence}`, source, type, subject, time, datacontenttype: 'application/json', sequence, data }
    const bytes = Buffer.from(JSON.stringify(event))
    if (bytes.length > eventBytes) throw new Failure('RECORD_TOO_LARGE', told(`一条事件最多 ${eventBytes} 字节`, `an event is at most ${eventBytes} bytes`))
    parseJson(bytes, { bytes: eventBytes, depth: jsonDepth }) // a number once given is never given back, so nothing unreadable gets one
    return { sequence, event: bytes.toString('base64url'), signature: signDetached(bytes, key) }
  }

  async flush (): Promise<void> {
    const upTo = this.sequence
    while (this.#journal.acknowledged < upTo) {
      this.#sending ??= this.#sendBatch().finally(() => { this.#sending = undefined })
      await this.#sending
    }
  }

  async close (): Promise<void> {
    this.#closing = true
    await this.#sending?.catch(() => {}) // whoever flushed is told; what was not acknowledged stays
    await this.#journal.close()
  }

  async #sendBatch (): Promise<void> {
    if (this.#closing) throw new Failure('SHUTTING_DOWN', told('连接器正在停止', 'the connector is stopping'))
    const batch = this.#batch()
    const outcome = await this.#options.exchange.send(batch)
    if (outcome === 'too-large') {
      if (batch.length === 1) throw new Failure('EXCHANGE_REFUSED', told(`平台认为第 ${batch[0]?.sequence} 条事件过大`, `the exchange finds event ${batch[0]?.sequence} too large`))
      this.#batchEvents = Math.ceil(batch.length / 2)
      return
    }
    await this.#journal.acknowledge(batch.at(-1)?.sequence ?? 0)
  }

  #batch (): Outgoing[] {
    const { batchBytes = 1024 * 1024 } = this.#options
    const batch: Outgoing[] = []
    let bytes = 0
    for (const one of this.#journal.pending) {
      bytes += bodyLine(one).length + 1
      if (batch.length > 0 && (batch.length >= this.#batchEvents || bytes > batchBytes)) break
      batch.push(one)
    }
    return batch
  }
}
