import { PNG } from 'pngjs'
import { loadProvince, type SampleProvince } from '../../config/province.js'
import { initAuthority, type AuthorityOptions, type AuthorityResult, type Picture } from '../../keys/index.js'
import { fixedClock } from '../../services/core/clock.js'
import { Failure, type FailureCode } from '../../services/core/failure.js'

export const AT = '2026-03-02T08:30:00.000Z'
export const province: SampleProvince = loadProvince()

/** A small picture that differs from seal to seal. */
export function picture (id: string): Picture {
  const png = new PNG({ width: 4, height: 4 })
  png.data.fill(Number(id.slice(-3)) % 256)
  return { type: 'PNG', data: PNG.sync.write(png), widthMm: 40, heightMm: 40 }
}

export async function makeAuthority (dir: string, rest: Partial<AuthorityOptions> = {}): Promise<AuthorityResult> {
  return await initAuthority({ dir, province, clock: fixedClock(AT), sealPictures: async seals => seals.map(({ id }) => picture(id)), ...rest })
}

/** The code of the failure that this throws; undefined where nothing is thrown. */
export async function codeOf (run: () => unknown): Promise<FailureCode | undefined> {
  try { await run() } catch (error) {
    if (error instanceof Failure) return error.code
    throw error
  }
  return undefined
}
