import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadProvince } from '../../config/province.js'
import { loadSampleCatalogue, type SampleCatalogue, type SampleResource } from '../../config/sample-catalogue.js'
import { RECORD_SETS } from '../../connectors/sample/index.js'
import { Failure } from '../../services/core/failure.js'

const province = loadProvince()

function violationsOf (t: Tap, change: (catalogue: SampleCatalogue) => void): string[] {
  const catalogue = structuredClone(loadSampleCatalogue(province))
  change(catalogue)
  const file = join(t.testdir(), 'catalogue.json')
  writeFileSync(file, JSON.stringify(catalogue))
  try { loadSampleCatalogue(province, file) } catch (error) {
    if (error instanceof Failure && error.code === 'CONFIG_INVALID') return error.violations.map(({ pointer }) => pointer)
    throw error
  }
  return []
}
type Tap = Pick<typeof t, 'testdir'>

t.test('the sample catalogue stands as it is, each data set is one that can be made up, and none is left out', async t => {
  const { resources } = loadSampleCatalogue(province)
  t.same(resources.map(({ name }) => name).sort(), [...RECORD_SETS].sort())
  t.same(violationsOf(t, () => {}), [])
})

t.test('each fault is named by its place', async t => {
  const first = (change: (resource: SampleResource) => void) => (catalogue: SampleCatalogue) => { change(catalogue.resources[0] as SampleResource) }
  t.same(violationsOf(t, catalogue => { Object.assign(catalogue, { extra: 1 }) }), ['/extra'])
  t.same(violationsOf(t, first(resource => { resource.department = 'nobody' })), ['/resources/0/department'])
  t.same(violationsOf(t, first(resource => { resource.name = 'population' })), ['/resources/5/name', '/duties/0/resource', '/grants/0/resource'])
  t.same(violationsOf(t, first(resource => { resource.title = '人口基本信息' })), ['/resources/5/title'])
  t.same(violationsOf(t, first(resource => { resource.items.push({ name: '名称', type: 'text' }) })), ['/resources/0/items'])
  for (const [member, value] of [['keyItems', ['没有这项']], ['subjectItem', '没有这项'], ['regionItem', '没有这项']] as const) {
    t.same(violationsOf(t, first(resource => { Object.assign(resource, { [member]: value }) })), [`/resources/0/${member}`])
  }
  t.same(violationsOf(t, catalogue => { Object.assign(catalogue.duties[0] ?? {}, { resource: 'nothing', consumers: ['nobody'] }) }), ['/duties/0/resource', '/duties/0/consumers'])
  t.same(violationsOf(t, catalogue => { Object.assign(catalogue.duties[1] ?? {}, { id: catalogue.duties[0]?.id }) }), ['/duties/1/id'])
  t.same(violationsOf(t, catalogue => { Object.assign(catalogue.matterGrants[0] ?? {}, { consumer: 'nobody' }) }), ['/matterGrants/0/consumer'])
  t.same(violationsOf(t, catalogue => { Object.assign(catalogue.grants[0] ?? {}, { consumer: 'nobody', resource: 'nothing' }) }), ['/grants/0/consumer', '/grants/0/resource'])
  t.same(violationsOf(t, catalogue => { catalogue.grants[0]?.fields.push('没有这项') }), ['/grants/0/fields'])
})
