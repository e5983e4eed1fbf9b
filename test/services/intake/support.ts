import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signDetached } from '../../../platform/crypto/index.js'
import { openEmbeddedDocuments } from '../../../platform/documents/embedded/index.js'
import type { Documents } from '../../../platform/documents/port.js'
import { openEmbeddedEventLog } from '../../../platform/event-log/embedded/index.js'
import type { EventLog, EventRecord } from '../../../platform/event-log/port.js'
import { loadSchemas, validators } from '../../../platform/http/schemas.js'
import { openDatabase } from '../../../platform/sqlite/database.js'
import { fixedClock } from '../../../services/core/clock.js'
import { TOPICS, type Event } from '../../../services/core/event.js'
import { licenceId } from '../../../services/core/identifiers.js'
import { projectRoot } from '../../../services/core/project-root.js'
import { VIEW_MARKS, type ViewMark } from '../../../services/core/views.js'
import { catchUp } from '../../../services/intake/catch-up.js'
import { openLedgers } from '../../../services/intake/ledger.js'
import { createIntake, DEFAULT_LIMITS, type HandedIn, type Intake, type IntakeLimits, type IntakeOptions } from '../../../services/intake/index.js'

export const MARKET = '11990000YYYY01015Y'
export const POLICE = '11990000YYYY01023R'
export const FOOD = '11990000YYYY010074002'
export const NOW = '2026-03-02T02:00:00.000Z'
export const OPERATOR = { by: { client: 'operator', organisation: '12990000YYYY090091' }, why: '示例' }

export const validate = validators(loadSchemas(join(projectRoot(), 'schemas')))

export interface SourceKey { kid: string, key: KeyObject, publicKey: KeyObject }
export function sourceKey (kid: string): SourceKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return { kid, key: privateKey, publicKey }
}

export function foodLicence (serial: number | string, issuer = MARKET, version = '001'): string {
  return licenceId({ type: FOOD, issuer, serial: String(serial).padStart(10, '0'), version })
}

/** A licence.issued.v1 of the sample province's market office, right in every way. */
export function issued (sequence: number, { source = MARKET, data = {}, ...envelope }: { source?: string, data?: Record<string, unknown> } & Partial<Event> = {}): Event<Record<string, unknown>> {
  const id = foodLicence(sequence, source)
  return {
    specversion: '1.0',
    id: `e-${sequence}`,
    source: `urn:uscc:${source}`,
    type: 'licence.issued.v1',
    subject: id,
    time: '2026-03-02T01:00:00.000Z',
    datacontenttype: 'application/json',
    sequence,
    ...envelope,
    data: {
      licenceId: id,
      licenceType: FOOD,
      licenceTypeName: '食品经营许可证',
      number: `JY${sequence}`,
      issuer: { uscc: source, name: '示例省市场监督管理局' },
      holder: { name: '示例面馆', code: '92990106MAYYY0021M', codeType: '001' },
      issuedOn: '2026-03-02',
      validFrom: '2026-03-02',
      validUntil: '2031-03-01',
      region: '990000',
      effectiveAt: '2026-03-02T01:00:00.000Z',
      face: {},
      ...data
    }
  }
}

/** A record.upserted.v1: anything that a department's data set says. */
export function upserted (sequence: number, { source = MARKET, key = 'a', value = String(sequence), ...envelope }: { source?: string, key?: string, value?: string } & Partial<Event> = {}): Event<Record<string, unknown>> {
  return {
    specversion: '1.0', id: `e-${sequence}`, source: `urn:uscc:${source}`, type: 'record.upserted.v1', subject: key, time: '2026-03-02T01:00:00.000Z', datacontenttype: 'application/json', sequence, ...envelope, data: { resource: 'shops', key, values: { value } }
  }
}

export function refreshed (sequence: number, data: Record<string, unknown> = {}, envelope: Partial<Event> = {}): Event<Record<string, unknown>> {
  return {
    specversion: '1.0', id: `e-${sequence}`, source: `urn:uscc:${MARKET}`, type: 'resource.refreshed.v1', subject: 'shops', time: '2026-03-02T01:00:00.000Z', datacontenttype: 'application/json', sequence, ...envelope, data: { resource: 'shops', asOf: '2026-03-02T00:59:30.000Z', ...data }
  }
}

export function signed (event: unknown, { kid, key }: SourceKey): Required<HandedIn> & { signature: string } {
  const value = Buffer.from(JSON.stringify(event))
  return { value, signature: signDetached(value, { key, kid, algorithm: 'EdDSA' }) }
}

export interface Room {
  intake: Intake
  eventLog: EventLog
  documents: Documents
  clock: ReturnType<typeof fixedClock>
  /** Registered keys, by source and key identifier; may be changed. */
  keys: Map<string, SourceKey & { from?: string, until?: string }>
  /** What the authority list says; may be changed. */
  authority: { mayIssue: IntakeOptions['mayIssue'] }
  key: SourceKey
  trusted: () => Promise<Array<{ record: EventRecord, event: Event<Record<string, unknown>> }>>
  close: () => Promise<void>
  /** Throws away all that intake remembers, and starts it anew on the topics alone. */
  renew: () => Promise<void>
}

/** Intake on the embedded engines in a folder of its own, with one key registered for the market office. */
export async function room ({ limits = {}, partitions = 2, dir = mkdtempSync(join(tmpdir(), 'intake-')), start = true }: { limits?: Partial<IntakeLimits>, partitions?: number, dir?: string, start?: boolean } = {}): Promise<Room> {
  const database = await openDatabase({ file: join(dir, 'test.db') })
  const clock = fixedClock(NOW)
  const eventLog = await openEmbeddedEventLog(database, { clock })
  const documents = await openEmbeddedDocuments(database)
  const key = sourceKey('k1')
  const keys: Room['keys'] = new Map([[`${MARKET} k1`, key], [`${POLICE} k1`, key]])
  const authority: Room['authority'] = { mayIssue: async () => true }
  const errors: unknown[] = []
  const open = async (): Promise<Room['intake']> => await createIntake({
    eventLog,
    documents,
    clock,
    validate,
    partitions,
    limits: { ...DEFAULT_LIMITS, ...limits },
    mayIssue: async question => await authority.mayIssue(question),
    keyFor: async (source, kid, at) => {
      const found = keys.get(`${source} ${kid}`)
      if (found === undefined) return undefined
      return { key: found.publicKey, algorithm: 'EdDSA', valid: (found.from === undefined || at >= new Date(found.from)) && (found.until === undefined || at < new Date(found.until)) }
    },
    onError: error => { errors.push(error) }
  })
  const room: Room = {
    intake: await open(),
    eventLog,
    documents,
    clock,
    keys,
    authority,
    key,
    trusted: async () => (await all(eventLog, TOPICS.trusted)).map(record => ({ record, event: JSON.parse(Buffer.from(record.value).toString('utf8')) as Event<Record<string, unknown>> })),
    close: async () => {
      await room.intake.stop()
      // Whatever a test did, what was written to quarantine has the published shape.
      const wrong = (await all(eventLog, TOPICS.quarantine)).flatMap(({ value }) => validate('https://mianzheng.example/schemas/events/quarantine-recorded.v1.json')(JSON.parse(Buffer.from(value).toString('utf8'))))
      if (wrong.length > 0) throw new Error(`a record of quarantine has the wrong shape: ${JSON.stringify(wrong)}`)
      await eventLog.close()
      await documents.close()
      await database.close()
      rmSync(dir, { recursive: true, force: true })
      if (errors.length > 0) throw new Error('intake met an error', { cause: errors[0] })
    },
    renew: async () => {
      await room.intake.stop()
      const ledgers = await openLedgers(documents)
      for (const ledger of [ledgers.progress, ledgers.sources, ledgers.accepted, ledgers.refused]) await ledger.clear()
      await (await documents.collection<ViewMark>(VIEW_MARKS)).set([{ id: 'quarantine', version: 0 }])
      room.intake = await open()
      for (let partition = 0; partition < partitions; partition++) await catchUp({ eventLog, clock, ledgers, partition, progress: undefined })
      room.intake.start()
      await room.intake.idle()
    }
  }
  if (start) room.intake.start()
  return room
}

/** Everything that a topic holds, partition by partition. */
export async function all (eventLog: EventLog, topic: string): Promise<EventRecord[]> {
  const records: EventRecord[] = []
  for (let partition = 0; partition < await eventLog.partitions(topic); partition++) {
    for (let from = 0; from < await eventLog.end(topic, partition);) {
      const page = await eventLog.read(topic, partition, from, { limit: 1000 })
      records.push(...page)
      from = (page.at(-1)?.offset ?? from) + 1
    }
  }
  return records
}
