import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { loadCalendar, loadRuleSets } from '../../../config/rules.js'
import type { AccessEntry } from '../../../platform/http/port.js'
import { createCatalogue, ledgerRoutes, recomputeDeliveries, recomputeDuties, type Catalogue } from '../../../services/catalogue/index.js'
import type { Role } from '../../../services/core/caller.js'
import { TOPICS } from '../../../services/core/event.js'
import { canonicalJson } from '../../../services/core/json.js'
import { bearer, ground, remember, tokenFor } from '../../support/server.js'
import { BY_AUTHORITY, BY_COUNTY, DEMAND, DUTY, SHOPS } from './sharing-support.js'
import { BY_MARKET, CATALOGUE_SETTINGS, MARKET, OFFICE, publish, shops, subjectDigest } from './support.js'

/** The routes on real stores, with one published resource; the office asks, the market department provides. */
async function service (t: Test) {
  const made: { catalogue?: Catalogue } = {}
  const entries: AccessEntry[] = []
  const server = await ground(t, {
    limits: { bodyBytes: 100_000 },
    access: recorder => remember(entries, recorder),
    register: async (app, { documents, log, clock }) => {
      await log.createTopic(TOPICS.trusted, { partitions: 1 })
      const catalogue = made.catalogue = await createCatalogue({
        eventLog: log,
        documents,
        clock,
        newId: randomUUID,
        settings: CATALOGUE_SETTINGS,
        organisationName: async () => undefined,
        isDivision: code => code.startsWith('99'),
        deadlines: { calendar: loadCalendar(), ruleSets: loadRuleSets() },
        hasMatter: () => true,
        subjectDigest,
        authorities: () => [],
        matters: () => ({ matters: [], forms: new Map() })
      })
      catalogue.start()
      t.teardown(async () => { await catalogue.stop() })
      await app.register(ledgerRoutes, { prefix: '/v1', ...catalogue, clock, allow: app.allow })
    }
  })
  const catalogue = made.catalogue as Catalogue
  const { items } = shops()
  await publish(catalogue, shops('shops', { items: [...items, ...[...DEMAND.fields, '区划'].filter(name => !items.some(item => item.name === name)).map(name => ({ name, type: 'text' as const }))], regionItem: '区划' }))
  const send = async (role: Role, method: 'GET' | 'PUT' | 'POST', path: string, payload?: object) =>
    await server.app.inject({ method, url: `/v1/catalogue${path}`, headers: bearer(await tokenFor(server, role)), ...(payload === undefined ? {} : { payload }) })
  const ask = async (...question: Parameters<typeof send>) => {
    const response = await send(...question)
    return { status: response.statusCode, headers: response.headers, body: response.json<Record<string, unknown> & { code?: string, violations?: Array<{ pointer: string }>, demandId: string, decided: { grantId: string }, correctionId: string, items: object[] }>() }
  }
  return { ...server, catalogue, entries, send, ask }
}
const { regions: _everywhere, ...ASKED } = { ...DEMAND, resourceId: SHOPS }

t.test('the list is answered in canonical form, the very bytes that the log gives again', async t => {
  const { ask, send, log, catalogue, clock } = await service(t)
  const set = await ask('catalogue-manager', 'PUT', '/duties/d-1', { ...DUTY, consumers: [OFFICE] })
  t.match(set, { status: 200, body: { itemId: 'd-1', state: 'not-yet-due', clock: { zh: '尚未到期，最迟 2026-03-13（还有 9 个工作日）' } } })
  await ask('catalogue-manager', 'PUT', '/duties/d-2', { ...DUTY, consumers: [OFFICE], updateCycle: 'yearly' })
  t.match(await ask('catalogue-manager', 'POST', '/duties/d-2/end', { why: '职责调整' }), { status: 200, body: { state: 'ended' } })
  for (const at of ['2026-03-02T01:00:00.000Z', '2026-03-20T00:00:00.000Z', '2027-06-01T00:00:00.000Z']) {
    const response = await send('auditor', 'GET', `/duties?at=${at}`)
    t.equal(response.headers['content-type'], 'application/json; charset=utf-8')
    t.equal(response.body, canonicalJson(await recomputeDuties(log, { at: new Date(at), rules: catalogue.rules })))
  }
  t.match((await ask('approval', 'GET', '/duties?state=overdue&at=2026-03-20T00:00:00Z')).body, { items: [{ itemId: 'd-1', lateWorkingDays: 5 }] })
  t.match(await ask('approval', 'GET', '/duties?at=yesterday'), { status: 400, body: { code: 'INPUT_INVALID' } })
  t.match(await ask('approval', 'GET', '/duties/d-9'), { status: 404, body: { code: 'NOT_FOUND' } })
  t.match(await ask('catalogue-manager', 'PUT', '/duties/d-1', { ...DUTY, resourceId: `${MARKET}.nothing` }), { status: 400, body: { code: 'INPUT_INVALID', violations: [{ pointer: '/resourceId' }] } })
  t.equal(clock.now().toISOString(), '2026-03-02T01:00:00.000Z')
})

t.test('a demand is made, granted, its grant seen by both sides, suspended, resumed and pulled', async t => {
  const { ask, entries } = await service(t)
  const made = await ask('approval', 'POST', '/demands', ASKED)
  t.match(made, { status: 201, body: { state: 'open', consumer: OFFICE, provider: MARKET, clock: { dueOn: '2026-03-03' } } })
  t.match(entries.at(-1), { purpose: '开办餐饮店', status: 201 })
  const { demandId } = made.body
  t.match(made.headers['location'], `/v1/catalogue/demands/${demandId}`)
  t.match(await ask('provider', 'POST', `/demands/${demandId}/decisions`, { outcome: 'grant', why: '同意' }), { status: 422, body: { code: 'GRANT_WITHOUT_END', violations: [{ pointer: '/grant/until' }] } })
  const decided = await ask('provider', 'POST', `/demands/${demandId}/decisions`, { outcome: 'grant', grant: { until: '2026-12-31' }, why: '同意' })
  t.match(decided, { status: 200, body: { state: 'decided', decided: { outcome: 'granted' } } })
  const { grantId } = decided.body.decided
  t.match((await ask('approval', 'GET', '/grants')).body, { items: [{ grantId, state: 'active', until: '2026-12-31', delivery: { state: 'not-yet-due', ruleSet: 'decree-809', article: '22' } }] })
  t.match((await ask('provider', 'GET', '/grants?as=provider')).body, { items: [{ grantId }] })
  t.match(await ask('catalogue-manager', 'POST', `/grants/${grantId}/suspension`, { why: '核查' }), { status: 200, body: { state: 'suspended' } })
  t.match(await ask('catalogue-manager', 'POST', `/grants/${grantId}/resumption`, { why: '无误' }), { status: 403, body: { code: 'SELF_APPROVAL' } }, 'the authority here is the office that has it')
  t.match(await ask('provider', 'POST', `/grants/${grantId}/pull`, { why: '收回' }), { status: 200, body: { state: 'pulled' } })
  t.match(await ask('provider', 'POST', `/grants/${grantId}/pull`, { why: '再次' }), { status: 409, body: { code: 'GRANT_OVER' } })
  t.match(await ask('provider', 'POST', `/demands/${demandId}/decisions`, { outcome: 'grant', grant: { until: '2026-12-31' }, why: '再次' }), { status: 409, body: { code: 'DEMAND_SETTLED' } })
})

t.test('deliveries are answered in the bytes that the log gives again, to their two sides and the authority alone', async t => {
  const { ask, send, log, catalogue } = await service(t)
  const { demandId } = (await ask('approval', 'POST', '/demands', ASKED)).body
  const { grantId } = (await ask('provider', 'POST', `/demands/${demandId}/decisions`, { outcome: 'grant', grant: { until: '2026-12-31' }, why: '同意' })).body.decided
  for (const at of ['2026-03-02T00:59:59.999Z', '2026-03-02T01:00:00.000Z', '2026-06-01T00:00:00.000Z']) {
    const whole = canonicalJson(await recomputeDeliveries(log, { at: new Date(at), rules: catalogue.rules }))
    for (const [role, filter] of [['catalogue-manager', ''], ['approval', ''], ['provider', `&owner=${MARKET}`], ['approval', `&owner=${MARKET}&consumer=${OFFICE}`]] as const) {
      const response = await send(role, 'GET', `/deliveries?at=${at}${filter}`)
      t.match([response.statusCode, response.headers['content-type'], response.body], [200, 'application/json; charset=utf-8', whole], `${role} ${filter}`)
    }
  }
  t.match((await ask('catalogue-manager', 'GET', '/deliveries?state=overdue&at=2026-06-01T00:00:00Z')).body, { items: [{ grantId, demandId, provider: MARKET, consumer: OFFICE, delivery: { state: 'overdue' } }] })
  t.same((await ask('provider', 'GET', '/deliveries')).body.items, [], 'nothing was granted to the provider')
  for (const filter of [`owner=${OFFICE}`, `consumer=${OFFICE}`]) t.match(await ask('provider', 'GET', `/deliveries?${filter}`), { status: 403, body: { code: 'SCOPE_MISSING' } }, filter)
  t.equal((await ask('provider', 'GET', `/deliveries?owner=${MARKET}&consumer=${OFFICE}`)).status, 200)
  for (const role of ['auditor', 'operator'] as const) t.match(await ask(role, 'GET', '/deliveries'), { status: 403, body: { code: 'SCOPE_MISSING' } }, role)
  t.match(await ask('catalogue-manager', 'GET', '/deliveries?at=yesterday'), { status: 400, body: { code: 'INPUT_INVALID' } })
})

t.test('whether a page of deliveries is the last tells a side nothing of what is between others', async t => {
  const { ask, catalogue: { demands } } = await service(t)
  for (const by of [BY_AUTHORITY, BY_COUNTY]) {
    const { demandId } = await demands.make(ASKED, by)
    await demands.decide(demandId, { outcome: 'grant', grant: { until: '2026-12-31' }, why: '同意' }, BY_MARKET)
  }
  const page = async (role: Role, filter: string): Promise<[items: number, next: boolean]> => {
    const { body } = await ask(role, 'GET', `/deliveries?limit=1${filter}`)
    return [body.items.length, 'next' in body]
  }
  t.same(await page('approval', `&owner=${MARKET}&consumer=${OFFICE}`), [1, false])
  t.same(await page('approval', ''), [1, false])
  t.same(await page('provider', `&owner=${MARKET}`), [1, true])
})

t.test('a case number of two lines, as cases had them, hides no correction from those who answer', async t => {
  const { ask, catalogue: { corrections } } = await service(t)
  await corrections.flag({ about: { resourceId: SHOPS, item: '住所' }, kind: 'wrong', subject: '11010519491231002X', caseNumber: 'C\n1', spared: true }, BY_AUTHORITY)
  for (const [role, as] of [['approval', 'asker'], ['provider', 'provider'], ['catalogue-manager', 'manager']] as const) t.match(await ask(role, 'GET', `/corrections?as=${as}`), { status: 200, body: { items: [{ caseNumber: 'C\n1' }] } }, as)
})

t.test('papers, more time and withdrawal have their routes', async t => {
  const { ask } = await service(t)
  const { demandId } = (await ask('approval', 'POST', '/demands', ASKED)).body
  t.match(await ask('provider', 'POST', `/demands/${demandId}/extensions`, { count: 10, why: '情况复杂' }), { status: 200, body: { extension: { count: 10 } } })
  t.match(await ask('catalogue-manager', 'POST', `/demands/${demandId}/extension-consents`, { agreed: true, why: '同意' }), { status: 200, body: { clock: { extendedBy: 10, dueOn: '2026-03-17' } } })
  t.match(await ask('provider', 'POST', `/demands/${demandId}/supplement-requests`, { missing: ['用途说明'], why: '材料不全' }), { status: 200, body: { state: 'paused' } })
  t.match(await ask('approval', 'POST', `/demands/${demandId}/supplements`, { papers: [{ name: '用途说明' }], why: '补交' }), { status: 200, body: { state: 'open' } })
  t.match((await ask('catalogue-manager', 'GET', '/demands')).body, { items: [{ demandId }] })
  t.match((await ask('provider', 'GET', '/demands?as=provider&state=open')).body, { items: [{ demandId }] })
  t.match(await ask('provider', 'GET', '/demands?as=manager'), { status: 403, body: { code: 'SCOPE_MISSING' } })
  t.match(await ask('approval', 'POST', `/demands/${demandId}/withdrawals`, { why: '不需要了' }), { status: 200, body: { state: 'withdrawn' } })
  t.match(await ask('approval', 'GET', `/demands/${demandId}`), { status: 200, body: { withdrawn: { why: '不需要了' } } })
  t.match(await ask('provider', 'POST', '/demands', ASKED), { status: 403, body: { code: 'SELF_APPROVAL' } })
})

t.test('an operator reaches none of it', async t => {
  const { ask } = await service(t)
  for (const path of ['/duties', '/demands', '/grants', '/corrections', '/rule-sets']) t.match(await ask('operator', 'GET', path), { status: 403, body: { code: 'SCOPE_MISSING' } }, path)
  t.match(await ask('operator', 'POST', '/demands', ASKED), { status: 403, body: { code: 'SCOPE_MISSING' } })
})

t.test('a correction is asked and answered; its note takes no number of a person', async t => {
  const { ask, entries } = await service(t)
  const asked = { resourceId: SHOPS, item: '住所', kind: 'wrong', subject: '11010519491231002X', caseNumber: 'C-1' }
  const { status, body } = await ask('approval', 'POST', '/corrections', asked)
  t.match({ status, body }, { status: 201, body: { subjectMasked: '110***********002X', state: 'open' } })
  t.match(entries.at(-1), { subject: { kind: 'person' }, caseNumber: 'C-1' })
  t.match(await ask('approval', 'POST', '/corrections', { ...asked, note: '证号 110105194912' }), { status: 400, body: { code: 'INPUT_INVALID', violations: [{ pointer: '/note' }] } })
  t.match(await ask('provider', 'GET', '/corrections?as=provider'), { body: { items: [{ correctionId: body.correctionId }] } })
  t.match(await ask('provider', 'POST', `/corrections/${body.correctionId}/answers`, { outcome: 'corrected', why: '已更正' }), { status: 200, body: { state: 'answered' } })
  t.match(await ask('approval', 'GET', `/corrections/${body.correctionId}`), { body: { answered: { outcome: 'corrected' } } })
  const { body: { correctionId } } = await ask('approval', 'POST', '/corrections', asked)
  t.match(await ask('catalogue-manager', 'POST', `/corrections/${correctionId}/answers`, { outcome: 'confirmed', why: '无误' }), { status: 403, body: { code: 'SELF_APPROVAL' } }, 'all are of one organisation here')
  t.match(await ask('provider', 'POST', `/corrections/${correctionId}/withdrawal`, { why: '弄错了' }), { status: 404 })
  t.match(await ask('approval', 'POST', `/corrections/${correctionId}/withdrawal`, { why: '弄错了' }), { status: 200, body: { state: 'withdrawn' } })
})

t.test('a deadline is told with its article, or which year is missing', async t => {
  const { ask } = await service(t)
  t.match(await ask('approval', 'GET', '/deadlines?from=2026-09-30&limit=reply-conditional'), { status: 200, body: { dueOn: '2026-10-20', ruleSet: 'decree-809', limit: { article: '21', count: 10 } } })
  t.match(await ask('approval', 'GET', '/deadlines?from=2026-09-30&limit=reply-conditional&ruleSet=county-short'), { body: { dueOn: '2026-10-13' } })
  const unknown = await ask('approval', 'GET', '/deadlines?from=2026-12-30&limit=reply-conditional')
  t.match(unknown, { status: 422, body: { code: 'CALENDAR_YEAR_UNKNOWN', detail: 'the working days of 2027 are missing: add config/calendar/2027.json' } })
  t.match(await ask('approval', 'GET', '/deadlines?from=2026-02-30&limit=delivery'), { status: 400, body: { code: 'INPUT_INVALID' } })
  t.match(await ask('approval', 'GET', '/deadlines?from=2026-03-02&limit=delivery&ruleSet=none'), { status: 422, body: { code: 'RULE_SET_UNKNOWN' } })
  t.match((await ask('approval', 'GET', '/rule-sets')).body, { default: 'decree-809', years: [2024, 2025, 2026], items: [{ id: 'county-short' }, { id: 'decree-809' }] })
})
