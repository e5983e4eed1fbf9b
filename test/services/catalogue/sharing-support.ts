import type { Test } from 'tap'
import { loadCalendar, loadRuleSets } from '../../../config/rules.js'
import type { DemandRequest } from '../../../schemas/http/demand-request.v1.js'
import type { DutyRequest } from '../../../schemas/http/duty-request.v1.js'
import { CatalogueLog, type Author } from '../../../services/catalogue/index.js'
import type { DemandedResource } from '../../../services/catalogue/demands.js'
import { createSharing, SHARING_FOLDS, type Sharing } from '../../../services/catalogue/sharing.js'
import { TOPICS } from '../../../services/core/event.js'
import { MARKET, OFFICE, openTestStores, subjectDigest, type Stores } from './support.js'

export const SHOPS = `${MARKET}.shops`
/** A county office that asks, and the province's data administration. */
export const COUNTY = '11990104YYYY04013D'
export const BY_COUNTY: Author = { client: 'county-window', organisation: COUNTY }
export const BY_AUTHORITY: Author = { client: 'catalogue-manager', organisation: OFFICE }

const ITEMS = ['统一社会信用代码', '名称', '住所', '区划', '登记状态'].map(name => ({ name }))
export const RESOURCES: Record<string, DemandedResource> = {
  [SHOPS]: { items: ITEMS, regionItem: '区划', sharing: { class: 'conditional' } },
  [`${MARKET}.names`]: { items: ITEMS, sharing: { class: 'unconditional' } },
  [`${MARKET}.secrets`]: { items: ITEMS, sharing: { class: 'not-shared', refusal: { article: '示例法第 1 条', reviewOn: '2027-03-01' } } }
}

export interface SharingGround extends Stores { log: CatalogueLog, sharing: Sharing, tell: (recordedAt: string, data: { resource: string, asOf?: string }) => Promise<void> }

/** Duties, demands and grants on real stores, with a catalogue of three resources, and a way to let events arrive. */
export async function openSharing (t: Test, { start = true } = {}): Promise<SharingGround> {
  const stores = await openTestStores(t)
  await stores.eventLog.createTopic(TOPICS.trusted, { partitions: 2 })
  const log = await CatalogueLog.open({ ...stores, folds: SHARING_FOLDS, onError: error => { throw error } })
  const sharing = await createSharing({
    ...stores, log, deadlines: { calendar: loadCalendar(), ruleSets: loadRuleSets() }, published: async id => RESOURCES[id], isDivision: code => /^99/.test(code), hasMatter: id => id !== 'none', subjectDigest
  })
  if (start) {
    log.start()
    sharing.arrivals.view.start()
    t.teardown(async () => { await log.stop(); await sharing.arrivals.view.stop() })
  }
  let sequence = 0
  const tell: SharingGround['tell'] = async (recordedAt, data) => {
    sequence++
    const event = { id: `s-${sequence}`, source: `urn:uscc:${MARKET}`, type: data.asOf === undefined ? 'record.upserted.v1' : 'resource.refreshed.v1', sequence, data }
    await stores.eventLog.append(TOPICS.trusted, [{ key: event.source, value: Buffer.from(JSON.stringify(event)), headers: { 'recorded-at': recordedAt } }])
    await sharing.arrivals.view.idle()
  }
  return { ...stores, log, sharing, tell }
}

export const DUTY: DutyRequest = {
  resourceId: SHOPS, consumers: [COUNTY], dueOn: '2026-03-13', updateCycle: 'daily', matters: ['open-restaurant'], contact: { office: '数据处', telephone: '0990-1234567' }, why: '列入责任清单'
}
export const DEMAND: DemandRequest = {
  resourceId: SHOPS,
  fields: ['名称', '住所', '登记状态'],
  forms: ['query', 'assertion'],
  purpose: '开办餐饮店',
  matters: ['open-restaurant'],
  legalBasis: '食品经营许可和备案管理办法第十三条',
  scenario: '办理食品经营许可时核验营业执照',
  scope: '青泽县政务服务中心',
  regions: ['990104'],
  until: '2026-12-31'
}
