import { join } from 'node:path'
import type { Test } from 'tap'
import { openEmbeddedDocuments } from '../../../platform/documents/embedded/index.js'
import type { Documents } from '../../../platform/documents/port.js'
import { openEmbeddedEventLog } from '../../../platform/event-log/embedded/index.js'
import type { EventLog } from '../../../platform/event-log/port.js'
import { openDatabase } from '../../../platform/sqlite/database.js'
import { fixedClock } from '../../../services/core/clock.js'
import { TOPICS } from '../../../services/core/event.js'
import { citizenCheckCharacter } from '../../../services/core/identifiers.js'
import { createSharing, ReleaseSecrets, type GrantView, type ReleasePorts, type SharedResource, type Value } from '../../../services/exchange/index.js'
import { NOW, OFFICE_USCC, PROVIDER_USCC } from '../../support/server.js'

export const PEOPLE = `${PROVIDER_USCC}.population`
/** Made-up people of a division that is not assigned. */
export function citizen (number: number): string {
  const first17 = `99010219900307${String(number).padStart(3, '0')}`
  return first17 + citizenCheckCharacter(first17)
}
export const SHOP = '92990106MAYYY0021M'

export const people: SharedResource = {
  resourceId: PEOPLE,
  provider: PROVIDER_USCC,
  state: 'published',
  items: [
    { name: '公民身份号码', type: 'code' }, { name: '姓名', type: 'text' }, { name: '区划', type: 'code' }, { name: '出生日期', type: 'day' },
    { name: '子女数', type: 'number' }, { name: '在世', type: 'boolean' }, { name: '户主公民身份号码', type: 'code' }
  ],
  keyItems: ['公民身份号码'],
  subjectItem: '公民身份号码',
  regionItem: '区划',
  sharing: { class: 'conditional' }
}

export const grant: GrantView = {
  grantId: 'grant-1',
  resourceId: PEOPLE,
  provider: PROVIDER_USCC,
  consumer: OFFICE_USCC,
  state: 'active',
  fields: ['姓名', '区划'],
  forms: ['query', 'assertion', 'subscription'],
  purpose: '开办餐饮店',
  matters: ['open-restaurant'],
  from: '2026-01-01',
  until: '2026-12-31'
}
export const CALL = { resourceId: PEOPLE, purpose: '开办餐饮店', matter: 'open-restaurant', caseNumber: 'C-1' }
export const SECRETS = new ReleaseSecrets(new Uint8Array(32).fill(3))
export const CALLER = { organisation: OFFICE_USCC }

export function person (number: number, values: Record<string, Value> = {}): Record<string, Value> {
  return { 公民身份号码: citizen(number), 姓名: `甲${number}`, 区划: '990102', 出生日期: '1990-03-07', 子女数: 1, 在世: true, 户主公民身份号码: citizen(1), ...values }
}

/** What catalogue and grants answer; tests change it. */
export interface Answers { resources: SharedResource[], grants: GrantView[] }
export function answering (answers: Answers): ReleasePorts {
  return {
    resource: async resourceId => answers.resources.find(one => one.resourceId === resourceId),
    grantsFor: async ({ consumer, resourceId }) => answers.grants.filter(one => one.consumer === consumer && one.resourceId === resourceId),
    grant: async ({ grantId }) => answers.grants.find(one => one.grantId === grantId),
    isDivision: code => code.startsWith('99')
  }
}

/** Files events as intake would: one source, numbered. */
export function filing (log: EventLog, clock: { now: () => Date }) {
  let sequence = 0
  const file = async (resourceId: string, type: string, data: Array<{ key: string, values?: Record<string, Value> }>): Promise<void> => {
    const source = `urn:uscc:${resourceId.slice(0, 18)}`
    await log.append(TOPICS.trusted, data.map(one => {
      sequence += 1
      const event = {
        specversion: '1.0', id: `e-${sequence}`, source, type, subject: one.key, time: clock.now().toISOString(), datacontenttype: 'application/json', sequence, data: { resource: resourceId.slice(19), ...one }
      }
      return { key: source, value: Buffer.from(JSON.stringify(event)), headers: { 'recorded-at': clock.now().toISOString() } }
    }))
  }
  return {
    upsert: async (resourceId: string, rows: Array<{ key: string, values: Record<string, Value> }>) => { await file(resourceId, 'record.upserted.v1', rows) },
    remove: async (resourceId: string, keys: string[]) => { await file(resourceId, 'record.deleted.v1', keys.map(key => ({ key }))) }
  }
}

export const LIMITS = { answerRows: 3, pageRows: 4, dayRows: 6, consumerSubscriptions: 1000 }
/** Identifiers that count up. */
export function counting (): () => string {
  let last = 0
  return () => `id-${++last}`
}

/** The service on a real store, with what catalogue and grants answer in hand. */
export async function sharingGround (t: Test, { limits = {} }: { limits?: Partial<typeof LIMITS> } = {}) {
  const clock = fixedClock(NOW)
  const database = await openDatabase({ file: join(t.testdir(), 'store.db') })
  const log = await openEmbeddedEventLog(database, { clock })
  const documents: Documents = await openEmbeddedDocuments(database)
  await log.createTopic(TOPICS.trusted, { partitions: 2 })
  const answers: Answers = { resources: [people], grants: [grant] }
  const errors: unknown[] = []
  const sharing = await createSharing({
    eventLog: log, documents, clock, newId: counting(), ports: answering(answers), secrets: SECRETS, limits: { ...LIMITS, ...limits }, batch: 7, onError: error => { errors.push(error) }
  })
  sharing.start()
  t.teardown(async () => {
    await sharing.stop()
    await log.close()
    await documents.close()
    await database.close()
    if (errors.length > 0) throw new Error('the view met an error', { cause: errors[0] })
  })
  return { sharing, clock, log, documents, answers, ...filing(log, clock) }
}
