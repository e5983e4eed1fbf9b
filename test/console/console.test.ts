import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import t from 'tap'
import type { DutyList } from '../../schemas/http/duty-list.v1.js'
import { fixedClock } from '../../services/core/clock.js'
import { clientOf } from '../../cli/department.js'
import { openDesks } from '../support/desks.js'
import { openDepartment, openProvince, provinceSettings, type Province } from '../support/province.js'
import { PAGES_ORIGIN, Person, ticketFor } from '../support/person.js'

async function recordsOf (province: Province): Promise<Array<Record<string, unknown>>> {
  const token = await clientOf({ ...province, clientId: 'auditor' }).token()
  return (await province.exchange.app.inject({ url: '/v1/audit/records?limit=1000', headers: { authorization: `Bearer ${token}` } })).json<{ items: Array<{ record: Record<string, unknown> }> }>().items.map(({ record }) => record)
}

t.test('a link signs in once; the cookie is strict, out of reach of scripts, and another one each time', async t => {
  const province = await openProvince(t)
  const { app } = province.exchange
  const url = `/signin?ticket=${ticketFor(province, 'approval-window')}`
  const first = await app.inject({ url, headers: { host: 'localhost' } })
  t.equal(first.statusCode, 200)
  t.match(first.headers['set-cookie'], /^mz=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
  t.match(first.body, /李\*\*/)
  t.match(first.headers, {
    'content-security-policy': /^default-src 'none'; script-src 'self'; .*trusted-types 'none'; require-trusted-types-for 'script'$/,
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store'
  })
  const again = await app.inject({ url, headers: { host: 'localhost' } })
  t.equal(again.statusCode, 400)
  t.match(again.body, /TICKET_USED/)
  t.equal(again.headers['set-cookie'], undefined)
  const [a, b] = [await Person.signedIn(province, 'approval-window'), await Person.signedIn(province, 'approval-window')]
  t.not(a.cookie, b.cookie)
})

t.test('signing in again in the same browser ends the session before', async t => {
  const province = await openProvince(t)
  const { app } = province.exchange
  const person = await Person.signedIn(province, 'approval-window')
  const { cookie } = person
  await person.get(`/signin?ticket=${ticketFor(province, 'market')}`)
  t.not(person.cookie, cookie)
  t.equal((await app.inject({ url: '/me', headers: { host: 'localhost', cookie } })).statusCode, 401)
  t.match((await person.get('/me')).body, /示例省市场监督管理局/)
  const records = await recordsOf(province)
  t.match(records.find(({ route }) => route === '/v1/tokens/revocation'), { status: 204 }, 'the sign-in before is over at the exchange, too')
})

t.test('a suspension ends the session, and it stays so when it was lifted', async t => {
  const clock = fixedClock(new Date())
  const province = await openProvince(t, { clock })
  const { app } = province.exchange
  const person = await Person.signedIn(province, 'approval-window', { clock })
  const operator = { authorization: `Bearer ${await clientOf({ ...province, clientId: 'operator' }).token()}` }
  clock.set(new Date(clock.now().getTime() + 1000))
  const url = '/v1/identity/clients/approval-window/suspension'
  t.equal((await app.inject({ method: 'POST', url, headers: operator, payload: { reason: '查一查' } })).statusCode, 200)
  t.match((await person.get('/cases')).body, /CLIENT_SUSPENDED/)
  t.equal((await app.inject({ method: 'DELETE', url, headers: operator })).statusCode, 200)
  const page = await person.get('/cases')
  t.equal(page.statusCode, 401)
  t.match(page.body, /登录/)
  t.equal((await person.get('/me')).statusCode, 401)
})

t.test('a session ends when nobody clicks, after its hours, and by signing out', async t => {
  const clock = fixedClock(new Date())
  const province = await openProvince(t, { clock })
  const status = async (person: Person): Promise<number> => (await person.get('/me')).statusCode
  const later = (seconds: number): void => { clock.set(new Date(clock.now().getTime() + seconds * 1000)) }
  const idle = await Person.signedIn(province, 'approval-window', { clock })
  later(899)
  t.equal(await status(idle), 200)
  later(899)
  t.equal(await status(idle), 200, 'a click counts')
  later(900)
  t.equal(await status(idle), 401)
  const worker = await Person.signedIn(province, 'approval-window', { clock })
  for (let minutes = 14; minutes < 480; minutes += 14) {
    later(840)
    t.equal((await worker.get('/')).statusCode, 200, `after ${minutes} minutes; tokens were renewed on the way`)
  }
  later(240)
  t.equal(await status(worker), 401, 'eight hours')
  const leaving = await Person.signedIn(province, 'market', { clock })
  await leaving.get('/me')
  const { cookie } = leaving
  const out = await leaving.post('/signout', {})
  t.match(out.headers['set-cookie'], /^mz=; .*Max-Age=0/)
  t.equal((await province.exchange.app.inject({ url: '/me', headers: { host: 'localhost', cookie } })).statusCode, 401)
})

t.test('the API never reads cookies, and pages never read tokens', async t => {
  const province = await openProvince(t)
  const { app } = province.exchange
  const { cookie } = await Person.signedIn(province, 'auditor')
  const response = await app.inject({ url: '/v1/audit/records', headers: { host: 'localhost', cookie } })
  t.equal(response.statusCode, 401)
  t.equal(response.json<{ code: string }>().code, 'TOKEN_MISSING')
  t.equal((await app.inject({ url: '/me', headers: { host: 'localhost', authorization: `Bearer ${cookie.slice(3)}` } })).statusCode, 401)
  t.equal((await app.inject({ url: '/me', headers: { host: 'localhost', cookie: `${cookie}; ${cookie}` } })).statusCode, 401, 'two cookies are nobody\'s')
})

t.test('a form counts from our own pages alone', async t => {
  const province = await openProvince(t)
  const { app } = province.exchange
  const person = await Person.signedIn(province, 'approval-window')
  await person.get('/verify')
  const form = { licenceId: '1.2.156.3005.2.x' }
  t.equal((await person.post('/verify', form)).statusCode, 303)
  for (const [why, attempt] of [
    ['another token', async () => await person.post('/verify', { ...form, formToken: 'x' })],
    ['another site', async () => await person.post('/verify', form, { origin: 'https://elsewhere.example' })],
    ['no origin', async () => await app.inject({ method: 'POST', url: '/verify', headers: { host: 'localhost', cookie: person.cookie, 'content-type': 'application/x-www-form-urlencoded' }, payload: new URLSearchParams({ ...form, formToken: person.formToken }).toString() })],
    ['a file before the token', async () => await person.upload('/verify', [{ name: 'a', bytes: Buffer.from('x') }], { tokenFirst: false })],
    ['a file with another token', async () => await person.upload('/verify', [{ name: 'a', bytes: Buffer.from('x') }], { formToken: 'x' })]
  ] as const) {
    const response = await attempt()
    t.equal(response.statusCode, 403, why)
    t.match(response.body, /FORM_NOT_OURS/, why)
  }
})

t.test('a form that carries files counts where files are taken, and nowhere else', async t => {
  const province = await openProvince(t)
  const person = await Person.signedIn(province, 'approval-window')
  await person.get('/me')
  for (const url of ['/signout', '/cases/x/materials/y/commit', '/cases/x/materials/y/recheck']) {
    const response = await person.upload(url, [], { formToken: 'x' })
    t.equal(response.statusCode, 403, url)
    t.match(response.body, /FORM_NOT_OURS/, url)
  }
  t.equal((await person.get('/me')).statusCode, 200, 'nobody was signed out')
})

t.test('a form of one name ten thousand times over holds up nobody', async t => {
  const province = await openProvince(t)
  const began = performance.now()
  const response = await province.exchange.app.inject({
    method: 'POST', url: '/quarantine/x', headers: { host: 'localhost', origin: PAGES_ORIGIN, 'content-type': 'application/x-www-form-urlencoded' }, payload: `${'a=b&'.repeat(16_000)}__proto__=p&__proto__=q`
  })
  t.equal(response.statusCode, 401)
  t.ok(performance.now() - began < 3000)
  t.equal(response.body.match(/<dd class="id">/g)?.length, 201, '200 fields and the reference')
})

t.test('what was typed is shown again where the sign-in is over, and nothing was done', async t => {
  const province = await openProvince(t)
  const response = await province.exchange.app.inject({
    method: 'POST', url: '/quarantine/x', headers: { host: 'localhost', origin: PAGES_ORIGIN, 'content-type': 'application/x-www-form-urlencoded' }, payload: new URLSearchParams({ formToken: 'secret-token', reason: '公钥<已>登记' }).toString()
  })
  t.equal(response.statusCode, 401)
  t.match(response.body, /登录已过期，刚才的内容没有提交/)
  t.match(response.body, /公钥&lt;已>登记/)
  t.notMatch(response.body, /secret-token/)
})

t.test('a refused page leaves a record of who asked, what a page shows leaves the record of the API', async t => {
  const province = await openProvince(t)
  const person = await Person.signedIn(province, 'approval-window', { id: 'w-0102' })
  t.equal((await person.get('/quarantine')).statusCode, 403)
  t.match((await person.get('/quarantine')).body, /您的角色不能查看本页，已留痕/)
  await person.post('/verify', { licenceId: '1.2.156.3005.2.x' })
  const auditor = await Person.signedIn(province, 'auditor')
  t.match((await auditor.get('/')).body, /审计/)
  const records = await recordsOf(province)
  t.match(records.find(({ route }) => route === '/quarantine'), { status: 403, code: 'SCOPE_MISSING', client: 'approval-window', person: 'w-0102' })
  t.match(records.find(({ route }) => route === '/v1/verifications'), { status: 200, client: 'approval-window', person: 'w-0102', address: '127.0.0.1' })
  t.notOk(records.some(({ route }) => route === '/verify'), 'a page that answers is no second record')
})

t.test('an operator reads who sent what was refused by name, and nothing of what it says; a provider reads its own', async t => {
  const province = await openProvince(t)
  const market = (await openDepartment(t, province, 'market')).config
  const token = await clientOf({ ...province, clientId: 'market' }).token()
  const event = { specversion: '1.0', id: 'e-1', source: `urn:uscc:${market.uscc}`, type: 'record.upserted.v1', time: '2026-03-02T01:00:00Z', sequence: 1, subject: 'shop-1', data: { resource: 'shops', key: '1', values: { 字号: '晨光小馆' } } }
  await fetch(`${province.url}/v1/events`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify(event) })
  await province.exchange.settled()
  for (const [client, sees] of [['operator', false], ['market', true]] as const) {
    const person = await Person.signedIn(province, client)
    const list = await person.get('/quarantine')
    const [, address = ''] = /href="(\/quarantine\/intake-[^"]+)"/.exec(list.body) ?? []
    const entry = await person.get(address)
    for (const { body } of [list, entry]) {
      const main = body.replace(/<header[\s\S]*?<\/header>/, '').replace(/<pre[\s\S]*?<\/pre>/, '').replace(/ title="[^"]*"/g, '')
      t.match(main, market.name, client)
      t.notMatch(main, new RegExp(market.uscc), client)
    }
    t.equal(entry.body.includes('字号'), sees, `${client} and what the event says`)
    t.notMatch(entry.body + list.body, /shop-1|晨光小馆/, `${client} and whom it is about`)
  }
})

t.test('a browser at an address that there is not is told on a page, whoever is signed in; a program is told in a problem document', async t => {
  const province = await openProvince(t)
  const { app } = province.exchange
  const { cookie } = await Person.signedIn(province, 'market')
  const ask = async (url: string, headers: Record<string, string> = {}) => await app.inject({ url, headers: { host: 'localhost', accept: 'text/html,*/*;q=0.8', ...headers } })
  for (const [url, status, code] of [['/no-such-page', 404, 'NOT_FOUND'], ['/signout', 405, 'METHOD_NOT_ALLOWED'], ['/v2/%3Cscript%3E', 404, 'NOT_FOUND']] as const) {
    const page = await ask(url)
    t.equal(page.statusCode, status, url)
    t.match(page.headers, { 'content-type': /^text\/html/, 'content-security-policy': /^default-src 'none'/, 'cache-control': 'no-store' })
    t.match(page.body, code)
    t.notMatch(page.body, /<nav|<script>/)
    t.match((await ask(url, { cookie })).body, /<nav/, 'whoever is signed in finds the way back')
    const problem = await ask(url, { accept: 'application/json' })
    t.equal(problem.statusCode, status)
    t.equal(problem.json<{ code: string }>().code, code)
  }
  t.equal((await ask('/signout')).headers.allow, 'POST')
  for (const url of ['/v1', '/v1/none', '/v1?x']) t.equal((await ask(url, { cookie })).json<{ code: string }>().code, 'NOT_FOUND', url)
})

t.test('beyond the machine itself nobody signs in without TLS', async t => {
  const province = await openProvince(t)
  const { app } = province.exchange
  const ask = async (host: string) => await app.inject({ url: `/signin?ticket=${ticketFor(province, 'approval-window')}`, headers: { host } })
  t.match((await ask('console.example')).body, /CONNECTION_NOT_SECURE/)
  for (const host of ['localhost:8080', '127.0.0.1:8080', '[::1]:8080']) t.equal((await ask(host)).statusCode, 200, host)
  const settings = provinceSettings(t, { MIANZHENG_HTTP_TRUSTED_PROXIES: '127.0.0.1' })
  const behind = await openProvince(t, { settings })
  const response = await behind.exchange.app.inject({
    url: `/signin?ticket=${ticketFor(behind, 'approval-window')}`, headers: { host: 'x', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'console.example' }
  })
  t.match(response.headers['set-cookie'], /^__Host-mz=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/)
})

t.test('a stranger finds no way in on the page that says how to sign in', async t => {
  const province = await openProvince(t)
  const page = await province.exchange.app.inject({ url: '/signin' })
  t.match(page.body, /npx mianzheng signin approval-window/)
  t.notMatch(page.body, /ticket=|<form/)
})

t.test('a file is verified from the page to the receipt, and its name is for its own organisation', async t => {
  const province = await openProvince(t)
  const market = await openDepartment(t, province, 'market')
  await market.issueSamples({ now: () => new Date() })
  await province.exchange.settled()
  const bytes = readFileSync(join(province.settings.data.directory, 'samples', 'business-licence.ofd'))
  const person = await Person.signedIn(province, 'approval-window')
  await person.get('/verify')
  t.equal((await person.upload('/verify', [])).statusCode, 400, 'no file')
  const sent = await person.upload('/verify', [{ name: '营业执照.ofd', bytes }])
  t.equal(sent.statusCode, 303)
  let location = String(sent.headers.location)
  for (let turn = 0; location.includes('lists') && turn < 50; turn++) location = String((await person.get(location)).headers.location ?? location)
  const page = await person.get(location)
  t.match(page.body, /<title>核验通过 · 营业执照\.ofd · 免证<\/title>/)
  t.notMatch(location, /营业执照|%/)
  const receipt = await person.get(`${location}/receipt`)
  t.match(receipt.headers, { 'content-type': 'application/jose', 'content-disposition': /^attachment; filename="receipt-[0-9a-f-]{36}\.jws"$/ })
  t.match(receipt.body, /^[\w-]+\.[\w-]+\.[\w-]+$/)
  const several = await person.upload('/verify', [{ name: 'a.ofd', bytes }, { name: '../照片<1>.jpg', bytes: Buffer.from('ffd8ffe000104a464946', 'hex') }])
  const list = await person.get(String(several.headers.location))
  t.equal(list.statusCode, 200)
  t.match(list.body, /照片&lt;1>\.jpg/)
  const other = await Person.signedIn(province, 'approval-window', { id: 'other-1' })
  t.equal((await other.get(String(several.headers.location))).statusCode, 404, 'a list is for who sent it')
})

t.test('files that are still arriving count towards what one person and one system may have waiting, and no longer once they break off', async t => {
  const province = await openProvince(t)
  const { app } = province.exchange
  const people = await Promise.all(['a-1', 'b-1', 'c-1'].map(async id => await Person.signedIn(province, 'approval-window', { id })))
  for (const person of people) await person.get('/verify')
  const [first, second, third] = people as [Person, Person, Person]
  const large = 64 * 1024 * 1024
  const arriving = ({ formToken, cookie }: Person) => {
    const body = new PassThrough()
    body.write(`--b\r\ncontent-disposition: form-data; name="formToken"\r\n\r\n${formToken}\r\n`)
    const headers = { host: 'localhost', cookie, origin: PAGES_ORIGIN, 'content-type': 'multipart/form-data; boundary=b', 'content-length': String(large) }
    return { body, answered: app.inject({ method: 'POST', url: '/verify', headers, payload: body }).then(({ statusCode }) => statusCode) }
  }
  const file = [{ name: 'a', bytes: Buffer.from('x') }]
  const untilTurnedAway = async (person: Person): Promise<number> => {
    let status = 0
    for (let turn = 0; status !== 429 && turn < 20; turn++) status = (await person.upload('/verify', file)).statusCode
    return status
  }
  const held = [arriving(first)]
  t.equal(await untilTurnedAway(first), 429, 'one large form is all of a person')
  t.not((await second.upload('/verify', file)).statusCode, 429, 'a colleague is let in')
  held.push(arriving(second))
  t.equal(await untilTurnedAway(third), 429, 'two are all of a system')
  for (const { body } of held) body.end()
  t.same(await Promise.all(held.map(async ({ answered }) => await answered)), [400, 400])
  for (const person of people) t.not((await person.upload('/verify', file)).statusCode, 429)
})

t.test('a provider is told at the start how its own duties stand, the authority how those of all departments do', async t => {
  const desks = await openDesks(t)
  const said = async (clientId: string): Promise<string> => />((?:各部门的)?责任清单：已迟 \d+ 项)/.exec((await (await Person.signedIn(desks, clientId)).get('/')).body)?.[1] ?? ''
  const late = async (owner = ''): Promise<number> => {
    const { body: { items } } = await desks.api.call<DutyList>('catalogue-manager', 'GET', `/v1/catalogue/duties?limit=100${owner}`)
    return items.filter(({ state }) => state === 'late' || state === 'overdue').length
  }
  t.not(await late(), await late(`&owner=${desks.resourceId.split('.')[0]}`), 'others are late as well')
  t.same([await said('catalogue-manager'), await said('market')], [`各部门的责任清单：已迟 ${await late()} 项`, `责任清单：已迟 ${await late(`&owner=${desks.resourceId.split('.')[0]}`)} 项`])
  t.equal(await said('approval-window'), '')
})

t.test('a window is told at the start which of its office\'s cases wait for something, with the next step, and is told of nobody else\'s', async t => {
  const desks = await openDesks(t)
  const window = await Person.signedIn(desks, 'approval-window', { id: 'other-1' })
  const listed = async (url = '/'): Promise<string[]> => [...(await window.get(url)).body.matchAll(/<li class="task">(?:(?!<\/li>)[\s\S])*?href="(\/cases\/[^"]+)"(?:(?!<\/li>)[\s\S])*?<strong>请这样做：<\/strong>([^ <]+)/g)].map(([, to = '', step = '']) => `${to} ${step}`)
  t.match((await window.get('/')).body, /没有没办完的件：每份材料都有了结论/)
  const { caseId } = await desks.openCase('QZ-1')
  const { caseId: open } = await desks.openCase('QZ-2', ['sign'])
  const wait = '等校核答复后重查，急办请收原件'
  const [recheck, answer] = [`/cases/${caseId} 重查不能确定的材料，急办请收原件`, `/cases/${open} 回答剩下的问题`]
  t.same(await listed(), [answer, recheck], 'the agent is known to nobody, so that of the first something is undecided')
  await desks.api.call('approval-window', 'POST', `/v1/exemptions/${caseId}/materials/agent-identity/refusals`, { reason: '带了身份证' })
  t.same(await listed(), [answer])
  const correctionId = await desks.flag(caseId)
  t.same(await listed(), [answer, `/cases/${caseId} ${wait}`])
  await desks.api.call('market', 'POST', `/v1/catalogue/corrections/${correctionId}/answers`, { outcome: 'corrected', why: '已更正' })
  t.same(await listed('/cases?only=unfinished'), [answer, recheck])
  const { caseId: later } = await desks.openCase('QZ-2')
  t.same(await listed(), [`/cases/${later} 重查不能确定的材料，急办请收原件`, recheck], 'its questions were answered in a later case of that number')
  t.equal((await listed('/cases')).length, 0, 'among all cases no step is told')
  for (const clientId of ['market', 'auditor', 'operator']) t.notMatch((await (await Person.signedIn(desks, clientId)).get('/')).body, /没办完|QZ-/, clientId)
  for (let number = 10; number < 20; number++) await desks.openCase(`QZ-${number}`)
  t.equal((await listed()).length, 10)
  t.match((await window.get('/')).body, /href="\/cases\?only=unfinished">还有更多，全部查看/)
  t.equal((await listed('/cases?only=unfinished')).length, 12)
})
