import { createHash } from 'node:crypto'
import t from 'tap'
import { readCompact, verifyCompact } from '../../../platform/crypto/index.js'
import { askToken, assertion, bearer, clientKeys, codeOf, ground, identityGround, NOW, proof, seconds, type Ground } from '../../support/server.js'

const HOST = 'http://localhost'
const TOKENS = `${HOST}/v1/tokens`
const CLIENTS = `${HOST}/v1/identity/clients`
const now = seconds(NOW)
const holder = clientKeys('ES256')

const ath = (token: string): string => createHash('sha256').update(token).digest('base64url')
const fresh = (token: string, claims: Record<string, unknown> = {}, keys = holder): string => proof(keys, NOW, { htm: 'GET', htu: CLIENTS, ath: ath(token), ...claims })

async function boundToken ({ app, keys }: Ground): Promise<string> {
  const response = await askToken(app, assertion('operator-1', keys.operator, NOW), { headers: { dpop: proof(holder, NOW, { htm: 'POST', htu: TOKENS }) } })
  const { access_token: token, token_type: type } = response.json<{ access_token: string, token_type: string }>()
  if (type !== 'DPoP') throw new Error(response.body)
  return token
}

t.test('a stolen token that is bound to a key does nothing without that key', async t => {
  const made = await ground(t)
  const token = await boundToken(made)
  const ask = async (headers: Record<string, string>): Promise<string> => {
    const response = await made.app.inject({ url: '/v1/identity/clients', headers })
    return response.statusCode === 200 ? 'passed' : codeOf(response)
  }
  const withProof = (dpop: string): Record<string, string> => ({ authorization: `DPoP ${token}`, dpop })
  t.equal(await ask(withProof(fresh(token))), 'passed')
  t.equal(await ask(bearer(token)), 'SENDER_PROOF_REQUIRED', 'as if it were a bearer token')
  t.equal(await ask({ ...bearer(token), dpop: fresh(token) }), 'SENDER_PROOF_REQUIRED', 'a proof beside it does not make it one')
  t.equal(await ask({ authorization: `DPoP ${token}` }), 'SENDER_PROOF_REQUIRED')
  t.equal(await ask(withProof(fresh(token, {}, clientKeys()))), 'SENDER_PROOF_INVALID', 'with the thief\'s own key')
  const seen = fresh(token)
  t.equal(await ask(withProof(seen)), 'passed')
  t.equal(await ask(withProof(seen)), 'SENDER_PROOF_REPLAYED', 'with a proof that was overheard')
  t.equal(await ask(withProof(fresh(token, { ath: ath('another') }))), 'SENDER_PROOF_INVALID', 'made for another token')
  t.equal(await ask(withProof(fresh(token, { ath: undefined }))), 'SENDER_PROOF_INVALID')
  t.equal(await ask(withProof(fresh(token, { htm: 'POST' }))), 'SENDER_PROOF_INVALID')
  t.equal(await ask(withProof(fresh(token, { htu: `${HOST}/v1/audit/records` }))), 'SENDER_PROOF_INVALID')
  t.equal(await ask(withProof(fresh(token, { htu: 'https://elsewhere.example/v1/identity/clients' }))), 'SENDER_PROOF_INVALID')
  t.equal(await ask(withProof(`${fresh(token)}, ${fresh(token)}`)), 'SENDER_PROOF_INVALID', 'two proofs')
})

t.test('the query is no part of what a proof names', async t => {
  const made = await ground(t)
  const token = await boundToken(made)
  const response = await made.app.inject({ url: '/v1/identity/clients?limit=5', headers: { authorization: `DPoP ${token}`, dpop: fresh(token) } })
  t.equal(response.statusCode, 200)
})

t.test('a token that is not bound is not taken for one that is', async t => {
  const made = await ground(t)
  const response = await askToken(made.app, assertion('operator-1', made.keys.operator, NOW))
  const token = response.json<{ access_token: string }>().access_token
  t.equal(codeOf(await made.app.inject({ url: '/v1/identity/clients', headers: { authorization: `DPoP ${token}`, dpop: fresh(token) } })), 'TOKEN_INVALID')
})

t.test('a proof is short-lived, well-formed and signed by the key that it shows', async t => {
  const { identity: { tokens }, keys } = await identityGround(t)
  const judged = async (text: string): Promise<string> => {
    try {
      return (await tokens.issue({ assertion: assertion('operator-1', keys.operator, NOW), proof: text, url: TOKENS })).tokenType
    } catch (error) { return (error as { code: string }).code }
  }
  const made = (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}, by = holder): string => proof(by, NOW, { htm: 'POST', htu: TOKENS, ...claims }, header)
  t.equal(await judged(made()), 'DPoP')
  t.equal(await judged(made({}, {}, clientKeys('EdDSA'))), 'DPoP')
  t.equal(await judged(made({ iat: now - 89 })), 'DPoP')
  t.equal(await judged(made({ iat: now - 90 })), 'SENDER_PROOF_INVALID', 'too old')
  t.equal(await judged(made({ iat: now + 30 })), 'DPoP')
  t.equal(await judged(made({ iat: now + 31 })), 'SENDER_PROOF_INVALID', 'from the future')
  t.equal(await judged(made({ jti: undefined })), 'SENDER_PROOF_INVALID')
  t.equal(await judged(made({ iat: undefined })), 'SENDER_PROOF_INVALID')
  t.equal(await judged(made({ ath: ath('x') })), 'SENDER_PROOF_INVALID', 'names a token where there is none yet')
  t.equal(await judged(made({}, { typ: 'JWT' })), 'SENDER_PROOF_INVALID')
  t.equal(await judged(made({}, { alg: 'none' })), 'SENDER_PROOF_INVALID')
  t.equal(await judged(made({}, { jwk: clientKeys('ES256').jwk })), 'SENDER_PROOF_INVALID', 'shows another key')
  t.equal(await judged(made({}, { jwk: holder.privateKey.export({ format: 'jwk' }) })), 'SENDER_PROOF_INVALID', 'shows a private key')
  t.equal(await judged(made({}, { jwk: undefined })), 'SENDER_PROOF_INVALID')
  t.equal(await judged(made({}, { x5u: 'https://elsewhere.example' })), 'SENDER_PROOF_INVALID')
  const once = made()
  t.equal(await judged(once), 'DPoP')
  t.equal(await judged(once), 'SENDER_PROOF_REPLAYED')
})

t.test('where it is required, nobody gets or uses a token without a proof', async t => {
  const { identity: { tokens }, keys } = await identityGround(t, { senderConstrained: 'required' })
  const issue = async (proof?: string) => await tokens.issue({ assertion: assertion('operator-1', keys.operator, NOW), url: TOKENS, ...(proof === undefined ? {} : { proof }) })
  await t.rejects(issue(), { code: 'SENDER_PROOF_REQUIRED' })
  t.equal((await issue(proof(holder, NOW, { htm: 'POST', htu: TOKENS }))).tokenType, 'DPoP')
})

t.test('a header that may bring its key in a proof may not elsewhere, however often it was read', async t => {
  const text = proof(holder, NOW, { htm: 'POST', htu: TOKENS })
  t.equal(readCompact(text, { bringsKey: true }).header['typ'], 'dpop+jwt')
  t.throws(() => readCompact(text), { code: 'JWS_INVALID' })
  t.throws(() => verifyCompact(text, () => ({ key: holder.publicKey, algorithm: 'ES256' })), { code: 'JWS_INVALID' })
  t.equal(readCompact(text, { bringsKey: true }).header['typ'], 'dpop+jwt')
})
