import type { FastifyPluginAsync } from 'fastify'
import { schemaRef, type Allow } from '../../../platform/http/port.js'
import type { TokenRequest } from '../../../schemas/http/token-request.v1.js'
import { Failure, type FailureCode } from '../../core/failure.js'
import type { Tokens } from '../tokens.js'

const FORM_BYTES = 16_384

/** Access tokens for client assertions, and the keys that verify them. @see RFC 6749 section 4.4, RFC 7523 section 2.2 */
export const tokenRoutes: FastifyPluginAsync<{ tokens: Tokens, allow: Allow }> = async (app, { tokens, allow }) => {
  app.removeAllContentTypeParsers() // a token is asked for with a form, as RFC 6749 has it, and in no other way
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: FORM_BYTES }, async (_request: unknown, body: string | Buffer) => form(String(body)))

  app.post<{ Body: TokenRequest }>('/tokens', {
    onRequest: allow.public(),
    bodyLimit: FORM_BYTES,
    config: { problemMembers: code => ({ error: OAUTH_ERRORS[code] ?? 'invalid_request' }) },
    schema: {
      tags: ['identity'],
      summary: '换取访问令牌 Exchange a client assertion for an access token',
      consumes: ['application/x-www-form-urlencoded'],
      body: schemaRef('http/token-request'),
      response: { 200: schemaRef('http/token'), '4xx': schemaRef('http/problem') }
    }
  }, async request => {
    const { grant_type: grantType, client_assertion_type: assertionType, client_assertion: assertion, client_id: clientId, scope } = request.body
    if (grantType !== 'client_credentials' || assertionType !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer') {
      throw new Failure('GRANT_TYPE_UNSUPPORTED', 'only client_credentials with a JWT client assertion is supported')
    }
    const { dpop } = request.headers
    const issued = await tokens.issue({
      assertion,
      ...(clientId === undefined ? {} : { clientId }),
      ...(scope === undefined ? {} : { scope }),
      ...(typeof dpop === 'string' ? { proof: dpop } : {}),
      url: `${request.protocol}://${request.host}${request.url}`
    })
    request.access.client = issued.client.id
    request.access.organisation = issued.client.organisation
    return {
      access_token: issued.accessToken, token_type: issued.tokenType, expires_in: issued.expiresInSeconds, scope: issued.scopes.join(' ')
    }
  })

  app.get('/jwks', {
    onRequest: allow.public(),
    schema: { tags: ['identity'], summary: '令牌公钥 Public keys of access tokens', response: { 200: schemaRef('http/jwks') } }
  }, async () => await tokens.jwks())
}

/** @see RFC 6749 section 5.2, RFC 9449 section 5 */
const OAUTH_ERRORS: Partial<Record<FailureCode, string>> = {
  ASSERTION_INVALID: 'invalid_client',
  ASSERTION_EXPIRED: 'invalid_client',
  ASSERTION_REPLAYED: 'invalid_client',
  CLIENT_SUSPENDED: 'unauthorized_client',
  GRANT_TYPE_UNSUPPORTED: 'unsupported_grant_type',
  SCOPE_NOT_GRANTED: 'invalid_scope',
  SENDER_PROOF_REQUIRED: 'invalid_dpop_proof',
  SENDER_PROOF_INVALID: 'invalid_dpop_proof',
  SENDER_PROOF_REPLAYED: 'invalid_dpop_proof'
}

/** @throws {Failure} INPUT_INVALID a parameter stands twice, which RFC 6749 section 3.2 forbids */
function form (text: string): Record<string, string> {
  const fields = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(text)) {
    if (fields.has(name)) throw new Failure('INPUT_INVALID', 'a parameter stands twice')
    fields.set(name, value)
  }
  return Object.fromEntries(fields)
}
