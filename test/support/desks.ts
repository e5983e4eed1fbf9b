import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { Api } from '../../cli/api.js'
import { clientOf, departmentFolders } from '../../cli/department.js'
import { OWNER, personRecord, SHOP, shopRecord, STRANGER } from '../../cli/demo/scenes/cast.js'
import { addRecords } from '../../cli/demo/register-file.js'
import { loadCatalogue } from '../../cli/sample-catalogue.js'
import { loadMatters } from '../../config/matters.js'
import { loadProvince } from '../../config/province.js'
import { loadSampleCatalogue } from '../../config/sample-catalogue.js'
import type { Demand } from '../../schemas/http/demand.v1.js'
import type { ExemptionCase } from '../../schemas/http/exemption-case.v1.js'
import type { ValueFlagRequest } from '../../schemas/http/value-flag-request.v1.js'
import { systemClock } from '../../services/core/clock.js'
import { resourceId } from '../../services/core/identifiers.js'
import { openDepartment, openProvince, type Province } from './province.js'

/** A sample province with something on each desk. */
export interface Desks extends Province {
  api: Api
  /** A licence that is genuine, and a photograph that is none. */
  file: string
  photo: string
  /** A shop whose register is known, and an agent of whom nobody knows. */
  applicant: { code: string, name: string }
  agent: { code: string, name: string }
  /** What market supervision holds on shops. */
  resourceId: string
  /** Asks a provider for five items of it, for one county. */
  demand: (consumer?: string) => Promise<Demand>
  /** The window decides whether the shop may open a restaurant: every question is answered, or some are left out. */
  openCase: (caseNumber?: string, without?: readonly string[]) => Promise<ExemptionCase>
  /** The applicant says in that case that what stood for a paper is wrong. @returns the number of the correction */
  flag: (caseId: string, materialId?: string, flag?: ValueFlagRequest) => Promise<string>
}

export const ANSWERS: Record<string, string | string[]> = {
  'only-prepacked': 'false', 'small-eatery': 'false', 'food-items': ['catering'], 'risky-dishes': ['-none-'], 'simple-handling': 'true', 'further-activities': ['-none-'], 'public-gathering': 'true', 'fire-way': 'with-commitment', sign: 'true'
}

/** One event that cannot be read, and one that nobody signed. */
async function sendRefused (province: Province, uscc: string): Promise<void> {
  const token = await clientOf({ ...province, clientId: 'market' }).token()
  const unsigned = { specversion: '1.0', id: 'e-1', source: `urn:uscc:${uscc}`, type: 'record.upserted.v1', time: '2026-03-02T01:00:00Z', sequence: 9, subject: '630102199001011234', data: { resource: 'shops', key: '630102199001011234', values: { 法定代表人: '张三丰' } } }
  for (const event of ['{"a":1,"a":2}', JSON.stringify(unsigned)]) {
    await fetch(`${province.url}/v1/events`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: event })
  }
}

/** Licences, refused events, the whole catalogue with what is owed and granted, and records of a shop that opens a restaurant. */
export async function openDesks (t: Test): Promise<Desks> {
  const province = await openProvince(t)
  const api = new Api(province)
  const sample = loadProvince()
  const catalogue = loadSampleCatalogue(sample)
  await loadCatalogue({ api, province: sample, catalogue, matters: loadMatters(), clock: systemClock })
  const market = await openDepartment(t, province, 'market')
  await market.issueSamples(systemClock)
  const police = await openDepartment(t, province, 'police')
  for (const [department, name, row] of [[market, 'shops', shopRecord({ ...SHOP, trade: '餐饮' })], [market, 'penalties', undefined], [police, 'population', personRecord(OWNER)]] as const) {
    if (row !== undefined) addRecords(join(departmentFolders(province.settings.data.directory, department.config.id).records, name, 'records.csv'), [row])
    await department.publishRecords(catalogue.resources.find(resource => resource.name === name) as typeof catalogue.resources[number], systemClock)
  }
  await sendRefused(province, market.config.uscc)
  await province.exchange.settled()
  const photo = join(province.settings.data.directory, '照片 <b>1.jpg')
  writeFileSync(photo, Buffer.from('ffd8ffe000104a464946', 'hex'))
  const shops = resourceId({ provider: market.config.uscc, name: 'shops' })
  const called = async <T>(client: string, path: string, sent: object): Promise<T> => {
    const { status, body } = await api.call<T>(client, 'POST', path, sent)
    if (status >= 400) throw new Error(`${status} ${JSON.stringify(body)}`)
    return body
  }
  return {
    ...province,
    api,
    file: join(province.settings.data.directory, 'samples', 'business-licence.ofd'),
    photo,
    applicant: SHOP,
    agent: STRANGER,
    resourceId: shops,
    demand: async (consumer = 'transport') => await called(consumer, '/v1/catalogue/demands', {
      resourceId: shops,
      fields: ['统一社会信用代码', '名称', '住所', '登记状态', '法定代表人'],
      forms: ['query', 'subscription'],
      regions: ['990104'],
      purpose: '道路运输企业资质核查',
      matters: ['open-transport-enterprise'],
      legalBasis: '《中华人民共和国道路运输条例》第二十四条',
      scenario: '核对运输企业的登记状态',
      scope: '青泽县的运输企业',
      until: '2027-06-30'
    }),
    openCase: async (caseNumber = 'QZ20261128000123', without = []) => await called('approval-window', '/v1/exemptions', {
      matterId: 'open-restaurant',
      applicant: { kind: 'legal', ...applicantOf(SHOP) },
      agent: { ...applicantOf(STRANGER), authorisation: { reference: '授权委托书-1' } },
      answers: Object.fromEntries(Object.entries(ANSWERS).filter(([id]) => !without.includes(id)).map(([id, value]) => [id, typeof value === 'string' ? chosen(value) : value.filter(one => one !== '-none-')])),
      caseNumber,
      purpose: '开办餐饮店'
    }),
    flag: async (caseId, materialId = 'business-licence', flag = { kind: 'outdated', note: '住所已变更' }) => {
      const { materials } = await called<ExemptionCase>('approval-window', `/v1/exemptions/${caseId}/materials/${materialId}/flags`, flag)
      return materials.find(({ id }) => id === materialId)?.flags?.at(-1)?.correctionId ?? ''
    }
  }
}

function applicantOf ({ code, name }: { code: string, name: string }): { code: string, name: string } { return { code, name } }
function chosen (value: string): boolean | string { return value === 'true' ? true : value === 'false' ? false : value }
