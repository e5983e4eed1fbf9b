import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastify, { type FastifyInstance } from 'fastify'
import { openEmbeddedDocuments } from '../platform/documents/embedded/index.js'
import { openEmbeddedEventLog } from '../platform/event-log/embedded/index.js'
import { publicJwk, signCompact } from '../platform/crypto/index.js'
import { keyThumbprint } from '../platform/crypto/keys.js'
import { createServer } from '../platform/http/server.js'
import { openDatabase } from '../platform/sqlite/database.js'
import { AccessRecords } from '../services/audit/index.js'
import { systemClock } from '../services/core/clock.js'
import { TOPICS } from '../services/core/event.js'
import { citizenCheckCharacter } from '../services/core/identifiers.js'
import { projectRoot } from '../services/core/project-root.js'
import { createSharing, queryRoutes, ReleaseSecrets, type GrantView, type SharedResource } from '../services/exchange/index.js'
import { RECORD_INDEXES } from '../services/exchange/records.js'
import { createIdentity, identityRoutes } from '../services/identity/index.js'
import { load, type Loaded } from './load.js'
import { median, type Suite } from './measure.js'

const PROVIDER = '11990000YYYY01015Y'
const CONSUMER = '11990000YYYY010074'
const RESOURCE = `${PROVIDER}.population`
const RECORDS = 20_000
const SECONDS = 3
const ROUNDS = 5

const resource: SharedResource = {
  resourceId: RESOURCE,
  provider: PROVIDER,
  state: 'published',
  items: ['公民身份号码', '姓名', '性别', '出生日期', '住址', '区划', '户别'].map(name => ({ name, type: 'text' })),
  keyItems: ['公民身份号码'],
  subjectItem: '公民身份号码',
  regionItem: '区划',
  sharing: { class: 'conditional' }
}
const grant: GrantView = {
  grantId: 'grant-1', resourceId: RESOURCE, provider: PROVIDER, consumer: CONSUMER, state: 'active', fields: ['公民身份号码', '姓名', '住址'], forms: ['query'], purpose: '开办餐饮店', regions: ['990000'], from: '2026-01-01', until: '2099-12-31'
}

/**
 * A query under a grant over HTTP, token, schemas, release and durable access record included, beside a bare fastify route that reads
 * the same row of the same store and hands it out. The load comes from another process; both answer the same questions.
 */
export const exchange: Suite = async () => {
  const dir = mkdtempSync(join(tmpdir(), 'bench-exchange-'))
  const database = await openDatabase({ file: join(dir, 'bench.db') })
  const log = await openEmbeddedEventLog(database, { clock: systemClock })
  const documents = await openEmbeddedDocuments(database, { alone: true })
  await log.createTopic(TOPICS.trusted, { partitions: 1 })
  for (let from = 0; from < RECORDS; from += 1000) await log.append(TOPICS.trusted, Array.from({ length: 1000 }, (_, index) => told(from + index)))
  const sharing = await createSharing({
    eventLog: log,
    documents,
    clock: systemClock,
    newId: () => '',
    ports: { resource: async () => resource, grantsFor: async () => [grant], grant: async () => grant, isDivision: () => true },
    secrets: new ReleaseSecrets(new Uint8Array(32)),
    limits: { answerRows: 100, pageRows: 500, dayRows: 200_000, consumerSubscriptions: 500 },
    batch: 1000
  })
  sharing.start()
  await sharing.idle()

  const identity = await createIdentity({
    documents,
    clock: systemClock,
    settings: { issuer: 'https://exchange.example', tokenSeconds: 600, assertionSeconds: 300, clockSkewSeconds: 30, signInSeconds: 28_800, senderConstrained: 'optional' },
    tokenKey: generateKeyPairSync('ed25519').privateKey
  })
  const limits = { bodyBytes: 1_048_576, jsonDepth: 32, headerBytes: 16384, requestTimeoutMs: 30_000, handlerTimeoutMs: 60_000, requestsPerMinute: 100_000_000 }
  const app = await createServer({
    schemasDir: join(projectRoot(), 'schemas'),
    limits,
    tokens: identity.tokens,
    access: await AccessRecords.open(log, new Uint8Array(32)),
    clock: systemClock,
    openapiInfo: { title: 'Mianzheng', version: '1' }
  })
  await app.register(identityRoutes, { prefix: '/v1', ...identity, allow: app.allow })
  await app.register(queryRoutes, { prefix: '/v1', sharing, allow: app.allow })
  const authorization = await bearerOf(app, identity)

  // The same row of the same store, found in the same way, and nothing else.
  const rows = await documents.collection<{ id: string, values: Record<string, unknown> }>('shared-records', { indexes: RECORD_INDEXES })
  const bare = fastify()
  bare.post<{ Body: { subject: string } }>('/rows', async ({ body: { subject } }) => {
    const { items } = await rows.find({ index: 'bySubject', equals: [`${subject}公民身份号码`, RESOURCE], limit: 1 })
    return items[0]?.document
  })

  const questions = Array.from({ length: 500 }, (_, index) => JSON.stringify({
    resourceId: RESOURCE, subject: citizen(index * 37 % RECORDS), fields: ['姓名', '住址'], purpose: '开办餐饮店', matter: 'open-restaurant', caseNumber: `C-${index}`
  }))
  const [ourUrl, bareUrl] = [await app.listen({ port: 0, host: '127.0.0.1' }), await bare.listen({ port: 0, host: '127.0.0.1' })]
  const before = await log.end(TOPICS.access, 0)
  const rounds: Array<{ ours: Loaded, theirs: Loaded }> = []
  let answered = 0
  for (let round = 0; round <= ROUNDS; round++) {
    const headers = { 'content-type': 'application/json' }
    const ours = await load({ url: `${ourUrl}/v1/queries`, bodies: questions, headers: { ...headers, authorization }, seconds: SECONDS })
    const theirs = await load({ url: `${bareUrl}/rows`, bodies: questions, headers, seconds: SECONDS })
    answered += ours.answered
    if (round > 0) rounds.push({ ours, theirs }) // the first warms up
  }
  const recorded = await log.end(TOPICS.access, 0) - before
  if (recorded < answered) throw new Error(`${answered} answers left ${recorded} access records`)
  await app.close()
  await bare.close()
  await sharing.stop()
  await log.close()
  await documents.close()
  await database.close()
  rmSync(dir, { recursive: true })
  const of = (figure: (loaded: Loaded) => number): { ours: number, theirs: number } => ({ ours: median(rounds.map(({ ours }) => figure(ours))), theirs: median(rounds.map(({ theirs }) => figure(theirs))) })
  const [rate, work] = [of(({ perSecond }) => perSecond), of(({ workMs }) => workMs * 1000)]
  const beside = 'bare fastify route reading the same row'
  return [
    { work: `query under a grant over HTTP, access record included, among ${RECORDS}`, ...rate, unit: 'requests/s', beside, figure: rate.ours / rate.theirs, aim: { atLeast: 0.5 } },
    { work: '… of processor time', ...work, unit: 'µs', beside, figure: work.ours / work.theirs, aim: { atMost: 2 } }
  ]
}

async function bearerOf (app: FastifyInstance, { registry }: Awaited<ReturnType<typeof createIdentity>>): Promise<string> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  await registry.registerOrganisation({ uscc: CONSUMER, name: '示例省政务服务管理局' })
  await registry.registerClient({ id: 'window', organisation: CONSUMER, name: 'window', roles: ['approval'], keys: [{ jwk: publicJwk(publicKey) }] })
  const iat = systemClock.now().getTime() / 1000
  const claims = { iss: 'window', sub: 'window', aud: 'https://exchange.example', iat, exp: iat + 60, jti: 'bench' }
  const assertion = signCompact(Buffer.from(JSON.stringify(claims)), { key: privateKey, kid: keyThumbprint(publicKey), algorithm: 'EdDSA' }, { typ: 'JWT' })
  const form = { grant_type: 'client_credentials', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: assertion }
  const answer = await app.inject({ method: 'POST', url: '/v1/tokens', headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: new URLSearchParams(form).toString() })
  return `Bearer ${answer.json<{ access_token: string }>().access_token}`
}

function citizen (number: number): string {
  const day = new Date(Date.UTC(1950, 0, 1 + Math.floor(number / 900))).toISOString().slice(0, 10).replaceAll('-', '')
  const first17 = `990102${day}${String(number % 900).padStart(3, '0')}`
  return first17 + citizenCheckCharacter(first17)
}

function told (number: number): { key: string, value: Buffer, headers: Record<string, string> } {
  const key = citizen(number)
  const event = {
    specversion: '1.0',
    id: `e-${number}`,
    source: `urn:uscc:${PROVIDER}`,
    type: 'record.upserted.v1',
    subject: key,
    time: '2026-03-02T01:00:00.000Z',
    datacontenttype: 'application/json',
    sequence: number + 1,
    data: { resource: 'population', key, values: { 公民身份号码: key, 姓名: `甲${number}`, 性别: '女', 出生日期: '1990-03-07', 住址: `云川市云西区示例路${number}号`, 区划: '990102', 户别: '居民家庭户' } }
  }
  return { key: event.source, value: Buffer.from(JSON.stringify(event)), headers: { 'recorded-at': '2026-03-02T01:00:00.000Z' } }
}
