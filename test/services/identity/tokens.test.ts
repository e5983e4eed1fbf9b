import { createHmac, createPublicKey, randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { signCompact } from '../../../platform/crypto/index.js'
import type { Failure } from '../../../services/core/failure.js'
import { assertion, clientKeys, identityGround, ISSUER, NOW, OFFICE_USCC, PROVIDER_USCC, seconds, type IdentityGround } from '../../support/server.js'

const URL_ = 'https://exchange.example/v1/tokens'
const now = seconds(NOW)

async function outcome (work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'passed'
  } catch (error) { return (error as Failure).code ?? String(error) }
}

/** What comes of an assertion of `approval-1` (ES256) with this about it changed. */
function issuing ({ identity, keys }: IdentityGround) {
  return async (claims: Record<string, unknown>, header: Record<string, string> = {}): Promise<string> =>
    await outcome(identity.tokens.issue({ assertion: assertion('approval-1', keys.approval, NOW, { claims, header }), url: URL_ }))
}

async function verifying (t: Test) {
  const made = await identityGround(t)
  const { identity, keys } = made
  const { accessToken } = await identity.tokens.issue({ assertion: assertion('approval-1', keys.approval, NOW), url: URL_ })
  const verify = async (token: string): Promise<string> => await outcome(identity.tokens.verify({ token, scheme: 'Bearer', method: 'GET', url: URL_ }))
  return { ...made, accessToken, verify }
}

t.test('an assertion must be for us, by the client that it names', async t => {
  const issue = issuing(await identityGround(t))
  t.equal(await issue({}), 'passed')
  t.equal(await issue({ aud: [ISSUER] }), 'passed')
  for (const aud of ['https://elsewhere.example', `${ISSUER}/`, undefined, [], [ISSUER, 'https://elsewhere.example']]) t.equal(await issue({ aud }), 'ASSERTION_INVALID', String(aud))
  t.equal(await issue({ iss: 'auditor-1' }), 'ASSERTION_INVALID')
  t.equal(await issue({ sub: 'auditor-1', iss: 'auditor-1' }), 'ASSERTION_INVALID', 'signed by a key of another client')
  t.equal(await issue({ sub: 'nobody', iss: 'nobody' }), 'ASSERTION_INVALID')
  t.equal(await issue({ sub: '../x', iss: '../x' }), 'ASSERTION_INVALID')
  t.equal(await issue({ jti: undefined }), 'ASSERTION_INVALID')
  t.equal(await issue({ jti: '' }), 'ASSERTION_INVALID')
  t.equal(await issue({}, { jku: 'https://elsewhere.example/keys' }), 'ASSERTION_INVALID')
  t.equal(await issue({}, { x: 'y' }), 'ASSERTION_INVALID', 'a header member that nobody here knows')
})

t.test('an assertion lives no longer than settled, within the allowed difference of clocks', async t => {
  const issue = issuing(await identityGround(t))
  t.equal(await issue({ exp: now + 330 }), 'passed')
  t.equal(await issue({ exp: now + 331 }), 'ASSERTION_INVALID', 'too long')
  t.equal(await issue({ iat: now - 60, exp: now - 29 }), 'passed')
  t.equal(await issue({ iat: now - 60, exp: now - 30 }), 'ASSERTION_EXPIRED')
  t.equal(await issue({ iat: now + 30, exp: now + 90 }), 'passed')
  t.equal(await issue({ iat: now + 31, exp: now + 90 }), 'ASSERTION_INVALID', 'made in the future')
  t.equal(await issue({ iat: now - 329 }), 'passed')
  t.equal(await issue({ iat: now - 330 }), 'ASSERTION_EXPIRED', 'made long ago')
  t.equal(await issue({ nbf: now + 30 }), 'passed')
  t.equal(await issue({ nbf: now + 31 }), 'ASSERTION_INVALID', 'not yet')
  t.equal(await issue({ exp: now, iat: now }), 'ASSERTION_INVALID', 'ends as it begins')
  for (const claims of [{ exp: undefined }, { iat: undefined }, { exp: String(now + 60) }, { nbf: 'soon' }]) t.equal(await issue(claims), 'ASSERTION_INVALID', JSON.stringify(claims))
})

t.test('an assertion is worth one token, also after a restart', async t => {
  const made = await identityGround(t)
  const once = assertion('auditor-1', made.keys.auditor, NOW, { claims: { jti: 'a' } })
  t.equal(await outcome(made.identity.tokens.issue({ assertion: once, url: URL_ })), 'passed')
  t.equal(await outcome(made.identity.tokens.issue({ assertion: once, url: URL_ })), 'ASSERTION_REPLAYED')
  const again = await made.reopen()
  t.equal(await outcome(again.tokens.issue({ assertion: once, url: URL_ })), 'ASSERTION_REPLAYED')
  const sameId = assertion('auditor-1', made.keys.auditor, NOW, { claims: { jti: 'a', exp: now + 61 } })
  t.equal(await outcome(again.tokens.issue({ assertion: sameId, url: URL_ })), 'ASSERTION_REPLAYED', 'the identifier counts, not the bytes')
  const other = assertion('operator-1', made.keys.operator, NOW, { claims: { jti: 'a' } })
  t.equal(await outcome(again.tokens.issue({ assertion: other, url: URL_ })), 'passed', 'identifiers of another client are its own')
})

t.test('of two requests with one assertion at the same time, one gets a token', async t => {
  const { identity, keys } = await identityGround(t)
  const once = assertion('auditor-1', keys.auditor, NOW)
  const outcomes = await Promise.all([1, 2, 3].map(async () => await outcome(identity.tokens.issue({ assertion: once, url: URL_ }))))
  t.same(outcomes.sort(), ['ASSERTION_REPLAYED', 'ASSERTION_REPLAYED', 'passed'])
})

t.test('the algorithm is that of the registered key, whatever the header says', async t => {
  const { identity, keys } = await identityGround(t)
  const issue = async (text: string): Promise<string> => await outcome(identity.tokens.issue({ assertion: text, url: URL_ }))
  const claims = { iss: 'approval-1', sub: 'approval-1', aud: ISSUER, iat: now, exp: now + 60, jti: randomUUID() }
  const { kid, publicKey } = keys.approval
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')
  const none = `${encode({ alg: 'none', kid })}.${encode(claims)}.`
  t.equal(await issue(none), 'ASSERTION_INVALID')
  for (const secret of [publicKey.export({ format: 'pem', type: 'spki' }), JSON.stringify(keys.approval.jwk)]) {
    const input = `${encode({ alg: 'HS256', kid })}.${encode(claims)}`
    t.equal(await issue(`${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`), 'ASSERTION_INVALID', 'HS256 with the public key as secret')
  }
  const ed = clientKeys('EdDSA')
  t.equal(await issue(signCompact(Buffer.from(JSON.stringify(claims)), { key: ed.privateKey, kid, algorithm: 'EdDSA' })), 'ASSERTION_INVALID', 'another kind of key under its kid')
  const es = clientKeys('ES256')
  t.equal(await issue(signCompact(Buffer.from(JSON.stringify(claims)), { key: es.privateKey, kid, algorithm: 'ES256' })), 'ASSERTION_INVALID', 'another key under its kid')
  t.equal(await issue(signCompact(Buffer.from(JSON.stringify(claims)), { key: es.privateKey, kid: es.kid, algorithm: 'ES256' })), 'ASSERTION_INVALID', 'a key of nobody')
  t.equal(await issue(assertion('approval-1', keys.approval, NOW)), 'passed')
})

t.test('an assertion has one spelling', async t => {
  const { identity, keys } = await identityGround(t)
  const issue = async (text: string): Promise<string> => await outcome(identity.tokens.issue({ assertion: text, url: URL_ }))
  const good = assertion('auditor-1', keys.auditor, NOW)
  const doubled = Buffer.from(`{"iss":"auditor-1","sub":"auditor-1","aud":"${ISSUER}","iat":${now},"exp":${now + 60},"exp":${now + 61},"jti":"z"}`)
  t.equal(await issue(signCompact(doubled, { key: keys.auditor.privateKey, kid: keys.auditor.kid, algorithm: 'EdDSA' })), 'ASSERTION_INVALID', 'a claim twice')
  for (const bad of [`${good}=`, ` ${good}`, `${good}.`, good.replace('.', '..'), `${good}\n`, '', '..', 'x'.repeat(100_000)]) t.equal(await issue(bad), 'ASSERTION_INVALID')
  t.equal(await issue(good), 'passed')
})

t.test('keys of a client count within their periods', async t => {
  const { identity, clock } = await identityGround(t)
  const [old, next] = [clientKeys(), clientKeys('ES256')]
  await identity.registry.registerClient({
    id: 'two-keys',
    organisation: OFFICE_USCC,
    name: 'x',
    roles: ['auditor'],
    keys: [{ jwk: old.jwk, from: new Date('2026-01-01T00:00:00Z'), to: new Date(NOW) }, { jwk: next.jwk, from: new Date(NOW) }]
  })
  const issue = async (keys: typeof old): Promise<string> => await outcome(identity.tokens.issue({ assertion: assertion('two-keys', keys, clock.now()), url: URL_ }))
  t.equal(await issue(old), 'ASSERTION_INVALID', 'from its end on')
  t.equal(await issue(next), 'passed', 'from its beginning on')
  clock.set(new Date(new Date(NOW).getTime() - 1))
  t.equal(await issue(old), 'passed')
  t.equal(await issue(next), 'ASSERTION_INVALID')
})

t.test('a token that was believed once is judged again each time, and lends nothing to another', async t => {
  const { accessToken, verify, clock } = await verifying(t)
  t.equal(await verify(accessToken), 'passed')
  t.equal(await verify(accessToken), 'passed')
  const [head, claims, signature] = accessToken.split('.') as [string, string, string]
  const more = Buffer.from(Buffer.from(claims, 'base64url').toString().replaceAll('approval-1', 'auditor-1')).toString('base64url')
  t.equal(await verify(`${head}.${more}.${signature}`), 'TOKEN_INVALID')
  t.equal(await verify(`${head}.${claims}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`), 'TOKEN_INVALID')
  clock.set(new Date(new Date(NOW).getTime() + 600_000))
  t.equal(await verify(accessToken), 'TOKEN_EXPIRED')
})

t.test('a suspended organisation stops all its systems', async t => {
  const { identity, keys, accessToken, verify, clock } = await verifying(t)
  t.equal(await verify(accessToken), 'passed')
  await identity.registry.suspendOrganisation(OFFICE_USCC, { reason: 'x', by: 'operator-1' })
  t.equal(await verify(accessToken), 'CLIENT_SUSPENDED')
  t.equal(await outcome(identity.tokens.issue({ assertion: assertion('auditor-1', keys.auditor, NOW), url: URL_ })), 'CLIENT_SUSPENDED')
  t.equal(await outcome(identity.tokens.issue({ assertion: assertion('provider-1', keys.provider, NOW), url: URL_ })), 'passed', 'others go on')
  await identity.registry.restoreOrganisation(OFFICE_USCC)
  clock.set(new Date(new Date(NOW).getTime() + 1))
  t.equal(await verify(accessToken), 'TOKEN_INVALID')
  t.equal(await outcome(identity.tokens.issue({ assertion: assertion('auditor-1', keys.auditor, clock.now()), url: URL_ })), 'passed')
})

t.test('a token ends when it says', async t => {
  const { accessToken, verify, clock } = await verifying(t)
  clock.set(new Date((now + 600) * 1000 - 1))
  t.equal(await verify(accessToken), 'passed')
  clock.set(new Date((now + 600) * 1000))
  t.equal(await verify(accessToken), 'TOKEN_EXPIRED')
})

t.test('only a token of ours, as we wrote it, is one', async t => {
  const { accessToken, verify, tokenKey, keys } = await verifying(t)
  const [head, body, signature] = accessToken.split('.') as [string, string, string]
  const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: string }
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>
  const signed = (change: Record<string, unknown>, extra = 'at+jwt', key = tokenKey): string =>
    signCompact(Buffer.from(JSON.stringify({ ...claims, ...change })), { key, kid, algorithm: 'EdDSA' }, { typ: extra })
  t.equal(await verify(signed({})), 'passed')
  t.equal(await verify(signed({ aud: 'https://elsewhere.example' })), 'TOKEN_INVALID')
  t.equal(await verify(signed({ iss: 'https://elsewhere.example' })), 'TOKEN_INVALID')
  t.equal(await verify(signed({ sub: 'nobody' })), 'TOKEN_INVALID')
  t.equal(await verify(signed({}, 'JWT')), 'TOKEN_INVALID', 'another kind of JWT')
  t.equal(await verify(signed({}, 'at+jwt', keys.auditor.privateKey)), 'TOKEN_INVALID', 'signed by a client')
  t.equal(await verify(`${head}.${Buffer.from(JSON.stringify({ ...claims, scope: 'audit:read' })).toString('base64url')}.${signature}`), 'TOKEN_INVALID', 'changed')
  const input = `${Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'at+jwt', kid })).toString('base64url')}.${body}`
  const pem = createPublicKey(tokenKey).export({ format: 'pem', type: 'spki' })
  t.equal(await verify(`${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`), 'TOKEN_INVALID', 'HS256 with our public key')
  t.equal(await verify(`${Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt', kid })).toString('base64url')}.${body}.`), 'TOKEN_INVALID')
  t.equal(await verify(assertion('approval-1', keys.approval, NOW)), 'TOKEN_INVALID', 'an assertion is no token')
})

t.test('tokens of more than ten minutes cannot be settled, nor another kind of key', async t => {
  await t.rejects(identityGround(t, { tokenSeconds: 601 }), { code: 'CONFIG_INVALID' })
  const { identity, keys } = await identityGround(t, { tokenSeconds: 600 })
  await t.rejects(identity.tokens.rotate(keys.approval.privateKey), { code: 'IDENTITY_INVALID' })
  await t.rejects(identity.tokens.rotate(keys.auditor.publicKey), { code: 'IDENTITY_INVALID' })
})

t.test('what was used once is forgotten when it is too old to be used', async t => {
  const { identity, keys, clock } = await identityGround(t)
  const issue = async (text: string): Promise<string> => await outcome(identity.tokens.issue({ assertion: text, url: URL_ }))
  const early = assertion('auditor-1', keys.auditor, NOW)
  t.equal(await issue(early), 'passed')
  clock.set(new Date((now + 90) * 1000 - 1))
  t.equal(await issue(early), 'ASSERTION_REPLAYED', 'while it could still be used')
  clock.set(new Date((now + 90) * 1000))
  t.equal(await issue(early), 'ASSERTION_EXPIRED')
  clock.set(new Date((now + 200) * 1000))
  t.equal(await issue(assertion('auditor-1', keys.auditor, clock.now())), 'passed', 'which sweeps')
  clock.set(NOW)
  t.equal(await issue(early), 'passed', 'the mark is gone')
})

t.test('a source signs with its own keys, within their periods', async t => {
  const { identity: { registry } } = await identityGround(t)
  const { jwk, kid } = clientKeys()
  t.equal(await registry.registerEventKey({ organisation: PROVIDER_USCC, jwk, from: new Date(NOW), to: new Date('2027-01-01T00:00:00Z') }), kid)
  const found = async (organisation: string, kid: string, at: string): Promise<boolean | undefined> => (await registry.eventKey(organisation, kid, new Date(at)))?.valid
  t.equal((await registry.eventKey(PROVIDER_USCC, kid, new Date(NOW)))?.algorithm, 'EdDSA')
  t.equal(await found(PROVIDER_USCC, kid, NOW), true)
  t.equal(await found(PROVIDER_USCC, kid, '2026-03-02T00:59:59.999Z'), false, 'not yet')
  t.equal(await found(PROVIDER_USCC, kid, '2026-12-31T23:59:59.999Z'), true)
  t.equal(await found(PROVIDER_USCC, kid, '2027-01-01T00:00:00.000Z'), false, 'no more')
  t.equal(await found(OFFICE_USCC, kid, NOW), undefined, 'the key of another')
  t.equal(await found(`urn:uscc:${PROVIDER_USCC}`, kid, NOW), undefined)
  t.equal(await found(PROVIDER_USCC, clientKeys().kid, NOW), undefined)
  t.equal(await found(PROVIDER_USCC, `${kid}/`, NOW), undefined)
})

t.test('what may not be registered is refused', async t => {
  const { identity: { registry }, keys } = await identityGround(t)
  const { jwk, privateKey } = clientKeys()
  const client = { id: 'new-1', organisation: OFFICE_USCC, name: 'x', roles: ['auditor' as const], keys: [{ jwk }] }
  const invalid = { code: 'IDENTITY_INVALID' }
  await t.rejects(registry.registerOrganisation({ uscc: '11990000YYYY010150', name: 'x' }), invalid, 'wrong check character')
  await t.rejects(registry.registerOrganisation({ uscc: OFFICE_USCC, name: ' ' }), invalid)
  await t.resolves(registry.registerClient(client))
  await t.resolves(registry.registerClient(client), 'again')
  await t.rejects(registry.registerClient({ ...client, organisation: PROVIDER_USCC }), invalid, 'taken over by another organisation')
  await t.rejects(registry.registerClient({ ...client, id: 'a' }), invalid)
  await t.rejects(registry.registerClient({ ...client, id: 'A/b' }), invalid)
  await t.rejects(registry.registerClient({ ...client, roles: [] }), invalid)
  await t.rejects(registry.registerClient({ ...client, roles: ['root' as 'auditor'] }), invalid)
  await t.rejects(registry.registerClient({ ...client, organisation: '12990000YYYY090091' }), invalid, 'organisation not registered')
  await t.rejects(registry.registerClient({ ...client, keys: [{ jwk: privateKey.export({ format: 'jwk' }) }] }), invalid, 'a private key')
  await t.rejects(registry.registerClient({ ...client, keys: [{ jwk: { kty: 'oct', k: 'AAAA' } }] }), invalid)
  await t.rejects(registry.registerClient({ ...client, keys: [{ jwk: { ...keys.approval.jwk, y: keys.approval.jwk['x'] } }] }), invalid, 'no point of the curve')
  await t.rejects(registry.registerEventKey({ organisation: PROVIDER_USCC, jwk, from: new Date(NOW), to: new Date(NOW) }), invalid)
  await t.rejects(registry.suspendOrganisation('12990000YYYY090091', { reason: 'x', by: 'y' }), { code: 'NOT_FOUND' })
})

t.test('registering again keeps a suspension', async t => {
  const { identity: { registry }, keys } = await identityGround(t)
  await registry.suspendClient('auditor-1', { reason: 'x', by: 'operator-1' })
  await registry.registerClient({ id: 'auditor-1', organisation: OFFICE_USCC, name: 'renamed', roles: ['auditor'], keys: [{ jwk: keys.auditor.jwk }] })
  t.match(await registry.client('auditor-1'), { suspended: true, client: { name: 'renamed' } })
})
