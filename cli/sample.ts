import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { loadProvince, type SampleProvince } from '../config/province.js'
import { loadSampleCatalogue } from '../config/sample-catalogue.js'
import type { Settings } from '../config/settings.js'
import { sealPictures } from '../connectors/issuing/seal-picture.js'
import { makeSample, writeRecords, writeRegisters } from '../connectors/sample/index.js'
import { initAuthority, type AuthorityResult } from '../keys/index.js'
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
}
