import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { httpSource, type HttpSourceOptions } from '../../../connectors/http/index.js'
import { follow, type Ground } from '../../../connectors/sdk/index.js'
import { fixedClock } from '../../../services/core/clock.js'
import { CONTRACT_ROW_BYTES, connectorContract, type RegisterLine } from '../../contract/connector.js'
import { department } from '../../support/department.js'
import { keysOf, readAll } from '../sql/register.js'

type Answer = (request: IncomingMessage, response: ServerResponse) => void
interface Interface { url: string, asked: Array<{ url: string, headers: IncomingMessage['headers'] }>, waits: number[], ground: Ground }

const LIMITS = { pageBytes: 1_000_000, timeoutMs: 10_000, attempts: 3, firstWaitMs: 100, rowBytes: CONTRACT_ROW_BYTES, columns: 20, jsonDepth: 8, pages: 1000, totalBytes: 10_000_000 }
const json = (response: ServerResponse, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body))
}

/** A department's interface on this machine, that answers as it is told. */
async function serve (t: Test, answer: Answer): Promise<Interface> {
  const asked: Interface['asked'] = []
  const waits: number[] = []
  const server = createServer((request, response) => {
    asked.push({ url: request.url ?? '', headers: request.headers })
    answer(request, response)
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(async () => { server.closeAllConnections(); await new Promise(resolve => { server.close(resolve) }) })
  const ground: Ground = { clock: fixedClock('2026-03-01T00:00:00.000Z'), random: () => 0.5, newId: () => 'id', wait: async ms => { waits.push(ms) } }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, waits, ground }
}
const source = ({ url, ground }: Interface, options: Partial<HttpSourceOptions> = {}): ReturnType<typeof httpSource> =>
  httpSource({ resource: 'shops', url: `${url}/shops`, items: '', key: ['id'], columns: [{ member: 'v' }], limits: LIMITS, ground, ...options })

t.test('an HTTP interface as a connector', async t => {
  connectorContract(t, async t => {
    const PAGE = 3
    let rows: Array<Record<string, unknown>> = []
    let trouble: 'none' | 'locked' | 'breaks' | 'silent' = 'none'
    const at = await serve(t, (request, response) => {
      const page = Number(new URL(request.url ?? '', 'http://x').searchParams.get('page') ?? 0)
      const size = rows.length > 100 ? 200 : PAGE
      if (trouble === 'silent') return
      if (trouble === 'locked' || request.headers.authorization !== 'Bearer let me in') { response.writeHead(401).end(); return }
      if (trouble === 'breaks' && page > 0) { response.destroy(); return }
      const items = rows.slice(page * size, (page + 1) * size)
      json(response, { data: { items }, next: (page + 1) * size < rows.length ? `/shops?page=${page + 1}` : null })
    })
    const rowOf = ({ key, name, size, day }: RegisterLine): Record<string, unknown> => ({ 编号: key, 名称: name, 面积: size ?? null, 开业日期: day ?? null, note: 'not published' })
    const options: Partial<HttpSourceOptions> = {
      authorization: 'Bearer let me in',
      items: '/data/items',
      pages: { link: '/next' },
      key: ['编号'],
      columns: [{ member: '名称', required: true }, { member: '面积', type: 'number' }, { member: '开业日期', type: 'day' }]
    }
    return {
      source: source(at, options),
      tellsEmpty: true,
      write: async (lines, { withoutName = false, withMore = false } = {}) => {
        trouble = 'none'
        rows = lines.map(line => ({ ...rowOf(line), ...withMore && { 更多: 'not published' } }))
        if (withoutName) for (const row of rows) delete row['名称']
      },
      spoil: async () => { rows.push(rowOf({ key: '', name: 'name' })) },
      spoilSize: async key => { rows.push(rowOf({ key, name: 'name', size: 'many' })) },
      spoilDay: async key => { rows.push(rowOf({ key, name: 'name', day: '2026-02-30' })) },
      breakOff: { when: 'before', code: 'SOURCE_UNAVAILABLE', now: async () => { trouble = 'breaks' } },
      lockOut: async () => {
        trouble = 'locked'
        return async () => { trouble = 'none' }
      },
      lockedOutCode: 'SOURCE_REFUSED',
      silence: async () => {
        trouble = 'silent'
        return { source: source(at, { ...options, limits: { ...LIMITS, timeoutMs: 100, attempts: 2 } }), end: async () => { trouble = 'none' } }
      }
    }
  })
})

t.test('pages are found by a link in the body, in the header, or by a cursor', async t => {
  for (const [how, pages] of [['link', { link: '/next' }], ['header', { linkHeader: true }], ['cursor', { cursor: '/page/next', parameter: 'after' }]] as const) {
    const at = await serve(t, (request, response) => {
      const url = new URL(request.url ?? '', 'http://x')
      const number = Number(url.searchParams.get('after') ?? 0)
      const next = number < 2 ? number + 1 : null
      json(response, { items: [{ id: `${number}`, v: url.searchParams.get('kind') }], ...how === 'link' && { next: next === null ? null : `?kind=a&after=${next}` }, ...how === 'cursor' && { page: { next } } },
        how === 'header' && next !== null ? { link: `</shops?kind=a&after=0>; rel="first", </shops?kind=a&after=${next}>; title="x"; rel="next"` } : {})
    })
    const { rows } = await readAll(source(at, { url: `${at.url}/shops?kind=a`, items: '/items', pages }))
    t.same(rows.map(({ key, values }) => `${key}${String(values['v'])}`), ['0a', '1a', '2a'], how)
  }
})

t.test('an interface that says that nothing changed is believed, as long as nothing was rejected and all is as declared', async t => {
  t.testdir()
  const desk = await department(t)
  const publisher = await desk.publisher()
  let rows = [{ id: 'a', v: 'x' }, { id: 'b', v: 'y' }] as Array<{ id: string, v: unknown }>
  const at = await serve(t, (request, response) => {
    const etag = `"${JSON.stringify(rows).length}-${String(rows[0]?.v)}"`
    if (request.headers['if-none-match'] === etag) { response.writeHead(304, { etag }).end(); return }
    json(response, rows, { etag })
  })
  const pass = async (options: Partial<HttpSourceOptions> = {}): Promise<unknown> => await follow({ source: source(at, options), publisher, announce: desk.clock })
  const conditional = (): boolean => at.asked.at(-1)?.headers['if-none-match'] !== undefined
  t.match(await pass(), { changed: 2 })
  desk.clock.set('2026-03-02T00:00:00.000Z')
  t.match(await pass(), { changed: 0, unchanged: 2, deleted: 0 })
  t.same([conditional(), desk.receiver.events.at(-1)?.data], [true, { resource: 'shops', asOf: '2026-03-02T00:00:00.000Z', rows: 2 }], 'and it is announced')
  t.match(await pass({ columns: [{ member: 'v', name: 'other' }] }), { changed: 2 }, 'declared otherwise, it is read again')
  t.equal(conditional(), false)
  rows = [{ id: 'a', v: 'x' }, { id: 'b', v: 1 }]
  t.match(await pass(), { rejected: 1 })
  t.match(await pass(), { rejected: 1 }, 'a rejected row is told of at each pass')
  t.equal(conditional(), false)
})

t.test('a pass that broke off leaves nothing that a later "unchanged" could stand for', async t => {
  t.testdir()
  const desk = await department(t)
  const publisher = await desk.publisher()
  let rows = [{ id: 'a', v: 'old' }]
  const at = await serve(t, (request, response) => {
    const etag = `"${String(rows[0]?.v)}"`
    if (request.headers['if-none-match'] === etag) { response.writeHead(304, { etag }).end(); return }
    json(response, rows, { etag })
  })
  await follow({ source: source(at), publisher })
  rows = [{ id: 'a', v: 'new' }]
  const inner = source(at)
  let readings = 0
  const failing = { ...inner, read: async function * (position: string | undefined) { yield * inner.read(position); if (++readings === 2) throw new Error('the power failed') } }
  await t.rejects(follow({ source: failing, publisher, heldBytes: 1 }), { message: 'the power failed' })
  rows = [{ id: 'a', v: 'old' }]
  t.match(await follow({ source: source(at), publisher }), { changed: 1 }, 'as it was before, but not as it was published last')
  t.same(desk.receiver.events.map(({ data }) => (data as { values: { v: string } }).values.v), ['old', 'new', 'old'])
})

t.test('changes since a cursor are published page by page, and the next pass goes on behind them', async t => {
  t.testdir()
  const desk = await department(t)
  const publisher = await desk.publisher()
  const feed = [{ id: 'a', v: '1' }, { id: 'b', v: '1' }, { id: 'a', v: '2' }, { id: 'b', gone: true }] as Array<Record<string, unknown>>
  let broken = true
  const at = await serve(t, (request, response) => {
    const after = Number(new URL(request.url ?? '', 'http://x').searchParams.get('after') ?? 0)
    if (after === 2 && broken) { response.destroy(); return }
    const items = feed.slice(after, after + 2)
    json(response, { items, next: after + items.length })
  })
  const changes = source(at, { items: '/items', pages: { cursor: '/next', parameter: 'after' }, changes: true, deleted: 'gone' })
  await t.rejects(follow({ source: changes, publisher }), { code: 'SOURCE_UNAVAILABLE' })
  broken = false
  at.asked.length = 0
  t.match(await follow({ source: changes, publisher }), { changed: 1, deleted: 1 })
  t.equal(at.asked[0]?.url, '/shops?after=2', 'not from the beginning')
  t.same(desk.receiver.events.map(({ type, subject }) => `${type.split('.')[1]} ${subject}`), ['upserted a', 'upserted b', 'upserted a', 'deleted b'])
  t.match(await follow({ source: changes, publisher }), { changed: 0, deleted: 0 })
})

t.test('changes that flag more rows as deleted than may go are held where they stand, and go on once confirmed', async t => {
  t.testdir()
  const desk = await department(t)
  const publisher = await desk.publisher()
  const feed = [...Array.from({ length: 40 }, (_, n) => ({ id: `r${n}`, v: '1' })), { id: 'new', v: '1' }, ...Array.from({ length: 21 }, (_, n) => ({ id: `r${n}`, gone: true }))] as Array<Record<string, unknown>>
  let until = 40
  const at = await serve(t, (request, response) => {
    const after = Number(new URL(request.url ?? '', 'http://x').searchParams.get('after') ?? 0)
    const items = feed.slice(after, Math.min(until, after + 40))
    json(response, { items, next: after + items.length })
  })
  const pass = async (confirmed?: string): Promise<unknown> => await follow({
    source: source(at, { items: '/items', pages: { cursor: '/next', parameter: 'after' }, changes: true, deleted: 'gone' }), publisher, announce: desk.clock, ...confirmed !== undefined && { confirmed }
  })
  await pass()
  until = 62
  const { sequence } = publisher
  const error = await pass().catch((error: unknown) => error) as Error & { code: string }
  t.same([error.code, publisher.sequence], ['DELETIONS_HELD', sequence])
  await t.rejects(pass(), { code: 'DELETIONS_HELD' })
  t.match(await pass(/--confirm-deletions ([0-9a-f]{16})$/.exec(error.message)?.[1]), { changed: 1, deleted: 21, heldBefore: 2 })
  t.match(await pass(), { changed: 0, deleted: 0 })
})

t.test('what is busy or gone for a moment is asked again, a bounded number of times and as late as it wants', async t => {
  const script = [503, 429, 200]
  const at = await serve(t, (_request, response) => {
    const status = script.shift() ?? 503
    if (status === 200) json(response, [])
    else response.writeHead(status, status === 429 ? { 'retry-after': '7' } : {}).end()
  })
  t.same((await readAll(source(at))).rows, [])
  t.same(at.waits, [75, 7000])
  await t.rejects(readAll(source(at)), { code: 'SOURCE_UNAVAILABLE' })
  t.equal(at.asked.length, 6)
})

t.test('answers that are no page of rows are refused whole', async t => {
  let answer: Answer = () => {}
  const at = await serve(t, (request, response) => { answer(request, response) })
  const faults: Array<[string, Answer, string]> = [
    ['a login page', (_, response) => { response.writeHead(200, { 'content-type': 'text/html' }).end('<html>') }, 'SOURCE_INVALID'],
    ['packed', (_, response) => { json(response, '[]', { 'content-encoding': 'gzip' }) }, 'SOURCE_INVALID'],
    ['another encoding', (_, response) => { json(response, '[]', { 'content-type': 'application/json; charset=gbk' }) }, 'SOURCE_INVALID'],
    ['broken UTF-8', (_, response) => { json(response, Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d])) }, 'SOURCE_INVALID'],
    ['a name twice', (_, response) => { json(response, '[{"id":"a","v":"x","v":"y"}]') }, 'SOURCE_INVALID'],
    ['a whole number that JSON readers round', (_, response) => { json(response, '[{"id":"a","v":9007199254740993}]') }, 'SOURCE_INVALID'],
    ['half a page', (_, response) => { json(response, '[{"id":"a"') }, 'SOURCE_INVALID'],
    ['too deep', (_, response) => { json(response, '['.repeat(9) + ']'.repeat(9)) }, 'SOURCE_INVALID'],
    ['no list', (_, response) => { json(response, { items: [] }) }, 'SOURCE_INVALID'],
    ['an item that is no object', (_, response) => { json(response, [['a', 'x']]) }, 'SOURCE_INVALID'],
    ['an item without its key', (_, response) => { json(response, [{ v: 'x' }]) }, 'SOURCE_INVALID'],
    ['too large', (_, response) => { json(response, `["${'x'.repeat(1_000_000)}"]`) }, 'SOURCE_INVALID'],
    ['gone', (_, response) => { response.writeHead(404).end() }, 'SOURCE_INVALID'],
    ['forbidden', (_, response) => { response.writeHead(403).end() }, 'SOURCE_REFUSED'],
    ['an unasked 304', (_, response) => { response.writeHead(304).end() }, 'SOURCE_INVALID'],
    ['cut short', (_, response) => { response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }); response.write('[]'); setImmediate(() => { response.destroy() }) }, 'SOURCE_UNAVAILABLE']
  ]
  for (const [why, how, code] of faults) {
    answer = how
    await t.rejects(readAll(source(at)), { code }, why)
  }
  answer = (_, response) => { json(response, '[{"id":"a","v":"x"}]') }
  t.same(keysOf(await readAll(source(at))), ['a'])
  const bytes = Buffer.byteLength('[{"id":"a","v":"x"}]')
  t.same(keysOf(await readAll(source(at, { limits: { ...LIMITS, pageBytes: bytes, totalBytes: bytes } }))), ['a'], 'a page may be as large as the limit')
  for (const limits of [{ pageBytes: bytes - 1 }, { totalBytes: bytes - 1 }]) await t.rejects(readAll(source(at, { limits: { ...LIMITS, ...limits } })), { code: 'SOURCE_INVALID' }, 'and not a byte larger')
})

t.test('no other host is asked, so that none gets the authorisation', async t => {
  const other = await serve(t, (_, response) => { json(response, []) })
  let answer: Answer = () => {}
  const at = await serve(t, (request, response) => { answer(request, response) })
  const options: Partial<HttpSourceOptions> = { authorization: 'Bearer x', items: '/items', pages: { link: '/next' } }
  for (const next of [`${other.url}/shops`, '//elsewhere.example/', 'file:///etc/passwd', 'http://user:password@127.0.0.1/', 7]) {
    answer = (_, response) => { json(response, { items: [], next }) }
    await t.rejects(readAll(source(at, options)), { code: 'SOURCE_INVALID' }, String(next))
  }
  answer = (_, response) => { response.writeHead(302, { location: `${other.url}/shops` }).end() }
  await t.rejects(readAll(source(at, options)), { code: 'SOURCE_INVALID' })
  t.equal(other.asked.length, 0)
  answer = (request, response) => { if (request.url === '/shops') response.writeHead(307, { location: '/there' }).end(); else json(response, { items: [{ id: 'a', v: 'x' }] }) }
  t.same(keysOf(await readAll(source(at, options))), ['a'], 'within the host it may be elsewhere')
  answer = (_, response) => { response.writeHead(307, { location: '/shops' }).end() }
  await t.rejects(readAll(source(at, options)), { code: 'SOURCE_INVALID' }, 'but not round and round')
})

t.test('pages that lead in a circle, or never end, are given up', async t => {
  const circle = await serve(t, (_, response) => { json(response, { items: [], next: '/shops' }) })
  await t.rejects(readAll(source(circle, { items: '/items', pages: { link: '/next' } })), { code: 'SOURCE_INVALID', message: /leads back/ })
  const endless = await serve(t, (request, response) => { json(response, { items: [{ id: 'a', v: 'x' }], next: `${request.url ?? ''}x` }) })
  await t.rejects(readAll(source(endless, { items: '/items', pages: { link: '/next' }, limits: { ...LIMITS, pages: 5 } })), { code: 'SOURCE_INVALID', message: /more than 5 pages/ })
  t.equal(endless.asked.length, 5)
})

t.test('a member may be left out only where that was declared; null is a value that is none', async t => {
  const at = await serve(t, (_, response) => { json(response, [{ id: 'a', v: null }, { id: 'b' }]) })
  await t.rejects(readAll(source(at)), { code: 'SOURCE_INVALID', message: /item 2 has no member v/ })
  t.same((await readAll(source(at, { columns: [{ member: 'v', mayBeAbsent: true }] }))).rows.map(({ values }) => values), [{ v: null }, { v: null }])
})

t.test('values are of the type declared, and instants become UTC', async t => {
  const at = await serve(t, (_, response) => { json(response, [{ id: 1, v: '2026-03-01T08:00:00+08:00', b: true, n: 0.5 }, { id: 2, v: '2026-03-01T08:00:00', b: true, n: 1 }, { id: 3, v: '2026-03-01T00:00:00Z', b: 'true', n: 1 }, { id: 4, v: '2026-03-01T00:00:00Z', b: false, n: { x: 1 } }, { id: 1.5, v: null, b: null, n: null }]) })
  const { rows, rejected } = await readAll(source(at, { columns: [{ member: 'v', type: 'instant' }, { member: 'b', type: 'boolean' }, { member: 'n', type: 'number' }] }))
  t.same(rows, [{ key: '1', values: { v: '2026-03-01T00:00:00.000Z', b: true, n: 0.5 } }])
  t.same(rejected.map(({ key, code }) => `${key} ${code}`), ['2 ROW_VALUE', '3 ROW_VALUE', '4 ROW_VALUE', 'undefined ROW_KEY'])
})

t.test('beyond this machine nothing goes in the clear, and what makes no sense is refused before anything is asked', async t => {
  const good = { resource: 'shops', url: 'https://register.example/shops', items: '', key: ['id'], columns: [{ member: 'v' }], limits: LIMITS }
  t.doesNotThrow(() => httpSource(good))
  t.doesNotThrow(() => httpSource({ ...good, url: 'http://[::1]:8080/' }))
  const bad: Array<Partial<HttpSourceOptions>> = [
    { url: 'http://register.example/' }, { url: 'https://user:password@register.example/' }, { url: 'ftp://127.0.0.1/' }, { url: 'http://127.0.0.1.register.example/' }, { url: 'nowhere' },
    { resource: 'a b' }, { key: [] }, { columns: [] }, { columns: [{ member: 'a' }, { member: 'b', name: 'a' }] }, { changes: true, deleted: 'd' }, { changes: true, pages: { cursor: '/n', parameter: 'p' } }, { limits: { ...LIMITS, columns: 0 } }
  ]
  for (const options of bad) t.throws(() => httpSource({ ...good, ...options }), { code: 'CONFIG_INVALID' }, JSON.stringify(options))
})

t.test('a certificate is believed if it leads to the CA that was given, and names the host', async t => {
  const dir = t.testdir()
  const [key, certificate] = [join(dir, 'key.pem'), join(dir, 'cert.pem')]
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=register.example', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate], { encoding: 'utf8' })
  t.equal(made.status, 0, made.stderr)
  const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (_, response) => { json(response, [{ id: 'a', v: 'x' }]) })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(async () => { server.closeAllConnections(); await new Promise(resolve => { server.close(resolve) }) })
  const { port } = server.address() as AddressInfo
  const by = (host: string, ca?: string): ReturnType<typeof httpSource> =>
    httpSource({ resource: 'shops', url: `https://${host}:${port}/`, items: '', key: ['id'], columns: [{ member: 'v' }], limits: { ...LIMITS, attempts: 1 }, ...ca !== undefined && { ca } })
  const ca = readFileSync(certificate, 'utf8')
  t.same(keysOf(await readAll(by('127.0.0.1', ca))), ['a'])
  await t.rejects(readAll(by('127.0.0.1')), { code: 'SOURCE_REFUSED' })
  await t.rejects(readAll(by('localhost', ca)), { code: 'SOURCE_REFUSED' }, 'another name')
})
