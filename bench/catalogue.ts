import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedDocuments } from '../platform/documents/embedded/index.js'
import { openEmbeddedEventLog } from '../platform/event-log/embedded/index.js'
import { openDatabase } from '../platform/sqlite/database.js'
import { createCatalogue } from '../services/catalogue/index.js'
import { fixedClock } from '../services/core/clock.js'
import { TOPICS } from '../services/core/event.js'
import { usccCheckCharacter } from '../services/core/identifiers.js'
import type { Row, Suite } from './measure.js'

const RESOURCES = 50_000
const SEARCHES = 3000
const NOUNS = ['企业', '个人', '车辆', '不动产', '婚姻', '社会保险', '行政处罚', '行政许可', '信用', '医疗', '教育', '环境', '水利', '道路', '房屋', '食品', '药品', '消防', '税务', '公积金']
const VERBS = ['登记', '变更', '注销', '备案', '检查', '缴费', '年报', '抽检', '监测', '评价', '核查', '鉴定']
const KINDS = ['信息', '名录', '台账', '统计', '结果', '清单', '记录']
const PLACES = ['云东区', '云西区', '松岭区', '青泽县', '望溪县', '云川市', '示例省']
const ITEMS = ['统一社会信用代码', '名称', '证件号码', '住所', '联系电话', '登记日期', '有效期至', '发证机关', '状态', '备注', '经办人', '区划']

/** Search among 50,000 published resources, of which many share their words; and the same while reading as of a past day. */
export const catalogue: Suite = async () => {
  const dir = mkdtempSync(join(tmpdir(), 'bench-catalogue-'))
  const database = await openDatabase({ file: join(dir, 'bench.db') })
  const clock = fixedClock('2026-09-01T00:00:00.000Z')
  const eventLog = await openEmbeddedEventLog(database, { clock })
  const documents = await openEmbeddedDocuments(database)
  await eventLog.createTopic(TOPICS.trusted, { partitions: 1 })
  const service = await createCatalogue({
    eventLog, documents, clock, newId: () => 'x', settings: { resources: RESOURCES, resourceBytes: 65_536, classificationPattern: '.*' }, organisationName: async () => undefined, isDivision: () => true, authorities: () => [], matters: () => ({ matters: [], forms: new Map() }), deadlines: { calendar: [], ruleSets: [] }, hasMatter: () => false, subjectDigest: code => code
  })
  const random = sequenceOf(20260901)
  for (let from = 0; from < RESOURCES; from += 500) {
    await eventLog.append(TOPICS.catalogue, Array.from({ length: 500 }, (_, i) => events(from + i, random)).flat())
  }
  service.start()
  await service.idle()
  const before = process.memoryUsage()
  const building = performance.now()
  await service.resources.search.catchUp()
  const builtMs = performance.now() - building
  const after = process.memoryUsage()
  if (service.resources.search.size !== RESOURCES) throw new Error('resources are missing')

  const pick = (from: readonly string[]): string => from[random() % from.length] as string
  const asked = (): string => [
    () => pick(NOUNS), () => pick(NOUNS) + pick(VERBS), () => `${pick(PLACES)} ${pick(NOUNS)}`, () => pick(KINDS), () => pick(ITEMS), () => (pick(NOUNS)[0] as string), () => `${pick(NOUNS)}${pick(VERBS)}${pick(KINDS)} ${pick(PLACES)}`, () => '统一社会信用代码 信息'
  ][random() % 8]?.() as string
  const times: number[] = []
  const work: number[] = []
  let found = 0
  for (let i = 0; i < SEARCHES + 100; i++) {
    const q = asked()
    const spent = process.cpuUsage()
    const start = performance.now()
    const { items } = await service.resources.list({ q, limit: 20, ...(i % 5 === 0 ? { region: '990101' } : {}) })
    if (i >= 100) { // the first hundred warm up
      times.push(performance.now() - start)
      const { user, system } = process.cpuUsage(spent)
      work.push((user + system) / 1000)
    }
    found += items.length
  }
  if (found === 0) throw new Error('nothing was found')
  for (const values of [times, work]) values.sort((a, b) => a - b)
  await service.stop()
  await eventLog.close()
  await documents.close()
  await database.close()
  rmSync(dir, { recursive: true })
  const p99 = times[Math.floor(times.length * 0.99)] as number
  const bytes = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers
  return [
    row(`catalogue search among ${RESOURCES}, first 20, p99`, p99, 'ms', 20),
    row('… of processor time, on a busy machine', work[Math.floor(work.length * 0.99)] as number, 'ms', 20),
    row('… median', times[Math.floor(times.length / 2)] as number, 'ms', 20),
    row('… memory of the index, for one resource', bytes / RESOURCES / 1024, 'KiB', 6),
    row('… reading the view to build it', builtMs / 1000, 's', 10)
  ]
}

function row (work: string, ours: number, unit: string, atMost: number): Row { return { work, ours, unit, figure: ours, aim: { atMost } } }

function events (n: number, random: () => number): Array<{ key: string, value: Buffer }> {
  const pick = (from: readonly string[]): string => from[random() % from.length] as string
  const first17 = `11990000YYYY0${String(n % 200).padStart(3, '0')}`.padEnd(17, '0')
  const provider = first17 + (usccCheckCharacter(first17) ?? '')
  const id = `${provider}.r${n}`
  const title = `${pick(PLACES)}${pick(NOUNS)}${pick(VERBS)}${pick(KINDS)}${n}`
  const summary = Array.from({ length: 12 }, () => `${pick(NOUNS)}${pick(VERBS)}${pick(KINDS)}`).join('，')
  const resource = {
    resourceId: id, title, summary, provider, items: ITEMS.map(name => ({ name, type: 'text' })), legalBasis: '示例', region: '990101', updateCycle: 'daily', sharing: { class: 'unconditional' }, ways: ['service-interface'], classification: '102001'
  }
  const by = { client: 'bench', organisation: provider }
  const event = (type: string, data: object) => ({ key: id, value: Buffer.from(JSON.stringify({ id: `${type}-${n}`, type, subject: id, time: '2026-09-01T00:00:00.000Z', by, why: '示例', data })) })
  return [event('resource.described.v1', { replaces: 0, providerName: `示例省第${n % 200}局`, resource }), event('resource.published.v1', { replaces: 1 })]
}

function sequenceOf (seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return state >>> 8
  }
}
