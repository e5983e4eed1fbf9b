import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadProvince, type SampleProvince } from '../../config/province.js'
import { Failure } from '../../services/core/failure.js'

function violationsOf (t: Tap, change: (province: SampleProvince) => void): string[] {
  const province = structuredClone(loadProvince())
  change(province)
  const file = join(t.testdir(), 'province.json')
  writeFileSync(file, JSON.stringify(province))
  try { loadProvince(file) } catch (error) {
    if (error instanceof Failure && error.code === 'CONFIG_INVALID') return error.violations.map(({ pointer }) => pointer)
    throw error
  }
  return []
}
type Tap = Pick<typeof t, 'testdir'>

t.test('the sample province stands as it is', async t => {
  t.equal(loadProvince().departments.length, 8)
  t.same(violationsOf(t, () => {}), [])
})

t.test('each fault is named by its place', async t => {
  t.same(violationsOf(t, p => { Object.assign(p, { extra: 1 }) }), ['/extra'])
  t.same(violationsOf(t, p => { (p.departments[1] as { uscc: string }).uscc = '11990000YYYY01023X' }), ['/departments/1/uscc'])
  t.same(violationsOf(t, p => { (p.clients[0] as { id: string }).id = 'market' }), ['/clients/0/id'])
  t.same(violationsOf(t, p => { (p.outsiders[0] as { sealId: string }).sealId = '99000000000101' }), ['/outsiders/0/sealId'])
  t.same(violationsOf(t, p => { (p.spoiltSeals[0] as { department: string }).department = 'nobody' }), ['/spoiltSeals/0/department'])
})
