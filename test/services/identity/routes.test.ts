import t from 'tap'
import type { Role } from '../../../services/core/caller.js'
import { auditRoutes } from '../../../services/audit/index.js'
import { assertMatrix, assertion, askToken, bearer, clientKeys, codeOf, ground, seconds, tokenFor } from '../../support/server.js'

const ROLES: Role[] = ['provider', 'approval', 'auditor', 'operator', 'catalogue-manager']

t.test('each role reaches its own routes and no others', async t => {
  const made = await ground(t, { register: async (app, { records }) => { await app.register(auditRoutes, { prefix: '/v1', records, allow: app.allow }) } })
  const tokens = Object.fromEntries(await Promise.all(ROLES.map(async role => [role, await tokenFor(made, role)]))) as Record<Role, string>
  await assertMatrix(t, made.app, {
    'GET /healthz': '*',
    'GET /readyz': '*',
    'GET /metrics': '*',
    'GET /openapi.json': '*',
    'POST /v1/tokens': '*',
    'POST /v1/tokens/revocation': '*',
    'GET /v1/jwks': '*',
    'GET /v1/identity/clients': ['operator'],
    'POST /v1/identity/clients/:clientId/suspension': ['operator'],
    'DELETE /v1/identity/clients/:clientId/suspension': ['operator'],
    'GET /v1/audit/records': ['auditor']
  }, tokens)
})

t.test('a client assertion is worth a token of the settled life', async t => {
  const { app, keys, clock } = await ground(t)
  const response = await askToken(app, assertion('provider-1', keys.provider, clock.now()))
  t.equal(response.statusCode, 200)
  t.match(response.json(), { token_type: 'Bearer', expires_in: 600, scope: 'events:write events:read quarantine:read quarantine:replay-own licences:read-own' })
  t.equal(response.headers['cache-control'], 'no-store')
})

t.test('a token asked for with fewer scopes holds no more', async t => {
  const made = await ground(t)
  const { app, keys, clock } = made
  const narrow = await askToken(app, assertion('operator-1', keys.operator, clock.now()), { fields: { scope: 'operations:read' } })
  t.equal(narrow.json<{ scope: string }>().scope, 'operations:read')
  t.equal(codeOf(await app.inject({ url: '/v1/identity/clients', headers: bearer(narrow.json<{ access_token: string }>().access_token) })), 'SCOPE_MISSING')
  const greedy = await askToken(app, assertion('operator-1', keys.operator, clock.now()), { fields: { scope: 'audit:read' } })
  t.equal(codeOf(greedy), 'SCOPE_NOT_GRANTED')
  t.equal(greedy.json<{ error: string }>().error, 'invalid_scope')
})

t.test('the token endpoint takes one kind of request alone', async t => {
  const { app, keys, clock } = await ground(t)
  const fresh = (): string => assertion('auditor-1', keys.auditor, clock.now())
  t.equal(codeOf(await askToken(app, fresh(), { fields: { grant_type: 'password' } })), 'GRANT_TYPE_UNSUPPORTED')
  t.equal(codeOf(await askToken(app, fresh(), { fields: { client_assertion_type: 'x' } })), 'GRANT_TYPE_UNSUPPORTED')
  t.equal(codeOf(await askToken(app, fresh(), { fields: { client_secret: 'x' } })), 'INPUT_INVALID')
  t.equal(codeOf(await askToken(app, fresh(), { fields: { client_id: 'operator-1' } })), 'ASSERTION_INVALID')
  t.equal((await askToken(app, fresh(), { fields: { client_id: 'auditor-1' } })).statusCode, 200)
  const json = await app.inject({ method: 'POST', url: '/v1/tokens', payload: { grant_type: 'client_credentials' } })
  t.equal(codeOf(json), 'MEDIA_TYPE_UNSUPPORTED')
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const fields = new URLSearchParams({
    grant_type: 'client_credentials', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: fresh(), scope: 'audit:read'
  }).toString()
  const twice = await app.inject({ method: 'POST', url: '/v1/tokens', headers: form, payload: `${fields}&scope=audit:read` })
  t.equal(codeOf(twice), 'INPUT_INVALID')
  t.equal((await app.inject({ method: 'POST', url: '/v1/tokens', headers: form, payload: fields })).statusCode, 200)
  const large = await app.inject({ method: 'POST', url: '/v1/tokens', headers: form, payload: `scope=${'x'.repeat(16_384)}` })
  t.equal(codeOf(large), 'BODY_TOO_LARGE')
})

t.test('an operator stops a system: its tokens end at once, and for good', async t => {
  const made = await ground(t)
  const { app, keys, clock } = made
  const operator = bearer(await tokenFor(made, 'operator'))
  const stolen = bearer(await tokenFor(made, 'auditor'))
  const suspension = '/v1/identity/clients/auditor-1/suspension'
  const ask = async (headers: Record<string, string>): Promise<string> => codeOf(await app.inject({ url: '/v1/identity/clients', headers }))
  t.equal(await ask(stolen), 'SCOPE_MISSING')

  const stopped = await app.inject({ method: 'POST', url: suspension, headers: operator, payload: { reason: 'token stolen' } })
  t.match(stopped.json(), { id: 'auditor-1', suspended: { reason: 'token stolen', by: 'operator-1' } })
  t.notMatch(stopped.body, keys.auditor.jwk['x'], 'no key material leaves')
  t.equal(await ask(stolen), 'CLIENT_SUSPENDED')
  t.equal(codeOf(await askToken(app, assertion('auditor-1', keys.auditor, clock.now()))), 'CLIENT_SUSPENDED')

  const restored = await app.inject({ method: 'DELETE', url: suspension, headers: operator })
  t.equal(restored.json<{ suspended?: unknown }>().suspended, undefined)
  t.equal(await ask(stolen), 'TOKEN_INVALID', 'a token from before the suspension stays refused')
  clock.set(new Date(clock.now().getTime() + 1))
  t.equal(await ask(bearer(await tokenFor(made, 'auditor'))), 'SCOPE_MISSING', 'a new one is taken')
  t.equal(codeOf(await app.inject({ method: 'POST', url: '/v1/identity/clients/nobody/suspension', headers: operator, payload: { reason: 'x' } })), 'NOT_FOUND')
})

t.test('clients are listed page by page', async t => {
  const made = await ground(t)
  const headers = bearer(await tokenFor(made, 'operator'))
  const ids: string[] = []
  let after = ''
  for (;;) {
    const page = (await made.app.inject({ url: `/v1/identity/clients?limit=2${after}`, headers })).json<{ items: Array<{ id: string }>, next?: string }>()
    ids.push(...page.items.map(({ id }) => id))
    if (page.next === undefined) break
    after = `&after=${encodeURIComponent(page.next)}`
  }
  t.same(ids, ['approval-1', 'auditor-1', 'catalogue-manager-1', 'console-1', 'operator-1', 'provider-1'])
  t.equal(codeOf(await made.app.inject({ url: '/v1/identity/clients?limit=0', headers })), 'INPUT_INVALID')
  t.equal(codeOf(await made.app.inject({ url: '/v1/identity/clients?limit=1001', headers })), 'INPUT_INVALID')
})

t.test('a lost role counts for tokens already issued', async t => {
  const made = await ground(t)
  const headers = bearer(await tokenFor(made, 'operator'))
  t.equal((await made.app.inject({ url: '/v1/identity/clients', headers })).statusCode, 200)
  const { keys: { operator: { jwk } }, identity: { registry } } = made
  await registry.registerClient({ id: 'operator-1', organisation: '11990000YYYY010074', name: 'operator', roles: ['auditor'], keys: [{ jwk }] })
  t.equal(codeOf(await made.app.inject({ url: '/v1/identity/clients', headers })), 'SCOPE_MISSING')
})

t.test('the published keys verify, and the key that was replaced goes once its last token has ended', async t => {
  const made = await ground(t)
  const { app, identity, clock } = made
  const kids = async (): Promise<string[]> => (await app.inject({ url: '/v1/jwks' })).json<{ keys: Array<{ kid: string }> }>().keys.map(({ kid }) => kid)
  const [first] = await kids()
  const old = bearer(await tokenFor(made, 'operator'))
  const next = clientKeys()
  await identity.tokens.rotate(next.privateKey)
  await identity.tokens.rotate(next.privateKey)
  t.same((await kids()).sort(), [first, next.kid].sort())
  t.equal((await app.inject({ url: '/v1/identity/clients', headers: old })).statusCode, 200, 'overlap')
  const at = seconds(clock.now())
  clock.set(new Date((at + 600) * 1000 - 1))
  t.equal((await app.inject({ url: '/v1/identity/clients', headers: old })).statusCode, 200, 'to the last millisecond')
  clock.set(new Date((at + 600) * 1000))
  t.same(await kids(), [next.kid])
  t.equal(codeOf(await app.inject({ url: '/v1/identity/clients', headers: old })), 'TOKEN_INVALID')
  await t.rejects(identity.tokens.rotate(made.tokenKey), { code: 'IDENTITY_INVALID' }, 'a key once replaced never signs again')
})
