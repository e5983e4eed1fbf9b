import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { loadMatters } from '../../../config/matters.js'
import type { AccessRecordV2 } from '../../../schemas/documents/access-record.v2.js'
import type { MatterForm } from '../../../schemas/documents/matter-form.v1.js'
import type { Matter } from '../../../schemas/documents/matter.v1.js'
import { createExemptions, exemptionRoutes, formRoutes } from '../../../services/exemptions/index.js'
import { ground, tokenFor } from '../../support/server.js'
import { citizen } from '../exchange/support.js'
import { fakes, material, matterOfWays, matterWith, OTHER, PERSON, SETTINGS, SHOP, subMatter, yesNo } from './support.js'

interface Named { code: string, name: string }
const MATTER = matterOfWays([{ way: 'assertion', data: '登记', subject: 'applicant', ask: { item: '状态', is: '存续' } }, { way: 'licence', licenceType: '营业执照', holder: 'applicant' }])

t.test('over HTTP each read of a source stands in the access record, with purpose, case and whom it was about', async t => {
  const fake = fakes({ licences: { 营业执照: [{}] } })
  fake.matters.set(MATTER.id, MATTER)
  const server = await ground(t, {
    limits: { bodyBytes: 100_000 },
    register: async (app, { clock, documents, log }) => {
      const exemptions = await createExemptions({ eventLog: log, documents, clock, newId: randomUUID, ports: fake.ports, settings: SETTINGS, partitions: 1 })
      exemptions.start()
      app.addHook('onClose', async () => { await exemptions.stop() })
      await app.register(exemptionRoutes, { prefix: '/v1', exemptions, allow: app.allow })
    }
  })
  const authorization = `Bearer ${await tokenFor(server, 'approval')}`
  const request = { matterId: MATTER.id, applicant: SHOP, caseNumber: 'QH-7', purpose: '开办餐饮店' }
  const post = async (url: string, payload: object) => await server.app.inject({ method: 'POST', url, headers: { authorization }, payload })

  const response = await post('/v1/exemptions', request)
  t.equal(response.statusCode, 200, response.body)
  const { caseId, materials } = response.json<{ caseId: string, materials: object[] }>()
  t.match(materials, [{ outcome: 'skip', way: 'licence', receiptId: 'receipt-营业执照-0' }])
  const last = async () => (await server.records.list({ from: 0, limit: 100 })).items.at(-1)?.record
  t.match(await last(), {
    route: '/v1/exemptions',
    purpose: '开办餐饮店',
    caseNumber: 'QH-7',
    matter: MATTER.id,
    subject: { kind: 'organisation' },
    uses: [{ way: 'assertion', outcome: 'refused', code: 'GRANT_MISSING' }, { way: 'licence', resource: '营业执照', outcome: 'answered' }, { way: 'licence', outcome: 'answered' }]
  })

  for (const url of [`/v1/exemptions/${caseId}`, `/v1/exemptions/${caseId}/explanation`, '/v1/exemptions?limit=1']) {
    t.equal((await server.app.inject({ url, headers: { authorization } })).statusCode, 200, url)
  }
  const acted = await post(`/v1/exemptions/${caseId}/materials/paper/refusals`, { reason: '自己交' })
  t.match(acted.json(), { materials: [{ outcome: 'submit' }] })
  t.match(await last(), { route: '/v1/exemptions/:caseId/materials/:materialId/refusals', purpose: '开办餐饮店', caseNumber: 'QH-7' })

  const code = async (url: string, payload: object): Promise<string> => (await post(url, payload)).json<{ code: string }>().code
  t.equal(await code('/v1/exemptions', { ...request, purpose: undefined }), 'INPUT_INVALID')
  for (const caseNumber of ['', 'QH\n7']) t.equal(await code('/v1/exemptions', { ...request, caseNumber }), 'INPUT_INVALID')
  t.equal(await code('/v1/exemptions', { ...request, answers: Object.fromEntries(Array.from({ length: 61 }, (_, index) => [`q${index}`, true])) }), 'INPUT_INVALID')
  t.equal(await code('/v1/exemptions', { ...request, answers: Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`q${index}`, true])) }), 'QUESTION_UNKNOWN')
  t.equal(await code('/v1/exemptions', { ...request, applicant: { ...PERSON, code: '110105194912310021' } }), 'APPLICANT_CODE_INVALID')
  t.notOk((await post('/v1/exemptions', { ...request, applicant: { ...PERSON, code: '110105194912310021' } })).body.includes('110105194912310021'), 'no identifier in an error')
  t.equal(await code(`/v1/exemptions/${randomUUID()}/materials/paper/refusals`, { reason: '自己交' }), 'NOT_FOUND')
})

t.test('each matter of ours can be asked about before anything is answered, and its open questions have the published shape', async t => {
  const fake = fakes({})
  const { matters } = loadMatters()
  for (const matter of matters) fake.matters.set(matter.id, matter)
  const server = await ground(t, {
    limits: { bodyBytes: 100_000 },
    register: async (app, { clock, documents, log }) => {
      const exemptions = await createExemptions({ eventLog: log, documents, clock, newId: randomUUID, ports: fake.ports, settings: SETTINGS, partitions: 1 })
      exemptions.start()
      app.addHook('onClose', async () => { await exemptions.stop() })
      await app.register(exemptionRoutes, { prefix: '/v1', exemptions, allow: app.allow })
    }
  })
  const authorization = `Bearer ${await tokenFor(server, 'approval')}`
  for (const { id, applicants: [kind], parties } of matters) {
    const applicant = { ...(kind === 'natural' ? PERSON : SHOP), kind }
    const { code, name } = PERSON
    const payload = { matterId: id, applicant, parties: Object.fromEntries(parties.map(({ id, kind }) => [id, kind === 'natural' ? { code, name } : { code: SHOP.code, name: SHOP.name }])), caseNumber: 'QH-8', purpose: '办事' }
    const response = await server.app.inject({ method: 'POST', url: '/v1/exemptions', headers: { authorization }, payload })
    t.equal(response.statusCode, 200, `${id}: ${response.body.slice(0, 300)}`)
  }
})

t.test('what was read stands in the access record also where no answer comes of it, and where something is flagged', async t => {
  const fake = fakes({ assertions: { 招牌: 'yes', 登记: 'yes' }, rows: { 户籍: { values: { 户主: OTHER.code } } } })
  const matter = matterOfWays([{ way: 'assertion', data: '登记', subject: 'head', ask: { item: '状态', is: '存续' } }], {
    parties: [{ id: 'head', kind: 'natural', name: { zh: '户主', en: 'head' }, from: { data: '户籍', subject: 'applicant', item: '户主' } }, { id: 'landlord', kind: 'legal', name: { zh: '房东', en: 'landlord' } }],
    questions: [yesNo('sign', { answeredBy: [{ data: '招牌', subject: 'applicant', ask: { item: '有', is: true }, value: true, otherwise: false }] })]
  })
  fake.matters.set('alone', { ...matter, id: 'alone' })
  fake.matters.set('rented', { ...matter, id: 'rented', materials: [...matter.materials, material('lease', [{ way: 'assertion', data: '登记', subject: 'landlord', ask: {} }])], subMatters: [subMatter('step', { if: { answer: 'sign', is: true }, then: { material: 'lease' } })] })
  const server = await ground(t, {
    limits: { bodyBytes: 100_000 },
    register: async (app, { clock, documents, log }) => {
      const exemptions = await createExemptions({ eventLog: log, documents, clock, newId: randomUUID, ports: fake.ports, settings: SETTINGS, partitions: 1 })
      exemptions.start()
      app.addHook('onClose', async () => { await exemptions.stop() })
      await app.register(exemptionRoutes, { prefix: '/v1', exemptions, allow: app.allow })
    }
  })
  const authorization = `Bearer ${await tokenFor(server, 'approval')}`
  const post = async (url: string, payload: object) => await server.app.inject({ method: 'POST', url, headers: { authorization }, payload })
  const last = async () => (await server.records.list({ from: 0, limit: 100 })).items.at(-1)?.record
  const request = { applicant: PERSON, caseNumber: 'QH-7', purpose: '开办餐饮店' }

  t.match((await post('/v1/exemptions', { ...request, matterId: 'rented' })).json(), { code: 'PARTY_MISSING' })
  t.match(await last(), { code: 'PARTY_MISSING', uses: [{ way: 'assertion', resource: '11990000YYYY01015Y.招牌', outcome: 'answered' }] }, 'the refusal itself tells what the register said')

  const { caseId } = (await post('/v1/exemptions', { ...request, matterId: 'alone' })).json<{ caseId: string }>()
  t.equal((await post(`/v1/exemptions/${caseId}/materials/paper/flags`, { kind: 'wrong' })).statusCode, 200)
  t.match(await last(), { route: '/v1/exemptions/:caseId/materials/:materialId/flags', uses: [{ way: 'query', resource: '11990000YYYY01015Y.户籍', fields: ['户主'], outcome: 'answered' }] })
  const flaggable = await server.app.inject({ url: `/v1/exemptions/${caseId}/materials/paper/flaggable`, headers: { authorization } })
  t.same(flaggable.json(), { items: [{ way: 'assertion', source: '登记', resourceId: '11990000YYYY01015Y.登记', items: ['状态'] }] })
  const record = await last()
  t.match(record, { route: '/v1/exemptions/:caseId/materials/:materialId/flaggable', caseNumber: 'QH-7' })
  t.same(record?.uses ?? [], [], 'to name items of data nothing is read')
})

t.test('the access record names each party that was read, by digest alone, and nobody who was not', async t => {
  const [applicant, spouse, child, landlord, stranger] = [1, 2, 3, 4, 5].map(at => ({ code: citizen(at), name: `某${at}` })) as [Named, Named, Named, Named, Named]
  const paper = (id: string, ways: Matter['materials'][number]['ways']): Matter['materials'][number] => material(id, ways)
  const natural = (id: string, from?: { data: string, item: string }): Matter['parties'][number] => ({ id, kind: 'natural', name: { zh: id, en: id }, ...(from === undefined ? {} : { from: { ...from, subject: 'applicant' } }) })
  const materials = [
    paper('own', [{ way: 'assertion', data: '登记', subject: 'applicant', ask: { item: '状态', is: '存续' } }]),
    paper('spouse', [{ way: 'data', data: '婚姻', subject: 'spouse', items: ['配偶'] }]),
    paper('child', [{ way: 'licence', licenceType: '出生证', holder: 'child' }]),
    paper('lease', [{ way: 'assertion', data: '不动产', subject: 'landlord', ask: { item: '状态', is: '有效' } }]),
    paper('agent', [{ way: 'licence', licenceType: '身份证', holder: 'agent' }])
  ]
  const matter = matterWith({
    materials,
    parties: [natural('spouse', { data: '婚姻', item: '配偶' }), natural('child'), natural('landlord')],
    subMatters: [subMatter('step', { allOf: materials.map(({ id }) => ({ material: id })) })]
  })
  const fake = fakes({})
  fake.matters.set(matter.id, matter)
  const server = await ground(t, {
    limits: { bodyBytes: 100_000 },
    register: async (app, { clock, documents, log }) => {
      const exemptions = await createExemptions({ eventLog: log, documents, clock, newId: randomUUID, ports: fake.ports, settings: SETTINGS, partitions: 1 })
      exemptions.start()
      app.addHook('onClose', async () => { await exemptions.stop() })
      await app.register(exemptionRoutes, { prefix: '/v1', exemptions, allow: app.allow })
    }
  })
  const authorization = `Bearer ${await tokenFor(server, 'approval')}`
  await fc.assert(fc.asyncProperty(fc.subarray(['child', 'landlord']), fc.constantFrom(spouse.code, 'none', undefined), fc.constantFrom('yes', 'none', 'GRANT_MISSING' as const), fc.option(fc.boolean(), { nil: undefined }), fc.subarray(['出生证', '不动产']), async (consent, married, said, authorised, unbound) => {
    fake.held.unbound = unbound
    fake.calls.length = 0
    fake.held.rows = married === undefined ? {} : { 婚姻: married === 'none' ? { outcome: 'none' } : { values: { 配偶: married } } }
    fake.held.assertions = { 登记: said as 'yes', 不动产: said as 'yes' }
    fake.held.licences = { 出生证: [{}] }
    const payload = {
      matterId: matter.id,
      applicant: { ...applicant, kind: 'natural' },
      ...(authorised === undefined ? {} : { agent: { ...stranger, ...(authorised ? { authorisation: { reference: '委托书' } } : {}) } }),
      parties: { child, landlord },
      ...(consent.length === 0 ? {} : { consent: { parties: consent, how: '同意书' } }),
      caseNumber: 'QH-9',
      purpose: '办事'
    }
    const response = await server.app.inject({ method: 'POST', url: '/v1/exemptions', headers: { authorization }, payload })
    if (response.statusCode !== 200) throw new Error(response.body)
    const { end } = await server.records.list({ from: 0, limit: 1 })
    const record = (await server.records.list({ from: end - 1, limit: 1 })).items[0]?.record as AccessRecordV2
    const digest = (code: string): string => server.records.digest('person', code)
    // What the sources saw, each question with whom it was about: a verdict is about whoever holds the licence.
    const asked = fake.calls.map(call => {
      const [kind = '', title = '', code = ''] = call.split(' ')
      return kind === 'verify' ? ['licence', title.replace('-0', ''), fake.calls.find(call => call.startsWith(`held ${title.replace('-0', '')}`))?.split(' ')[2] ?? ''] : [{ assert: 'assertion', query: 'query', held: 'licence' }[kind] ?? '', title, code]
    })
    const told = (record.uses ?? []).filter(({ about }) => about !== undefined).map(({ way, resource = '', about }) => [way, way === 'licence' ? resource : resource.slice(19), record.parties?.[about ?? -1]?.digest])
    const sorted = (list: unknown[]): string => JSON.stringify(list.map(one => JSON.stringify(one)).sort())
    const wrong = [
      sorted((record.parties ?? []).map(party => party.digest)) !== sorted([...new Set(asked.map(([,, code = '']) => digest(code)))]) && 'others are named than were read',
      sorted(told) !== sorted(asked.map(([way, title, code = '']) => [way, title, digest(code)])) && 'a use is about somebody else',
      [applicant, spouse, child, landlord, stranger].some(({ code }) => JSON.stringify(record).includes(code)) && 'an identifier in the clear'
    ].filter(fault => fault !== false)
    if (wrong.length > 0) throw new Error(`${wrong.join('; ')}: ${JSON.stringify(record)} of ${fake.calls.join()}`)
  }), { numRuns: 60, seed: 190 })
})

t.test('a form is filled in with values as long as registers and licences hold them', async t => {
  const fake = fakes({ rows: { 登记: { values: { 经营范围: '餐'.repeat(10_000) } } }, licences: { 营业执照: [{ face: { 经营范围: '饮'.repeat(2000) } }] } })
  fake.matters.set(MATTER.id, MATTER)
  const field = (name: string): object => ({ type: 'string', title: name, description: name })
  fake.forms.set(MATTER.id, {
    id: 'test-form',
    version: 1,
    name: { zh: '测试表', en: 'Test form' },
    schema: { type: 'object', properties: { scope: field('经营范围'), both: field('经营范围') } },
    prefill: [
      { field: '/scope', from: [{ data: '登记', subject: 'applicant', item: '经营范围' }] },
      { field: '/both', from: [{ data: '登记', subject: 'applicant', item: '经营范围' }, { licenceType: '营业执照', holder: 'applicant', item: '经营范围' }] }
    ],
    checks: []
  } as unknown as MatterForm)
  const server = await ground(t, {
    limits: { bodyBytes: 100_000 },
    register: async (app, { clock, documents, log }) => {
      const exemptions = await createExemptions({ eventLog: log, documents, clock, newId: randomUUID, ports: fake.ports, settings: SETTINGS, partitions: 1 })
      await app.register(formRoutes, { prefix: '/v1', exemptions, allow: app.allow })
    }
  })
  const authorization = `Bearer ${await tokenFor(server, 'approval')}`
  const post = async (what: string, payload: object) => await server.app.inject({ method: 'POST', url: `/v1/forms/${MATTER.id}/${what}`, headers: { authorization }, payload: { applicant: SHOP, caseNumber: 'QH-1', purpose: '开办餐饮店', ...payload } })
  const filled = await post('prefill', {})
  t.match(filled.json(), { fields: [{ outcome: 'filled' }, { outcome: 'conflict', sources: [{ value: /餐{10000}/ }, { value: /饮{2000}/ }] }] })
  t.equal((await post('checks', { form: { scope: '别的', both: '别的' } })).statusCode, 200)
})
