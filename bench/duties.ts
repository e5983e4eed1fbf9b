import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadCalendar, loadRuleSets } from '../config/rules.js'
import { openEmbeddedEventLog } from '../platform/event-log/embedded/index.js'
import { openDatabase } from '../platform/sqlite/database.js'
import { recomputeDuties, Rules, WorkingCalendar, type ReadableLog } from '../services/catalogue/index.js'
import { fixedClock } from '../services/core/clock.js'
import { TOPICS } from '../services/core/event.js'
import { interleaved, type Suite } from './measure.js'

const PROVIDER = '11990000YYYY01015Y'
const OFFICE = '11990000YYYY010074'
/** `BENCH_EVENTS=1000000 npm run bench -- duties` for the number that the aim is stated for, which takes minutes to write. */
const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 200_000)
const BATCH = 1000
const RESOURCES = 50
const DUTIES = 200
const START_MS = Date.parse('2025-01-01T00:00:00Z')
const SPAN_MS = 500 * 86_400_000

/** The whole responsibility list worked out again from the log, beside reading the same records and throwing them away. */
export const duties: Suite = async () => {
  const dir = mkdtempSync(join(tmpdir(), 'bench-duties-'))
  const database = await openDatabase({ file: join(dir, 'bench.db') })
  const eventLog = await openEmbeddedEventLog(database, { clock: fixedClock(new Date(START_MS)) })
  await eventLog.createTopic(TOPICS.trusted, { partitions: 4 })
  await eventLog.createTopic(TOPICS.catalogue, { partitions: 1 })
  for (let from = 0; from < EVENTS; from += BATCH) await eventLog.append(TOPICS.trusted, Array.from({ length: BATCH }, (_, index) => record(from + index)))
  await eventLog.append(TOPICS.catalogue, Array.from({ length: DUTIES }, (_, index) => duty(index)))

  const rules = new Rules({ calendar: new WorkingCalendar(loadCalendar()), ruleSets: loadRuleSets() })
  const at = new Date('2026-05-15T00:00:00Z')
  const [again, read] = await interleaved([
    async () => { if ((await recomputeDuties(eventLog, { rules, at })).items.length !== DUTIES) throw new Error('a duty is missing') },
    async () => { if (await readAll(eventLog) !== EVENTS) throw new Error('an event is missing') }
  ], { rounds: 3, calls: 1 }) as [number, number]
  await eventLog.close()
  await database.close()
  rmSync(dir, { recursive: true })
  return [{ work: `${DUTIES} duties recomputed from ${EVENTS} events`, ours: again / 1000, unit: 's', beside: 'reading the events', theirs: read / 1000, figure: again / read, aim: { atMost: 2 } }]
}

async function readAll (log: ReadableLog): Promise<number> {
  let count = 0
  for (let partition = 0; partition < 4; partition++) {
    const end = await log.end(TOPICS.trusted, partition)
    for (let from = 0; from < end;) {
      const records = await log.read(TOPICS.trusted, partition, from, { limit: BATCH })
      from += records.length
      count += records.length
    }
  }
  return count
}

function record (index: number): { key: string, value: Buffer, headers: Record<string, string> } {
  const at = new Date(START_MS + Math.floor(index / EVENTS * SPAN_MS)).toISOString()
  const key = `92990106MAYYY${String(index % 10_000).padStart(4, '0')}M`
  const event = {
    specversion: '1.0', id: `b-${index}`, source: `urn:uscc:${PROVIDER}`, type: 'record.upserted.v1', subject: key, time: at, datacontenttype: 'application/json', sequence: index + 1, data: { resource: `r-${index % RESOURCES}`, key, values: { 名称: '示例面馆', 状态: '在业', 住所: '示例市示例区示例路 1 号', 从业人数: index % 50 } }
  }
  // One source keeps to one partition; here each resource stands for a source of its own, so that all four are read.
  return { key: `r-${index % RESOURCES}`, value: Buffer.from(JSON.stringify(event)), headers: { 'recorded-at': at, submitter: PROVIDER, signature: SIGNATURE } }
}
/** As long as a detached Ed25519 signature with its header. */
const SIGNATURE = 'x'.repeat(190)

function duty (index: number): { key: string, value: Buffer } {
  const itemId = `d-${index}`
  const item = { itemId, provider: PROVIDER, ruleSet: 'decree-809', resourceId: `${PROVIDER}.r-${index % (RESOURCES + 10)}`, consumers: [OFFICE], dueOn: '2025-01-31', updateCycle: (['daily', 'weekly', 'monthly', 'yearly'] as const)[index % 4], matters: [], contact: { office: '数据处' }, replaces: 0 }
  return { key: itemId, value: Buffer.from(JSON.stringify({ id: `e-${index}`, type: 'duty.set.v1', subject: itemId, time: '2025-01-01T00:00:00.000Z', by: { client: 'catalogue-manager', organisation: OFFICE }, why: '列入责任清单', data: item })) }
}
