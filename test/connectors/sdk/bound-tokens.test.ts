import type { AddressInfo } from 'node:net'
import t from 'tap'
import { Exchange } from '../../../connectors/sdk/index.js'
import type { Clock } from '../../../services/core/clock.js'
import type { Failure } from '../../../services/core/failure.js'
import { ground, ISSUER, type ClientKeys } from '../../support/server.js'

/** The connector's own client against the real server, which demands tokens bound to a key. */
async function demanding (t: Parameters<typeof ground>[0]) {
  const made = await ground(t, { settings: { senderConstrained: 'required' } })
  await made.app.listen({ host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${(made.app.server.address() as AddressInfo).port}`
  let ids = 0
  const clientOf = (clientId: string, { privateKey: key, kid, algorithm }: ClientKeys, clock: Clock = made.clock): Exchange => new Exchange({
    url, clientId, key: { key, kid, algorithm }, audience: ISSUER, attempts: 1, ground: { clock, random: () => 0, newId: () => `id ${++ids}`, wait: async () => {} }
  })
  const get = async (path: string, headers: Record<string, string>): Promise<string> => {
    const response = await fetch(new URL(path, url), { headers })
    return response.ok ? 'passed' : (await response.json() as { code: string }).code
  }
  return { ...made, url, clientOf, get }
}

t.test('a client of the SDK works where tokens must be bound to a key', async t => {
  const { clientOf, get, keys } = await demanding(t)
  const operator = clientOf('operator-1', keys.operator)
  t.equal(await get('/v1/identity/clients?limit=5', await operator.authorize('GET', '/v1/identity/clients')), 'passed')
  t.equal(await get('/v1/identity/clients', await operator.authorize('GET', '/v1/identity/clients')), 'passed', 'the same token with another proof')
})

t.test('what it sends serves for one request alone', async t => {
  const { clientOf, get, keys } = await demanding(t)
  const operator = clientOf('operator-1', keys.operator)
  t.equal(await get('/v1/identity/clients', await operator.authorize('GET', '/v1/identity/client')), 'SENDER_PROOF_INVALID', 'made for another address')
  t.equal(await get('/v1/identity/clients', await operator.authorize('POST', '/v1/identity/clients')), 'SENDER_PROOF_INVALID', 'made for another method')
  const headers = await operator.authorize('GET', '/v1/identity/clients')
  t.equal(await get('/v1/identity/clients', headers), 'passed')
  t.equal(await get('/v1/identity/clients', headers), 'SENDER_PROOF_REPLAYED')
  t.equal(await get('/v1/identity/clients', { authorization: headers.authorization }), 'SENDER_PROOF_REQUIRED', 'without its proof')
})

t.test('a plain token is refused there, with what is asked for instead', async t => {
  const { clientOf, keys } = await demanding(t)
  const refused = await clientOf('operator-1', keys.operator).token().catch((error: unknown) => error) as Failure
  t.equal(refused.code, 'SENDER_PROOF_REQUIRED')
})

t.test('a plain token serves where none must be bound', async t => {
  const { app, keys, clock } = await ground(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { privateKey: key, kid, algorithm } = keys.operator
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  const client = new Exchange({ url, clientId: 'operator-1', key: { key, kid, algorithm }, audience: ISSUER, attempts: 1, ground: { clock, random: () => 0, newId: () => 'once', wait: async () => {} } })
  const response = await app.inject({ url: '/v1/identity/clients', headers: { authorization: `Bearer ${await client.token()}` } })
  t.equal(response.statusCode, 200)
})
