import { join } from 'node:path'
import type { Test } from 'tap'
import { loadCalendar } from '../../../config/rules.js'
import { openEmbeddedDocuments } from '../../../platform/documents/embedded/index.js'
import type { Collection, Document, Documents, Query } from '../../../platform/documents/port.js'
import { openEmbeddedEventLog } from '../../../platform/event-log/embedded/index.js'
import { openDatabase } from '../../../platform/sqlite/database.js'
import type { MatterForm } from '../../../schemas/documents/matter-form.v1.js'
import type { Ask, Matter } from '../../../schemas/documents/matter.v1.js'
import type { ExemptionRequest } from '../../../schemas/http/exemption-request.v1.js'
import { WorkingCalendar } from '../../../services/catalogue/calendar.js'
import type { Caller } from '../../../services/core/caller.js'
import { fixedClock } from '../../../services/core/clock.js'
import { Failure, type FailureCode } from '../../../services/core/failure.js'
import { createExemptions, type ExemptionPorts, type ExemptionSettings, type Flag, type HeldLicence } from '../../../services/exemptions/index.js'

const CALENDAR = new WorkingCalendar(loadCalendar())
export const NOW = '2026-03-02T01:00:00.000Z'
export const SHOP = { kind: 'individual-business' as const, code: '92990106MAYYY0021M', name: '示例面馆' }
export const PERSON = { kind: 'natural' as const, code: '11010519491231002X', name: '张三' }
export const OTHER = { code: '110105194912310038', name: '李四' }
export const WINDOW: Caller = { client: 'approval-window', organisation: '11990000YYYY010074', roles: ['approval'], scopes: ['exemptions:write'] }
export const SETTINGS: ExemptionSettings = { sourceTimeoutMs: 1000, answerTimeoutMs: 5000, concurrentCalls: 8, resolverSteps: 10_000, heldLicences: 5 }

const N = { tag: 'N' as const }
const words = (zh: string): { zh: string, en: string } => ({ zh, en: zh })

/** A matter with just what a test names. */
export function matterWith (parts: Partial<Matter> = {}): Matter {
  return {
    id: 'test-matter',
    version: 1,
    name: words('测试事项'),
    batch: '测试',
    lead: { name: '牵头部门', source: N },
    applicants: ['natural', 'individual-business'],
    summary: words('摘要'),
    legalBasis: [{ title: '依据', source: N }],
    conditions: [],
    parties: [],
    questions: [],
    ends: [],
    materials: [],
    commitments: [],
    subMatters: [],
    limits: [],
    fee: { say: words('不收费'), source: N },
    results: [],
    form: 'test-form',
    flow: [{ name: words('办理'), who: '窗口' }],
    unknown: [],
    source: N,
    ...parts
  }
}
type Ways = Matter['materials'][number]['ways']
export function material (id: string, ways: Ways = []): Matter['materials'][number] { return { id, name: words(`材料${id}`), kind: 'document', ways, source: N } }
export function subMatter (id: string, requires: Matter['subMatters'][number]['requires'], rest: Partial<Matter['subMatters'][number]> = {}): Matter['subMatters'][number] {
  return { id, name: words(`步骤${id}`), department: '部门', requires, results: [], limits: [], fee: { say: words('不收费'), source: N }, source: N, ...rest }
}
export function yesNo (id: string, rest: Partial<Matter['questions'][number]> = {}): Matter['questions'][number] { return { id, ask: words(`问题${id}？`), type: 'yes-no', source: N, ...rest } }
export function commitment (id: string, rest: Partial<Matter['commitments'][number]> = {}): Matter['commitments'][number] {
  return { id, kind: 'notify-commit', name: words(`承诺${id}`), text: words('我承诺属实。'), consequences: words('不实的撤销许可。'), followUp: { period: { count: 10, unit: 'working-day' }, by: '监管部门', source: N }, source: N, ...rest } as Matter['commitments'][number]
}
/** One material that one sub-matter needs. */
export function matterOfWays (ways: Ways, rest: Partial<Matter> = {}): Matter { return matterWith({ materials: [material('paper', ways)], subMatters: [subMatter('step', { material: 'paper' })], ...rest }) }

/** What the fake sources hold; each may be a function that fails or never answers. */
export interface Held {
  assertions: Record<string, 'yes' | 'no' | 'none' | 'several' | FailureCode | (() => Promise<never>)>
  rows: Record<string, { outcome?: 'none' | 'several', values?: Record<string, unknown>, recordedAt?: string } | FailureCode | (() => Promise<never>)>
  licences: Record<string, Array<Partial<HeldLicence> & { verdict?: 'valid' | 'invalid' | 'indeterminate' }>>
  unbound: string[]
}

export interface Fakes { ports: ExemptionPorts, held: Held, calls: string[], asks: Array<{ kind: string, about: string, ask?: Ask }>, matters: Map<string, Matter>, forms: Map<string, MatterForm>, used: string[], corrections: Flag[], answered: Set<string>, answeredBefore: boolean }

export function fakes (held: Partial<Held> = {}): Fakes {
  const fake: Fakes = { held: { assertions: {}, rows: {}, licences: {}, unbound: [], ...held }, calls: [], asks: [], matters: new Map(), forms: new Map(), used: [], corrections: [], answered: new Set(), answeredBefore: false, ports: undefined as unknown as ExemptionPorts }
  const RECORDED = '2026-03-01T00:00:00.000Z'
  const verdicts = new Map<string, 'valid' | 'invalid' | 'indeterminate'>()
  fake.ports = {
    matters: { matter: id => fake.matters.get(id), form: id => fake.forms.get(id) },
    binding: {
      resource: async title => fake.held.unbound.includes(title) ? undefined : { resourceId: `11990000YYYY01015Y.${title}`, provider: '11990000YYYY01015Y' },
      licenceTypes: async name => fake.held.unbound.includes(name) ? [] : [name]
    },
    register: {
      heldBy: async (code, types) => {
        fake.calls.push(`held ${types.join()} ${code}`)
        return types.flatMap(type => fake.held.licences[type] ?? []).map(({ verdict = 'valid', ...licence }, index) => {
          const licenceId = licence.licenceId ?? `${types.join()}-${index}`
          verdicts.set(licenceId, verdict)
          return { inForce: true, holder: { code, name: [SHOP, PERSON, OTHER].find(other => other.code === code)?.name ?? '' }, issuer: { code: '11990000YYYY020170', name: '发证机关' }, face: {}, ...licence, licenceId }
        })
      }
    },
    verifier: { verify: async id => { fake.calls.push(`verify ${id}`); return { verdict: verdicts.get(id) ?? 'indeterminate', receiptId: `receipt-${id}`, at: NOW } } },
    shared: () => ({
      assert: async ({ resourceId, subject, ask }) => {
        const title = resourceId.slice(19)
        fake.calls.push(`assert ${title} ${subject}`)
        const said = fake.held.assertions[title] ?? 'GRANT_MISSING'
        if (typeof said === 'function') return await said()
        const use = { way: 'assertion' as const, resource: resourceId, outcome: 'answered' as const }
        fake.asks.push({ kind: 'assert', about: title, ask })
        return said === 'yes' || said === 'no' || said === 'none' || said === 'several'
          ? { answer: { answer: said, grantId: 'g-1', asOf: NOW, ...(said === 'yes' ? { recordedAt: RECORDED } : {}) }, use }
          : { refusal: new Failure(said, 'refused'), use: { ...use, outcome: 'refused', code: said } }
      },
      query: async ({ resourceId, subject, fields }) => {
        const title = resourceId.slice(19)
        fake.calls.push(`query ${title} ${subject}`)
        const said = fake.held.rows[title] ?? 'GRANT_MISSING'
        if (typeof said === 'function') return await said()
        const use = { way: 'query' as const, resource: resourceId, fields: [...fields], outcome: 'answered' as const }
        if (typeof said === 'string') return { refusal: new Failure(said, 'refused'), use: { ...use, outcome: 'refused', code: said } }
        const { values = {}, outcome = 'found', recordedAt = RECORDED } = said
        return { answer: { outcome, rows: outcome === 'found' ? [{ values, recordedAt, digest: 'd'.repeat(64) }] : [], grantId: 'g-2', asOf: NOW }, use }
      }
    }),
    corrections: {
      ask: async flag => { fake.corrections.push(flag); return { correctionId: `c-${fake.corrections.length}`, answeredBefore: fake.answeredBefore } },
      isSettled: async id => fake.answered.has(id),
      disputed: async code => new Set(fake.corrections.filter(({ subject, spared }, index) => subject === code && spared && !fake.answered.has(`c-${index + 1}`)).map(({ about }) => 'resourceId' in about ? about.resourceId : about.licenceId))
    },
    calendar: { end: (from, { count, unit }) => unit === 'working-day' && from === '2026-03-02' && count === 10 ? '2026-03-16' : '2026-04-01', isWithinWorkingDays: (day, until, count) => CALENDAR.isWithinWorkingDays(day, until, count) },
    organisationName: uscc => uscc === '11990000YYYY01015Y' ? '示例省市场监督管理局' : undefined,
    licenceUsed: ({ licenceType }) => { fake.used.push(licenceType) }
  }
  return fake
}

/** Lets something happen just before, or just after, a source says yes or no. */
export function whileAsserting ({ ports }: Pick<Fakes, 'ports'>, { before = () => {}, after = () => {} }: { before?: () => void, after?: () => void }): void {
  const { shared } = ports
  ports.shared = () => {
    const { assert, query } = shared()
    return {
      query,
      assert: async (question, caller) => {
        before()
        const released = await assert(question, caller)
        after()
        return released
      }
    }
  }
}

function watching<T extends Document> (collection: Collection<T>, watched: (query: Query) => void): Collection<T> {
  return new Proxy(collection, {
    get: (target, member) => member === 'find'
      ? async (query: Query) => { watched(query); return await target.find(query) }
      : (Reflect.get(target, member) as (() => unknown) | undefined)?.bind(target) // a promise asks for `then`
  })
}

/** The service on real embedded stores, with these sources. @param watched - told of each query that is put to a collection */
export async function ground (t: Test, fake: Fakes, settings: Partial<ExemptionSettings> = {}, watched?: (query: Query) => void) {
  const clock = fixedClock(NOW)
  const database = await openDatabase({ file: join(t.testdir(), 'store.db') })
  const eventLog = await openEmbeddedEventLog(database, { clock })
  const embedded = await openEmbeddedDocuments(database)
  const documents: Documents = watched === undefined ? embedded : { ...embedded, collection: async (name, options) => watching(await embedded.collection(name, options), watched) }
  let ids = 0
  const newId = (): string => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`
  const errors: unknown[] = []
  const open = async () => await createExemptions({ eventLog, documents, clock, newId, ports: fake.ports, settings: { ...SETTINGS, ...settings }, partitions: 2, onError: error => { errors.push(error) } })
  const exemptions = await open()
  exemptions.start()
  t.teardown(async () => { await exemptions.stop(); await eventLog.close(); await documents.close(); await database.close() })
  const ask = async (matter: Matter, request: Partial<ExemptionRequest> = {}) => {
    fake.matters.set(matter.id, matter)
    return await exemptions.decide({ matterId: matter.id, applicant: SHOP, caseNumber: 'QH-1', purpose: '开办餐饮店', ...request }, WINDOW)
  }
  return { exemptions, eventLog, documents, clock, ask, open, errors }
}
