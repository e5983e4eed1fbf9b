import assert from 'node:assert/strict'
import type { EventLog, EventRecord, NewRecord } from '../../platform/event-log/port.js'
import { digest } from '../../platform/crypto/index.js'
import { parseInstant } from '../core/clock.js'
import { SIGNATURE_HEADER, TOPICS } from '../core/event.js'
import type { Json } from '../core/json.js'
import { mask } from '../core/identifiers.js'
import { HEADERS, quarantineId, readAt, writeAt, type At, type QuarantineRecord, type Requested } from '../core/quarantine.js'
import { catchUp } from './catch-up.js'
import { judge } from './checks/index.js'
import { eventIdOf, gatherer, type Facts, sequenceOf, sourceOf, subjectOf, typeOf, type Gatherer } from './facts.js'
import { Ledger, type Ledgers, type ProgressDocument } from './ledger.js'
import { placeOf } from './order.js'
import type { IntakeOptions } from './ports.js'
import { ranked, WAIVABLE, type Reason } from './reasons.js'

/** Events whose facts are gathered ahead of judging: their signatures are verified on other threads meanwhile. */
const AHEAD = 128

export interface Counts { accepted: number, refused: number, duplicates: number, released: number }

/** An event in hand: as it came in, and what had it judged (again). */
interface InHand {
  record: EventRecord
  readable: ReturnType<Gatherer['read']>
  /** SHA-256 of the bytes, base64url. */
  digest: string
  facts?: Promise<Facts>
  /** Judged again: of itself, since what it waited for has come; or because an operator asked. */
  again?: { now: Date, act?: At, waive?: readonly string[] } | undefined
}

/**
 * Judges the events of one partition of `inbound`, and is the only one who appends its events to `trusted`. May be stopped between
 * any two steps: what it knows is read off the topics, and what comes again is recognised.
 */
export class PartitionWriter {
  readonly #options: IntakeOptions
  readonly #ledgers: Ledgers
  readonly #partition: number
  #progress: ProgressDocument | undefined
  readonly counts: Counts = { accepted: 0, refused: 0, duplicates: 0, released: 0 }

  constructor (options: IntakeOptions, ledgers: Ledgers, partition: number) {
    this.#options = options
    this.#ledgers = ledgers
    this.#partition = partition
  }

  async handle (records: readonly EventRecord[]): Promise<void> {
    const known = await catchUp({ ...this.#options, ledgers: this.#ledgers, partition: this.#partition, progress: this.#progress })
    this.#progress = undefined // until this batch is done: if it breaks off, the next one reads again where it stands
    const batch = new Batch(this.#options, this.#ledgers, this.#partition, known)
    await batch.take(records)
    this.#progress = batch.progress
    for (const name of Object.keys(this.counts) as Array<keyof Counts>) this.counts[name] += batch.counts[name]
  }
}

class Batch {
  readonly #options: IntakeOptions
  readonly #log: EventLog
  readonly #partition: number
  readonly #gatherer: Gatherer
  readonly #ledger: Ledger
  /** What the batch has reached, and what the ledgers are known to reflect. */
  progress: ProgressDocument
  #saved: ProgressDocument
  readonly counts: Counts = { accepted: 0, refused: 0, duplicates: 0, released: 0 }
  #trusted: NewRecord[] = []
  #quarantine: NewRecord[] = []

  constructor (options: IntakeOptions, ledgers: Ledgers, partition: number, progress: ProgressDocument) {
    this.#options = options
    this.#log = options.eventLog
    this.#partition = partition
    this.#gatherer = gatherer(options, options.limits)
    this.#ledger = new Ledger(ledgers)
    this.progress = progress
    this.#saved = progress
  }

  async take (records: readonly EventRecord[]): Promise<void> {
    const inHand = records.map(record => this.#take(record))
    const sources = new Set<string>()
    const events: Array<{ source: string, id: string }> = []
    for (const one of inHand) {
      const { source, id } = names(one)
      if (source !== undefined) sources.add(source)
      if (source !== undefined && id !== undefined) events.push({ source, id })
    }
    await this.#ledger.load(sources, events)
    for (const [index, one] of inHand.entries()) {
      if (index % (AHEAD / 2) === 0) for (const next of inHand.slice(index, index + AHEAD)) await this.#lookAhead(next)
      const source = HEADERS.operation in one.record.headers ? await this.#carryOut(one.record) : await this.#consider(one)
      if (source !== undefined) await this.#goOn(source)
    }
    // A skip may have been recorded just before a crash, so each source is asked whether it can go on.
    for (const source of sources) await this.#goOn(source)
    await this.#flush()
  }

  #take (record: EventRecord, again?: InHand['again']): InHand {
    return {
      record, readable: HEADERS.operation in record.headers ? { json: null } : this.#gatherer.read(record.value), digest: digest('sha256', record.value).toString('base64url'), again
    }
  }

  /** Begins to gather facts, unless there is no need of them. */
  async #lookAhead (inHand: InHand): Promise<void> {
    const { source, id } = names(inHand)
    if (inHand.facts !== undefined || HEADERS.operation in inHand.record.headers) return
    if (source !== undefined && id !== undefined && (await this.#ledger.byId(source, id))?.digest === inHand.digest) return
    inHand.facts = this.#gather(inHand)
    inHand.facts.catch(() => {}) // whoever awaits it is told
  }

  async #gather ({ record, readable, again }: InHand): Promise<Facts> {
    const receivedAt = this.#instant(record.headers[HEADERS.receivedAt]) ?? record.storedAt
    return await this.#gatherer.gather({ key: record.key, value: record.value, signature: record.headers[SIGNATURE_HEADER], receivedAt }, readable, again?.now)
  }

  /** Judges one event and files it. @returns its source, if that may go on now */
  async #consider (inHand: InHand): Promise<string | undefined> {
    const { record, again } = inHand
    const { source, id, sequence } = names(inHand)
    const byId = source === undefined || id === undefined ? undefined : await this.#ledger.byId(source, id)
    if (byId?.digest === inHand.digest) { await this.#again(record, byId.inbound, again); return undefined }
    if (again === undefined && await this.#wasRefused(inHand)) return undefined

    const facts = await (inHand.facts ?? this.#gather(inHand))
    const reasons: Reason[] = judge(facts, this.#options.limits).filter(({ code }) => !(WAIVABLE.includes(code) && again?.waive?.includes(code) === true))

    if (source !== undefined && sequence !== undefined) {
      const progress = await this.#ledger.source(source)
      const bySequence = await this.#ledger.bySequence(source, sequence)
      const place = placeOf({ sequence, digest: inHand.digest }, progress, { ...(byId === undefined ? {} : { byId }), ...(bySequence === undefined ? {} : { bySequence }) })
      if (place !== 'fits' && place !== 'DUPLICATE') reasons.push({ code: place, pointer: place === 'FORK' && byId !== undefined ? '/id' : '/sequence' })
    }
    if (reasons.length > 0) { await this.#refuse(inHand, reasons); return undefined }
    assert(source !== undefined && id !== undefined && sequence !== undefined, 'an event without reasons against it can be read')
    await this.#accept(inHand, { source, id, sequence, digest: inHand.digest })
    return source
  }

  /** Is this a record that was refused before a crash, and comes again? */
  async #wasRefused (inHand: InHand): Promise<boolean> {
    const { source, sequence } = names(inHand)
    if (source === undefined || sequence === undefined || sequence > (await this.#ledger.source(source)).refusedTo) return false
    const before = await this.#ledger.refusedBy(quarantineId('intake', inHand.record.value, inHand.record.headers[SIGNATURE_HEADER]))
    return before !== undefined && inHand.record.offset <= before.offset
  }

  /** The same bytes as an event that was accepted: dropped, and counted unless it is that very record, come again after a crash. */
  async #again (record: EventRecord, inbound: number, again: InHand['again']): Promise<void> {
    const entry = quarantineId('intake', record.value, record.headers[SIGNATURE_HEADER])
    if (await this.#ledger.settle(entry)) this.#note(record.key, { action: 'released', id: entry, at: this.#now(), as: 'duplicate', ...act(again) })
    else if (record.offset !== inbound) this.counts.duplicates++
  }

  async #accept ({ record, again }: InHand, event: { source: string, id: string, sequence: number, digest: string }): Promise<void> {
    const signature = record.headers[SIGNATURE_HEADER]
    const { [HEADERS.receivedAt]: receivedAt, [HEADERS.submitter]: submitter } = record.headers
    // Record time never runs backwards within a partition: what was known at an instant stays what was known.
    const now = this.#now()
    if (now > this.progress.recordedAt) this.progress = { ...this.progress, recordedAt: now }
    const recordedAt = this.progress.recordedAt
    const refusedTo = (await this.#ledger.source(event.source)).refusedTo
    const entry = event.sequence > refusedTo ? undefined : quarantineId('intake', record.value, signature)
    const wasRefused = entry !== undefined && await this.#settleAt(event, entry, record.key, again)
    this.#trusted.push({
      key: record.key,
      value: record.value,
      headers: {
        ...(signature === undefined ? {} : { [SIGNATURE_HEADER]: signature }),
        ...(receivedAt === undefined ? {} : { [HEADERS.receivedAt]: receivedAt }),
        ...(submitter === undefined ? {} : { [HEADERS.submitter]: submitter }),
        [HEADERS.recordedAt]: recordedAt,
        [HEADERS.inbound]: writeAt(record),
        ...(wasRefused && entry !== undefined ? { [HEADERS.quarantine]: entry } : {})
      }
    })
    await this.#ledger.accept(event.id, {
      source: event.source, sequence: event.sequence, digest: event.digest, inbound: record.offset, trusted: this.progress.trusted + this.#trusted.length - 1, recordedAt
    })
    this.counts.accepted++
  }

  /** Closes what stood in quarantine for these very bytes. @returns whether this submission itself did */
  async #settleAt ({ source, sequence, digest }: { source: string, sequence: number, digest: string }, entry: string, key: string, again: InHand['again']): Promise<boolean> {
    const was = await this.#ledger.settle(entry)
    if (was) this.#note(key, { action: 'released', id: entry, at: this.#now(), as: 'accepted', ...act(again) })
    for (const other of await this.#ledger.openAt(source, sequence)) {
      if (other.digest !== digest || other.id === entry || other.state === 'skipped') continue
      await this.#ledger.settle(other.id)
      this.#note(key, { action: 'released', id: other.id, at: this.#now(), as: 'duplicate', ...act(again) })
    }
    if (was) this.counts.released++
    return was
  }

  async #refuse (inHand: InHand, reasons: Reason[]): Promise<void> {
    const { record, readable, again } = inHand
    const { source, id, sequence } = names(inHand)
    const json = 'json' in readable ? readable.json : undefined
    const entry = quarantineId('intake', record.value, record.headers[SIGNATURE_HEADER])
    let waiting = reasons.some(({ code }) => code === 'GAP')
    if (source !== undefined && sequence !== undefined) {
      if (waiting) {
        const inLine = (await this.#ledger.openAt(source, sequence)).filter(({ id, state }) => id !== entry && state === 'waiting')
        waiting = inLine.length < this.#options.limits.waitingPerNumber
      }
      await this.#ledger.refuse({
        id: entry, lane: source, source, sequence, state: waiting ? 'waiting' : 'refused', digest: inHand.digest, offset: record.offset
      })
    }
    const subject = subjectOf(json)
    const type = typeOf(json)
    const submitter = record.headers[HEADERS.submitter]
    this.#note(record.key, {
      action: 'refused',
      id: entry,
      stage: 'intake',
      at: this.#now(),
      digest: Buffer.from(inHand.digest, 'base64url').toString('hex'),
      reasons: ranked(reasons, this.#options.limits.reasons),
      inbound: { partition: record.partition, offset: record.offset },
      waiting,
      ...(source === undefined ? {} : { source }),
      ...(sequence === undefined ? {} : { sequence }),
      ...(id === undefined ? {} : { eventId: id }),
      ...(type === undefined ? {} : { type }),
      ...(subject === undefined ? {} : { subject: mask(subject) }),
      ...(submitter === undefined ? {} : { submitter }),
      ...act(again)
    })
    this.counts.refused++
  }

  /** Takes a source past numbers that were skipped, and judges again what waited for the next one, as far as that goes. */
  async #goOn (source: string): Promise<void> {
    for (;;) {
      const { last } = await this.#ledger.source(source)
      if (await this.#ledger.pass(source)) continue
      const waiting = (await this.#ledger.openAt(source, last + 1)).filter(({ state }) => state === 'waiting')
      for (const { offset } of waiting) {
        await this.#consider(this.#take(await this.#original(offset), { now: this.#options.clock.now() }))
      }
      if ((await this.#ledger.source(source)).last === last) return
      if (this.#trusted.length >= this.#options.limits.judgedTogether) await this.#flush()
    }
  }

  /** Does what an operator asked for. Who points to no request, or to one about another partition, gets nothing done. */
  async #carryOut (pointer: EventRecord): Promise<string | undefined> {
    const at = readAt(pointer.headers[HEADERS.operation])
    if (at === undefined || at.partition !== this.#partition) return undefined
    const [found] = await this.#log.read(TOPICS.quarantine, at.partition, at.offset, { limit: 1 })
    if (found?.offset !== at.offset) return undefined
    const request = JSON.parse(Buffer.from(found.value).toString('utf8')) as QuarantineRecord
    if (request.action !== 'requested' || request.inbound.partition !== this.#partition) return undefined
    const record = await this.#original(request.inbound.offset)
    if (request.request === 'discard') return await this.#discard(record, request, at)
    return await this.#consider(this.#take(record, { now: this.#options.clock.now(), act: at, ...(request.waive === undefined ? {} : { waive: request.waive }) }))
  }

  async #discard (record: EventRecord, request: Requested, at: At): Promise<string | undefined> {
    const { source, sequence } = names(this.#take(record))
    const note = (skipped?: number): void => {
      this.#note(record.key, { action: 'discarded', id: request.id, at: this.#now(), act: at, ...(source === undefined ? {} : { source }), ...(skipped === undefined ? {} : { skipped }) })
    }
    // What the register refused, and what names no source, stands in no line.
    if (!request.id.startsWith('intake-') || source === undefined || sequence === undefined) { note(); return undefined }
    if (!await this.#ledger.discard(request.id)) return source // done before a crash
    const { accepted } = await this.#ledger.source(source)
    const skip = request.skip === true && sequence > accepted && (await this.#ledger.openAt(source, sequence)).length === 0
    if (skip) await this.#ledger.skip(source, sequence)
    note(skip ? sequence : undefined)
    return source
  }

  #near: EventRecord[] = []
  /** The record as it came in. What waits in line often stands next to each other, so some are read at once. */
  async #original (offset: number): Promise<EventRecord> {
    let found = this.#near.find(record => record.offset === offset)
    if (found === undefined) {
      this.#near = await this.#log.read(TOPICS.inbound, this.#partition, offset, { limit: 64, bytes: 1 << 20 })
      found = this.#near[0]
    }
    assert(found?.offset === offset, 'what came in stays in its topic')
    return found
  }

  #note (key: string, record: QuarantineRecord): void {
    this.#quarantine.push({ key, value: Buffer.from(JSON.stringify(record)) })
  }

  #instants = new Map<string, Date | undefined>()
  /** Events handed in together share one. */
  #instant (text = ''): Date | undefined {
    if (!this.#instants.has(text)) this.#instants.set(text, parseInstant(text))
    return this.#instants.get(text)
  }

  #now (): string { return this.#options.clock.now().toISOString() }

  /** First what was accepted, since it is the truth; what the other topic and the ledgers then lack is made up from it. */
  async #flush (): Promise<void> {
    if (this.#trusted.length > 0) {
      const [first] = await this.#log.append(TOPICS.trusted, this.#trusted)
      assert(first?.partition === this.#partition && first.offset === this.progress.trusted, 'nobody else writes this partition of trusted')
      this.progress = { ...this.progress, trusted: this.progress.trusted + this.#trusted.length }
    }
    if (this.#quarantine.length > 0) {
      const [first] = await this.#log.append(TOPICS.quarantine, this.#quarantine)
      // Where others wrote in between, the next batch reads all from there again; that does no harm.
      if (first?.offset === this.progress.quarantine) this.progress = { ...this.progress, quarantine: this.progress.quarantine + this.#quarantine.length }
    }
    await this.#ledger.save(this.#saved)
    this.#saved = this.progress
    this.#trusted = []
    this.#quarantine = []
  }
}

/** What an event says of its place. Under another source's key it has none: that line is another writer's. */
function names ({ record, readable }: Pick<InHand, 'record' | 'readable'>): { source?: string | undefined, id?: string | undefined, sequence?: number | undefined } {
  const json: Json | undefined = 'json' in readable ? readable.json : undefined
  const source = sourceOf(json)
  return { source: record.key === `urn:uscc:${source}` ? source : undefined, id: eventIdOf(json), sequence: sequenceOf(json) }
}
function act (again: InHand['again']): { act?: At } { return again?.act === undefined ? {} : { act: again.act } }
