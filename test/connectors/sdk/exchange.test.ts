import t from 'tap'
import type { ExchangeNews } from '../../../connectors/sdk/index.js'
import { department } from '../../support/department.js'

t.beforeEach(t => { t.testdir() })

t.test('a busy exchange is asked again after the time it names, at least; a silent one after waits that double', async t => {
  const { publisher, receiver, waits } = await department(t)
  const out = await publisher()
  await out.publish('t', 'a', {})
  receiver.script = ['drop', { status: 503 }, { status: 429, headers: { 'retry-after': '7' } }]
  await out.flush()
  t.same(waits, [75, 150, 7000]) // three quarters of 100 and 200, since the chance given is one half
  await out.publish('t', 'b', {})
  receiver.script = [{ status: 503, headers: { 'retry-after': 'Sun, 01 Mar 2026 00:00:02 GMT' } }, { status: 503, headers: { 'retry-after': '999999' } }]
  await out.flush()
  t.same(waits.slice(3), [2000, 10_000], 'a date counts from now, and nothing is waited for without end')
  t.same([receiver.problems, receiver.events.length], [[], 2])
})

t.test('the number of attempts is bounded', async t => {
  const { publisher, receiver, waits } = await department(t)
  const out = await publisher()
  await out.publish('t', 'a', {})
  receiver.script = ['drop', 'drop', 'drop', 'drop']
  await t.rejects(out.flush(), { code: 'EXCHANGE_UNAVAILABLE' })
  t.equal(waits.length, 3)
  t.equal(receiver.script.length, 0)
})

t.test('a token serves until shortly before it ends, and is replaced when it is refused', async t => {
  const { publisher, receiver, clock } = await department(t)
  const out = await publisher()
  const send = async (): Promise<number> => { await out.publish('t', 'a', {}); await out.flush(); return receiver.tokens }
  t.equal(await send(), 1)
  clock.set('2026-03-01T00:09:29.999Z')
  t.equal(await send(), 1)
  clock.set('2026-03-01T00:09:30.000Z')
  t.equal(await send(), 2)
  receiver.script = [{ status: 401 }]
  t.equal(await send(), 3)
  t.same(receiver.problems, [])
})

t.test('a client that the exchange does not take is told at once; a busy token service is asked again', async t => {
  const { publisher, receiver, waits } = await department(t)
  const out = await publisher()
  await out.publish('t', 'a', {})
  receiver.tokenScript = [{ status: 401, body: { error: 'invalid_client' } }] // a clock that is wrong ends here, too
  await t.rejects(out.flush(), { code: 'EXCHANGE_REFUSED', message: /401 invalid_client/ })
  t.equal(waits.length, 0)
  receiver.tokenScript = [{ status: 503 }, 'drop', { status: 200, body: 'not what was asked for' }]
  await out.flush()
  t.same([receiver.problems, receiver.events.length], [[], 1])
})

t.test('an answer that does not acknowledge each event acknowledges none', async t => {
  const { publisher, receiver } = await department(t)
  const out = await publisher()
  await out.publishMany([{ type: 't', subject: 'a', data: {} }, { type: 't', subject: 'b', data: {} }])
  receiver.script = [{ status: 202, body: { accepted: [{ partition: 0, offset: 0 }] } }, { status: 200, body: {} }, { status: 302, headers: { location: '/v1/events' } }]
  await out.flush()
  t.same([receiver.problems, receiver.events.length, out.pending], [[], 2, 0])
})

t.test('a token that the exchange did not bind to the key is not used', async t => {
  const { publisher, receiver } = await department(t)
  const out = await publisher()
  await out.publish('t', 'a', {})
  receiver.tokenScript = [{ status: 200, body: { access_token: 'stolen by anyone', token_type: 'Bearer', expires_in: 600 } }]
  await t.rejects(out.flush(), { code: 'EXCHANGE_REFUSED' })
  t.same(receiver.requests, [], 'no event went with it')
})

t.test('a plain token is given for calls by hand, and its refusal says what is asked for instead', async t => {
  const { exchange, receiver } = await department(t)
  t.equal(await exchange().token(), 'token1')
  receiver.tokenScript = [{ status: 401, body: { code: 'SENDER_PROOF_REQUIRED', error: 'invalid_dpop_proof' } }]
  await t.rejects(exchange().token(), { code: 'SENDER_PROOF_REQUIRED' })
  t.same(receiver.problems, [])
})

t.test('whoever waits is told of each try that fails before the wait begins, and once when it is over', async t => {
  const { publisher, exchange, receiver, clock } = await department(t)
  const news: ExchangeNews[] = []
  const random = (): number => 0.5
  const wait = async (ms: number, signal?: AbortSignal): Promise<void> => {
    if (signal !== undefined) { await new Promise((_resolve, reject) => { signal.addEventListener('abort', reject) }); return } // the silence of a try that ends soon
    t.equal(news.at(-1)?.kind, 'away', 'it was told already')
    clock.set(new Date(clock.now().getTime() + ms).toISOString())
  }
  let ids = 0
  const out = await publisher({ exchange: exchange({ onNews: one => { news.push(one) }, ground: { clock, random, newId: () => `n${++ids}`, wait } }) })
  await out.publish('t', 'a', {})
  receiver.script = ['drop', { status: 503, body: { code: 'STORE_UNAVAILABLE' } }]
  await out.flush()
  t.match(news, [
    { kind: 'away', why: /UND_ERR_SOCKET|ECONNRESET/, nextTryMs: 75, triesLeft: 3 },
    { kind: 'away', why: '503 STORE_UNAVAILABLE', nextTryMs: 150, triesLeft: 2 },
    { kind: 'back', afterMs: 225 }
  ])
  t.equal(news.length, 3)
  await out.publish('t', 'b', {})
  await out.flush()
  t.equal(news.length, 3, 'where nothing is amiss nothing is said')
  await out.publish('t', 'c', {})
  receiver.script = ['drop', 'drop', 'drop', 'drop']
  await t.rejects(out.flush(), { code: 'EXCHANGE_UNAVAILABLE', message: /UND_ERR_SOCKET|ECONNRESET/ })
  t.same(news.slice(3).map(({ kind }) => kind), ['away', 'away', 'away'], 'the last failure is the error itself')
})

t.test('an exchange that takes long to answer is told of while it does', async t => {
  const { publisher, exchange, clock, receiver } = await department(t)
  const news: ExchangeNews[] = []
  let ids = 0
  const out = await publisher({ exchange: exchange({ onNews: one => { news.push(one) }, ground: { clock, random: () => 0.5, newId: () => `n${++ids}`, wait: async ms => { t.equal(ms, 3000) } } }) })
  await out.publish('t', 'a', {})
  await out.flush()
  t.same(news, [{ kind: 'silent' }, { kind: 'back', afterMs: 0 }])
  t.equal(receiver.events.length, 1)
})

t.test('a server that knows no code of ours is said to be none perhaps', async t => {
  const { publisher, receiver } = await department(t)
  const out = await publisher()
  await out.publish('t', 'a', {})
  receiver.tokenScript = [{ status: 404, body: 'Not Found' }]
  await t.rejects(out.flush(), { code: 'EXCHANGE_REFUSED', message: /404; what answers there may be no exchange/ })
})
