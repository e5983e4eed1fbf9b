import { appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openPublisher } from '../../../connectors/sdk/index.js'
import { department, SOURCE } from '../../support/department.js'

t.beforeEach(t => { t.testdir() })

t.test('events are numbered from 1, signed over their bytes and sent in order', async t => {
  const { publisher, receiver } = await department(t)
  const out = await publisher()
  await Promise.all(['a', 'b', 'c'].map(key => out.publish('record.upserted.v1', key, { resource: 'shops', key, values: { 名称: '面馆' } })))
  t.equal(receiver.events.length, 0, 'nothing leaves before it is flushed')
  await out.flush()
  t.same(receiver.problems, [])
  t.same(receiver.events.map(({ id, sequence, subject }) => [id, sequence, subject]), [['e1', 1, 'a'], ['e2', 2, 'b'], ['e3', 3, 'c']])
  t.same(receiver.events[0], {
    specversion: '1.0',
    id: 'e1',
    source: SOURCE,
    type: 'record.upserted.v1',
    subject: 'a',
    time: '2026-03-01T00:00:00.000Z',
    datacontenttype: 'application/json',
    sequence: 1,
    data: { resource: 'shops', key: 'a', values: { 名称: '面馆' } }
  })
  t.equal(out.pending, 0)
})

t.test('what was kept and not acknowledged is sent as the same bytes after a start, with what came after', async t => {
  const { publisher, receiver, clock, dir } = await department(t)
  const first = await publisher()
  await first.publish('record.upserted.v1', 'a', {})
  receiver.script = ['lose', 'lose', 'lose', 'lose']
  await t.rejects(first.flush(), { code: 'EXCHANGE_UNAVAILABLE' })
  t.equal(receiver.events.length, 1, 'the exchange has it, and we do not know')
  cpSync(dir, `${dir}-2`, { recursive: true }) // as a crash leaves it
  clock.set('2026-04-01T00:00:00.000Z')
  const second = await publisher({ dir: `${dir}-2` })
  t.equal(second.pending, 1)
  await second.publish('record.upserted.v1', 'b', {})
  await second.flush()
  t.same([receiver.problems, receiver.events.map(({ subject }) => subject), receiver.duplicates], [[], ['a', 'b'], 4])
})

t.test('a line that a crash cut short at any byte belongs to nobody, and its number is given again', async t => {
  const { publisher, dir } = await department(t)
  const whole = await publisher()
  await whole.publish('record.upserted.v1', 'a', {})
  const before = readFileSync(join(dir, 'journal'))
  await whole.publishMany([{ type: 'record.upserted.v1', subject: 'b', data: {} }], { set: { mark: 'b' } })
  const after = readFileSync(join(dir, 'journal'))
  for (let length = before.length; length < after.length; length += 37) {
    const cut = join(t.testdirName, `cut ${length}`)
    mkdirSync(cut)
    writeFileSync(join(cut, 'journal'), after.subarray(0, length))
    const again = await publisher({ dir: cut })
    t.same([again.sequence, again.pending, again.marks.get('mark')], [1, 1, undefined])
    await again.publish('record.upserted.v1', 'c', {})
    t.equal(again.sequence, 2)
    await again.close()
  }
  const all = join(t.testdirName, 'all')
  mkdirSync(all)
  writeFileSync(join(all, 'journal'), after)
  const again = await publisher({ dir: all })
  t.same([again.sequence, again.marks.get('mark')], [2, 'b'])
})

t.test('a journal that is damaged before its last line, or of another source, is not believed', async t => {
  const { publisher, dir, key, clock, exchange } = await department(t)
  const out = await publisher()
  await out.publish('record.upserted.v1', 'a', {})
  await out.publish('record.upserted.v1', 'b', {})
  await out.close()
  const empty = join(t.testdirName, 'empty')
  mkdirSync(empty)
  writeFileSync(join(empty, 'journal'), '')
  await t.rejects(publisher({ dir: empty }), { code: 'STORE_CORRUPT' }, 'none that was written is empty: it would number anew')
  const bytes = readFileSync(join(dir, 'journal'))
  const damaged = Buffer.from(bytes)
  const second = bytes.indexOf(10) + 30
  damaged[second] = (damaged[second] as number) ^ 1
  const place = join(t.testdirName, 'damaged')
  mkdirSync(place)
  writeFileSync(join(place, 'journal'), damaged)
  await t.rejects(publisher({ dir: place }), { code: 'STORE_CORRUPT' })
  await t.rejects(openPublisher({ source: 'urn:uscc:11990000YYYY01023R', key, dir, exchange: exchange(), clock }), { code: 'STORE_CORRUPT' })
  appendFileSync(join(dir, 'journal'), 'half a li')
  t.equal((await publisher()).sequence, 2, 'and it is not locked by what was refused')
})

t.test('one process has an outbox at a time; a lock whose process is gone does not count', async t => {
  const { publisher, dir } = await department(t)
  const out = await publisher()
  await t.rejects(publisher(), { code: 'OUTBOX_IN_USE' })
  await out.close()
  writeFileSync(join(dir, 'in-use'), '999999999 1')
  const second = await publisher()
  await second.close()
  writeFileSync(join(dir, 'in-use'), `${process.ppid} ${readFileSync(`/proc/${process.ppid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19]}`)
  await t.rejects(publisher(), { code: 'OUTBOX_IN_USE' })
})

t.test('an event that the exchange could not read gets no number', async t => {
  const { publisher } = await department(t)
  const out = await publisher({ eventBytes: 1000, jsonDepth: 4 })
  const overhead = JSON.stringify({ specversion: '1.0', id: 'e1', source: SOURCE, type: 't', subject: 's', time: '2026-03-01T00:00:00.000Z', datacontenttype: 'application/json', sequence: 1, data: '' }).length
  await out.publish('t', 's', 'x'.repeat(1000 - overhead))
  await t.rejects(out.publish('t', 's', 'x'.repeat(1001 - overhead)), { code: 'RECORD_TOO_LARGE' })
  await t.rejects(out.publish('t', 's', '\ud800'), { code: 'JSON_INVALID' })
  await t.rejects(out.publish('t', 's', [[[[]]]]), { code: 'JSON_TOO_DEEP' })
  await t.rejects(out.publishMany([{ type: 't', subject: 's', data: {} }, { type: 't', subject: 's', data: 2 ** 60 }], { set: { a: 'b' } }), { code: 'JSON_INVALID' })
  t.same([out.sequence, out.marks.size], [1, 0])
})

t.test('more than may wait is refused until something was sent', async t => {
  const { publisher } = await department(t)
  const out = await publisher({ pendingEvents: 2 })
  await out.publish('t', '1', {})
  await out.publish('t', '2', {})
  await t.rejects(out.publish('t', '3', {}), { code: 'OUTBOX_FULL' })
  await out.flush()
  await out.publish('t', '3', {})
})

t.test('batches keep to their limits, and shrink where the exchange finds them too large', async t => {
  const { publisher, receiver } = await department(t)
  const out = await publisher({ batchEvents: 4 })
  await out.publishMany(Array.from({ length: 10 }, (_, n) => ({ type: 't', subject: String(n), data: {} })))
  receiver.script = ['take', { status: 413 }]
  await out.flush()
  t.same(receiver.requests.map(({ events }) => events), [4, 2, 2, 2])
  receiver.script = [{ status: 413 }]
  await out.publish('t', 'large', {})
  await t.rejects(out.flush(), { code: 'EXCHANGE_REFUSED' })
  t.same([receiver.problems, receiver.events.length, out.pending], [[], 10, 1])
})

t.test('a request holds no more bytes than it may, unless one event alone has more', async t => {
  const { publisher, receiver } = await department(t)
  const out = await publisher({ batchBytes: 2000 })
  await out.publishMany([10, 10, 10, 3000, 10].map(size => ({ type: 't', subject: 's', data: 'x'.repeat(size) })))
  await out.flush()
  t.same(receiver.requests.map(({ events }) => events), [3, 1, 1])
  t.ok((receiver.requests[0]?.bytes ?? 0) <= 2000)
})

t.test('what is refused stays, and is sent once the cause is mended', async t => {
  const { publisher, receiver } = await department(t)
  const out = await publisher()
  await out.publish('t', 'a', {})
  receiver.script = [{ status: 400, body: { code: 'JWS_KEY_UNKNOWN' } }]
  await t.rejects(out.flush(), { code: 'EXCHANGE_REFUSED', message: /400 JWS_KEY_UNKNOWN/ })
  t.equal(out.pending, 1)
  await out.flush()
  t.same([receiver.problems, receiver.events.length], [[], 1])
})
