import t from 'tap'
import type { MatterForm } from '../../../schemas/documents/matter-form.v1.js'
import { fakes, ground, matterWith, PERSON, SHOP, subMatter, WINDOW, type Held } from './support.js'

const FORM: MatterForm = {
  id: 'test-form',
  version: 1,
  name: { zh: '测试表', en: 'Test form' },
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'shop'],
    properties: {
      name: { type: 'string', title: '名称', description: 'Name', minLength: 1, maxLength: 10 },
      shop: {
        type: 'object',
        title: '门店',
        description: 'Shop',
        additionalProperties: false,
        properties: {
          address: { type: 'string', title: '住所', description: 'Address' },
          capital: { type: 'number', title: '资本', description: 'Capital', minimum: 1 },
          kind: { enum: ['a', 'b'], title: '业态', description: 'Kind' },
          phone: { type: 'string', title: '电话', description: 'Telephone' },
          opened: { type: 'string', title: '开业日期', description: 'Opened on' },
          registered: { type: 'string', title: '登记日期', description: 'Registered on' }
        }
      }
    }
  },
  prefill: [
    { field: '/name', from: [{ data: '登记', subject: 'applicant', item: '名称' }, { applicant: 'name' }] },
    { field: '/shop/address', from: [{ data: '登记', subject: 'applicant', item: '住所' }, { licenceType: '营业执照', holder: 'applicant', item: '住所' }] },
    { field: '/shop/capital', from: [{ data: '登记', subject: 'applicant', item: '注册资本' }] }
  ],
  checks: [
    { id: 'phone', say: { zh: '电话不对', en: 'no telephone number' }, must: { field: '/shop/phone', valid: 'phone' } },
    { id: 'order', say: { zh: '开业早于登记', en: 'opened before registered' }, must: { field: '/shop/registered', noLaterThanField: '/shop/opened' } },
    { id: 'recent', say: { zh: '登记超过一年', en: 'registered over a year ago' }, when: { field: '/shop/kind', is: 'a' }, must: { field: '/shop/registered', withinLast: { count: 1, unit: 'year' } } },
    { id: 'phone-there', say: { zh: '没有电话', en: 'no telephone' }, when: { field: '/shop/kind', is: 'b' }, must: { field: '/shop/phone', filled: true } }
  ]
}
const ROW = { 名称: SHOP.name, 住所: '示例路1号', 注册资本: '100' }
const ABOUT = { applicant: SHOP, caseNumber: 'QH-1', purpose: '开办餐饮店' }

async function open (t: Parameters<typeof ground>[0], held: Partial<Held>) {
  const fake = fakes(held)
  const matter = matterWith({ subMatters: [subMatter('step', { allOf: [] })] })
  fake.matters.set(matter.id, matter)
  fake.forms.set(matter.id, FORM)
  const { exemptions, clock } = await ground(t, fake)
  return { fake, exemptions, clock, matterId: matter.id }
}

t.test('what is disputed fills in no field', async t => {
  const { fake, exemptions, matterId } = await open(t, { rows: { 登记: { values: ROW } } })
  fake.ports.corrections.disputed = async code => new Set(code === SHOP.code ? ['11990000YYYY01015Y.登记'] : [])
  const { answer: { fields } } = await exemptions.prefill(matterId, ABOUT, WINDOW)
  t.match(fields[2], { pointer: '/shop/capital', outcome: 'empty', code: 'SOURCE_DISPUTED' })
})

t.test('each field is filled in from what registers and verified licences say, with its source and its time', async t => {
  const { fake, exemptions, matterId } = await open(t, { rows: { 登记: { values: ROW } }, licences: { 营业执照: [{ face: { 住所: '示例路 1号' } }] } })
  const { answer, uses } = await exemptions.prefill(matterId, ABOUT, WINDOW)
  t.same(answer.form, { name: SHOP.name, shop: { address: '示例路1号', capital: 100 } })
  t.match(answer.fields[1], {
    pointer: '/shop/address', outcome: 'filled', sources: [{ source: { kind: 'data', grantId: 'g-2', organisationName: '示例省市场监督管理局' }, asOf: '2026-03-01T00:00:00.000Z' }, { source: { kind: 'licence', name: '营业执照' }, receiptId: 'receipt-营业执照-0' }]
  })
  t.equal(fake.calls.filter(call => call.startsWith('query')).length, 1, 'items of one resource are read together')
  t.equal(uses.length, 3)
})

t.test('two origins that differ are a conflict, not a guess', async t => {
  const { exemptions, matterId } = await open(t, { rows: { 登记: { values: ROW } }, licences: { 营业执照: [{ face: { 住所: '别处2号' } }] } })
  const { answer } = await exemptions.prefill(matterId, ABOUT, WINDOW)
  t.match(answer.fields[1], { outcome: 'conflict', code: 'FIELD_CONFLICT', sources: [{ value: '示例路1号' }, { value: '别处2号' }] })
  t.notOk('address' in (answer.form['shop'] as object))
  const other = await exemptions.prefill(matterId, { ...ABOUT, applicant: { ...SHOP, name: '别家面馆' } }, WINDOW)
  t.match(other.answer.fields[0], { outcome: 'conflict' }, 'what the applicant says counts as an origin')
})

t.test('what does not verify or may not be read fills nothing in, and says why', async t => {
  const said = async (held: Partial<Held>) => {
    const { exemptions, matterId } = await open(t, held)
    return (await exemptions.prefill(matterId, ABOUT, WINDOW)).answer.fields.map(({ outcome, code }) => `${outcome} ${code}`)
  }
  t.same(await said({}), ['filled FIELD_FILLED', 'empty GRANT_MISSING', 'empty GRANT_MISSING'])
  t.same(await said({ rows: { 登记: { outcome: 'several' } } }), ['filled FIELD_FILLED', 'empty SEVERAL_MATCHES', 'empty SEVERAL_MATCHES'])
  t.same(await said({ rows: { 登记: { values: { ...ROW, 住所: '' } } }, licences: { 营业执照: [{ verdict: 'indeterminate', face: { 住所: '示例路1号' } }] } }), ['filled FIELD_FILLED', 'empty VERDICT_NOT_VALID', 'filled FIELD_FILLED'])
  t.same(await said({ rows: { 登记: { values: { ...ROW, 住所: '' } } }, licences: { 营业执照: [{ inForce: false, face: { 住所: '示例路1号' } }] } }), ['filled FIELD_FILLED', 'empty LICENCE_NOT_IN_FORCE', 'filled FIELD_FILLED'])
})

t.test('all that is wrong with a form is said at once, where and in words', async t => {
  const { exemptions, matterId } = await open(t, {})
  const check = async (form: object) => (await exemptions.checkForm(matterId, { form: form as Record<string, unknown>, caseNumber: 'QH-1', purpose: '开办餐饮店' }, WINDOW)).answer
  t.match(await check({ name: SHOP.name, shop: { phone: '13800000000', registered: '2025-06-01', opened: '2025-06-01', kind: 'a' } }), { passed: true, findings: [], compared: false })
  const { passed, findings } = await check({ name: '一二三四五六七八九十一', other: 1, shop: { capital: 0, kind: 'c', phone: '123', registered: '2025-07-01', opened: '2025-06-30' } })
  t.notOk(passed)
  t.same(findings.map(({ code, pointer }) => `${code} ${pointer}`).sort(), [
    'FIELD_NOT_AN_OPTION /shop/kind', 'FIELD_TOO_LONG /name', 'FIELD_TOO_SMALL /shop/capital', 'FIELD_UNEXPECTED /other', 'RULE_BROKEN /shop/phone', 'RULE_BROKEN /shop/registered'
  ])
  t.match(findings.find(({ pointer }) => pointer === '/name'), { say: { zh: '名称：最多 10 个字符', en: 'Name: must have at most 10 characters' } })
  t.same((await check({ name: '' })).findings.map(({ code, pointer }) => `${code} ${pointer}`), ['FIELD_MISSING /shop', 'FIELD_TOO_SHORT /name'])
})

t.test('a rule waits where a field is empty, and days are compared to the day', async t => {
  const { exemptions, matterId } = await open(t, {})
  const rules = async (shop: object) => (await exemptions.checkForm(matterId, { form: { name: '面馆', shop }, caseNumber: 'QH-1', purpose: '开办餐饮店' }, WINDOW)).answer.findings.map(({ rule }) => rule)
  t.same(await rules({}), [])
  t.same(await rules({ kind: 'a' }), [])
  t.same(await rules({ kind: 'a', registered: '2025-03-02' }), [])
  t.same(await rules({ kind: 'a', registered: '2025-03-01' }), ['recent'])
  t.same(await rules({ kind: 'a', registered: '2026-03-03' }), ['recent'], 'a day to come')
  t.same(await rules({ kind: 'b' }), ['phone-there'])
  t.same(await rules({ phone: '021-62345678' }), [])
})

t.test('working days are those of the calendar; a year that it does not hold leaves a rule untold, and the form unpassed', async t => {
  const { fake, exemptions, clock, matterId } = await open(t, {})
  const within: MatterForm['checks'][number]['must'] = { field: '/shop/opened', withinLast: { count: 6, unit: 'working-day' } }
  fake.forms.set(matterId, { ...FORM, checks: [{ id: 'fresh', say: { zh: '太早', en: 'too early' }, must: within }] })
  const check = async (opened: string) => (await exemptions.checkForm(matterId, { form: { name: '面馆', shop: { opened } }, caseNumber: 'QH-1', purpose: '开办餐饮店' }, WINDOW)).answer
  const codes = async (opened: string) => (await check(opened)).findings.map(({ code }) => code)
  t.same(await codes('2026-02-14'), [], 'the holiday of a week does not count, the Saturday that is worked does')
  t.same(await codes('2026-02-13'), ['RULE_BROKEN'])
  t.same(await codes('2020-01-01'), ['RULE_BROKEN'], 'so long ago that no calendar is needed')
  t.same(await codes('2026-03-03'), ['RULE_BROKEN'], 'a day to come')
  clock.set('2027-01-04T01:00:00.000Z')
  t.match(await check('2026-12-31'), { passed: false, findings: [{ code: 'CALENDAR_YEAR_UNKNOWN', rule: 'fresh', pointer: '/shop/opened', say: { zh: /2027/ } }] })
  t.same(await codes('2027-01-04'), [], 'the day itself needs none')
  fake.forms.set(matterId, { ...FORM, checks: [{ id: 'either', say: { zh: '太早', en: 'too early' }, must: { anyOf: [within, { field: '/shop/opened', filled: true }] } }] })
  t.same(await codes('2026-12-31'), [], 'what is told otherwise is told')
  fake.forms.set(matterId, { ...FORM, checks: [{ id: 'when', say: { zh: '没有电话', en: 'no telephone' }, when: within, must: { field: '/shop/phone', filled: true } }] })
  t.same(await codes('2026-12-31'), ['CALENDAR_YEAR_UNKNOWN'], 'whether the rule applies cannot be told')
})

t.test('with an applicant the form is compared with the registers; what they do not agree on is not held against it', async t => {
  const form = { name: SHOP.name, shop: { address: '别处2号', capital: 100 } }
  const { exemptions, matterId } = await open(t, { rows: { 登记: { values: ROW } } })
  const { answer } = await exemptions.checkForm(matterId, { ...ABOUT, form }, WINDOW)
  t.match(answer, { passed: false, compared: true, findings: [{ pointer: '/shop/address', code: 'FIELD_DIFFERS', source: { name: '登记' }, asOf: '2026-03-01T00:00:00.000Z' }] })
  t.notOk(JSON.stringify(answer).includes('示例路'), 'it does not tell what the register holds')
  const conflict = await open(t, { rows: { 登记: { values: ROW } }, licences: { 营业执照: [{ face: { 住所: '第三处' } }] } })
  t.match((await conflict.exemptions.checkForm(matterId, { ...ABOUT, form }, WINDOW)).answer, { passed: true })
  await t.rejects(exemptions.checkForm('other', { ...ABOUT, form }, WINDOW), { code: 'MATTER_UNKNOWN' })
  await t.rejects(exemptions.prefill(matterId, { ...ABOUT, applicant: { ...PERSON, code: '110105194912310021' } }, WINDOW), { code: 'APPLICANT_CODE_INVALID' })
})
