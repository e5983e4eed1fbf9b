import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import type { LightMyRequestResponse } from 'fastify'
import { signCompact } from '../../../platform/crypto/index.js'
import type { AccessEntry } from '../../../platform/http/port.js'
import { auditRoutes } from '../../../services/audit/index.js'
import { assertion, bearer, codeOf, ground, ISSUER, NOW, proof, remember, seconds, type ClientKeys } from '../../support/server.js'

const TICKET = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

function ticket ({ privateKey, kid, algorithm }: ClientKeys, claims: Record<string, unknown> = {}, at: string | Date = NOW, typ = 'signin+jwt'): string {
  const usual = { iss: 'approval-1', sub: 'w-0102', name: '李明', roles: ['approval'], aud: ISSUER, iat: seconds(at), exp: seconds(at) + 300, jti: randomUUID() }
  return signCompact(Buffer.from(JSON.stringify({ ...usual, ...claims })), { key: privateKey, kid, algorithm }, { typ })
}

async function desk (t: Test, settings = {}) {
  const entries: AccessEntry[] = []
  const made = await ground(t, { settings, access: recorder => remember(entries, recorder), register: async (app, { records }) => { await app.register(auditRoutes, { prefix: '/v1', records, allow: app.allow }) } })
  const { app, keys, clock } = made
  const form = async (url: string, fields: Record<string, string>, by: 'console' | 'approval' = 'console', headers: Record<string, string> = {}): Promise<LightMyRequestResponse> => await app.inject({
    method: 'POST', url, headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, payload: new URLSearchParams({ client_assertion_type: ASSERTION, client_assertion: assertion(`${by}-1`, keys[by], clock.now()), ...fields }).toString()
  })
  const ask = async (fields: Record<string, string>, by: 'console' | 'approval' = 'console', headers: Record<string, string> = {}) => await form('/v1/tokens', fields, by, headers)
  return { ...made, entries, ask, signIn: async (text: string, by: 'console' | 'approval' = 'console') => await ask({ grant_type: TICKET, assertion: text }, by), end: async (token: string) => await form('/v1/tokens/revocation', { token }) }
}
interface Answer { access_token: string, refresh_token: string, refresh_expires_in: number, scope: string, signed_in: unknown }

t.test('a ticket is worth a token of that person, with the scopes of their own system', async t => {
  const { app, keys, signIn, entries } = await desk(t)
  const response = await signIn(ticket(keys.approval))
  t.equal(response.statusCode, 200, response.body)
  const { access_token: token, signed_in: who, refresh_expires_in: left, scope } = response.json<Answer>()
  t.equal(left, 28_800)
  t.match(scope, 'verifications:write')
  t.match(who, { client: 'approval-1', organisationName: '示例省政务服务管理局', roles: ['approval'], person: { id: 'w-0102', name: '李明' } })
  t.equal(codeOf(await app.inject({ url: '/v1/audit/records', headers: bearer(token) })), 'SCOPE_MISSING')
  t.match(entries.at(-1), { client: 'approval-1', person: 'w-0102', code: 'SCOPE_MISSING' }, 'the record names the person')
  t.match(entries.at(-2), { route: '/v1/tokens', client: 'approval-1', person: 'w-0102', status: 200 })
})

t.test('a ticket works once, for five minutes, and only as its organisation signed it', async t => {
  const { keys, clock, signIn } = await desk(t)
  const once = ticket(keys.approval)
  t.equal((await signIn(once)).statusCode, 200)
  t.equal(codeOf(await signIn(once)), 'TICKET_USED')
  const later = ticket(keys.approval)
  clock.set(new Date(seconds(NOW) * 1000 + 329_999))
  t.equal((await signIn(later)).statusCode, 200, 'with the skew that clocks may have')
  const late = ticket(keys.approval)
  clock.set(new Date(seconds(NOW) * 1000 + 330_000))
  t.equal(codeOf(await signIn(late)), 'TICKET_EXPIRED')
  const at = clock.now()
  for (const [claims, key, typ] of [
    [{ roles: ['auditor'] }, keys.approval], [{ roles: [] }, keys.approval], [{ roles: ['approval', 'approval-x'] }, keys.approval], [{ roles: 'approval' }, keys.approval],
    [{ aud: 'https://elsewhere.example' }, keys.approval], [{ iss: 'auditor-1' }, keys.approval], [{ iss: 'nobody' }, keys.approval], [{ exp: seconds(at) + 331 }, keys.approval],
    [{ sub: '11010519491231002X' }, keys.approval], [{ sub: '11010519491231002x' }, keys.approval], [{ sub: 'w-11010519491231002X.1' }, keys.approval], [{ sub: 'w 1' }, keys.approval], [{ name: ' ' }, keys.approval], [{ name: '李'.repeat(51) }, keys.approval], [{ jti: '' }, keys.approval],
    [{}, keys.auditor], [{}, keys.approval, 'JWT'], [{ iss: 'console-1', roles: ['console'] }, keys.console]
  ] as Array<[Record<string, unknown>, ClientKeys, string?]>) {
    t.equal(codeOf(await signIn(ticket(key, claims, at, typ))), 'TICKET_INVALID', JSON.stringify(claims))
  }
  t.equal((await signIn(ticket(keys.approval, { name: '李'.repeat(50) }, at))).statusCode, 200)
})

t.test('only a console signs people in, and a ticket is nobody\'s client assertion', async t => {
  const { keys, signIn, ask } = await desk(t)
  const refused = await signIn(ticket(keys.approval), 'approval')
  t.equal(codeOf(refused), 'GRANT_TYPE_UNSUPPORTED')
  t.equal(refused.json<{ error: string }>().error, 'unsupported_grant_type')
  t.equal(codeOf(await ask({ grant_type: 'client_credentials', client_assertion: ticket(keys.approval, { sub: 'approval-1' }) })), 'ASSERTION_INVALID')
  t.equal(codeOf(await ask({ grant_type: TICKET })), 'INPUT_INVALID')
  t.equal((await ask({ grant_type: 'client_credentials' })).json<Answer>().scope, '', 'a console may do nothing by itself')
})

t.test('a refresh token works once; coming twice it ends the sign-in for whoever has it', async t => {
  const { keys, ask, signIn } = await desk(t)
  const refresh = async (token: string, by: 'console' | 'approval' = 'console') => await ask({ grant_type: 'refresh_token', refresh_token: token }, by)
  const first = (await signIn(ticket(keys.approval))).json<Answer>().refresh_token
  const answer = await refresh(first)
  t.equal(answer.statusCode, 200, answer.body)
  const second = answer.json<Answer>().refresh_token
  t.not(second, first)
  t.equal(codeOf(await refresh(first)), 'SIGN_IN_ENDED')
  t.equal(codeOf(await refresh(second)), 'SIGN_IN_ENDED', 'the one in the right hands too')
  const other = (await signIn(ticket(keys.approval))).json<Answer>().refresh_token
  t.equal(codeOf(await refresh(other, 'approval')), 'GRANT_TYPE_UNSUPPORTED')
  const outcomes = await Promise.all([refresh(other), refresh(other)])
  t.ok(outcomes.filter(({ statusCode }) => statusCode === 200).length <= 1, 'of two at once one wins at most')
  t.equal(codeOf(await refresh('x')), 'SIGN_IN_ENDED')
})

t.test('a sign-in ends after its hours, by signing out, and when its system or the console is suspended', async t => {
  const { app, keys, clock, identity, ask, signIn, end } = await desk(t)
  const refresh = async (token: string) => await ask({ grant_type: 'refresh_token', refresh_token: token })
  const start = seconds(NOW) * 1000
  let { refresh_token: token } = (await signIn(ticket(keys.approval))).json<Answer>()
  clock.set(new Date(start + 28_800_000 - 1))
  token = (await refresh(token)).json<Answer>().refresh_token
  clock.set(new Date(start + 28_800_000))
  t.equal(codeOf(await refresh(token)), 'SIGN_IN_ENDED')

  const left = (await signIn(ticket(keys.approval, {}, clock.now()))).json<Answer>()
  t.equal((await end(left.refresh_token)).statusCode, 204)
  t.equal((await end(left.refresh_token)).statusCode, 204, 'twice is no mistake')
  t.equal(codeOf(await refresh(left.refresh_token)), 'SIGN_IN_ENDED')

  const stopped = (await signIn(ticket(keys.approval, {}, clock.now()))).json<Answer>()
  await identity.registry.suspendClient('console-1', { reason: 'x', by: 'y' })
  t.equal(codeOf(await app.inject({ url: '/v1/audit/records', headers: bearer(stopped.access_token) })), 'CLIENT_SUSPENDED')
  await identity.registry.restoreClient('console-1')
  await identity.registry.suspendClient('approval-1', { reason: 'x', by: 'y' })
  t.equal(codeOf(await refresh(stopped.refresh_token)), 'CLIENT_SUSPENDED')
})

t.test('a suspension ends sign-ins for good, also after it was lifted', async t => {
  const { app, keys, clock, identity: { registry }, ask, signIn } = await desk(t)
  const refresh = async (token: string) => await ask({ grant_type: 'refresh_token', refresh_token: token })
  for (const suspended of ['approval-1', 'console-1']) {
    const before = (await signIn(ticket(keys.approval, {}, clock.now()))).json<Answer>()
    clock.set(new Date(clock.now().getTime() + 1000))
    await registry.suspendClient(suspended, { reason: 'x', by: 'y' })
    await registry.restoreClient(suspended)
    clock.set(new Date(clock.now().getTime() + 1))
    t.equal(codeOf(await app.inject({ url: '/v1/audit/records', headers: bearer(before.access_token) })), 'TOKEN_INVALID', suspended)
    t.equal(codeOf(await refresh(before.refresh_token)), 'SIGN_IN_ENDED', suspended)
    const after = (await signIn(ticket(keys.approval, {}, clock.now()))).json<Answer>()
    t.equal((await refresh(after.refresh_token)).statusCode, 200, 'whoever signs in anew works on')
  }
})

t.test('a key that its system no longer names takes with it whom it vouched for', async t => {
  const { keys, identity: { registry }, ask, signIn } = await desk(t)
  const { refresh_token: token } = (await signIn(ticket(keys.approval))).json<Answer>()
  const { client } = await registry.client('approval-1') as NonNullable<Awaited<ReturnType<typeof registry.client>>>
  await registry.registerClient({ ...client, keys: [{ jwk: keys.auditor.jwk }] })
  t.equal(codeOf(await ask({ grant_type: 'refresh_token', refresh_token: token })), 'SIGN_IN_ENDED')
})

t.test('the token of a person is bound to the console\'s key where that is asked for', async t => {
  const { app, keys, clock, ask, signIn } = await desk(t, { senderConstrained: 'required' })
  t.equal(codeOf(await signIn(ticket(keys.approval))), 'SENDER_PROOF_REQUIRED')
  const claims = { htm: 'POST', htu: 'http://localhost:80/v1/tokens' }
  const answer = await ask({ grant_type: TICKET, assertion: ticket(keys.approval) }, 'console', { dpop: proof(keys.console, clock.now(), claims) })
  t.equal(answer.statusCode, 200, answer.body)
  t.equal(codeOf(await app.inject({ url: '/v1/audit/records', headers: bearer(answer.json<Answer>().access_token) })), 'SENDER_PROOF_REQUIRED')
})

t.test('a role that was taken from the system is lost to its people at once', async t => {
  const { app, keys, identity, signIn } = await desk(t)
  const { access_token: token } = (await signIn(ticket(keys.auditor, { iss: 'auditor-1', roles: ['auditor'] }))).json<Answer>()
  t.equal((await app.inject({ url: '/v1/audit/records', headers: bearer(token) })).statusCode, 200)
  const { client } = await identity.registry.client('auditor-1') as NonNullable<Awaited<ReturnType<typeof identity.registry.client>>>
  await identity.registry.registerClient({ ...client, roles: ['operator'], keys: [{ jwk: keys.auditor.jwk }] })
  t.equal(codeOf(await app.inject({ url: '/v1/audit/records', headers: bearer(token) })), 'SCOPE_MISSING')
})
