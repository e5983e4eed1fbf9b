import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadProvince, type SampleProvince } from '../config/province.js'
import { loadSampleCatalogue } from '../config/sample-catalogue.js'
import type { Settings } from '../config/settings.js'
import { sealPictures } from '../connectors/issuing/seal-picture.js'
import { makeSample, writeRecords, writeRegisters, type Sample } from '../connectors/sample/index.js'
import { initAuthority, type AuthorityResult } from '../keys/index.js'
import type { ExemptionRequest } from '../schemas/http/exemption-request.v1.js'
import { dayInChina, type Clock } from '../services/core/clock.js'
import { departmentFolders } from './department.js'

/** Keys, seals and lists of the sample province, as far as they are missing. */
export async function makeAuthority ({ settings, clock, province = loadProvince() }: { settings: Settings, clock: Clock, province?: SampleProvince }): Promise<AuthorityResult> {
  return await initAuthority({ dir: settings.data.directory, province, clock, sealPictures })
}

/**
 * What each sample department's own systems would hold: its registers of licences and its data sets, made up once from the seed. What
 * stands there is the department's, and is left alone.
 */
export function makeRegisters ({ settings, clock, province = loadProvince() }: { settings: Settings, clock: Clock, province?: SampleProvince }): void {
  const { directory } = settings.data
  const missing = province.departments.flatMap(({ id }) => {
    return (['register', 'records'] as const).filter(kind => !existsSync(departmentFolders(directory, id)[kind])).map(kind => ({ id, kind }))
  })
  if (missing.length === 0) return
  const { seed, people, shops, licences } = settings.province
  const sample = makeSample({ province, seed, today: dayInChina(clock.now()), people, shops, licences })
  const scratch = join(directory, 'departments', '.registers')
  rmSync(scratch, { recursive: true, force: true })
  writeRegisters(sample, join(scratch, 'register'))
  const sets = loadSampleCatalogue(province).resources.map(({ department, name, items }) => ({ department, name, columns: items.map(({ name }) => name) }))
  writeRecords(sample, sets, join(scratch, 'records'))
  for (const { id, kind } of missing) {
    const folder = departmentFolders(directory, id)[kind]
    mkdirSync(join(folder, '..'), { recursive: true })
    if (existsSync(join(scratch, kind, id))) renameSync(join(scratch, kind, id), folder)
    else mkdirSync(folder) // a department without data sets
  }
  rmSync(scratch, { recursive: true, force: true })
  writeSampleRequest(sample, directory)
}

/** A window's first question, where a newcomer finds it: what may the owner of this restaurant leave at home? */
function writeSampleRequest (sample: Sample, directory: string): void {
  const listed = new Set([...sample.records('abnormal-list')].map(row => row['统一社会信用代码']))
  for (const row of sample.records('shops')) {
    const code = row['统一社会信用代码']
    if (row['行业'] !== '餐饮业' || row['登记状态'] !== '存续' || listed.has(code) || String(row['类型']).startsWith('个体')) continue
    const request: ExemptionRequest = {
      matterId: 'open-restaurant',
      applicant: { kind: 'legal', code: String(code), name: String(row['名称']) },
      answers: {
        'only-prepacked': false, 'small-eatery': false, 'food-items': ['catering'], 'risky-dishes': [], 'simple-handling': false, 'further-activities': [], 'public-gathering': true, 'fire-way': 'with-commitment', sign: true
      },
      caseNumber: 'SAMPLE-0001',
      purpose: '开办餐饮店'
    }
    mkdirSync(join(directory, 'samples'), { recursive: true })
    writeFileSync(join(directory, 'samples', 'open-restaurant.json'), `${JSON.stringify(request, undefined, 2)}\n`)
    return
  }
}
