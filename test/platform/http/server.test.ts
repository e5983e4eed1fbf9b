import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { get } from 'node:https'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { issueCertificate } from '../../../platform/crypto/index.js'
import { schemaRef, type AccessEntry } from '../../../platform/http/port.js'
import { Failure } from '../../../services/core/failure.js'
import { bearer, codeOf, ground, LIMITS, remember, tokenFor, type Ground } from '../../support/server.js'

const things = { type: 'object', additionalProperties: false, required: ['name', 'count'], properties: { name: { type: 'string', maxLength: 5 }, count: { type: 'integer', default: 7 } } }

/** A server with a few routes that show what every route shares. */
async function withThings (t: Test, options: Parameters<typeof ground>[1] = {}): Promise<Ground & { raw: Array<Buffer | undefined>, auditor: Record<string, string> }> {
  const raw: Array<Buffer | undefined> = []
  const made = await ground(t, {
    ...options,
    register: async app => {
      const { allow } = app
      await app.register(async app => {
        app.post('/things/:id', {
          onRequest: allow('audit:read'),
          schema: {
            params: { type: 'object', properties: { id: { type: 'integer' } } },
            querystring: { type: 'object', additionalProperties: false, properties: { n: { type: 'integer' } } },
            body: things,
            response: { 200: { type: 'object', additionalProperties: false, properties: { id: { type: 'integer' }, n: { type: 'integer' } } }, '4xx': schemaRef('http/problem') }
          }
        }, async request => {
          raw.push(request.rawBody)
          Object.assign(request.access, { subject: { kind: 'person', id: '110101199003070011' }, purpose: 'test', caseNumber: 'C-1' })
          return { id: (request.params as { id: number }).id, n: (request.query as { n?: number }).n }
        })
        app.post('/any', { onRequest: allow('audit:read') }, async () => ({ ok: true }))
        app.get('/text/:text', { onRequest: allow('audit:read') }, async () => ({ ok: true }))
        app.get('/wrong-answer', { onRequest: allow('audit:read'), schema: { response: { 200: { type: 'object', additionalProperties: false, properties: {} } } } }, async () => ({ secret: 'x' }))
        app.get('/unexpected', { onRequest: allow('audit:read') }, async () => { throw new Error('select * from people where id = 110101199003070011') })
        app.get('/status', { onRequest: allow('audit:read') }, async () => { throw Object.assign(new Error('leak'), { statusCode: 404, code: 'ENOENT' }) })
        app.get('/full', { onRequest: allow('audit:read') }, async () => { throw new Failure('STORE_FULL', 'the disk is full') })
        app.get('/stream', { onRequest: allow('audit:read') }, async (_, reply) => await reply.header('x-secret', 'y').type('text/plain').send(Readable.from(['secret'])))
        app.get('/public', { onRequest: allow.public() }, async request => ({ client: request.caller.client }))
      }, { prefix: '/v1' })
    }
  })
  return { ...made, raw, auditor: bearer(await tokenFor(made, 'auditor')) }
}

const json = (text: string, headers: Record<string, string>) => ({ method: 'POST' as const, url: '/v1/things/3', headers: { 'content-type': 'application/json', ...headers }, payload: text })

t.test('a body is judged as sent: nothing coerced, filled in or dropped', async t => {
  const { app, auditor, raw } = await withThings(t)
  const text = '{ "name":"a",  "count": 1 }'
  const good = await app.inject(json(text, auditor))
  t.same([good.statusCode, good.json()], [200, { id: 3 }])
  t.equal(raw[0]?.toString(), text, 'the bytes are kept')
  for (const bad of ['{"name":"a","count":"1"}', '{"name":"a"}', '{"name":"a","count":1,"x":1}', '[]', 'null']) t.equal(codeOf(await app.inject(json(bad, auditor))), 'INPUT_INVALID', bad)
  const all = await app.inject(json('{"name":"abcdef","x/y":"personal"}', auditor))
  t.same(all.json<{ violations: unknown[] }>().violations, [
    { pointer: '/count', message: '没有填写 / is missing' },
    { pointer: '/x~1y', message: '这里没有这一项 / is not known here' },
    { pointer: '/name', message: '最多 5 个字符 / must have at most 5 characters' }
  ])
  t.notMatch(all.body, /abcdef|personal/, 'no value is repeated')
})

t.test('parameters and queries are text that may stand for numbers', async t => {
  const { app, auditor } = await withThings(t)
  const ask = async (url: string) => await app.inject({ ...json('{"name":"a","count":1}', auditor), url })
  t.same((await ask('/v1/things/3?n=4')).json(), { id: 3, n: 4 })
  for (const url of ['/v1/things/x', '/v1/things/3?n=x', '/v1/things/3?n=1&n=2', '/v1/things/3?m=1']) t.equal(codeOf(await ask(url)), 'INPUT_INVALID', url)
})

t.test('JSON that can be read in two ways is not read', async t => {
  const { app, auditor } = await withThings(t)
  const ask = async (text: string | Buffer): Promise<string> => codeOf(await app.inject({ ...json('', auditor), payload: text }))
  for (const text of ['{"name":"a","name":"b","count":1}', '{"name":"a","count":1}x', '', '{"name":"\\ud800"}', '{"count":9007199254740993}', "{'name':1}"]) t.equal(await ask(text), 'JSON_INVALID', text)
  t.equal(await ask(Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d])), 'JSON_INVALID', 'a byte order mark')
  t.equal(await ask(Buffer.from([0x22, 0xff, 0x22])), 'JSON_INVALID', 'no UTF-8')
  t.equal(await ask('{"__proto__":{"x":1},"name":"a","count":1}'), 'INPUT_INVALID', 'a member like any other, and unknown')
})

t.test('each limit of a request holds from both sides', async t => {
  const { app, auditor } = await withThings(t)
  const any = async (payload: string): Promise<number | string> => {
    const response = await app.inject({ ...json(payload, auditor), url: '/v1/any' })
    return response.statusCode === 200 ? 200 : codeOf(response)
  }
  const body = (bytes: number): string => JSON.stringify('x'.repeat(bytes - 2))
  t.equal(await any(body(LIMITS.bodyBytes)), 200)
  t.equal(await any(body(LIMITS.bodyBytes + 1)), 'BODY_TOO_LARGE')
  t.equal(await any('['.repeat(LIMITS.jsonDepth) + ']'.repeat(LIMITS.jsonDepth)), 200)
  t.equal(await any('['.repeat(LIMITS.jsonDepth + 1) + ']'.repeat(LIMITS.jsonDepth + 1)), 'JSON_TOO_DEEP')
  const parameter = async (characters: number) => await app.inject({ url: `/v1/text/${'1'.repeat(characters)}`, headers: auditor })
  t.equal((await parameter(256)).statusCode, 200)
  t.equal(codeOf(await parameter(257)), 'INPUT_INVALID')
})

t.test('only the types of content that are read here are taken', async t => {
  const { app, auditor } = await withThings(t)
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml']) {
    t.equal(codeOf(await app.inject({ ...json('{"name":"a","count":1}', { ...auditor, 'content-type': type }) })), 'MEDIA_TYPE_UNSUPPORTED', type)
  }
  t.equal((await app.inject(json('{"name":"a","count":1}', { ...auditor, 'content-type': 'application/json; charset=utf-8' }))).statusCode, 200)
})

t.test('a body that is packed is not taken for what is in it', async t => {
  const { app, auditor } = await withThings(t)
  t.equal((await app.inject(json('{"name":"a","count":1}', { ...auditor, 'content-encoding': 'identity' }))).statusCode, 200)
  t.equal(codeOf(await app.inject(json('{"name":"a","count":1}', { ...auditor, 'content-encoding': 'gzip' }))), 'MEDIA_TYPE_UNSUPPORTED')
})

t.test('an address without a route, or with another method, is a problem document', async t => {
  const { app, auditor } = await withThings(t)
  t.equal(codeOf(await app.inject({ url: '/v1/nothing', headers: auditor })), 'NOT_FOUND')
  const other = await app.inject({ method: 'PUT', url: '/v1/things/3?x=1', headers: auditor })
  t.equal(codeOf(other), 'METHOD_NOT_ALLOWED')
  t.equal(other.headers['allow'], 'POST')
  t.equal(codeOf(await app.inject({ url: '/v1/%zz' })), 'INPUT_INVALID')
})

t.test('what went wrong inside stays inside', async t => {
  const { app, auditor } = await withThings(t)
  for (const url of ['/v1/unexpected', '/v1/wrong-answer', '/v1/status', '/v1/public']) {
    const response = await app.inject({ url, headers: auditor })
    t.equal(codeOf(response), 'INTERNAL', url)
    t.notMatch(response.body, /select|people|1101|secret|leak|ENOENT|stack|\.ts|\.js/)
  }
  const full = await app.inject({ url: '/v1/full', headers: auditor })
  t.equal(codeOf(full), 'STORE_FULL')
  t.equal(full.statusCode, 507)
  t.match(full.json(), { title: '磁盘空间不足，未保存 / The disk is full and nothing was saved', retryable: true })
  t.equal(full.headers['retry-after'], '5')
})

t.test('without a token, with one that is none, or with another role, nobody comes in', async t => {
  const made = await withThings(t)
  const ask = async (headers: Record<string, string>): Promise<string> => codeOf(await made.app.inject({ url: '/v1/full', headers }))
  t.equal(await ask({}), 'TOKEN_MISSING')
  for (const authorization of ['', 'Bearer', 'Bearer ', 'Basic YTpi', `Bearer ${'x'.repeat(8192)}`, `${made.auditor['authorization'] as string}, Bearer x`, 'Bearer a b']) t.equal(await ask({ authorization }), 'TOKEN_INVALID', authorization.slice(0, 30))
  t.equal(await ask(bearer(await tokenFor(made, 'provider'))), 'SCOPE_MISSING')
  const refused = await made.app.inject({ url: '/v1/full' })
  t.equal(refused.headers['www-authenticate'], 'Bearer')
})

t.test('a request is judged by who asks before what it says', async t => {
  const { app } = await withThings(t)
  t.equal(codeOf(await app.inject(json('not json', {}))), 'TOKEN_MISSING')
})

t.test('a route that names no scope cannot be added', async t => {
  const { app } = await ground(t)
  const schema = { response: {} }
  const adding = async (add: () => void): Promise<void> => { add() }
  await t.rejects(adding(() => { app.get('/v1/open', { schema }, async () => ({})) }), { code: 'ROUTE_WITHOUT_SCOPE' })
  await t.rejects(adding(() => { app.get('/v1/own-hook', { onRequest: async () => {} }, async () => ({})) }), { code: 'ROUTE_WITHOUT_SCOPE' })
  await t.rejects(adding(() => { app.get('/v1/late', { onRequest: [async () => {}, app.allow('audit:read')] }, async () => ({})) }), { code: 'ROUTE_WITHOUT_SCOPE' }, 'something would run before')
  await t.resolves(adding(() => { app.get('/v1/named', { onRequest: app.allow('audit:read') }, async () => ({})) }))
})

t.test('every request to /v1 leaves a record, refused ones too; others leave none', async t => {
  const entries: AccessEntry[] = []
  const { app, auditor } = await withThings(t, { access: recorder => remember(entries, recorder) })
  entries.length = 0
  const good = await app.inject(json('{"name":"a","count":1}', auditor))
  await app.inject(json('{', auditor))
  await app.inject({ url: '/v1/full' })
  await app.inject({ url: '/v1/identity/clients', headers: auditor })
  await app.inject({ url: '/v1/nothing/110101199003070011', headers: auditor })
  await app.inject({ url: '/v1/%zz', headers: auditor })
  await app.inject({ method: 'POST', url: '/%761/any', headers: { ...auditor, 'content-type': 'application/json' }, payload: '1' })
  for (const url of ['/healthz', '/openapi.json', '/nothing', '/v1x']) await app.inject({ url })
  t.same(entries.map(({ status, code, route, client }) => [status, code, route, client]), [
    [200, undefined, '/v1/things/:id', 'auditor-1'],
    [400, 'JSON_INVALID', '/v1/things/:id', 'auditor-1'],
    [401, 'TOKEN_MISSING', '/v1/full', undefined],
    [403, 'SCOPE_MISSING', '/v1/identity/clients', 'auditor-1'],
    [404, 'NOT_FOUND', 'unmatched', undefined],
    [400, 'INPUT_INVALID', 'unmatched', undefined],
    [200, undefined, '/v1/any', 'auditor-1']
  ])
  t.match(entries[0], { subject: { kind: 'person' }, purpose: 'test', caseNumber: 'C-1', method: 'POST', address: '127.0.0.1' })
  t.equal(good.statusCode, 200)
})

t.test('an answer whose record cannot be kept does not leave', async t => {
  let full = false
  const { app, auditor } = await withThings(t, {
    access: recorder => ({ record: async entry => { if (full) throw new Failure('STORE_FULL', 'the disk is full'); await recorder.record(entry) } })
  })
  full = true
  const stream = await app.inject({ url: '/v1/stream', headers: auditor })
  t.equal(codeOf(stream), 'ACCESS_RECORD_UNAVAILABLE')
  t.equal(stream.headers['x-secret'], undefined, 'nor do its headers')
  t.notMatch(stream.body, 'secret')
  t.equal(codeOf(await app.inject(json('{"name":"a","count":1}', auditor))), 'ACCESS_RECORD_UNAVAILABLE')
  t.equal(codeOf(await app.inject({ url: '/v1/full' })), 'ACCESS_RECORD_UNAVAILABLE', 'refusals too')
  t.equal(codeOf(await app.inject({ url: '/v1/%zz' })), 'ACCESS_RECORD_UNAVAILABLE', 'and what has no route')
  t.equal((await app.inject({ url: '/healthz' })).statusCode, 200)
  full = false
  const after = await app.inject({ url: '/v1/stream', headers: auditor })
  t.same([after.statusCode, after.body, after.headers['x-secret']], [200, 'secret', 'y'])
})

t.test('a caller does not choose the number of its request', async t => {
  const { app } = await ground(t)
  const response = await app.inject({ url: '/v1/jwks/x', headers: { 'request-id': 'chosen', 'x-request-id': 'chosen' } })
  t.match(response.json<{ instance: string }>().instance, /^urn:uuid:[0-9a-f-]{36}$/)
})

t.test('requests in a minute are counted for each client, and for each address', async t => {
  const made = await ground(t, { limits: { requestsPerMinute: 3, addressRequestsPerMinute: 12 } })
  const { app } = made
  const [auditor, operator] = [bearer(await tokenFor(made, 'auditor')), bearer(await tokenFor(made, 'operator'))]
  const ask = async (headers: Record<string, string>, url = '/v1/identity/clients'): Promise<string> => codeOf(await app.inject({ url, headers }))
  for (let i = 0; i < 3; i++) t.equal(await ask(auditor), 'SCOPE_MISSING')
  const fourth = await app.inject({ url: '/v1/identity/clients', headers: auditor })
  t.equal(codeOf(fourth), 'RATE_LIMITED')
  t.match(fourth.headers['retry-after'], /^\d+$/)
  t.equal((await app.inject({ url: '/v1/identity/clients', headers: operator })).statusCode, 200, 'another client goes on')
  for (let i = 0; i < 5; i++) t.equal(await ask({}), 'TOKEN_MISSING')
  t.equal(await ask({}), 'RATE_LIMITED', 'the thirteenth of this address')
  t.equal((await app.inject({ url: '/healthz' })).statusCode, 200, 'those who watch are not turned away')
})

t.test('an address that goes on although refused is cut off, and fills no disk with records', async t => {
  const entries: AccessEntry[] = []
  const { app } = await ground(t, { limits: { addressRequestsPerMinute: 2 }, access: recorder => remember(entries, recorder) })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as { port: number }
  const ask = async (): Promise<string> => (await talk(port, 'GET /v1/jwks HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).slice(9, 12)
  const answers: string[] = []
  for (let i = 0; i < 6; i++) answers.push(await ask())
  t.same(answers, ['200', '200', '429', '429', '', ''])
  t.same(entries.map(({ status }) => status), [200, 200, 429, 429])
})

t.test('answers carry the headers that keep browsers from guessing, and are not kept', async t => {
  const { app } = await ground(t)
  const { headers } = await app.inject({ url: '/v1/jwks' })
  t.match(headers, { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
  t.match(headers['content-security-policy'], 'default-src')
})

/** Writes to a real socket and gives back what came until it was closed. */
async function talk (port: number, text: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => { socket.write(text) })
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => { answer += chunk })
    socket.on('close', () => { resolve(answer) })
    socket.on('error', reject)
  })
}

t.test('what is no HTTP, has too large a head or never ends is answered and cut off', async t => {
  const { app } = await ground(t, { limits: { requestTimeoutMs: 400, headerBytes: 2048 } })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as { port: number }
  t.match(await talk(port, 'hello\r\n\r\n'), /^HTTP\/1\.1 400 .*"code":"INPUT_INVALID"/s)
  t.match(await talk(port, `GET /healthz HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(3000)}\r\n\r\n`), /^HTTP\/1\.1 431 .*"code":"HEADER_TOO_LARGE"/s)
  t.match(await talk(port, `GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: ${'x'.repeat(1000)}\r\n\r\n`), /^HTTP\/1\.1 200 /)
  const slow = 'POST /v1/tokens HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nscope='
  t.match(await talk(port, slow), /^HTTP\/1\.1 408 .*"code":"TIMED_OUT"/s)
  t.match(await talk(port, 'GET /healthz HTTP/1.1\r\nHost: x\r\n'), /^HTTP\/1\.1 408 .*"code":"TIMED_OUT"/s)
})

t.test('what Node would refuse by itself is answered and recorded as all else', async t => {
  const { app, records, auditor } = await withThings(t)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as { port: number }
  const head = `Authorization: ${auditor['authorization'] as string}\r\nConnection: close\r\n`
  t.match(await talk(port, `GET /v1/text/a HTTP/1.1\r\n${head}\r\n`), /^HTTP\/1\.1 400 .*"code":"INPUT_INVALID"/s, 'without Host')
  t.match(await talk(port, `GET /v1/text/a HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\n${head}\r\n`), /^HTTP\/1\.1 200 /, 'an expectation that nobody knows')
  t.same((await records.list({ from: 0, limit: 10 })).items.map(({ record: { status } }) => status).slice(-2), [400, 200])
})

t.test('a request that breaks off is not held for a fault of ours', async t => {
  const lines: string[] = []
  const { app, records, auditor } = await withThings(t, { logger: { level: 'warn', stream: { write: line => { lines.push(line) } } } })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as { port: number }
  const before = (await records.list({ from: 0, limit: 10 })).end
  t.match(await talk(port, `POST /v1/any HTTP/1.1\r\nHost: x\r\nAuthorization: ${auditor['authorization'] as string}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n`), /^HTTP\/1\.1 400 /)
  await app.close()
  t.match((await records.list({ from: before, limit: 10 })).items, [{ record: { status: 400, code: 'INPUT_INVALID' } }])
  t.same(lines, [])
})

t.test('a handler that takes too long is answered for', async t => {
  const { app } = await ground(t, {
    limits: { handlerTimeoutMs: 50 },
    register: async app => { app.get('/v1/never', { onRequest: app.allow.public() }, async () => await new Promise(() => {})) }
  })
  const response = await app.inject({ url: '/v1/never' })
  t.equal(codeOf(response), 'TIMED_OUT')
  t.equal(response.statusCode, 503)
})

t.test('so it is when the body of the request was read', async t => {
  const { app } = await ground(t, {
    limits: { handlerTimeoutMs: 50 },
    register: async app => { app.post('/v1/never', { onRequest: app.allow.public() }, async () => await new Promise(() => {})) }
  })
  const response = await fetch(`${await app.listen({ port: 0, host: '127.0.0.1' })}/v1/never`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
  t.equal(response.status, 503)
  t.match(await response.json(), { code: 'TIMED_OUT' })
})

t.test('a request that breaks off while it is asked who is calling is answered and recorded, and nobody waits for its body', async t => {
  const entries: AccessEntry[] = []
  let ask = (): void => {}
  const asked = new Promise<void>(resolve => { ask = resolve })
  let handled = 0
  let closed = (): void => {}
  const gone = new Promise<void>(resolve => { closed = resolve })
  const { app } = await ground(t, {
    access: recorder => remember(entries, recorder),
    register: async app => {
      app.post('/v1/asked', {
        onRequest: [app.allow.public(), async ({ raw }) => {
          raw.once('close', closed)
          ask()
          await gone
        }]
      }, async () => { handled++ })
    }
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as { port: number }
  const client = connect(port, '127.0.0.1')
  client.write('POST /v1/asked HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n')
  await asked
  client.destroy()
  for (let turn = 0; turn < 50 && entries.length === 0; turn++) await setTimeout(10)
  t.match(entries, [{ route: '/v1/asked', status: 400, code: 'INPUT_INVALID' }])
  t.equal(handled, 0)
})

t.test('of two answers to one request the one whose record was begun first leaves, as it was recorded', async t => {
  for (const first of ['handler', 'limit'] as const) {
    const entries: AccessEntry[] = []
    let record = (): void => {}
    const recorded = new Promise<void>(resolve => { record = resolve })
    let begin = (): void => {}
    const begun = new Promise<void>(resolve => { begin = resolve })
    let finish = (): void => {}
    const finished = new Promise<void>(resolve => { finish = resolve })
    const { app } = await ground(t, {
      limits: { handlerTimeoutMs: 40 },
      access: recorder => ({ record: async entry => { entries.push(entry); begin(); await recorded; await recorder.record(entry) } }),
      register: async app => { app.get('/v1/late', { onRequest: app.allow.public() }, async (_request, reply) => { await finished; return await reply.code(201).header('location', '/done').send({ done: true }) }) }
    })
    if (first === 'handler') finish()
    const answer = app.inject({ url: '/v1/late' })
    answer.catch(() => {}) // asks now; what comes of it is awaited below
    await begun // the first of the two: the handler's at once, or the limit's, since nothing else would come
    await setTimeout(80) // the limit, whose time began before this one's, is over as well
    finish()
    await setTimeout(20)
    record()
    const { statusCode, body, headers } = await answer
    t.same([statusCode, body.includes('TIMED_OUT'), 'location' in headers], first === 'handler' ? [201, false, true] : [503, true, false], first)
    t.same(entries.map(({ status }) => status), [statusCode], 'one record, and that is what left')
  }
})

t.test('closing lets the request in hand end, refuses new ones, and does not wait for kept connections', async t => {
  let finish = (): void => {}
  const entered = new Promise<void>(resolve => {
    finish = resolve
  })
  let letGo = (): void => {}
  const { app } = await ground(t, {
    register: async app => {
      app.get('/v1/slow', { onRequest: app.allow.public() }, async () => { finish(); await new Promise<void>(resolve => { letGo = resolve }); return { done: true } })
    }
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as { port: number }
  const begun = connect(port, '127.0.0.1')
  await once(begun, 'connect')
  begun.setEncoding('utf8').write('GET /v1/jwks HTTP/1.1\r\nHost: x\r\n')
  const answer = talk(port, 'GET /v1/slow HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n')
  await entered
  const closed = app.close()
  await new Promise(resolve => setImmediate(resolve))
  begun.write('\r\n')
  const refused = (await once(begun, 'data') as [string])[0]
  letGo()
  t.match(await answer, /^HTTP\/1\.1 200 .*connection: close.*"done":true/s)
  await closed
  t.match(refused, /^HTTP\/1\.1 503 .*connection: close.*"code":"SHUTTING_DOWN"/s, 'what was asked for meanwhile is not begun')
})

t.test('it speaks TLS where it is given a certificate, with the same limits', async t => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const der = issueCertificate({
    subject: [['CN', 'localhost']],
    publicKey,
    issuerKey: privateKey,
    notBefore: new Date('2020-01-01T00:00:00Z'),
    notAfter: new Date('2049-01-01T00:00:00Z'),
    ca: true,
    subjectAltName: [{ dns: 'localhost' }]
  })
  const cert = `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`
  const { app } = await ground(t, { https: { key: privateKey.export({ format: 'pem', type: 'pkcs8' }), cert }, limits: { headerBytes: 2048 } })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as { port: number }
  const ask = async (headers: Record<string, string>): Promise<number | undefined> => await new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/healthz', ca: cert, servername: 'localhost', headers, agent: false }, answer => { answer.resume(); resolve(answer.statusCode) }).on('error', reject)
  })
  t.equal(await ask({}), 200)
  t.equal(await ask({ x: 'x'.repeat(3000) }), 431)
})

t.test('readiness tells which part is not, liveness only that it runs', async t => {
  const { app } = await ground(t)
  t.same((await app.inject({ url: '/healthz' })).json(), { status: 'ok' })
  t.same((await app.inject({ url: '/readyz' })).json(), { status: 'ready', checks: {} })
  const failing = await ground(t, { readiness: { store: async () => {}, disk: async () => { throw new Error('full of 110101199003070011') } } })
  const answer = await failing.app.inject({ url: '/readyz' })
  t.same([answer.statusCode, answer.json()], [503, { status: 'not-ready', checks: { store: 'ok', disk: 'failed' } }])
})

t.test('log lines name routes and clients, never addresses or what was said', async t => {
  const lines: string[] = []
  const { app, auditor } = await withThings(t, { logger: { level: 'trace', stream: { write: line => { lines.push(line) } } } })
  await app.inject({ ...json('{"name":"zhang","count":1}', auditor), url: '/v1/things/110101199003070011?n=42424242' })
  await app.inject({ ...json('{"name":"zhang-san","count":1}', auditor), url: '/v1/nothing/110101199003070011' })
  const text = lines.join('')
  t.match(text, '"route":"/v1/things/:id"')
  t.match(text, '"client":"auditor-1"')
  t.notMatch(text, /110101199003070011|42424242|zhang|Bearer|eyJ/)
})

t.test('metrics count by pattern, never by address', async t => {
  const { app } = await ground(t)
  await app.inject({ url: '/v1/identity/clients/110101199003070011/suspension', method: 'DELETE' })
  const { body } = await app.inject({ url: '/metrics' })
  t.match(body, 'mianzheng_http_requests_total{method="DELETE",route="/v1/identity/clients/:clientId/suspension",status="401"} 1')
  t.notMatch(body, '110101199003070011')
})
