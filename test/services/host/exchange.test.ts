import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { clientOf } from '../../../cli/department.js'
import { KeyLayout, publishAuthorities, readOwnList } from '../../../keys/index.js'
import { ROLES, type Role } from '../../../services/core/caller.js'
import { systemClock } from '../../../services/core/clock.js'
import { openExchange } from '../../../services/host/exchange.js'
import { ROLE_SCOPES } from '../../../services/identity/index.js'
import { loadTrustDirectory, verifyDocument, type Report } from '../../../services/verification/index.js'
import { openDepartment, openProvince, provinceSettings } from '../../support/province.js'

/** Every route and what it asks of its caller. A route that is added has to be added here, by someone who thought about it. */
const ROUTES: Record<string, string> = {
  'GET /healthz': 'public',
  'GET /readyz': 'public',
  'GET /metrics': 'public',
  'GET /openapi.json': 'public',
  'GET /asyncapi.json': 'public'
}
/** Development clients by role; the sample province has none that manages the catalogue yet. */
const CLIENTS: Partial<Record<Role, string>> = { provider: 'market', approval: 'approval-window', auditor: 'auditor', operator: 'operator' }

t.test('role by route: each caller reaches what its role allows, and nothing else', async t => {
  const { exchange: { app }, url, settings } = await openProvince(t)
  const table = Object.fromEntries(app.routeTable.map(({ method, url, access }) => [`${method} ${url}`, access]))
  t.same(table, ROUTES)
  const tokens = new Map<string, string>()
  for (const client of Object.values(CLIENTS)) tokens.set(client, await clientOf({ settings, url, clientId: client }).token())
  const ask = async (method: string, pattern: string, token?: string): Promise<{ status: number, code: string | undefined }> => {
    const response = await app.inject({
      method: method as 'GET',
      url: pattern.replaceAll(/:\w+/g, 'x'),
      ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } })
    })
    const isProblem = String(response.headers['content-type']).startsWith('application/problem+json')
    return { status: response.statusCode, code: isProblem ? response.json<{ code: string }>().code : undefined }
  }
  for (const [route, access] of Object.entries(table)) {
    const [method, pattern] = route.split(' ') as [string, string]
    const anonymous = await ask(method, pattern)
    if (access === 'public') {
      t.not(anonymous.code, 'TOKEN_MISSING', `${route} is open to all`)
      continue
    }
    t.same(anonymous, { status: 401, code: 'TOKEN_MISSING' }, `${route} without a token`)
    t.same(await ask(method, pattern, 'x.y.z'), { status: 401, code: 'TOKEN_INVALID' }, `${route} with a made-up token`)
    for (const role of ROLES) {
      const client = CLIENTS[role]
      if (client === undefined) continue
      const { code } = await ask(method, pattern, tokens.get(client))
      const allowed = ROLE_SCOPES[role].some(scope => scope === access)
      t.equal(code === 'SCOPE_MISSING', !allowed, `${route} as ${role} is ${allowed ? 'let in' : 'refused'}`)
    }
  }
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
  const withoutRegister = ({ name }: { name: string }): boolean => name !== 'status' && name !== 'face'
  t.same(byLibrary.checks.filter(withoutRegister), byHttp.checks.filter(withoutRegister))
  t.same(byLibrary.signatures, byHttp.signatures)
})

t.test('an exchange that is started again knows what it knew', async t => {
  const settings = provinceSettings(t)
  const first = await openProvince(t, { settings })
  const market = await openDepartment(t, first, 'market')
  const { issued } = await market.issue()
  await first.exchange.settled()
  const counted = async (url: string): Promise<number> => {
    const token = await clientOf({ settings, url, clientId: 'operator' }).token()
    const { items } = await (await fetch(`${url}/v1/quarantine`, { headers: { authorization: `Bearer ${token}` } })).json() as { items: unknown[] }
    return items.length
  }
  t.ok(issued > 10)
  t.equal(await counted(first.url), 0)
  await market.close()
  await first.exchange.close()
  const second = await openProvince(t, { settings })
  const again = await openDepartment(t, second, 'market')
  t.match(await again.issue(), { issued: 0, stateChanges: 0, rejected: 0 })
})

t.test('a second exchange on the same data directory does not start', async t => {
  const { settings } = await openProvince(t)
  await t.rejects(openExchange({ settings, clock: systemClock, production: false }), { code: 'DATA_DIR_IN_USE' })
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
  publishAuthorities(settings.data.directory, { items: list.items.slice(1), clock: systemClock })
  await exchange.reload()
  const { writeFileSync } = await import('node:fs')
  writeFileSync(`${layout.authorityList}.jws`, old)
  await t.rejects(exchange.reload(), { code: 'AUTHORITY_LIST_ROLLBACK' })
})
