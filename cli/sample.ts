import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { loadProvince, type SampleProvince } from '../config/province.js'
import type { Settings } from '../config/settings.js'
import { sealPictures } from '../connectors/issuing/seal-picture.js'
import { makeSample, writeRegisters } from '../connectors/sample/index.js'
import { initAuthority, type AuthorityResult } from '../keys/index.js'
import { dayInChina, type Clock } from '../services/core/clock.js'
import { departmentFolders } from './department.js'

/** Keys, seals and lists of the sample province, as far as they are missing. */
export async function makeAuthority ({ settings, clock, province = loadProvince() }: { settings: Settings, clock: Clock, province?: SampleProvince }): Promise<AuthorityResult> {
  return await initAuthority({ dir: settings.data.directory, province, clock, sealPictures })
}

/**
 * What each sample department's own system would hold: its registers, made up once from the seed. A register that stands there
 * is the department's, and is left alone.
 */
export function makeRegisters ({ settings, clock, province = loadProvince() }: { settings: Settings, clock: Clock, province?: SampleProvince }): void {
  const { directory } = settings.data
  const missing = province.departments.filter(({ id }) => !existsSync(departmentFolders(directory, id).register))
  if (missing.length === 0) return
  const { seed, people, shops, licences } = settings.province
  const sample = makeSample({ province, seed, today: dayInChina(clock.now()), people, shops, licences })
  const scratch = join(directory, 'departments', '.registers')
  rmSync(scratch, { recursive: true, force: true })
  writeRegisters(sample, scratch)
  for (const { id } of missing) {
    const { register } = departmentFolders(directory, id)
    mkdirSync(join(register, '..'), { recursive: true })
    renameSync(join(scratch, id), register)
  }
  rmSync(scratch, { recursive: true, force: true })
}
