import type { EventLog, EventRecord } from '../../platform/event-log/port.js'
import { digest } from '../../platform/crypto/index.js'
import type { Clock } from '../core/clock.js'
import { TOPICS, type Event } from '../core/event.js'
import { HEADERS, readAt, type QuarantineRecord } from '../core/quarantine.js'
import { Ledger, type Ledgers, type ProgressDocument } from './ledger.js'

const PAGE = 500

export interface CatchUpOptions {
  eventLog: EventLog
  clock: Clock
  ledgers: Ledgers
  partition: number
  /** Where the last batch left off, if it ended well and in this process. */
  progress: ProgressDocument | undefined
}

/**
 * Brings the ledgers of a partition up to the ends of `trusted` and `quarantine`: after a crash between appending and writing
 * them down, after another process had the partition, when they were thrown away, and when an operator or the register wrote to quarantine.
 * @returns what they reflect now
 */
export async function catchUp ({ eventLog, clock, ledgers, partition, progress }: CatchUpOptions): Promise<ProgressDocument> {
  const id = `partition-${partition}`
  let reached = progress ?? (await ledgers.progress.get(id))?.document ?? { id, trusted: 0, quarantine: 0, recordedAt: '' }
  const found = reached
  const ends = { trusted: await eventLog.end(TOPICS.trusted, partition), quarantine: await eventLog.end(TOPICS.quarantine, partition) }

  // Quarantine first: what trusted says of an entry then has the last word.
  while (reached.quarantine < ends.quarantine) {
    const records = await eventLog.read(TOPICS.quarantine, partition, reached.quarantine, { limit: PAGE, bytes: 4 << 20 })
    const ledger = new Ledger(ledgers)
    for (const record of records) await applyQuarantine(ledger, record)
    await ledger.save(reached)
    reached = { ...reached, quarantine: after(records) }
  }
  while (reached.trusted < ends.trusted) {
    const records = await eventLog.read(TOPICS.trusted, partition, reached.trusted, { limit: PAGE, bytes: 4 << 20 })
    const ledger = new Ledger(ledgers)
    const released: EventRecord[] = []
    for (const record of records) if (await applyTrusted(ledger, record)) released.push(record)
    const last = records.at(-1)?.headers[HEADERS.recordedAt] ?? ''
    if (released.length > 0) {
      // Accepted, and then the crash came before quarantine was told
      const at = clock.now().toISOString()
      await eventLog.append(TOPICS.quarantine, released.map(({ key, headers }) => {
        const told: QuarantineRecord = { action: 'released', id: headers[HEADERS.quarantine] as string, at, as: 'accepted' }
        return { key, value: Buffer.from(JSON.stringify(told)) }
      }))
    }
    for (const source of ledger.changedSources()) while (await ledger.pass(source)) { /* as far as numbers were skipped */ }
    await ledger.save(reached)
    reached = { ...reached, trusted: after(records), recordedAt: last > reached.recordedAt ? last : reached.recordedAt }
  }
  if (reached !== found) await ledgers.progress.set([reached])
  return reached
}

function after (records: readonly EventRecord[]): number {
  const last = records.at(-1)
  if (last === undefined) throw new Error('a topic ended before its end')
  return last.offset + 1
}

async function applyQuarantine (ledger: Ledger, { value }: EventRecord): Promise<void> {
  const record = JSON.parse(Buffer.from(value).toString('utf8')) as QuarantineRecord
  switch (record.action) {
    case 'refused': {
      const { id, stage, source, sequence, waiting, digest, inbound, reasons } = record
      if (stage !== 'intake' || source === undefined || sequence === undefined || reasons.some(({ code }) => code === 'PARTITION_KEY_WRONG')) return
      await ledger.refuse({ id, lane: source, source, sequence, state: waiting ? 'waiting' : 'refused', digest: Buffer.from(digest, 'hex').toString('base64url'), offset: inbound.offset })
      return
    }
    case 'released':
      await ledger.settle(record.id)
      break
    case 'discarded':
      await ledger.discard(record.id)
      if (record.source !== undefined && record.skipped !== undefined) {
        await ledger.skip(record.source, record.skipped)
        while (await ledger.pass(record.source)) { /* as far as numbers were skipped */ }
      }
      break
    case 'requested': // carried out when its pointer comes along in inbound
  }
}

/** @returns whether it closed an entry that quarantine had not been told of */
async function applyTrusted (ledger: Ledger, { value, offset, headers }: EventRecord): Promise<boolean> {
  const event = JSON.parse(Buffer.from(value).toString('utf8')) as Event
  await ledger.accept(event.id, {
    source: event.source.slice('urn:uscc:'.length),
    sequence: event.sequence,
    digest: digest('sha256', value).toString('base64url'),
    inbound: readAt(headers[HEADERS.inbound])?.offset ?? -1,
    trusted: offset,
    recordedAt: headers[HEADERS.recordedAt] ?? ''
  })
  const entry = headers[HEADERS.quarantine]
  return entry !== undefined && await ledger.settle(entry)
}
