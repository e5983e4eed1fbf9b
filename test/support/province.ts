import { join } from 'node:path'
import type { Test } from 'tap'
import { Department } from '../../cli/department.js'
import { makeAuthority, makeRegisters } from '../../cli/sample.js'
import { loadProvince } from '../../config/province.js'
import { loadSettings, type Settings } from '../../config/settings.js'
import { systemClock, type Clock } from '../../services/core/clock.js'
import { openExchange, type Exchange } from '../../services/host/exchange.js'

/** Settings of a small sample province in a folder of this test. */
export function provinceSettings (t: Test, environment: Record<string, string> = {}): Settings {
  return loadSettings({
    PORT: '0', DATA_DIR: join(t.testdir(), 'data'), MIANZHENG_PROVINCE_PEOPLE: '40', MIANZHENG_PROVINCE_SHOPS: '10', MIANZHENG_PROVINCE_LICENCES: '60', ...environment
  })
}

export interface Province { exchange: Exchange, url: string, settings: Settings }

/** A whole exchange with keys and registers, listening; nothing is issued yet. */
export async function openProvince (t: Test, { settings = provinceSettings(t), clock = systemClock }: { settings?: Settings, clock?: Clock } = {}): Promise<Province> {
  await makeAuthority({ settings, clock })
  makeRegisters({ settings, clock })
  const exchange = await openExchange({ settings, clock, production: false })
  t.teardown(async () => { await exchange.close() })
  return { exchange, url: await exchange.listen(), settings }
}

/** One department of it, which the test closes by ending. */
export async function openDepartment (t: Test, { url, settings }: Province, id: string): Promise<Department> {
  const config = loadProvince().departments.find(department => department.id === id)
  if (config === undefined) throw new Error(`no department ${id}`)
  const department = await Department.open({ config, settings, url, clock: systemClock })
  t.teardown(async () => { await department.close() })
  return department
}
