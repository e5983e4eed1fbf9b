import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeAuthority } from '../cli/sample.js'
import { loadSettings } from '../config/settings.js'
import { KeyLayout, readSigningKey } from '../keys/index.js'
import { openEmbeddedDocuments } from '../platform/documents/embedded/index.js'
import type { Document } from '../platform/documents/port.js'
import { openEmbeddedEventLog } from '../platform/event-log/embedded/index.js'
import { createServer } from '../platform/http/server.js'
import { openDatabase } from '../platform/sqlite/database.js'
import type { Matter } from '../schemas/documents/matter.v1.js'
import { AccessRecords, subjectKeyFrom } from '../services/audit/index.js'
import { systemClock } from '../services/core/clock.js'
import { TOPICS } from '../services/core/event.js'
import { licenceId, usccCheckCharacter } from '../services/core/identifiers.js'
import { projectRoot } from '../services/core/project-root.js'
import { createExemptions, exemptionRoutes } from '../services/exemptions/index.js'
import { createSharing, ReleaseSecrets } from '../services/exchange/index.js'
import { registerLookup } from '../services/host/register-lookup.js'
import { createLicences } from '../services/licences/index.js'
import { createVerification } from '../services/verification/index.js'
import { load } from './load.js'
import type { Row, Suite } from './measure.js'

const PROVIDER = '11990000YYYY01015Y'
const OFFICE = '11990000YYYY010074'
const SHOPS = 2000
const RESOURCES = ['甲', '乙', '丙', '丁']
const TYPES = ['11990000YYYY010074001', '11990000YYYY010074002']
const RATE = 200
const SECONDS = 10
const WARM_SECONDS = 5
const N = { tag: 'N' as const }

/**
 * A case of 20 materials over HTTP, 200 a second whether or not the ones before were answered: 8 yes-or-no questions and 4 reads of shared data
 * under grants, 2 licences that are verified and leave receipts, results, commitments and paper; each case and its access record durable first.
 */
export const exemptions: Suite = async () => {
  const dir = mkdtempSync(join(tmpdir(), 'bench-exemptions-'))
  const settings = loadSettings({ DATA_DIR: join(dir, 'data') })
  await makeAuthority({ settings, clock: systemClock })
  const layout = new KeyLayout(settings.data.directory)
  const clock = systemClock
  const database = await openDatabase({ file: join(dir, 'bench.db') })
  const eventLog = await openEmbeddedEventLog(database, { clock })
  const documents = await openEmbeddedDocuments(database, { alone: true })
  for (const topic of [TOPICS.trusted, TOPICS.quarantine]) await eventLog.createTopic(topic, { partitions: 1 })
  for (let from = 0; from < SHOPS; from += 100) await eventLog.append(TOPICS.trusted, Array.from({ length: 100 }, (_, index) => eventsOf(from + index)).flat())

  const licences = await createLicences({ eventLog, documents, clock })
  const verification = await createVerification({
    documents, clock, receiptKey: readSigningKey(layout.service('receipt').key), trustDirectory: layout.trust, register: registerLookup(licences), newId: randomUUID, settings: settings.verification
  })
  const sharing = await createSharing({
    eventLog,
    documents,
    clock,
    newId: randomUUID,
    secrets: new ReleaseSecrets(new Uint8Array(32).fill(7)),
    limits: settings.exchange,
    ports: {
      isDivision: () => true,
      grant: async () => undefined,
      resource: async resourceId => ({
        resourceId, provider: PROVIDER, state: 'published', items: ['代码', '名称', '状态', '住所'].map(name => ({ name, type: 'text' })), keyItems: ['代码'], subjectItem: '代码', sharing: { class: 'conditional' }
      }),
      grantsFor: async ({ resourceId, consumer }) => [{
        grantId: `grant-${resourceId}`, resourceId, provider: PROVIDER, consumer, state: 'active', fields: ['名称', '状态', '住所'], forms: ['query', 'assertion'], purpose: '测速', from: '2020-01-01', until: '2099-01-01'
      }]
    }
  })
  const disputes = await documents.collection<Document & { disputes?: string }>('bench-disputes', { indexes: { byDisputes: { on: ['disputes'] } } }) // none are open, and each case looks
  const service = await createExemptions({
    eventLog,
    documents,
    clock,
    newId: randomUUID,
    settings: settings.exemptions,
    partitions: settings.eventLog.partitions,
    ports: {
      matters: { matter: () => MATTER, form: () => undefined },
      binding: { resource: async title => ({ resourceId: `${PROVIDER}.r${RESOURCES.indexOf(title)}`, provider: PROVIDER }), licenceTypes: async name => [name] },
      register: {
        heldBy: async (code, [type = ''], limit) => (await licences.heldBy(code, { type, limit })).items.map(({ licenceId, state, facts }) => ({
          licenceId, inForce: state === 'valid', holder: { name: facts?.holder.name ?? '', code: facts?.holder.code ?? '' }, issuer: { code: PROVIDER, name: '示例局' }, face: {}
        }))
      },
      verifier: {
        verify: async id => {
          const { report: { verdict, at }, receiptId } = await verification.verifyLicence(id)
          return { verdict, at, receiptId }
        }
      },
      shared: () => sharing.forOneRequest(),
      corrections: { ask: async () => ({ correctionId: '', answeredBefore: false }), isSettled: async () => false, disputed: async code => new Set((await disputes.find({ index: 'byDisputes', equals: [code], limit: 200 })).items.map(({ document: { id } }) => id)) },
      organisationName: () => undefined,
      calendar: { end: from => from, isWithinWorkingDays: () => true }
    }
  })
  const services = [licences, sharing, service]
  for (const one of services) one.start()
  await licences.idle()
  await sharing.idle()

  const caller = { client: 'approval-window', organisation: OFFICE, roles: ['approval'] as const, scopes: ['exemptions:write'] as const }
  const app = await createServer({
    schemasDir: join(projectRoot(), 'schemas'),
    limits: settings.http,
    tokens: { verify: async () => caller },
    access: await AccessRecords.open(eventLog, subjectKeyFrom(readSigningKey(layout.service('log').key).key)),
    clock,
    openapiInfo: { title: 'bench', version: '1' }
  })
  await app.register(exemptionRoutes, { prefix: '/v1', exemptions: service, allow: app.allow })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const cases = {
    url: `${address}/v1/exemptions`,
    headers: { 'content-type': 'application/json', authorization: 'Bearer x' },
    bodies: Array.from({ length: SHOPS }, (_, shop) => JSON.stringify({ matterId: MATTER.id, applicant: { kind: 'individual-business', code: codeOf(shop), name: `面馆${shop}` }, caseNumber: `B-${shop}`, purpose: '测速' })),
    holds: ['"skip":16', '"undecided":0']
  }
  await load({ ...cases, seconds: WARM_SECONDS }) // as fast as they are answered
  const { times, answered, workMs } = await load({ ...cases, rate: RATE, seconds: SECONDS })
  const p99 = times[Math.ceil(times.length * 0.99) - 1] as number
  await app.close()
  for (const one of services) await one.stop()
  await verification.close()
  await eventLog.close()
  await documents.close()
  await database.close()
  rmSync(dir, { recursive: true })
  const row = (work: string, ours: number, atMost: number): Row => ({ work, ours, unit: 'ms', figure: ours, aim: { atMost } })
  return [
    row(`exemption of 20 materials, ${RATE} requests/s, p99${answered < RATE * SECONDS ? ', given up' : ''}`, p99, 20),
    row('… of processor time, for one', workMs, 1000 / RATE)
  ]
}

function codeOf (shop: number): string {
  const first = `92990102MA${String(shop).padStart(7, '0')}`
  return first + (usccCheckCharacter(first) as string)
}

/** A row in each of four resources, and two licences. */
function eventsOf (shop: number): Array<{ key: string, value: Buffer, headers: Record<string, string> }> {
  const code = codeOf(shop)
  const at = '2026-03-02T01:00:00.000Z'
  const event = (type: string, index: number, subject: string, data: object) => ({
    key: `urn:uscc:${PROVIDER}`,
    value: Buffer.from(JSON.stringify({
      specversion: '1.0', id: `b-${shop}-${index}`, source: `urn:uscc:${PROVIDER}`, type, subject, time: at, datacontenttype: 'application/json', sequence: shop * 6 + index + 1, data
    })),
    headers: { 'recorded-at': at }
  })
  const rows = RESOURCES.map((_, index) => event('record.upserted.v1', index, code, { resource: `r${index}`, key: code, values: { 代码: code, 名称: `面馆${shop}`, 状态: '存续', 住所: '示例路' } }))
  const issued = TYPES.map((type, index) => {
    const id = licenceId({ type, issuer: PROVIDER, serial: String(shop).padStart(10, '0'), version: '001' })
    return event('licence.issued.v1', RESOURCES.length + index, id, {
      licenceId: id,
      licenceType: type,
      licenceTypeName: '证照',
      number: `N${shop}`,
      issuer: { uscc: PROVIDER, name: '示例局' },
      holder: { name: `面馆${shop}`, code, codeType: '001' },
      issuedOn: '2026-03-02',
      validFrom: '2026-03-02',
      validUntil: '2036-03-01',
      region: '990000',
      effectiveAt: at,
      face: {}
    })
  })
  return [...rows, ...issued]
}

const words = (zh: string): { zh: string, en: string } => ({ zh, en: zh })
function materialOf (index: number): Matter['materials'][number] {
  const data = RESOURCES[index % RESOURCES.length] as string
  const ways: Matter['materials'][number]['ways'] = index < 8
    ? [{ way: 'assertion', data, subject: 'applicant', ask: index < 4 ? { item: '状态', is: '存续' } : {} }]
    : index < 12
      ? [{ way: 'data', data, subject: 'applicant', items: ['名称', '住所'] }]
      : index < 14
        ? [{ way: 'licence', licenceType: TYPES[index - 12] as string, holder: 'applicant' }]
        : index < 16
          ? [{ way: 'result', subMatter: 'first' }]
          : index < 18 ? [{ way: 'commitment', commitment: 'promise' }] : []
  return { id: `m${index}`, name: words(`材料${index}`), kind: 'document', ways, source: N }
}

const fee = { say: words('不收费'), source: N }
const MATTER: Matter = {
  id: 'bench',
  version: 1,
  name: words('测速'),
  batch: '测速',
  lead: { name: '部门', source: N },
  applicants: ['individual-business'],
  summary: words('测速'),
  legalBasis: [{ title: '无', source: N }],
  conditions: [],
  parties: [],
  questions: [],
  ends: [],
  materials: Array.from({ length: 20 }, (_, index) => materialOf(index)),
  commitments: [{ id: 'promise', kind: 'notify-commit', name: words('承诺'), text: words('承诺'), consequences: words('后果'), followUp: { period: { count: 10, unit: 'day' }, by: '部门', source: N }, source: N }],
  subMatters: [
    { id: 'first', name: words('先办'), department: '部门', requires: { allOf: [] }, results: [], limits: [], fee, source: N },
    {
      id: 'second',
      name: words('后办'),
      department: '部门',
      after: ['first'],
      requires: { allOf: [...Array.from({ length: 16 }, (_, index) => ({ material: `m${index}` })), { anyOf: [{ material: 'm16' }, { material: 'm18' }] }, { anyOf: [{ material: 'm17' }, { material: 'm19' }] }] },
      results: [],
      limits: [],
      fee,
      source: N
    }
  ],
  limits: [],
  fee,
  results: [],
  form: 'bench',
  flow: [{ name: words('办理'), who: '窗口' }],
  unknown: [],
  source: N
}
