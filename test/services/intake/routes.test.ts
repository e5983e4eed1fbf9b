import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import type { AccessEntry } from '../../../platform/http/port.js'
import { createServer } from '../../../platform/http/server.js'
import type { Caller } from '../../../services/core/caller.js'
import { projectRoot } from '../../../services/core/project-root.js'
import { scopesOf } from '../../../services/identity/index.js'
import { intakeRoutes } from '../../../services/intake/index.js'
import { createLicences, licenceRoutes } from '../../../services/licences/index.js'
import { foodLicence, issued, MARKET, OPERATOR, POLICE, room, signed, sourceKey, type Room } from './support.js'

const CALLERS: Record<string, Pick<Caller, 'client' | 'organisation' | 'roles'>> = {
  market: { client: 'market', organisation: MARKET, roles: ['provider'] },
  police: { client: 'police', organisation: POLICE, roles: ['provider'] },
  operator: { ...OPERATOR.by, roles: ['operator'] },
  window: { client: 'approval-window', organisation: '11990000YYYY010074', roles: ['approval'] }
}

interface Desk { here: Room, app: FastifyInstance, access: AccessEntry[], settle: () => Promise<void>, call: (who: string, method: 'GET' | 'POST', url: string, body?: unknown, headers?: Record<string, string>) => Promise<{ status: number, body: Record<string, unknown> & { items?: Array<Record<string, unknown>> } }> }

async function desk (t: Test): Promise<Desk> {
  const here = await room()
  const licences = await createLicences({ eventLog: here.eventLog, documents: here.documents, clock: here.clock })
  licences.start()
  const access: AccessEntry[] = []
  const app = await createServer({
    schemasDir: join(projectRoot(), 'schemas'),
    limits: { bodyBytes: 4000, jsonDepth: 8, headerBytes: 8192, requestTimeoutMs: 5000, requestsPerMinute: 1000 },
    clock: here.clock,
    openapiInfo: { title: 'test', version: '1' },
    tokens: {
      verify: async ({ token }) => {
        const caller = CALLERS[token] as Caller
        return { ...caller, scopes: scopesOf(caller.roles) }
      }
    },
    access: { record: async entry => { access.push(entry) } }
  })
  await app.register(intakeRoutes, { intake: here.intake, allow: app.allow, batchBytes: 20_000, prefix: '/v1' })
  await app.register(licenceRoutes, { licences, clock: here.clock, allow: app.allow, prefix: '/v1' })
  t.teardown(async () => {
    await app.close()
    await licences.stop()
    await here.close()
  })
  return {
    here,
    app,
    access,
    settle: async () => {
      await here.intake.idle()
      await licences.idle()
      await here.intake.idle()
    },
    call: async (who, method, url, body, headers = {}) => {
      const answer = await app.inject({
        method,
        url: `/v1${url}`,
        headers: { authorization: `Bearer ${who}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { payload: Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body) })
      })
      return { status: answer.statusCode, body: answer.json() }
    }
  }
}

const lineOf = ({ value, signature }: { value: Uint8Array, signature: string }): string => JSON.stringify({ event: Buffer.from(value).toString('base64url'), signature })

t.test('one event is handed in as its bytes, and its source asks what became of it', async t => {
  const { here, call, settle, access } = await desk(t)
  const { value, signature } = signed(issued(1), here.key)
  const taken = await call('market', 'POST', '/events', Buffer.from(value), { 'event-signature': signature })
  t.match(taken, { status: 202, body: { accepted: [{ offset: 0 }] } })
  await settle()
  t.match(await call('market', 'GET', `/events/urn:uscc:${MARKET}/1`), { status: 200, body: { state: 'accepted', source: MARKET } })
  t.match(await call('operator', 'GET', `/events/${MARKET}/1`), { status: 200, body: { state: 'accepted' } })
  t.match(await call('police', 'GET', `/events/${MARKET}/1`), { status: 404, body: { code: 'NOT_FOUND' } })
  t.match(await call('market', 'GET', `/events/${MARKET}/2`), { status: 404, body: { code: 'NOT_FOUND' } })
  t.match(await call('window', 'GET', `/events/${MARKET}/1`), { status: 403, body: { code: 'SCOPE_MISSING' } })
  t.match(access.at(-3)?.subject, { kind: 'event', id: `${MARKET}/1` })
})

t.test('a batch is one event a line, in one spelling', async t => {
  const { here, call, settle } = await desk(t)
  const lines = [1, 2, 3].map(sequence => lineOf(signed(issued(sequence), here.key)))
  const jsonl = { 'content-type': 'application/jsonl' }
  t.match(await call('market', 'POST', '/events', lines.join('\n') + '\n', jsonl), { status: 202, body: { accepted: { length: 3 } } })
  t.match(await call('market', 'POST', '/events', `${lines[0]}\n{"event":"e30=","signature":""}\n{}`, jsonl), { status: 400, body: { code: 'INPUT_INVALID', violations: [{ pointer: '/1' }, { pointer: '/2' }] } })
  t.match(await call('market', 'POST', '/events', '', jsonl), { status: 400, body: { code: 'INPUT_INVALID' } })
  t.match(await call('market', 'POST', '/events', 'a'.repeat(20_001), jsonl), { status: 413, body: { code: 'BODY_TOO_LARGE' } })
  t.match(await call('market', 'POST', '/events', 'x', { 'content-type': 'text/plain' }), { status: 415 })
  await settle()
  t.equal((await here.trusted()).length, 3)
})

t.test('who sends for another organisation is refused, and that is recorded', async t => {
  const { here, call, access } = await desk(t)
  const { value, signature } = signed(issued(1), here.key)
  t.match(await call('police', 'POST', '/events', Buffer.from(value), { 'event-signature': signature }), { status: 403, body: { code: 'SOURCE_NOT_YOURS' } })
  t.match(access.at(-1), { status: 403, code: 'SOURCE_NOT_YOURS', organisation: POLICE })
  t.match(await call('window', 'POST', '/events', Buffer.from(value)), { status: 403, body: { code: 'SCOPE_MISSING' } })
})

t.test('operators see why, the source sees what as well, others see nothing', async t => {
  const { here, call, settle } = await desk(t)
  const late = sourceKey('k2')
  const { value, signature } = signed(issued(1), late)
  await call('market', 'POST', '/events', Buffer.from(value), { 'event-signature': signature })
  await call('market', 'POST', '/events', '{"a":1,"a":2}')
  await settle()
  const listed = await call('operator', 'GET', '/quarantine?cause=KEY_UNKNOWN')
  t.match(listed, { status: 200, body: { items: [{ state: 'open', reasons: [{ code: 'KEY_UNKNOWN' }], subject: /^1\.2\*+/ }, { reasons: [{ code: 'EVENT_UNREADABLE' }, { code: 'SIGNATURE_MISSING' }] }].slice(0, 1), causes: { KEY_UNKNOWN: 1, EVENT_UNREADABLE: 1 } } })
  const id = String(listed.body.items?.[0]?.['id'])
  t.match((await call('operator', 'GET', `/quarantine/${id}`)).body, { id, neighbours: [{ sequence: 1, state: 'quarantined' }, { sequence: 2, state: 'missing' }], event: undefined })
  t.match((await call('market', 'GET', `/quarantine/${id}`)).body, { id, event: Buffer.from(value).toString('base64url'), signature })
  t.match(await call('police', 'GET', `/quarantine/${id}`), { status: 404 })
  t.equal((await call('market', 'GET', '/quarantine')).body.items?.length, 2, 'the unreadable one is its own as well')
  t.same((await call('police', 'GET', '/quarantine')).body.items, [])
  t.match(await call('window', 'POST', `/quarantine/${id}/replay`, { reason: 'x' }), { status: 403, body: { code: 'SCOPE_MISSING' } })
  t.match(await call('operator', 'POST', `/quarantine/${id}/replay`, {}), { status: 400, body: { code: 'INPUT_INVALID' } })

  here.keys.set(`${MARKET} k2`, late)
  t.match(await call('operator', 'POST', '/quarantine/replay', { cause: 'KEY_UNKNOWN', reason: '密钥已登记' }), { status: 202, body: { requested: 1, more: false } })
  await settle()
  t.match((await call('operator', 'GET', `/quarantine/${id}`)).body, { state: 'released', acts: [{ request: 'replay', why: '密钥已登记', by: { client: 'operator' } }] })
  t.match(await call('operator', 'POST', `/quarantine/${id}/discard`, { reason: 'x' }), { status: 409, body: { code: 'ENTRY_SETTLED' } })
})

t.test('a source has its own events judged again, and nobody else\'s', async t => {
  const { here, call, settle } = await desk(t)
  const late = sourceKey('k2')
  for (const sequence of [1, 2]) {
    const { value, signature } = signed(issued(sequence), late)
    await call('market', 'POST', '/events', Buffer.from(value), { 'event-signature': signature })
  }
  await settle()
  const { body: { items = [], causes } } = await call('market', 'GET', '/quarantine?cause=KEY_UNKNOWN')
  t.match(items, [{ state: 'open', sequence: 1 }, { sequence: 2 }], 'oldest first')
  t.match(causes, { KEY_UNKNOWN: 2 }, 'counted for the source itself')
  t.same((await call('police', 'GET', '/quarantine?cause=KEY_UNKNOWN')).body.items, [])
  t.same((await call('police', 'GET', '/quarantine')).body['causes'], {})
  const id = String(items[0]?.['id'])
  t.match(await call('police', 'POST', `/quarantine/${id}/replay`, { reason: 'x' }), { status: 404, body: { code: 'NOT_FOUND' } })
  t.match(await call('police', 'POST', '/quarantine/replay', { cause: 'KEY_UNKNOWN', reason: 'x' }), { status: 202, body: { requested: 0 } })
  t.match(await call('market', 'POST', `/quarantine/${id}/replay`, { reason: 'x', waive: ['HOLDER_CODE_INVALID'] }), { status: 403, body: { code: 'SCOPE_MISSING' } })
  t.match(await call('market', 'POST', `/quarantine/${id}/discard`, { reason: 'x' }), { status: 403, body: { code: 'SCOPE_MISSING' } })

  here.keys.set(`${MARKET} k2`, late)
  t.match(await call('market', 'POST', `/quarantine/${id}/replay`, { reason: '公钥已登记' }), { status: 202, body: { requested: 1 } })
  await settle()
  t.match((await call('market', 'GET', `/quarantine/${id}`)).body, { state: 'released', acts: [{ request: 'replay', why: '公钥已登记', by: { client: 'market' } }] })
})

t.test('what the register refused can be discarded, and cannot be replayed', async t => {
  const { here, call, settle } = await desk(t)
  const { data: _, ...envelope } = issued(1, { type: 'licence.restored.v1' })
  const { value, signature } = signed({ ...envelope, data: { licenceId: foodLicence(1), effectiveAt: '2026-03-02T01:00:00Z', reason: { zh: '示例' } } }, here.key)
  await call('market', 'POST', '/events', Buffer.from(value), { 'event-signature': signature })
  await settle()
  const { body: { items: [entry] = [] } } = await call('operator', 'GET', '/quarantine')
  t.match(entry, { stage: 'licences', reasons: [{ code: 'LICENCE_UNKNOWN' }] })
  t.match((await call('market', 'GET', `/events/${MARKET}/1`)).body, { state: 'quarantined', quarantine: [{ stage: 'licences' }] })
  t.match(await call('operator', 'POST', `/quarantine/${String(entry?.['id'])}/replay`, { reason: 'x' }), { status: 409, body: { code: 'REPLAY_NOT_POSSIBLE' } })
  t.match(await call('operator', 'POST', `/quarantine/${String(entry?.['id'])}/discard`, { reason: 'x' }), { status: 202 })
  await settle()
  t.same((await call('operator', 'GET', '/quarantine')).body.items, [])
})

t.test('a licence is told to its issuer whole, to a window with the holder masked, to another provider not at all', async t => {
  const { here, call, settle, access } = await desk(t)
  const { value, signature } = signed(issued(1, { data: { face: { 住址: '示例路1号' } } }), here.key)
  await call('market', 'POST', '/events', Buffer.from(value), { 'event-signature': signature })
  await settle()
  const id = foodLicence(1)
  t.match((await call('market', 'GET', `/licences/${id}`)).body, { state: 'valid', holder: { name: '示例面馆', code: '92990106MAYYY0021M' }, face: { 住址: '示例路1号' }, history: [{ move: 'issued' }] })
  const seen = (await call('window', 'GET', `/licences/${id}?at=2026-03-02T01:30:00Z`)).body
  t.match(seen, { state: 'valid', at: '2026-03-02T01:30:00.000Z', holder: { name: '示***', code: '929***********021M' } })
  t.notMatch(JSON.stringify(seen), /示例路|92990106MAYYY0021M|示例面馆/)
  t.match(access.at(-1)?.subject, { kind: 'licence', id })
  t.match(await call('police', 'GET', `/licences/${id}`), { status: 404 })
  t.match((await call('window', 'GET', `/licences/${foodLicence(2)}`)).body, { state: 'unknown' })
  t.match(await call('window', 'GET', `/licences/${id}?known=2026-03-03T00:00:00Z`), { status: 400, body: { code: 'INPUT_INVALID' } })
  t.match(await call('window', 'GET', `/licences/${id}?at=2026-02-30T00:00:00Z`), { status: 400, body: { code: 'INPUT_INVALID' } })
  t.match(await call('operator', 'GET', `/licences/${id}`), { status: 403 })

  t.match(await call('window', 'GET', '/licences?holder=92990106MAYYY0021M'), { status: 400, body: { code: 'INPUT_INVALID' } })
  t.match((await call('window', 'GET', '/licences?holder=92990106MAYYY0021M&purpose=food-licence&case=2026-1')).body, { items: [{ licenceId: id, holder: { code: '929***********021M' } }] })
  t.match(access.at(-1), { purpose: 'food-licence', caseNumber: '2026-1', subject: { kind: 'organisation', id: '92990106MAYYY0021M' } })
  t.same((await call('police', 'GET', '/licences?holder=92990106MAYYY0021M&purpose=x&case=1')).body, { items: [] })
})

t.test('a provider pages through its own licences of a holder, and no page says that there are others', async t => {
  const { here, call, settle } = await desk(t)
  for (const sequence of [1, 2]) {
    const { value, signature } = signed(issued(sequence), here.key)
    await call('market', 'POST', '/events', Buffer.from(value), { 'event-signature': signature })
  }
  await settle()
  const page = async (system: string, after = '') => (await call(system, 'GET', `/licences?holder=92990106MAYYY0021M&purpose=x&case=1&limit=1${after}`)).body
  const first = await page('market')
  t.match(first, { items: [{ licenceId: foodLicence(1) }], next: String })
  t.match(await page('market', `&after=${String(first['next'])}`), { items: [{ licenceId: foodLicence(2) }] })
  t.same(await page('police'), { items: [] })
})
