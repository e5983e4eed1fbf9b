import { randomUUID } from 'node:crypto'
import t from 'tap'
import { loadMatters } from '../../../config/matters.js'
import { createExemptions, exemptionRoutes } from '../../../services/exemptions/index.js'
import { ground, tokenFor } from '../../support/server.js'
import { fakes, material, matterOfWays, OTHER, PERSON, SETTINGS, SHOP, subMatter, yesNo } from './support.js'

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
  t.equal(await code('/v1/exemptions', { ...request, caseNumber: '' }), 'INPUT_INVALID')
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
})
