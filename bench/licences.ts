import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedDocuments } from '../platform/documents/embedded/index.js'
import { openEmbeddedEventLog } from '../platform/event-log/embedded/index.js'
import { openDatabase } from '../platform/sqlite/database.js'
import { fixedClock } from '../services/core/clock.js'
import { TOPICS } from '../services/core/event.js'
import { licenceId } from '../services/core/identifiers.js'
import { createLicences } from '../services/licences/index.js'
import { interleaved, type Suite } from './measure.js'

const ISSUER = '11990000YYYY01015Y'
const TYPE = '11990000YYYY010074002'
const LICENCES = 100_000
const READS = 2000

/** How a licence stood on a day in the past, among 100,000, beside the store reading one document by its index. */
export const licences: Suite = async () => {
  const dir = mkdtempSync(join(tmpdir(), 'bench-licences-'))
  const database = await openDatabase({ file: join(dir, 'bench.db') })
  const clock = fixedClock('2026-09-01T00:00:00.000Z')
  const eventLog = await openEmbeddedEventLog(database, { clock })
  const documents = await openEmbeddedDocuments(database)
  for (const topic of [TOPICS.trusted, TOPICS.quarantine]) await eventLog.createTopic(topic, { partitions: 1 })
  for (let from = 0; from < LICENCES; from += 1000) {
    await eventLog.append(TOPICS.trusted, Array.from({ length: 1000 }, (_, index) => issued(from + index + 1)).flat())
  }
  const service = await createLicences({ eventLog, documents, clock, batch: 1000 })
  service.start()
  await service.idle()
  await service.stop()

  const store = await documents.collection<{ id: string }>('licences', { indexes: { byHolder: { on: ['holders', 'type'], array: 'holders' }, byIssuer: { on: ['issuerCode', 'type'] } } })
  let seed = 1
  const next = (): string => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
    return idOf(seed % LICENCES + 1)
  }
  const at = new Date('2026-05-01T00:00:00Z')
  const known = new Date('2026-08-01T00:00:00Z')
  const [asOf, read] = await interleaved([
    async () => { if ((await service.status(next(), { at, known })).state === 'unknown') throw new Error('a licence is missing') },
    async () => { if (await store.get(next()) === undefined) throw new Error('a licence is missing') }
  ], { rounds: 9, calls: READS }) as [number, number]
  await eventLog.close()
  await documents.close()
  await database.close()
  rmSync(dir, { recursive: true })
  return [{
    work: `licence as of then, as known then, among ${LICENCES}`, ours: 1000 / asOf, unit: 'reads/s', beside: 'indexed read of the store', theirs: 1000 / read, figure: read / asOf, aim: { atLeast: 0.7 }
  }]
}

function idOf (serial: number): string {
  return licenceId({ type: TYPE, issuer: ISSUER, serial: String(serial).padStart(10, '0'), version: '001' })
}

/** An issue, and for every tenth a suspension that came later. */
function issued (serial: number): Array<{ key: string, value: Buffer, headers: Record<string, string> }> {
  const id = idOf(serial)
  const event = (type: string, sequence: number, recordedAt: string, data: object) => ({
    key: `urn:uscc:${ISSUER}`,
    value: Buffer.from(JSON.stringify({ specversion: '1.0', id: `b-${sequence}`, source: `urn:uscc:${ISSUER}`, type, subject: id, time: recordedAt, datacontenttype: 'application/json', sequence, data: { licenceId: id, ...data } })),
    headers: { 'recorded-at': recordedAt }
  })
  const issue = event('licence.issued.v1', serial * 2 - 1, '2026-03-02T01:00:00.000Z', {
    licenceType: TYPE,
    licenceTypeName: '食品经营许可证',
    number: `JY${serial}`,
    issuer: { uscc: ISSUER, name: '示例省市场监督管理局' },
    holder: { name: '示例面馆', code: '92990106MAYYY0021M', codeType: '001' },
    issuedOn: '2026-03-02',
    validFrom: '2026-03-02',
    validUntil: '2031-03-01',
    region: '990000',
    effectiveAt: '2026-03-02T01:00:00.000Z',
    face: { 主体业态: '餐饮服务经营者' }
  })
  return serial % 10 > 0 ? [issue] : [issue, event('licence.suspended.v1', serial * 2, '2026-07-01T00:00:00.000Z', { effectiveAt: '2026-04-15T00:00:00.000Z', reason: { zh: '示例' } })]
}
