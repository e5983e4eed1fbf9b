import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto'
import { join } from 'node:path'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import type { Test } from 'tap'
import { openEmbeddedDocuments } from '../../platform/documents/embedded/index.js'
import { openEmbeddedEventLog } from '../../platform/event-log/embedded/index.js'
import type { Documents } from '../../platform/documents/port.js'
import type { EventLog } from '../../platform/event-log/port.js'
import { publicJwk, keyThumbprint, signCompact } from '../../platform/crypto/index.js'
import { isPageAccess } from '../../platform/http/allow.js'
import { createServer, type HttpServerOptions, type ServerLimits } from '../../platform/http/server.js'
import { openDatabase } from '../../platform/sqlite/database.js'
import { AccessRecords, subjectKeyFrom } from '../../services/audit/index.js'
import type { Role } from '../../services/core/caller.js'
import { fixedClock } from '../../services/core/clock.js'
import { projectRoot } from '../../services/core/project-root.js'
import { createIdentity, identityRoutes, type Identity, type TokenSettings } from '../../services/identity/index.js'
import type { AccessEntry, AccessRecorder } from '../../platform/http/port.js'

export const ISSUER = 'https://exchange.example'
export const NOW = '2026-03-02T01:00:00.000Z'
/** Two made-up organisations of the sample province. */
export const PROVIDER_USCC = '11990000YYYY01015Y'
export const OFFICE_USCC = '11990000YYYY010074'

export const LIMITS: ServerLimits = {
  bodyBytes: 2000, jsonDepth: 8, headerBytes: 8192, requestTimeoutMs: 5000, requestsPerMinute: 1000
}
export const TOKEN_SETTINGS: TokenSettings = {
  issuer: ISSUER, tokenSeconds: 600, assertionSeconds: 300, clockSkewSeconds: 30, senderConstrained: 'optional', signInSeconds: 28_800
}

export interface ClientKeys { privateKey: KeyObject, publicKey: KeyObject, kid: string, jwk: Record<string, unknown>, algorithm: 'EdDSA' | 'ES256' }

export function clientKeys (algorithm: 'EdDSA' | 'ES256' = 'EdDSA'): ClientKeys {
  const pair = algorithm === 'EdDSA' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { ...pair, algorithm, kid: keyThumbprint(pair.publicKey), jwk: publicJwk(pair.publicKey) as Record<string, unknown> }
}

export interface Ground {
  app: FastifyInstance
  identity: Identity
  records: AccessRecords
  clock: ReturnType<typeof fixedClock>
  documents: Documents
  log: EventLog
  /** Client `name-of-role` of each role, registered with these keys. */
  keys: Record<Role, ClientKeys>
  tokenKey: KeyObject
}

export interface IdentityGround { identity: Identity, clock: ReturnType<typeof fixedClock>, keys: Record<Role, ClientKeys>, tokenKey: KeyObject, reopen: () => Promise<Identity> }

/** Identity alone on a real store, for what needs no server. */
export async function identityGround (t: Test, settings: Partial<TokenSettings> = {}): Promise<IdentityGround> {
  const clock = fixedClock(NOW)
  const database = await openDatabase({ file: join(t.testdir(), 'store.db') })
  t.teardown(async () => { await database.close() })
  const tokenKey = generateKeyPairSync('ed25519').privateKey
  const reopen = async (): Promise<Identity> => await createIdentity({
    documents: await openEmbeddedDocuments(database), clock, settings: { ...TOKEN_SETTINGS, ...settings }, tokenKey
  })
  const identity = await reopen()
  return { identity, clock, keys: await registerRoles(identity), tokenKey, reopen }
}

/** A server on real embedded stores, with identity, and one client for each role. */
export async function ground (t: Test, { limits = {}, settings = {}, logger, https, readiness, access, register }: {
  limits?: Partial<ServerLimits>
  settings?: Partial<TokenSettings>
  logger?: HttpServerOptions['logger']
  https?: HttpServerOptions['https']
  readiness?: HttpServerOptions['readiness']
  /** Stands before the real recorder, e.g. to fail. */
  access?: (recorder: AccessRecorder) => AccessRecorder
  register?: (app: FastifyInstance, ground: Omit<Ground, 'app' | 'keys'>) => Promise<void>
} = {}): Promise<Ground> {
  const clock = fixedClock(NOW)
  const database = await openDatabase({ file: join(t.testdir(), 'store.db') })
  const documents = await openEmbeddedDocuments(database)
  const log = await openEmbeddedEventLog(database, { clock })
  const tokenKey = generateKeyPairSync('ed25519').privateKey
  const identity = await createIdentity({ documents, clock, settings: { ...TOKEN_SETTINGS, ...settings }, tokenKey })
  const records = await AccessRecords.open(log, subjectKeyFrom(tokenKey))
  const app = await createServer({
    schemasDir: join(projectRoot(), 'schemas'),
    limits: { ...LIMITS, ...limits },
    tokens: identity.tokens,
    access: access === undefined ? records : access(records),
    clock,
    openapiInfo: { title: 'Mianzheng', version: '1' },
    ...(logger === undefined ? {} : { logger }),
    ...(https === undefined ? {} : { https }),
    ...(readiness === undefined ? {} : { readiness })
  })
  t.teardown(async () => { await app.close(); await log.close(); await documents.close(); await database.close() })
  await app.register(identityRoutes, { prefix: '/v1', ...identity, allow: app.allow })
  await register?.(app, { identity, records, clock, documents, log, tokenKey })
  return { app, identity, records, clock, documents, log, tokenKey, keys: await registerRoles(identity) }
}

/** One organisation that publishes, one office for all else; client `<role>-1` for each role. */
export async function registerRoles ({ registry }: Identity): Promise<Record<Role, ClientKeys>> {
  await registry.registerOrganisation({ uscc: PROVIDER_USCC, name: '示例省市场监督管理局' })
  await registry.registerOrganisation({ uscc: OFFICE_USCC, name: '示例省政务服务管理局' })
  const keys = {
    provider: clientKeys(), approval: clientKeys('ES256'), auditor: clientKeys(), operator: clientKeys(), 'catalogue-manager': clientKeys(), console: clientKeys()
  }
  for (const [role, { jwk }] of Object.entries(keys)) {
    await registry.registerClient({
      id: `${role}-1`, organisation: role === 'provider' ? PROVIDER_USCC : OFFICE_USCC, name: role, roles: [role as Role], keys: [{ jwk, from: new Date('2026-01-01T00:00:00Z') }]
    })
  }
  return keys
}

export const seconds = (at: Date | string): number => new Date(at).getTime() / 1000

/** A client assertion; `claims` and `header` replace what is usual, undefined leaves it out. */
export function assertion (client: string, { privateKey, kid, algorithm }: ClientKeys, at: Date | string, { claims = {}, header = {} }: {
  claims?: Record<string, unknown>, header?: Record<string, string>
} = {}): string {
  const usual = { iss: client, sub: client, aud: ISSUER, iat: seconds(at), exp: seconds(at) + 60, jti: randomUUID() }
  return signCompact(Buffer.from(JSON.stringify({ ...usual, ...claims })), { key: privateKey, kid, algorithm }, { typ: 'JWT', ...header })
}

/** A DPoP proof by these keys. */
export function proof ({ privateKey, jwk, algorithm }: ClientKeys, at: Date | string, claims: Record<string, unknown>, header: Record<string, unknown> = {}): string {
  const usual = { jti: randomUUID(), iat: seconds(at), ...claims }
  // signCompact would add a kid, which a proof has none of.
  const input = [{ typ: 'dpop+jwt', alg: algorithm, jwk, ...header }, usual].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  const signature = sign(algorithm === 'EdDSA' ? null : 'sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

export async function askToken (app: FastifyInstance, clientAssertion: string, { fields = {}, headers = {} }: {
  fields?: Record<string, string>, headers?: Record<string, string>
} = {}): Promise<LightMyRequestResponse> {
  const form = {
    grant_type: 'client_credentials', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: clientAssertion, ...fields
  }
  return await app.inject({
    method: 'POST', url: '/v1/tokens', headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, payload: new URLSearchParams(form).toString()
  })
}

/** An access token of client `<role>-1`. */
export async function tokenFor ({ app, keys, clock }: Pick<Ground, 'app' | 'keys' | 'clock'>, role: Role): Promise<string> {
  const response = await askToken(app, assertion(`${role}-1`, keys[role], clock.now()))
  if (response.statusCode !== 200) throw new Error(response.body)
  return response.json<{ access_token: string }>().access_token
}

export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` })

/** The code of a problem document, having looked that it is one. */
export function codeOf (response: LightMyRequestResponse): string {
  const { code, status, title, detail, instance } = response.json<Record<string, unknown>>()
  const usual = response.headers['content-type']?.toString().startsWith('application/problem+json') === true &&
    status === response.statusCode && typeof title === 'string' && typeof detail === 'string' && /^urn:uuid:[0-9a-f-]{36}$/.test(String(instance))
  return usual ? String(code) : `not a problem document: ${response.statusCode} ${response.body}`
}

/** Remembers what was recorded. */
export function remember (entries: AccessEntry[], recorder: AccessRecorder): AccessRecorder {
  return { record: async entry => { await recorder.record(entry); entries.push(entry) } }
}

/** What each role may do on each route; `*` for public. Missing and surplus routes are both named. */
export type Matrix = Record<string, readonly Role[] | '*'>
/** A person of each role in a browser: the cookie that it sends. */
export type Browsers = Partial<Record<Role, { cookie: string, origin: string }>>

/**
 * Asks every route of the table as every role, and compares with what is expected of it. What is let in may be refused
 * later for what it says: only 401 and 403 count as refusals here.
 * @param expected - `METHOD /pattern` → roles that are let in
 */
export async function assertMatrix (t: Test, app: FastifyInstance, expected: Matrix, tokens: Partial<Record<Role, string>>, browsers: Browsers = {}): Promise<void> {
  const routes = app.routeTable.map(({ method, url }) => `${method} ${url}`)
  t.same([...new Set(routes)].sort(), Object.keys(expected).sort(), 'every route is in the matrix, and no other')
  for (const { method, url, access } of app.routeTable) {
    const name = `${method} ${url}`
    const letIn = expected[name]
    const ask = async (headers: Record<string, string>): Promise<string | undefined> => {
      const response = await app.inject({ method: method as 'GET', url: url.replace(/:[A-Za-z]+/g, 'x').replace('*', 'x'), headers })
      return [401, 403].includes(response.statusCode) ? response.json<{ code: string }>().code : undefined
    }
    if (letIn === '*') {
      t.equal(access, 'public', `${name} is public`)
      continue
    }
    if (isPageAccess(access)) {
      await assertPage(t, app, { method, url, name, letIn: letIn ?? [] }, tokens, browsers)
      continue
    }
    t.equal(await ask({}), 'TOKEN_MISSING', `${name} without a token`)
    t.equal(await ask(bearer('x.y.z')), 'TOKEN_INVALID', `${name} with a token that is none`)
    for (const [role, token] of Object.entries(tokens)) {
      const may: boolean = letIn?.includes(role as Role) === true
      t.equal(await ask(bearer(token)), may ? undefined : 'SCOPE_MISSING', `${name} as ${role}`)
    }
    for (const { cookie } of Object.values(browsers)) t.equal(await ask({ cookie }), 'TOKEN_MISSING', `${name} with a cookie and no token`)
  }
}

/** A page lets in who is signed in and has the role; a token opens none, and a form from elsewhere is not taken. */
async function assertPage (
  t: Test, app: FastifyInstance, { method, url, name, letIn }: { method: string, url: string, name: string, letIn: readonly Role[] }, tokens: Partial<Record<Role, string>>, browsers: Browsers
): Promise<void> {
  const ask = async (headers: Record<string, string>, body = ''): Promise<string | undefined> => {
    const form = method === 'GET' ? {} : { payload: body }
    const response = await app.inject({ method: method as 'GET', url: url.replace(/:[A-Za-z]+/g, 'x'), headers: { host: 'localhost', ...(method === 'GET' ? {} : { 'content-type': 'application/x-www-form-urlencoded' }), ...headers }, ...form })
    return [401, 403].includes(response.statusCode) ? /[A-Z]+(?:_[A-Z]+)+(?=<)/.exec(response.body)?.[0] ?? 'SESSION_ENDED' : undefined
  }
  const [{ origin = '' } = {}] = Object.values(browsers)
  t.equal(await ask({ origin }), 'SESSION_ENDED', `${name} with nobody signed in`)
  for (const token of Object.values(tokens)) t.equal(await ask({ origin, ...bearer(token) }), 'SESSION_ENDED', `${name} with a token`)
  for (const [role, { cookie, origin }] of Object.entries(browsers)) {
    const may = letIn.includes(role as Role)
    t.equal(await ask({ cookie, origin }), !may ? 'SCOPE_MISSING' : method === 'GET' ? undefined : 'FORM_NOT_OURS', `${name} as ${role}`)
    if (method !== 'GET') t.equal(await ask({ cookie, origin: 'https://elsewhere.example' }), 'FORM_NOT_OURS', `${name} from elsewhere`)
  }
}
