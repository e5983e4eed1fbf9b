import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadMatters, type Matter, type MatterForm } from '../../config/matters.js'
import { Failure } from '../../services/core/failure.js'
import { projectRoot } from '../../services/core/project-root.js'

const DIR = join(projectRoot(), 'config', 'matters')
const restaurant = (matters: { matters: Matter[] }): Matter => matters.matters.find(({ id }) => id === 'open-restaurant') as Matter
type Tap = Pick<typeof t, 'testdir'>

/** Code and violations of the restaurant's matter and form after a change, `{}` where they still load. */
function faultsOf (t: Tap, change: (matter: Matter, form: MatterForm) => void): { code?: string, violations?: string[] } {
  const dir = t.testdir()
  for (const name of ['open-restaurant.json', 'open-restaurant.form.json']) cpSync(join(DIR, name), join(dir, name))
  const matter = JSON.parse(readFileSync(join(dir, 'open-restaurant.json'), 'utf8')) as Matter
  const form = JSON.parse(readFileSync(join(dir, 'open-restaurant.form.json'), 'utf8')) as MatterForm
  change(matter, form)
  writeFileSync(join(dir, 'open-restaurant.json'), JSON.stringify(matter))
  writeFileSync(join(dir, 'open-restaurant.form.json'), JSON.stringify(form))
  return refusal(dir)
}

function refusal (dir: string): { code?: string, violations?: string[] } {
  try { loadMatters(dir) } catch (error) {
    if (error instanceof Failure) return { code: error.code, violations: error.violations.map(({ pointer, message }) => `${pointer} ${message.split(':')[0] ?? ''}`) }
    throw error
  }
  return {}
}

const at = (code: string, pointer: string): ReturnType<typeof faultsOf> => ({ code, violations: [`/open-restaurant.json${pointer} ${code}`] })
const inForm = (code: string, pointer: string): ReturnType<typeof faultsOf> => ({ code, violations: [`/open-restaurant.form.json${pointer} ${code}`] })
const part = <T extends { id: string }>(list: T[], id: string): T => list.find(item => item.id === id) as T

t.test('the matters stand as they are', async t => {
  const { matters, forms } = loadMatters()
  t.ok(matters.length > 0)
  for (const { form } of matters) t.ok(forms.has(form), form)
  t.same(faultsOf(t, () => {}), {})
})

t.test('a folder that is not there is said', async t => {
  t.throws(() => loadMatters(join(t.testdir(), 'none')), { code: 'CONFIG_INVALID' })
})

t.test('what has not the shape of a matter is named by its place', async t => {
  t.same(faultsOf(t, m => { Object.assign(m, { extra: 1 }) }), at('MATTER_INVALID', '/extra'))
  t.same(faultsOf(t, m => { (m as { id: string }).id = 'other' }), at('MATTER_INVALID', '/id'))
  t.same(faultsOf(t, (_, f) => { f.id = 'other' }), inForm('MATTER_INVALID', '/id'))
  t.same(faultsOf(t, m => { delete (part(m.questions, 'food-items') as { options?: unknown }).options }).code, 'MATTERS_INVALID')
  t.same(faultsOf(t, m => { part(m.questions, 'sign').unit = '个' }), at('MATTER_INVALID', `/questions/${9}/unit`))
  t.match(faultsOf(t, m => { m.source = { tag: 'S' } }), { code: 'MATTER_INVALID' }, 'who claims a text names it')
  t.same(faultsOf(t, m => { m.source = { tag: 'N' } }), {})
  const dir = t.testdir({ 'doubled.json': '{ "id": "doubled", "id": "doubled" }' })
  t.same(refusal(dir), { code: 'MATTER_INVALID', violations: ['/doubled.json MATTER_INVALID'] })
})

t.test('a reference to what is not declared is refused', async t => {
  const unknown = 'MATTER_REFERENCE_UNKNOWN'
  t.same(faultsOf(t, m => { m.subMatters[2] = { ...m.subMatters[2] as Matter['subMatters'][0], requires: { allOf: [{ material: 'sign-design' }, { material: 'none' }] } } }), at(unknown, '/subMatters/2/requires/allOf/1/material'))
  t.same(faultsOf(t, m => { part(m.subMatters, 'sign').when = { anyOf: [{ answer: 'sign', is: true }, { answer: 'none', is: true }] } }), at(unknown, '/subMatters/2/when/anyOf/1/answer'))
  t.same(faultsOf(t, m => { m.conditions.push({ say: { zh: '某', en: 'x' }, when: { answer: 'fire-way', is: 'by-magic' }, source: { tag: 'N' } }) }), at(unknown, '/conditions/3/when/is'))
  t.same(faultsOf(t, m => { m.conditions.push({ say: { zh: '某', en: 'x' }, when: { answer: 'food-items', includes: 'by-magic' }, source: { tag: 'N' } }) }), at(unknown, '/conditions/3/when/includes'))
  t.same(faultsOf(t, m => { part(m.subMatters, 'sign').after = ['none'] }), at(unknown, '/subMatters/2/after/0'))
  t.same(faultsOf(t, m => { m.flow[0] = { ...m.flow[0] as Matter['flow'][0], subMatters: ['none'] } }), at(unknown, '/flow/0/subMatters/0'))
  t.same(faultsOf(t, m => { part(m.materials, 'sign-design').ways = [{ way: 'commitment', commitment: 'none' }] }), at(unknown, '/materials/9/ways/0/commitment'))
  t.same(faultsOf(t, m => { part(m.materials, 'sign-design').ways = [{ way: 'result', subMatter: 'none' }] }), at(unknown, '/materials/9/ways/0/subMatter'))
  t.same(faultsOf(t, m => { part(m.materials, 'sign-design').ways = [{ way: 'licence', licenceType: '营业执照', holder: 'neighbour' }] }), at(unknown, '/materials/9/ways/0/holder'))
  t.same(faultsOf(t, m => { part(m.materials, 'sign-design').ways = [{ way: 'assertion', data: '人口基本信息', subject: 'neighbour', ask: {} }] }), at(unknown, '/materials/9/ways/0/subject'))
  t.same(faultsOf(t, m => { part(m.questions, 'registered').answeredBy = [{ data: '经营主体登记信息', subject: 'neighbour', ask: {} }] }), at(unknown, '/questions/0/answeredBy/0/subject'))
  t.same(faultsOf(t, m => { part(m.questions, 'registered').answeredBy = [{ data: '经营主体登记信息', subject: 'applicant', ask: {}, value: 'perhaps' }] }), at(unknown, '/questions/0/answeredBy/0/value'))
  t.same(faultsOf(t, m => { m.form = 'none' }).violations?.[0], `/open-restaurant.json/form ${unknown}`)
  t.same(faultsOf(t, (_, f) => { f.prefill[0] = { field: '/applicant/name', from: [{ data: '人口基本信息', subject: 'neighbour', item: '姓名' }] } }), inForm(unknown, '/prefill/0/from/0/subject'))
  t.same(faultsOf(t, (_, f) => { f.checks[0] = { id: 'one', say: { zh: '某', en: 'x' }, must: { field: '/fire/way', is: 'by-magic' } } }), inForm(unknown, '/checks/0/must'))
})

t.test('a comparison has to suit its question', async t => {
  const when = (condition: NonNullable<Matter['conditions'][0]['when']>) => faultsOf(t, m => { m.conditions.push({ say: { zh: '某', en: 'x' }, when: condition, source: { tag: 'N' } }) })
  t.same(when({ answer: 'sign', atLeast: 3 }), at('MATTER_INVALID', '/conditions/3/when/atLeast'))
  t.same(when({ answer: 'sign', includes: true }), at('MATTER_INVALID', '/conditions/3/when/includes'))
  t.same(when({ answer: 'food-items', is: 'catering' }), at('MATTER_INVALID', '/conditions/3/when/is'))
  t.same(when({ answer: 'food-items', includes: 'catering' }), {})
  t.match(when({ answer: 'sign', is: true, oneOf: [true] }), { code: 'MATTER_INVALID' }, 'one comparison at a time')
})

t.test('an identifier stands for one thing', async t => {
  t.same(faultsOf(t, m => { m.materials.push(structuredClone(part(m.materials, 'sign-design'))) }), at('MATTER_ID_TWICE', '/materials/10/id'))
  t.same(faultsOf(t, m => { m.questions.push(structuredClone(part(m.questions, 'sign'))) }), at('MATTER_ID_TWICE', '/questions/10/id'))
  t.same(faultsOf(t, m => { part(m.questions, 'fire-way').options?.push({ id: 'with-commitment', name: { zh: '某', en: 'x' } }) }), at('MATTER_ID_TWICE', '/questions/8/options/2/id'))
  t.same(faultsOf(t, m => { m.parties.push({ id: 'agent', name: { zh: '某', en: 'x' }, kind: 'natural' }) }), at('MATTER_ID_TWICE', '/parties/0/id'))
  t.same(faultsOf(t, (_, f) => { f.checks.push(structuredClone(f.checks[0] as MatterForm['checks'][0])) }).violations, ['/open-restaurant.form.json/checks/7/id MATTER_ID_TWICE'])
  t.same(faultsOf(t, (_, f) => { f.prefill.push(structuredClone(f.prefill[0] as MatterForm['prefill'][0])) }).violations, ['/open-restaurant.form.json/prefill/8/field MATTER_ID_TWICE'])
})

t.test('what nothing uses is refused', async t => {
  t.same(faultsOf(t, m => { m.materials.push({ ...part(m.materials, 'sign-design'), id: 'health-certificates' }) }), at('MATTER_PART_UNUSED', '/materials/10'))
  t.same(faultsOf(t, m => { m.questions.push({ ...part(m.questions, 'sign'), id: 'idle' }) }), at('MATTER_PART_UNUSED', '/questions/10'))
  t.same(faultsOf(t, m => { m.commitments.push({ ...part(m.commitments, 'fire-safety'), id: 'idle' }) }), at('MATTER_PART_UNUSED', '/commitments/1'))
  t.same(faultsOf(t, m => { m.parties.push({ id: 'neighbour', name: { zh: '某', en: 'x' }, kind: 'natural' }) }), at('MATTER_PART_UNUSED', '/parties/0'))
  const dir = t.testdir()
  cpSync(DIR, dir, { recursive: true })
  cpSync(join(DIR, 'newborn.form.json'), join(dir, 'idle.form.json'))
  writeFileSync(join(dir, 'idle.form.json'), readFileSync(join(dir, 'idle.form.json'), 'utf8').replace('"id": "newborn"', '"id": "idle"'))
  t.same(refusal(dir), { code: 'MATTER_PART_UNUSED', violations: ['/idle.form.json MATTER_PART_UNUSED'] })
})

t.test('what waits for itself is named with its whole circle', async t => {
  t.same(faultsOf(t, m => { part(m.subMatters, 'licence-check').after = ['food-licence'] }), at('REQUIREMENT_CYCLE', '/subMatters/0'))
  t.same(faultsOf(t, m => { part(m.materials, 'sign-design').ways = [{ way: 'result', subMatter: 'sign' }] }), at('REQUIREMENT_CYCLE', '/subMatters/2'))
  t.same(faultsOf(t, m => { part(m.materials, 'business-licence').ways.push({ way: 'result', subMatter: 'food-licence' }) }).code, 'REQUIREMENT_CYCLE')
  t.same(faultsOf(t, m => { part(m.questions, 'only-prepacked').when = { answer: 'small-eatery', is: false } }), at('REQUIREMENT_CYCLE', '/questions/1'))
  t.same(faultsOf(t, m => { part(m.subMatters, 'sign').when = { allOf: [{ answer: 'sign', is: true }, { subMatter: 'sign' }] } }), at('REQUIREMENT_CYCLE', '/subMatters/2'))
})

t.test('a condition that can never hold is refused, one that can is not', async t => {
  const never = 'CONDITION_CONTRADICTORY'
  const when = (condition: NonNullable<Matter['conditions'][0]['when']>) => faultsOf(t, m => { m.conditions.push({ say: { zh: '某', en: 'x' }, when: condition, source: { tag: 'N' } }) })
  t.same(when({ allOf: [{ answer: 'fire-way', is: 'with-commitment' }, { answer: 'fire-way', is: 'without-commitment' }] }), at(never, '/conditions/3/when'))
  t.same(when({ anyOf: [{ answer: 'fire-way', is: 'with-commitment' }, { answer: 'fire-way', is: 'without-commitment' }] }), {})
  t.same(when({ allOf: [{ answer: 'sign', is: true }, { not: { answer: 'sign', is: true } }] }), at(never, '/conditions/3/when'))
  t.same(when({ allOf: [{ answer: 'food-items', includes: 'sales' }, { answer: 'food-items', includes: 'catering' }] }), {}, 'several can be chosen')
  t.same(when({ applicant: 'natural' }), at(never, '/conditions/3/when'), 'nobody of that kind applies')
  t.same(when({ allOf: [{ answer: 'fire-way', is: 'with-commitment' }, { answer: 'public-gathering', is: false }] }), at(never, '/conditions/3/when'), 'the question is not asked then')
  t.same(when({ allOf: [{ subMatter: 'sign' }, { answer: 'sign', is: false }] }), at(never, '/conditions/3/when'), 'the sub-matter has no part then')
  t.same(when({ answer: 'only-prepacked', is: true }), at(never, '/conditions/3/when'), 'the matter has ended there')
  t.same(when({ allOf: [{ agent: true }, { agent: false }] }), at(never, '/conditions/3/when'))
  t.same(faultsOf(t, m => { part(m.subMatters, 'sign').requires = { if: { answer: 'sign', is: true }, then: { material: 'sign-design' }, else: { material: 'sign-design' } } }), at(never, '/subMatters/2/requires/else'))
  t.same(faultsOf(t, m => { part(m.subMatters, 'sign').requires = { if: { answer: 'food-items', includes: 'sales' }, then: { if: { answer: 'food-items', includes: 'sales' }, then: { material: 'sign-design' } }, else: { material: 'sign-design' } } }), {})
})

t.test('numbers that leave no room between them contradict one another', async t => {
  const when = (atLeast: number, atMost: number) => faultsOf(t, m => {
    m.questions.push({ id: 'seats', ask: { zh: '座位数', en: 'Seats' }, type: 'number', unit: '个', source: { tag: 'N' } })
    m.conditions.push({ say: { zh: '某', en: 'x' }, when: { allOf: [{ answer: 'seats', atLeast }, { answer: 'seats', atMost }] }, source: { tag: 'N' } })
  })
  t.same(when(50, 50), {})
  t.same(when(51, 50), at('CONDITION_CONTRADICTORY', '/conditions/3/when'))
  t.same(faultsOf(t, m => {
    m.questions.push({ id: 'seats', ask: { zh: '座位数', en: 'Seats' }, type: 'number', unit: '个', source: { tag: 'N' } })
    m.conditions.push({ say: { zh: '某', en: 'x' }, when: { allOf: [{ not: { answer: 'seats', atLeast: 50 } }, { not: { answer: 'seats', atMost: 49 } }, { not: { answer: 'seats', oneOf: [49.5] } }] }, source: { tag: 'N' } })
  }), {}, 'there is room between 49 and 49.5')
})

t.test('a form has the fields that are filled in and checked, and a schema that holds', async t => {
  t.same(faultsOf(t, (_, f) => { f.prefill.push({ field: '/applicant/shoeSize', from: [{ applicant: 'name' }] }) }), inForm('FORM_FIELD_UNKNOWN', '/prefill/8/field'))
  t.same(faultsOf(t, (_, f) => { f.checks.push({ id: 'shoes', say: { zh: '某', en: 'x' }, must: { not: { field: '/applicant/shoeSize', filled: true } } }) }), inForm('FORM_FIELD_UNKNOWN', '/checks/7/must/not/field'))
  t.same(faultsOf(t, (_, f) => { f.checks.push({ id: 'shoes', say: { zh: '某', en: 'x' }, must: { field: '/applicant/name', equalsField: '/toString' } }) }), inForm('FORM_FIELD_UNKNOWN', '/checks/7/must/equalsField'))
  t.same(faultsOf(t, (_, f) => { f.checks.push({ id: 'first-item', say: { zh: '某', en: 'x' }, must: { field: '/food/items/0', is: 'catering' } }) }), {}, 'a number leads into a list')
  t.same(faultsOf(t, (_, f) => { f.schema['propertees'] = {} }), inForm('FORM_SCHEMA_INVALID', '/schema'))
})

t.test('every fault is listed at once, each with its own code', async t => {
  const { code, violations } = faultsOf(t, (m, f) => {
    m.materials.push({ ...part(m.materials, 'sign-design'), id: 'idle' })
    m.conditions.push({ say: { zh: '某', en: 'x' }, when: { answer: 'none', is: true }, source: { tag: 'N' } })
    f.prefill.push({ field: '/none', from: [{ applicant: 'name' }] })
  })
  t.equal(code, 'MATTERS_INVALID')
  t.same(violations, ['/open-restaurant.json/conditions/3/when/answer MATTER_REFERENCE_UNKNOWN', '/open-restaurant.json/materials/10 MATTER_PART_UNUSED', '/open-restaurant.form.json/prefill/8/field FORM_FIELD_UNKNOWN'])
})

t.test('a restaurant asks for no more than the law does', async t => {
  const matter = restaurant(loadMatters())
  t.same(matter.materials.map(({ id }) => id), [
    'business-licence', 'food-application', 'equipment-layout', 'operation-process', 'safety-rules', 'authorisation', 'agent-identity', 'fire-application', 'fire-commitment', 'sign-design'
  ])
  t.same(part(matter.materials, 'business-licence').ways.map(({ way }) => way), ['assertion', 'data', 'licence'])
})

t.test('all thirteen matters of the first batch have every element, and say what is not known', async t => {
  const { matters, forms } = loadMatters()
  t.same(matters.map(({ name }) => name.zh).sort(), [
    '企业上市合法合规信息核查', '企业信息变更', '企业注销登记', '企业破产信息核查', '信用修复', '开办运输企业', '开办餐饮店', '教育入学', '新生儿出生', '残疾人服务', '水电气网联合报装', '社会保障卡居民服务', '退休'
  ].sort())
  for (const { id, legalBasis, conditions, materials, subMatters, limits, results, flow, unknown, form } of matters) {
    const limited = limits.length > 0 || subMatters.some(({ limits }) => limits.length > 0)
    const saidOf = (word: string): boolean => unknown.some(({ zh }) => zh.includes(word))
    t.ok(legalBasis.length > 1 || saidOf('法律依据'), `${id}: legal basis`)
    t.ok(conditions.length > 0, `${id}: conditions`)
    t.ok(materials.length > 0 || conditions.some(({ say }) => say.zh.includes('不上传材料')), `${id}: materials`)
    t.ok(limited || saidOf('时限'), `${id}: limits`)
    t.ok(results.length > 0 && flow.length > 2 && unknown.length > 0, `${id}: results, flow, what is not known`)
    t.ok((forms.get(form)?.checks.length ?? 0) > 0, `${id}: form`)
  }
})

t.test('one paper serves several sub-matters, and what one brings forth is taken in by the next', async t => {
  const { subMatters, materials } = loadMatters().matters.find(({ id }) => id === 'newborn') as Matter
  const asks = (id: string): string => JSON.stringify(part(subMatters, id).requires)
  for (const id of ['vaccination-record', 'household-registration', 'medical-insurance', 'social-security-card']) t.match(asks(id), /"birth-certificate"/, id)
  for (const id of ['medical-insurance', 'social-security-card']) t.match(asks(id), /"child-household-page"/, id)
  t.match(part(materials, 'child-household-page').ways[0], { way: 'result', subMatter: 'household-registration' })
  t.same(part(subMatters, 'social-security-card').after, ['household-registration'])
})
