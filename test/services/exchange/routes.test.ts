import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openEmbeddedDocuments } from '../../../platform/documents/embedded/index.js'
import { openEmbeddedEventLog } from '../../../platform/event-log/embedded/index.js'
import { openDatabase } from '../../../platform/sqlite/database.js'
import { createServer } from '../../../platform/http/server.js'
import { AccessRecords } from '../../../services/audit/index.js'
import { fixedClock } from '../../../services/core/clock.js'
import { TOPICS } from '../../../services/core/event.js'
import { projectRoot } from '../../../services/core/project-root.js'
import { createSharing, queryRoutes, subscriptionRoutes, type Sharing } from '../../../services/exchange/index.js'
import { bearer, codeOf, ground, LIMITS as HTTP_LIMITS, NOW, OFFICE_USCC, tokenFor } from '../../support/server.js'
import { answering, CALL, citizen, counting, filing, grant, LIMITS, PEOPLE, people, person, SECRETS, type Answers } from './support.js'

async function served (t: Test) {
  const answers: Answers = { resources: [people], grants: [grant] }
  const made: { sharing?: Sharing } = {}
  const here = await ground(t, {
    register: async (app, { documents, log, clock }) => {
      await log.createTopic(TOPICS.trusted, { partitions: 1 })
      made.sharing = await createSharing({ eventLog: log, documents, clock, newId: counting(), ports: answering(answers), secrets: SECRETS, limits: LIMITS })
      await app.register(queryRoutes, { prefix: '/v1', sharing: made.sharing, allow: app.allow })
      await app.register(subscriptionRoutes, { prefix: '/v1', sharing: made.sharing, allow: app.allow })
    }
  })
  const { upsert, remove } = filing(here.log, here.clock)
  await upsert(PEOPLE, [{ key: citizen(1), values: person(1) }])
  made.sharing?.start()
  await made.sharing?.idle()
  t.teardown(async () => { await made.sharing?.stop() })
  const headers = bearer(await tokenFor(here, 'approval'))
  const ask = async (url: string, payload: object) => await here.app.inject({ method: 'POST', url, headers, payload })
  const get = async (url: string, method: 'GET' | 'DELETE' = 'GET') => await here.app.inject({ method, url, headers })
  const settled = async () => { await made.sharing?.idle() }
  const last = async () => (await here.records.list({ from: 0, limit: 1000 })).items.at(-1)?.record
  const digest = (at: number): string => here.records.digest('person', citizen(at))
  return { ...here, answers, ask, get, last, digest, upsert, remove, settled }
}

t.test('a query and an assertion over HTTP, each with its line in the access record', async t => {
  const { ask, last, digest } = await served(t)
  const query = await ask('/v1/queries', { ...CALL, subject: citizen(1), fields: ['姓名', '区划'] })
  t.equal(query.statusCode, 200)
  t.match(query.json(), { outcome: 'found', rows: [{ values: { 姓名: '甲1', 区划: '990102' } }], grantId: 'grant-1' })
  const record = await last()
  t.match(record, {
    client: 'approval-1',
    organisation: OFFICE_USCC,
    route: '/v1/queries',
    status: 200,
    subject: { kind: 'person' },
    purpose: CALL.purpose,
    matter: CALL.matter,
    caseNumber: CALL.caseNumber,
    uses: [{ resource: PEOPLE, grantId: 'grant-1', way: 'query', fields: ['姓名', '区划'], outcome: 'answered', rows: 1 }]
  })
  t.match(record, { version: 2, parties: [{ kind: 'person', masked: `${citizen(1).slice(0, 3)}***********${citizen(1).slice(-4)}`, digest: digest(1) }], uses: [{ about: 0 }] })
  for (const secret of [citizen(1), '甲1']) t.notMatch(JSON.stringify(record), secret)
  const assertion = await ask('/v1/assertions', { ...CALL, subject: citizen(1), ask: { item: '区划', oneOf: ['990101', '990102'] } })
  t.match(assertion.json(), { answer: 'yes', recordedAt: NOW })
  t.match(await last(), { uses: [{ way: 'assertion', fields: ['区划'], outcome: 'answered' }] })
  t.match((await ask('/v1/queries', { ...CALL, subject: citizen(2), fields: ['姓名'] })).json(), { outcome: 'none' })
  t.match(await last(), { uses: [{ way: 'query', outcome: 'nothing', rows: 0 }] })
})

t.test('the access record names whose record it was, also where it was asked for by a key that says nothing of them', async t => {
  const { ask, last, digest, upsert, settled } = await served(t)
  await upsert(PEOPLE, [{ key: 'row-7', values: person(3) }])
  await settled()
  const parties = async (question: object) => {
    await ask('/v1/queries', { ...CALL, fields: ['姓名'], ...question })
    const record = await last() as { parties?: Array<{ digest: string }>, subject: { kind: string } }
    for (const at of [1, 2, 3]) t.notMatch(JSON.stringify(record), citizen(at))
    return [record.subject.kind, ...(record.parties ?? []).map(party => party.digest)]
  }
  t.same(await parties({ key: 'row-7' }), ['document', digest(3)])
  t.same(await parties({ key: 'row-8' }), ['document'], 'there is no such record, so nobody was read')
  t.same(await parties({ subject: citizen(2) }), ['person', digest(2)], 'somebody of whom there is none was asked about')
  t.same(await parties({ subject: citizen(2), fields: ['子女数'] }), ['person', digest(2)], 'and where it is refused')
  await ask('/v1/assertions', { ...CALL, key: 'row-7', ask: { item: '区划', is: '990102' } })
  t.match(await last(), { parties: [{ digest: digest(3) }], uses: [{ way: 'assertion', about: 0 }] })
})

t.test('a refused use is told apart in the access record, and no refusal tells a value', async t => {
  const { ask, last, answers } = await served(t)
  const refused = await ask('/v1/queries', { ...CALL, subject: citizen(1), fields: ['姓名', '子女数'] })
  t.equal(codeOf(refused), 'FIELD_NOT_GRANTED')
  t.match(refused.json(), { status: 403, violations: [{ pointer: '/fields/1' }] })
  t.match(await last(), { status: 403, code: 'FIELD_NOT_GRANTED', purpose: CALL.purpose, uses: [{ resource: PEOPLE, way: 'query', fields: ['姓名', '子女数'], outcome: 'refused', code: 'FIELD_NOT_GRANTED' }] })
  answers.grants = [{ ...grant, state: 'pulled' }]
  const pulled = await ask('/v1/assertions', { ...CALL, subject: citizen(1), ask: { item: '姓名', is: '甲1' } })
  t.equal(codeOf(pulled), 'GRANT_PULLED')
  t.notMatch(refused.body + pulled.body, /甲1/)
})

t.test('purpose, matter and case number are demanded on each call', async t => {
  const { ask } = await served(t)
  for (const [url, question] of [['/v1/queries', { fields: ['姓名'] }], ['/v1/assertions', { ask: { item: '姓名', is: '甲1' } }]] as const) {
    const whole: Record<string, unknown> = { ...CALL, subject: citizen(1), ...question }
    t.equal((await ask(url, whole)).statusCode, 200)
    for (const name of ['purpose', 'matter', 'caseNumber']) {
      const { [name]: _, ...rest } = whole
      t.match((await ask(url, rest)).json(), { code: 'INPUT_INVALID', violations: [{ pointer: `/${name}`, message: 'is missing' }] })
      t.equal(codeOf(await ask(url, { ...rest, [name]: '' })), 'INPUT_INVALID')
    }
  }
})

t.test('each kind of value arrives as it was recorded', async t => {
  const { ask, answers } = await served(t)
  answers.grants = [{ ...grant, fields: people.items.map(({ name }) => name) }]
  const fields = ['姓名', '子女数', '在世', '出生日期']
  const answer = (await ask('/v1/queries', { ...CALL, subject: citizen(1), fields })).json<{ rows: Array<{ key: string, values: object }> }>()
  t.strictSame(answer.rows[0]?.values, { 姓名: '甲1', 子女数: 1, 在世: true, 出生日期: '1990-03-07' })
  t.equal(answer.rows[0]?.key, citizen(1))
})

t.test('a subscription over HTTP: made, read on from a position, counted, compared, ended; each reading recorded', async t => {
  const { ask, get, last, upsert, remove, settled, answers } = await served(t)
  answers.grants = [{ ...grant, fields: people.items.map(({ name }) => name) }]
  const terms = { grantId: 'grant-1', region: '990100', fields: ['姓名', '子女数', '在世'], purpose: CALL.purpose, matter: CALL.matter }
  const made = await ask('/v1/subscriptions', terms)
  t.equal(made.statusCode, 201)
  t.match(made.json(), { ...terms, resourceId: PEOPLE, consumer: OFFICE_USCC, madeAt: NOW })
  const { subscriptionId } = made.json<{ subscriptionId: string }>()
  t.match(await last(), { route: '/v1/subscriptions', purpose: CALL.purpose, matter: CALL.matter, uses: [{ way: 'subscription', resource: PEOPLE, outcome: 'answered' }] })
  const base = `/v1/subscriptions/${subscriptionId}`
  await upsert(PEOPLE, [{ key: citizen(2), values: person(2, { 子女数: null }) }])
  await settled()
  const first = (await get(`${base}/rows`)).json<{ items: Array<{ key: string, digest: string }>, next: string }>()
  t.match(first, { more: false, items: [{ key: citizen(1), recordedAt: NOW }, { key: citizen(2) }] })
  t.strictSame(first.items.map(item => (item as unknown as { values: object }).values), [{ 姓名: '甲1', 子女数: 1, 在世: true }, { 姓名: '甲2', 子女数: null, 在世: true }])
  t.match(await last(), { route: '/v1/subscriptions/:subscriptionId/rows', purpose: CALL.purpose, uses: [{ grantId: 'grant-1', way: 'subscription', fields: terms.fields, rows: 2 }] })
  await remove(PEOPLE, [citizen(1)])
  await settled()
  t.strictSame((await get(`${base}/rows?after=${first.next}&limit=1`)).json<{ items: object[] }>().items, [{ key: citizen(1), deleted: true, recordedAt: NOW }])
  t.match((await get(`${base}/days/2026-03-02`)).json(), { day: '2026-03-02', count: 1, root: /^[0-9a-f]{64}$/ })
  const compared = await ask(`${base}/comparisons`, { day: '2026-03-02', rows: first.items.map(({ key, digest }) => ({ key, digest })) })
  t.match(compared.json(), { day: '2026-03-02', findings: [{ key: citizen(1), finding: 'surplus' }] })
  t.match((await ask(`${base}/comparisons`, { day: '2026-03-02', ranges: [{ count: 0, root: '0'.repeat(64) }] })).json(), { ranges: [{ agrees: false, count: 1 }] })
  for (const body of [{ day: '2026-03-02' }, { day: '2026-03-02', rows: [], ranges: [{ count: 0, root: '0'.repeat(64) }] }, { day: '2026-02-30', rows: [] }]) t.equal(codeOf(await ask(`${base}/comparisons`, body)), 'INPUT_INVALID')
  t.equal(codeOf(await get(`${base}/days/2026-02-30`)), 'INPUT_INVALID')
  t.match((await get('/v1/subscriptions')).json(), { items: [{ subscriptionId }] })
  answers.grants = [{ ...grant, state: 'pulled' }]
  t.equal(codeOf(await get(`${base}/rows`)), 'GRANT_PULLED')
  t.match(await last(), { status: 403, code: 'GRANT_PULLED', purpose: CALL.purpose, uses: [{ way: 'subscription', outcome: 'refused', code: 'GRANT_PULLED' }] })
  t.equal((await get(base, 'DELETE')).statusCode, 204)
  t.equal(codeOf(await get(`${base}/rows`)), 'SUBSCRIPTION_ENDED')
  t.equal(codeOf(await get('/v1/subscriptions/sub-x/rows')), 'SUBSCRIPTION_UNKNOWN')
})

t.test('where the access record cannot be written no data leaves', async t => {
  // A real store whose file may not grow: the records that were read before are still there to be read.
  const clock = fixedClock(NOW)
  const file = join(t.testdir(), 'store.db')
  const full = join(t.testdir({}), 'full.db')
  const database = await openDatabase({ file })
  const small = await openDatabase({ file: full, maxBytes: 96 * 1024 })
  const [log, documents] = [await openEmbeddedEventLog(database, { clock }), await openEmbeddedDocuments(database)]
  const accessLog = await openEmbeddedEventLog(small, { clock })
  t.teardown(async () => { await log.close(); await accessLog.close(); await documents.close(); await database.close(); await small.close() })
  await log.createTopic(TOPICS.trusted, { partitions: 1 })
  const sharing = await createSharing({ eventLog: log, documents, clock, newId: counting(), ports: answering({ resources: [people], grants: [grant] }), secrets: SECRETS, limits: LIMITS })
  await filing(log, clock).upsert(PEOPLE, [{ key: citizen(1), values: person(1) }])
  sharing.start()
  await sharing.idle()
  await sharing.stop()
  const access = await AccessRecords.open(accessLog, new Uint8Array(32))
  const app = await createServer({
    schemasDir: join(projectRoot(), 'schemas'),
    limits: HTTP_LIMITS,
    tokens: { verify: async () => ({ client: 'approval-1', organisation: OFFICE_USCC, roles: ['approval'], scopes: ['queries:write', 'assertions:write'] }) },
    access,
    clock,
    openapiInfo: { title: 'Mianzheng', version: '1' }
  })
  t.teardown(async () => { await app.close() })
  await app.register(queryRoutes, { prefix: '/v1', sharing, allow: app.allow })
  const ask = async (url: string, payload: object) => await app.inject({ method: 'POST', url, headers: bearer('any'), payload })
  const questions = [['/v1/queries', { ...CALL, subject: citizen(1), fields: ['姓名'] }], ['/v1/assertions', { ...CALL, subject: citizen(1), ask: { item: '姓名', is: '甲1' } }]] as const
  for (const [url, payload] of questions) t.equal((await ask(url, payload)).statusCode, 200)
  for (let n = 0; n < 2000; n++) {
    const filled = await accessLog.append(TOPICS.access, [{ key: 'x', value: Buffer.alloc(2000) }]).then(() => false, () => true)
    if (filled) break
  }
  // What is left of the last page takes a few small records more.
  for (let n = 0; n < 50 && (await ask('/v1/queries', questions[0][1])).statusCode === 200; n++);
  for (const [url, payload] of questions) {
    const withheld = await ask(url, payload)
    t.equal(codeOf(withheld), 'ACCESS_RECORD_UNAVAILABLE')
    t.notMatch(withheld.body, /甲1|"yes"/)
  }
})
