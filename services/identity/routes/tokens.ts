import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { schemaRef, type Allow } from '../../../platform/http/port.js'
import type { TokenRequest } from '../../../schemas/http/token-request.v1.js'
import type { TokenRevocationRequest } from '../../../schemas/http/token-revocation-request.v1.js'
import type { Token } from '../../../schemas/http/token.v1.js'
import { Failure, type FailureCode } from '../../core/failure.js'
import { FAULT } from '../../core/violations.js'
import type { IssuedToken, Tokens } from '../tokens.js'

const FORM_BYTES = 16_384
const CLIENT_CREDENTIALS = 'client_credentials'
const TICKET = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const REFRESH = 'refresh_token'
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/**
 * Access tokens for client assertions, and for people whose organisation's system gave them a ticket to the console; the keys that
 * verify them. @see RFC 6749 sections 4.4 and 6, RFC 7523 sections 2.1 and 2.2
 */
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
    const { grant_type: grantType, scope } = request.body
    const { dpop } = request.headers
    const who = {
      ...clientOf(request.body),
      ...(typeof dpop === 'string' ? { proof: dpop } : {}),
      url: `${request.protocol}://${request.host}${request.url}`
    }
    if (grantType === CLIENT_CREDENTIALS) {
      const issued = await tokens.issue({ ...who, ...(scope === undefined ? {} : { scope }) })
      note(request, issued)
      return answer(issued)
    }
    const [name, given] = grantType === REFRESH ? ['refresh_token', request.body.refresh_token] : ['assertion', request.body.assertion]
    if ((grantType !== REFRESH && grantType !== TICKET)) throw new Failure('GRANT_TYPE_UNSUPPORTED', 'there are client_credentials, and for the console jwt-bearer and refresh_token')
    if (given === undefined) throw new Failure('INPUT_INVALID', 'the form does not have the required shape', { violations: [{ pointer: `/${name}`, message: FAULT.missing }] })
    const issued = grantType === REFRESH ? await tokens.refresh(given, who) : await tokens.signIn(given, who)
    note(request, issued)
    request.access.person = issued.signIn.person.id
    const { client, person, roles } = issued.signIn
    return {
      ...answer(issued),
      refresh_token: issued.refreshToken,
      refresh_expires_in: issued.refreshExpiresInSeconds,
      signed_in: { client, organisation: issued.client.organisation, organisationName: issued.organisationName, roles, person }
    }
  })

  app.post<{ Body: TokenRevocationRequest }>('/tokens/revocation', {
    onRequest: allow.public(),
    bodyLimit: FORM_BYTES,
    config: { problemMembers: code => ({ error: OAUTH_ERRORS[code] ?? 'invalid_request' }) },
    schema: {
      tags: ['identity'],
      summary: '退出登录 End a person\'s sign-in',
      consumes: ['application/x-www-form-urlencoded'],
      body: schemaRef('http/token-revocation-request'),
      response: { 204: { type: 'null' }, '4xx': schemaRef('http/problem') }
    }
  }, async (request, reply) => {
    await tokens.signOut(request.body.token, clientOf(request.body))
    return await reply.code(204).send()
  })

  app.get('/jwks', {
    onRequest: allow.public(),
    schema: { tags: ['identity'], summary: '令牌公钥 Public keys of access tokens', response: { 200: schemaRef('http/jwks') } }
  }, async () => await tokens.jwks())
}

function clientOf ({ client_assertion_type: type, client_assertion: assertion, client_id: clientId }: Pick<TokenRequest, 'client_assertion_type' | 'client_assertion' | 'client_id'>) {
  if (type !== ASSERTION_TYPE) throw new Failure('GRANT_TYPE_UNSUPPORTED', 'a client says who it is by a JWT assertion')
  return { assertion, ...(clientId === undefined ? {} : { clientId }) }
}

function note (request: FastifyRequest, { client }: IssuedToken): void {
  request.access.client = client.id
  request.access.organisation = client.organisation
}

function answer (issued: IssuedToken): Token {
  return { access_token: issued.accessToken, token_type: issued.tokenType, expires_in: issued.expiresInSeconds, scope: issued.scopes.join(' ') }
}

/** @see RFC 6749 section 5.2, RFC 9449 section 5 */
const OAUTH_ERRORS: Partial<Record<FailureCode, string>> = {
  ASSERTION_INVALID: 'invalid_client',
  ASSERTION_EXPIRED: 'invalid_client',
  ASSERTION_REPLAYED: 'invalid_client',
  CLIENT_SUSPENDED: 'unauthorized_client',
  GRANT_TYPE_UNSUPPORTED: 'unsupported_grant_type',
  SCOPE_NOT_GRANTED: 'invalid_scope',
  TICKET_INVALID: 'invalid_grant',
  TICKET_EXPIRED: 'invalid_grant',
  TICKET_USED: 'invalid_grant',
  SIGN_IN_ENDED: 'invalid_grant',
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
