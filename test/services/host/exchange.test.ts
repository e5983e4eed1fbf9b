import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { clientOf } from '../../../cli/department.js'
import { senderProof } from '../../../connectors/sdk/proof.js'
import { DEFAULT_CRL_DAYS, KeyLayout, publishAuthorities, readOwnList, readSigningKey } from '../../../keys/index.js'
import { signCompact } from '../../../platform/crypto/index.js'
import type { Role } from '../../../services/core/caller.js'
import { fixedClock, systemClock } from '../../../services/core/clock.js'
import { openExchange } from '../../../services/host/exchange.js'
import { openStores } from '../../../services/host/stores.js'
import { loadTrustDirectory, verifyDocument, type Report } from '../../../services/verification/index.js'
import { openDepartment, openProvince, provinceSettings } from '../../support/province.js'
import { PAGES_ORIGIN, Person } from '../../support/person.js'
import { assertMatrix, type Browsers, type Matrix } from '../../support/server.js'

/** Development clients by role; the sample province has none that manages the catalogue yet. */
const CLIENTS: Partial<Record<Role, string>> = { provider: 'market', approval: 'approval-window', auditor: 'auditor', operator: 'operator', 'catalogue-manager': 'catalogue-manager' }

const EVERYONE: Role[] = ['provider', 'approval', 'auditor', 'operator', 'catalogue-manager']
/** Pages for people, by their session; and what of them is open to all. */
const PAGES: Matrix = {
  'GET /assets/:name': '*',
  'GET /signin': '*',
  'GET /help/:code': '*',
  'POST /signout': EVERYONE,
  'GET /': EVERYONE,
  'GET /me': EVERYONE,
  'GET /verify': ['approval'],
  'POST /verify': ['approval'],
  'GET /verdict-lists/:id': ['approval'],
  'GET /verdicts/:receiptId': ['approval'],
  'GET /verdicts/:receiptId/receipt': ['approval'],
  'GET /cases': ['approval'],
  'GET /cases/new': ['approval'],
  'POST /cases/new': ['approval'],
  'GET /cases/:caseId': ['approval'],
  'POST /cases/:caseId': ['approval'],
  'GET /cases/:caseId/notice': ['approval'],
  'GET /cases/:caseId/materials/:materialId/:act': ['approval'],
  'POST /cases/:caseId/materials/:materialId/:act': ['approval'],
  'GET /catalogue': ['provider', 'approval', 'auditor', 'catalogue-manager'],
  'GET /catalogue/:resourceId': ['provider', 'approval', 'auditor', 'catalogue-manager'],
  'GET /duties': ['provider', 'approval', 'auditor', 'catalogue-manager'],
  'GET /duties/:itemId': ['provider', 'approval', 'auditor', 'catalogue-manager'],
  'GET /requests/:demandId': ['provider', 'approval', 'catalogue-manager'],
  'POST /requests/:demandId': ['provider'],
  'GET /corrections': ['provider', 'approval', 'catalogue-manager'],
  'GET /corrections/:correctionId': ['provider', 'approval', 'catalogue-manager'],
  'POST /corrections/:correctionId': ['provider', 'approval', 'catalogue-manager'],
  'GET /quarantine': ['provider', 'operator'],
  'GET /quarantine/replay': ['provider', 'operator'],
  'POST /quarantine/replay': ['provider', 'operator'],
  'GET /quarantine/:id': ['provider', 'operator'],
  'POST /quarantine/:id': ['provider', 'operator']
}

t.test('role by route: each caller reaches what its role allows, and nothing else', async t => {
  const province = await openProvince(t)
  const tokens: Partial<Record<Role, string>> = {}
  for (const [role, clientId] of Object.entries(CLIENTS)) tokens[role as Role] = await clientOf({ ...province, clientId }).token()
  const browsers: Browsers = {}
  for (const [role, clientId] of Object.entries(CLIENTS)) browsers[role as Role] = { cookie: (await Person.signedIn(province, clientId)).cookie, origin: PAGES_ORIGIN }
  // A route that is added has to be added here, by someone who thought about it.
  await assertMatrix(t, province.exchange.app, {
    ...PAGES,
    'GET /healthz': '*',
    'GET /readyz': '*',
    'GET /metrics': '*',
    'GET /openapi.json': '*',
    'GET /asyncapi.json': '*',
    'POST /v1/tokens': '*',
    'POST /v1/tokens/revocation': '*',
    'GET /v1/jwks': '*',
    'GET /v1/identity/clients': ['operator'],
    'POST /v1/identity/clients/:clientId/suspension': ['operator'],
    'DELETE /v1/identity/clients/:clientId/suspension': ['operator'],
    'GET /v1/audit/records': ['auditor'],
    'POST /v1/events': ['provider'],
    'GET /v1/events/:source/:sequence': ['provider', 'operator'],
    'GET /v1/quarantine': ['provider', 'operator'],
    'GET /v1/quarantine/:id': ['provider', 'operator'],
    'POST /v1/quarantine/:id/replay': ['provider', 'operator'],
    'POST /v1/quarantine/replay': ['provider', 'operator'],
    'POST /v1/quarantine/:id/discard': ['operator'],
    'GET /v1/licences/:licenceId': ['provider', 'approval'],
    'GET /v1/licences': ['provider', 'approval'],
    'POST /v1/queries': ['provider', 'approval'],
    'POST /v1/assertions': ['provider', 'approval'],
    'POST /v1/subscriptions': ['provider', 'approval'],
    'GET /v1/subscriptions': ['provider', 'approval'],
    'DELETE /v1/subscriptions/:subscriptionId': ['provider', 'approval'],
    'GET /v1/subscriptions/:subscriptionId/rows': ['provider', 'approval'],
    'GET /v1/subscriptions/:subscriptionId/days/:day': ['provider', 'approval'],
    'POST /v1/subscriptions/:subscriptionId/comparisons': ['provider', 'approval'],
    'POST /v1/verifications': ['approval'],
    'GET /v1/verifications/:receiptId/receipt': ['approval'],
    'POST /v1/exemptions': ['approval'],
    'GET /v1/exemptions': ['approval'],
    'GET /v1/exemptions/:caseId': ['approval'],
    'GET /v1/exemptions/:caseId/explanation': ['approval'],
    'POST /v1/exemptions/:caseId/materials/:materialId/refusals': ['approval'],
    'GET /v1/exemptions/:caseId/materials/:materialId/flaggable': ['approval'],
    'POST /v1/exemptions/:caseId/materials/:materialId/flags': ['approval'],
    'POST /v1/exemptions/:caseId/materials/:materialId/commitments': ['approval'],
    'POST /v1/exemptions/:caseId/materials/:materialId/rechecks': ['approval'],
    'GET /v1/verifications/:receiptId': ['approval'],
    'POST /v1/forms/:matterId/prefill': ['approval'],
    'POST /v1/forms/:matterId/checks': ['approval'],
    'GET /v1/verifications/keys': '*',
    'GET /v1/catalogue/matters': ['provider', 'approval', 'auditor', 'catalogue-manager'],
    'GET /v1/catalogue/matters/:matterId': ['provider', 'approval', 'auditor', 'catalogue-manager'],
    'GET /v1/catalogue/resources': ['provider', 'approval', 'auditor', 'catalogue-manager'],
    'GET /v1/catalogue/organisations': ['provider', 'approval', 'auditor', 'operator', 'catalogue-manager'],
    'GET /v1/catalogue/divisions': ['provider', 'approval', 'auditor', 'catalogue-manager'],
    'GET /v1/catalogue/lists/issuing': ['provider', 'approval', 'auditor', 'catalogue-manager'],
    'GET /v1/catalogue/lists/using': ['provider', 'approval', 'auditor', 'catalogue-manager'],
    'GET /v1/catalogue/lists/findings': ['provider', 'approval', 'auditor', 'catalogue-manager'],
    'GET /v1/catalogue/dcat': ['provider', 'approval', 'auditor', 'catalogue-manager'],
    'GET /v1/catalogue/resources/:resourceId': ['provider', 'approval', 'auditor', 'catalogue-manager'],
    'GET /v1/catalogue/resources/:resourceId/history': ['provider', 'approval', 'auditor', 'catalogue-manager'],
    'PUT /v1/catalogue/resources/:resourceId': ['provider'],
    'POST /v1/catalogue/resources/:resourceId/review': ['catalogue-manager'],
    'POST /v1/catalogue/resources/:resourceId/withdrawal': ['provider'],
    'GET /v1/catalogue/rule-sets': ['provider', 'approval', 'auditor', 'catalogue-manager'],
    'GET /v1/catalogue/deadlines': ['provider', 'approval', 'auditor', 'catalogue-manager'],
    'GET /v1/catalogue/duties': ['provider', 'approval', 'auditor', 'catalogue-manager'],
    'GET /v1/catalogue/duties/:itemId': ['provider', 'approval', 'auditor', 'catalogue-manager'],
    'PUT /v1/catalogue/duties/:itemId': ['catalogue-manager'],
    'POST /v1/catalogue/duties/:itemId/end': ['catalogue-manager'],
    'POST /v1/catalogue/demands': ['provider', 'approval'],
    'GET /v1/catalogue/demands': ['provider', 'approval', 'catalogue-manager'],
    'GET /v1/catalogue/demands/:demandId': ['provider', 'approval', 'catalogue-manager'],
    'POST /v1/catalogue/demands/:demandId/supplement-requests': ['provider'],
    'POST /v1/catalogue/demands/:demandId/supplements': ['provider', 'approval'],
    'POST /v1/catalogue/demands/:demandId/extensions': ['provider'],
    'POST /v1/catalogue/demands/:demandId/extension-consents': ['catalogue-manager'],
    'POST /v1/catalogue/demands/:demandId/decisions': ['provider'],
    'POST /v1/catalogue/demands/:demandId/withdrawals': ['provider', 'approval'],
    'GET /v1/catalogue/grants': ['provider', 'approval'],
    'GET /v1/catalogue/deliveries': ['provider', 'approval', 'catalogue-manager'],
    'GET /v1/catalogue/grants/:grantId': ['provider', 'approval', 'catalogue-manager'],
    'POST /v1/catalogue/grants/:grantId/pull': ['provider'],
    'POST /v1/catalogue/grants/:grantId/suspension': ['catalogue-manager'],
    'POST /v1/catalogue/grants/:grantId/resumption': ['catalogue-manager'],
    'POST /v1/catalogue/corrections': ['provider', 'approval'],
    'GET /v1/catalogue/corrections': ['provider', 'approval', 'catalogue-manager'],
    'GET /v1/catalogue/corrections/:correctionId': ['provider', 'approval', 'catalogue-manager'],
    'POST /v1/catalogue/corrections/:correctionId/answers': ['provider', 'catalogue-manager'],
    'POST /v1/catalogue/corrections/:correctionId/withdrawal': ['provider', 'approval']
  }, tokens, browsers)
})

t.test('a register row becomes a licence that verifies, the same by HTTP and by library', async t => {
  const province = await openProvince(t)
  const market = await openDepartment(t, province, 'market')
  await market.issueSamples(systemClock)
  await province.exchange.settled()
  const file = join(province.settings.data.directory, 'samples', 'business-licence.ofd')
  const bytes = readFileSync(file)
  const token = await clientOf({ ...province, clientId: 'approval-window' }).token()
  const form = new FormData()
  form.set('file', new Blob([bytes]), '营业执照.ofd')
  const response = await fetch(`${province.url}/v1/verifications`, { method: 'POST', body: form, headers: { authorization: `Bearer ${token}` } })
  const { receiptId: _id, receipt: _receipt, ...byHttp } = await response.json() as Report & { receiptId: string, receipt: string }
  t.equal(byHttp.verdict, 'valid')
  t.same(byHttp.checks.find(({ name }) => name === 'status')?.status, 'passed')

  const trust = loadTrustDirectory(join(province.settings.data.directory, 'trust'))
  const byLibrary = await verifyDocument(bytes, { trust, at: byHttp.at })
  t.equal(byLibrary.verdict, 'valid')
  // Without the register nobody says since when the licence has existed, what stands there and how it compares; the rest is the same.
  const said = (checks: Report['checks']): string[] => checks.filter(({ name }) => name !== 'status' && name !== 'face')
    .map(check => [check.name, check.status, 'code' in check ? check.code : ''].join(' '))
  t.same(said(byLibrary.checks), said(byHttp.checks))
  t.same(byLibrary.signatures.map(({ id, checks }) => [id, said(checks)]), byHttp.signatures.map(({ id, checks }) => [id, said(checks)]))
})

t.test('a folder of CSV files becomes records in order with the licences of the same department', async t => {
  const province = await openProvince(t)
  const dir = join(province.settings.data.directory, 'departments', 'market', 'shops')
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'a.csv'), '编号,名称,电话\r\n1,晨光面馆,13900000000\r\n2,云川小吃,13900000001\r\n')
  const market = await openDepartment(t, province, 'market')
  await market.issueSamples(systemClock)
  const first = market.publisher.sequence
  const source = { resource: 'shops', dir, key: ['编号'], columns: [{ heading: '名称', name: 'name' }] }
  t.match(await market.publishCsv(source, systemClock), { changed: 2, deleted: 0, rejected: 0 })
  writeFileSync(join(dir, 'a.csv'), '编号,名称,电话\r\n1,晨光面馆,13900000009\r\n')
  t.match(await market.publishCsv(source, systemClock), { changed: 0, unchanged: 1, deleted: 1 }, 'a column that is not named changes nothing')
  await province.exchange.settled()
  const token = await clientOf({ ...province, clientId: 'market' }).token()
  for (const sequence of [first + 1, first + 2, first + 3]) {
    const response = await fetch(`${province.url}/v1/events/${market.config.uscc}/${sequence}`, { headers: { authorization: `Bearer ${token}` } })
    t.match(await response.json(), { state: 'accepted' })
  }
})

t.test('an exchange that is started again knows what it knew', async t => {
  const settings = provinceSettings(t)
  const first = await openProvince(t, { settings })
  const market = await openDepartment(t, first, 'market')
  const { issued } = await market.issue()
  await first.exchange.settled()
  const refused = async (url: string): Promise<unknown[]> => {
    const token = await clientOf({ settings, url, clientId: 'operator' }).token()
    const { items } = await (await fetch(`${url}/v1/quarantine`, { headers: { authorization: `Bearer ${token}` } })).json() as { items: Array<{ type: string, reasons: unknown[] }> }
    return items.map(({ type, reasons }) => ({ type, reasons }))
  }
  t.ok(issued > 3)
  t.same(await refused(first.url), [])
  await market.close()
  await first.exchange.close()
  const second = await openProvince(t, { settings })
  const again = await openDepartment(t, second, 'market')
  t.match(await again.issue(), { issued: 0, stateChanges: 0, rejected: 0 })
})

t.test('nobody is answered before the views know all that was said: a view that is built anew would tell of a past', async t => {
  const settings = provinceSettings(t)
  const first = await openProvince(t, { settings })
  const market = await openDepartment(t, first, 'market')
  await market.issue()
  await first.exchange.settled()
  const held = await first.exchange.licences()
  t.ok(held > 3)
  await market.close()
  await first.exchange.close()
  const { directory, lockTimeoutMs } = settings.data
  const stores = await openStores({ directory, lockTimeoutMs, recordBytes: settings.eventLog.recordBytes, clock: systemClock })
  await (await stores.documents.collection('licences')).clear()
  for (let partition = 0; partition < settings.eventLog.partitions; partition++) await stores.eventLog.commit('licences', 'trusted', partition, 0)
  await stores.close()
  t.equal(await (await openProvince(t, { settings })).exchange.licences(), held)
})

t.test('a second exchange on the same data directory does not start', async t => {
  const { settings } = await openProvince(t)
  await t.rejects(openExchange({ settings, clock: systemClock, production: false }), { code: 'DATA_DIR_IN_USE' })
})

t.test('behind a proxy that is named a proof is for the address that the client asked for, and only then', async t => {
  const made = provinceSettings(t)
  for (const [trustedProxies, status] of [['127.0.0.1,10.0.0.0/8', 200], ['10.0.0.0/8', 401], ['', 401]] as const) {
    await t.test(`believed: ${trustedProxies}`, async t => {
      const { exchange, settings } = await openProvince(t, { settings: { ...made, http: { ...made.http, trustedProxies } } })
      const key = readSigningKey(new KeyLayout(settings.data.directory).client('approval-window').key)
      const at = systemClock.now()
      const iat = Math.floor(at.getTime() / 1000)
      const claims = { iss: 'approval-window', sub: 'approval-window', aud: settings.identity.issuer, iat, exp: iat + 60, jti: randomUUID() }
      const assertion = signCompact(Buffer.from(JSON.stringify(claims)), key, { typ: 'JWT' })
      const dpop = senderProof({ key, method: 'POST', url: 'https://exchange.example/v1/tokens', at, id: randomUUID() })
      const response = await exchange.app.inject({
        method: 'POST',
        url: '/v1/tokens',
        remoteAddress: '127.0.0.1',
        headers: { 'content-type': 'application/x-www-form-urlencoded', dpop, 'x-forwarded-proto': 'https', 'x-forwarded-host': 'exchange.example' },
        payload: new URLSearchParams({ grant_type: 'client_credentials', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: assertion }).toString()
      })
      t.equal(response.statusCode, status)
      if (status !== 200) t.equal(response.json<{ code: string }>().code, 'SENDER_PROOF_INVALID')
    })
  }
})

t.test('a proxy that is no address stops the start', async t => {
  for (const trustedProxies of ['300.0.0.1', '10.0.0.0/33', '10.0.0.0/0', ':::']) {
    const settings = provinceSettings(t, { MIANZHENG_HTTP_TRUSTED_PROXIES: trustedProxies })
    await t.rejects(openExchange({ settings, clock: systemClock, production: false }), { code: 'CONFIG_INVALID' }, trustedProxies)
  }
})

t.test('a store that was cut to nothing is not taken for a new one', async t => {
  const directory = t.testdir({ 'exchange.sqlite': '' })
  await t.rejects(openStores({ directory, lockTimeoutMs: 100, recordBytes: 1000, clock: systemClock }), { code: 'STORE_CORRUPT' })
  rmSync(join(directory, 'exchange.sqlite'))
  await (await openStores({ directory, lockTimeoutMs: 100, recordBytes: 1000, clock: systemClock })).close()
})

t.test('in production development keys are refused', async t => {
  const { settings, exchange } = await openProvince(t)
  await exchange.close()
  await t.rejects(openExchange({ settings, clock: systemClock, production: true }), { code: 'DEVELOPMENT_KEYS_REFUSED' })
})

t.test('a new authority list is taken up, an older one is refused and nothing changes', async t => {
  const { settings, exchange } = await openProvince(t)
  const layout = new KeyLayout(settings.data.directory)
  const old = readFileSync(`${layout.authorityList}.jws`)
  const { list } = readOwnList(layout, 'authority-list')
  publishAuthorities(settings.data.directory, list.items.slice(1), { clock: systemClock, crlDays: DEFAULT_CRL_DAYS })
  await exchange.reload()
  writeFileSync(`${layout.authorityList}.jws`, old)
  await t.rejects(exchange.reload(), { code: 'AUTHORITY_LIST_ROLLBACK' })
})

t.test('what somebody writes into the trust directory does not stand against the signed lists', async t => {
  const { settings, exchange } = await openProvince(t)
  const { trust } = new KeyLayout(settings.data.directory)
  const policy = readFileSync(join(trust, 'policy.json'), 'utf8')
  writeFileSync(join(trust, 'policy.json'), '{"authority":"off","revocation":"if-known"}')
  writeFileSync(join(trust, 'anchors', 'mine.pem'), readFileSync(join(trust, 'anchors', readdirSync(join(trust, 'anchors'))[0] as string)))
  await exchange.reload()
  t.equal(readFileSync(join(trust, 'policy.json'), 'utf8'), policy)
  t.notOk(readdirSync(join(trust, 'anchors')).includes('mine.pem'))
})

t.test('the key that signs tokens is replaced when it is old enough, and tokens of the old one live out their time', async t => {
  const settings = provinceSettings(t, { MIANZHENG_IDENTITY_TOKEN_KEY_DAYS: '2' })
  const clock = fixedClock(new Date())
  const { exchange, url } = await openProvince(t, { settings, clock })
  const kids = async (): Promise<string[]> => ((await (await fetch(`${url}/v1/jwks`)).json()) as { keys: Array<{ kid: string }> }).keys.map(({ kid }) => kid)
  const before = await kids()
  t.equal(before.length, 1)
  await exchange.reload()
  t.same(await kids(), before)
  clock.set(new Date(clock.now().getTime() + 2 * 86_400_000))
  await exchange.reload()
  const both = await kids()
  t.equal(both.length, 2)
  t.ok(both.includes(before[0] as string))
  clock.set(new Date(clock.now().getTime() + settings.identity.tokenSeconds * 1000 + 1))
  t.same(await kids(), both.filter(kid => kid !== before[0]))
})
