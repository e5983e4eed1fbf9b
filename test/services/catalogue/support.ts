import { join } from 'node:path'
import type { Test } from 'tap'
import { openEmbeddedDocuments } from '../../../platform/documents/embedded/index.js'
import { openEmbeddedEventLog } from '../../../platform/event-log/embedded/index.js'
import { openDatabase } from '../../../platform/sqlite/database.js'
import type { Collection, Document, Documents } from '../../../platform/documents/port.js'
import type { EventLog } from '../../../platform/event-log/port.js'
import { loadSchemas, validators } from '../../../platform/http/schemas.js'
import type { MatterForm } from '../../../schemas/documents/matter-form.v1.js'
import type { Matter } from '../../../schemas/documents/matter.v1.js'
import { keyedDigest } from '../../../services/core/keyed-digest.js'
import { createCatalogue, type Author, type Authority, type Catalogue, type Resource, type ResourceSettings } from '../../../services/catalogue/index.js'
import type { Caller } from '../../../services/core/caller.js'
import { fixedClock } from '../../../services/core/clock.js'
import { TOPICS } from '../../../services/core/event.js'
import { projectRoot } from '../../../services/core/project-root.js'

export const MARKET = '11990000YYYY01015Y'
export const OFFICE = '11990000YYYY010074'
export const START = '2026-03-02T01:00:00.000Z'
export const BY_MARKET: Author = { client: 'market', organisation: MARKET }
export const BY_MANAGER: Author = { client: 'manager', organisation: OFFICE }

export interface Stores { eventLog: EventLog, documents: Documents, clock: ReturnType<typeof fixedClock>, newId: () => string }

/** Stores on a database file of the test's own, with a clock that stands still and identifiers that count. */
export async function openTestStores (t: Test): Promise<Stores> {
  const clock = fixedClock(START)
  const database = await openDatabase({ file: join(t.testdir(), 'store.db') })
  const eventLog = await openEmbeddedEventLog(database, { clock })
  const documents = await openEmbeddedDocuments(database)
  t.teardown(async () => { await eventLog.close(); await documents.close(); await database.close() })
  let ids = 0
  return { eventLog, documents, clock, newId: () => `e-${++ids}` }
}

/** Every document of a collection, in the order of their ids, as text. */
export async function contents (collection: Pick<Collection<Document>, 'find'>): Promise<string> {
  const lines: string[] = []
  for (let after: string | undefined; ;) {
    const { items, next } = await collection.find({ index: 'id', limit: 1000, ...(after === undefined ? {} : { after }) })
    lines.push(...items.map(({ document }) => JSON.stringify(document)))
    if (next === undefined) return lines.join('\n')
    after = next
  }
}

const validateEvent = validators(loadSchemas(join(projectRoot(), 'schemas')))('https://mianzheng.example/schemas/events/catalogue-recorded.v1.json')

/** What the topic holds, each event held to its schema. */
export async function recorded (t: Test, eventLog: EventLog): Promise<Array<{ type: string, subject: string, why: string, by: Author }>> {
  const records = await eventLog.read(TOPICS.catalogue, 0, 0, { limit: 1000 })
  const events = records.map(({ value }) => JSON.parse(Buffer.from(value).toString('utf8')) as { type: string, subject: string, why: string, by: Author })
  for (const event of events) t.same(validateEvent(event), [], event.type)
  return events
}

export const CATALOGUE_SETTINGS: ResourceSettings = { resources: 1000, resourceBytes: 65_536, classificationPattern: '[1-3][0-9]{5}(/[0-9]+)?' }
export const PROVIDER: Caller = { client: 'market', organisation: MARKET, roles: ['provider'], scopes: ['catalogue:read', 'catalogue:write'] }
export const MANAGER: Caller = { client: 'manager', organisation: OFFICE, roles: ['catalogue-manager'], scopes: ['catalogue:read', 'catalogue:review'] }

/** A resource of the market department; `name` is its name in events. */
export function shops (name = 'shops', changes: Partial<Resource> = {}): Resource {
  return {
    resourceId: `${MARKET}.${name}`,
    title: '经营主体登记信息',
    summary: '企业和个体工商户的登记事项。',
    provider: MARKET,
    items: [
      { name: '统一社会信用代码', type: 'code', required: true },
      { name: '名称', type: 'text' },
      { name: '法定代表人', type: 'text', personal: true },
      { name: '区划', type: 'code' }
    ],
    keyItems: ['统一社会信用代码'],
    subjectItem: '统一社会信用代码',
    regionItem: '区划',
    legalBasis: '《中华人民共和国市场主体登记管理条例》',
    region: '990000',
    updateCycle: 'daily',
    sharing: { class: 'unconditional' },
    ways: ['service-interface'],
    classification: '102001',
    ...changes
  }
}

export const subjectDigest = (code: string): string => keyedDigest(new Uint8Array(32), code)
/** For what asks about neither. */
export const NO_DEADLINES = { deadlines: { calendar: [], ruleSets: [] }, hasMatter: () => false, subjectDigest }
export interface ListGround { authorities?: readonly Authority[], matters?: { matters: readonly Matter[], forms: ReadonlyMap<string, MatterForm> } }

/** The service on stores of the test's own, running. */
export async function openCatalogue (t: Test, settings: Partial<ResourceSettings> = {}, ports: ListGround = {}): Promise<Stores & { catalogue: Catalogue }> {
  const stores = await openTestStores(t)
  await stores.eventLog.createTopic(TOPICS.trusted, { partitions: 2 })
  const catalogue = await createCatalogue({
    ...stores,
    settings: { ...CATALOGUE_SETTINGS, ...settings },
    organisationName: async uscc => uscc === MARKET ? '示例省市场监督管理局' : undefined,
    isDivision: code => /^9901?0/.test(code),
    ...NO_DEADLINES,
    authorities: () => ports.authorities ?? [],
    matters: () => ports.matters ?? { matters: [], forms: new Map() },
    onError: error => { throw error }
  })
  catalogue.start()
  t.teardown(async () => { await catalogue.stop() })
  return { ...stores, catalogue }
}

/** Described by its provider and published by the manager. */
export async function publish (catalogue: Catalogue, resource: Resource): Promise<void> {
  const provider = { ...PROVIDER, organisation: resource.provider }
  const { version } = await catalogue.resources.describe(resource, { caller: provider, why: '编制目录' })
  await catalogue.resources.review(resource.resourceId, { caller: MANAGER, outcome: 'publish', version, why: '审核通过' })
}
