import t from 'tap'
import type { CollectionOptions } from '../../../platform/documents/port.js'
import { SIGNATURE_HEADER, TOPICS } from '../../../services/core/event.js'
import type { QuarantineRecord } from '../../../services/core/quarantine.js'
import { all, issued, MARKET, OPERATOR, POLICE, room, signed, sourceKey, upserted, type Room } from './support.js'

const sequences = async ({ trusted }: Room): Promise<number[]> => (await trusted()).map(({ event }) => event.sequence)
const codes = async ({ intake }: Room): Promise<string[][]> => (await intake.quarantine.list({ limit: 100 })).items.map(({ reasons }) => reasons.map(({ code }) => code))

t.test('what holds goes to trusted as the same bytes, with its signature, its record time and where it came in', async t => {
  const here = await room()
  t.teardown(here.close)
  const one = signed(issued(1), here.key)
  const [position] = await here.intake.receive([one], MARKET)
  await here.intake.idle()
  const [{ record } = { record: undefined }] = await here.trusted()
  t.same(record?.value, one.value)
  t.match(record?.headers, {
    [SIGNATURE_HEADER]: one.signature, 'recorded-at': '2026-03-02T02:00:00.000Z', 'received-at': '2026-03-02T02:00:00.000Z', submitter: MARKET, inbound: `${position?.partition}-${position?.offset}`
  })
  t.match(await here.intake.stateOf(MARKET, 1), { state: 'accepted', recordedAt: '2026-03-02T02:00:00.000Z' })
  t.same(await codes(here), [])
})

t.test('the same event again is dropped and counted, and nothing is applied twice', async t => {
  const here = await room()
  t.teardown(here.close)
  const one = signed(issued(1), here.key)
  await here.intake.receive([one, one])
  await here.intake.receive([one])
  await here.intake.idle()
  t.same(await sequences(here), [1])
  t.match(here.intake.counts(), { accepted: 1, duplicates: 2, refused: 0 })
  t.same(await codes(here), [])
})

t.test('a later event waits for the one before it, and is released by itself in order', async t => {
  const here = await room()
  t.teardown(here.close)
  await here.intake.receive([3, 2, 5].map(sequence => signed(issued(sequence), here.key)))
  await here.intake.idle()
  t.same(await sequences(here), [])
  t.same(await codes(here), [['GAP'], ['GAP'], ['GAP']])
  t.match(await here.intake.stateOf(MARKET, 3), { state: 'quarantined', quarantine: [{ reasons: [{ code: 'GAP' }] }] })
  await here.intake.receive([signed(issued(1), here.key)])
  await here.intake.idle()
  t.same(await sequences(here), [1, 2, 3])
  t.same(await codes(here), [['GAP']])
  await here.intake.receive([signed(issued(4), here.key)])
  await here.intake.idle()
  t.same(await sequences(here), [1, 2, 3, 4, 5])
  t.same(await codes(here), [])
  t.match(await here.intake.stateOf(MARKET, 5), { state: 'accepted' })
})

t.test('another event under the same number, or under the same id, is a fork', async t => {
  const here = await room()
  t.teardown(here.close)
  await here.intake.receive([
    signed(issued(1), here.key), signed(issued(1, { id: 'other' }), here.key), signed(issued(1, { time: '2026-03-02T01:00:01.000Z' }), here.key), signed(issued(2, { id: 'e-1' }), here.key)
  ])
  await here.intake.idle()
  t.same(await sequences(here), [1])
  t.same(await codes(here), [['FORK'], ['FORK'], ['FORK']])
})

t.test('two forks that wait for the same event: the one that came first is taken', async t => {
  const here = await room()
  t.teardown(here.close)
  await here.intake.receive([signed(upserted(2, { value: 'first' }), here.key), signed(upserted(2, { value: 'second', id: 'x' }), here.key), signed(upserted(1), here.key)])
  await here.intake.idle()
  t.same((await here.trusted()).map(({ event }) => (event.data as { values: unknown }).values), [{ value: '1' }, { value: 'first' }])
  t.same(await codes(here), [['FORK']])
})

t.test('every reason is listed, the worst first, and none holds what the event says', async t => {
  const here = await room()
  t.teardown(here.close)
  const other = sourceKey('k1')
  const event = issued(7, { subject: '1.2.156.3005.2.X', time: '2026-03-03T00:00:00Z', data: { holder: { name: '示例甲', code: '990101199002280011', codeType: '111' } } })
  await here.intake.receive([signed({ ...event, subject: '1.2.156.3005.2.X' }, other), signed({ ...issued(8), subject: issued(9).subject, time: '2026-03-03T00:00:00Z', data: { ...event.data, issuer: { uscc: POLICE, name: 'x' } } }, other)])
  await here.intake.idle()
  t.same(await codes(here), [
    ['SHAPE_INVALID', 'SIGNATURE_INVALID', 'GAP'],
    ['SUBJECT_MISMATCH', 'LICENCE_ID_MISMATCH', 'HOLDER_CODE_INVALID', 'SIGNATURE_INVALID', 'ISSUER_NOT_SOURCE', 'GAP', 'TIME_IN_FUTURE']
  ])
  const told = (await all(here.eventLog, TOPICS.quarantine)).map(({ value }) => Buffer.from(value).toString('utf8')).join('\n')
  t.notMatch(told, /990101199002280011|示例甲/)
})

t.test('bytes that cannot be read in one way wait for an operator, filed under no source', async t => {
  const here = await room()
  t.teardown(here.close)
  await here.intake.receive([{ value: Buffer.from('{"a":1,"a":2}'), signature: 'x' }, { value: Buffer.from('not json') }, { value: Buffer.from([0xff]) }], MARKET)
  await here.intake.idle()
  t.same(await codes(here), [['EVENT_UNREADABLE', 'SIGNATURE_MALFORMED'], ['EVENT_UNREADABLE', 'SIGNATURE_MISSING'], ['EVENT_UNREADABLE', 'SIGNATURE_MISSING']])
  t.equal((await here.intake.quarantine.listOf(MARKET, { limit: 10 })).items.length, 3, 'who handed them in sees them')
})

t.test('an event larger than the limit, a batch longer than it and an event of another organisation are not taken in', async t => {
  const here = await room({ limits: { eventBytes: 1000, batchEvents: 2 } })
  t.teardown(here.close)
  await here.intake.receive([{ value: Buffer.alloc(1000, 32) }])
  await t.rejects(here.intake.receive([{ value: Buffer.alloc(1001, 32) }]), { code: 'RECORD_TOO_LARGE' })
  const one = signed(upserted(1), here.key)
  await here.intake.receive([one, one], MARKET)
  await t.rejects(here.intake.receive([one, one, one], MARKET), { code: 'BATCH_TOO_LARGE' })
  await t.rejects(here.intake.receive([one], POLICE), { code: 'SOURCE_NOT_YOURS' })
})

t.test('once its key is registered, an operator has an event judged anew, and what waited for it follows', async t => {
  const here = await room()
  t.teardown(here.close)
  const late = sourceKey('k2')
  await here.intake.receive([1, 2, 3].map(sequence => signed(issued(sequence), late)))
  await here.intake.idle()
  t.same(await codes(here), [['KEY_UNKNOWN'], ['KEY_UNKNOWN', 'GAP'], ['KEY_UNKNOWN', 'GAP']])
  t.same(await here.intake.quarantine.counts(['KEY_UNKNOWN', 'GAP', 'FORK'], 100), { KEY_UNKNOWN: 3, GAP: 2 })
  const [first] = (await here.intake.quarantine.list({ cause: 'KEY_UNKNOWN', limit: 1 })).items
  await here.intake.replay(first?.id ?? '', OPERATOR)
  await here.intake.idle()
  t.same(await sequences(here), [], 'still bad, it stays')
  here.keys.set(`${MARKET} k2`, late)
  await here.intake.replay(first?.id ?? '', OPERATOR)
  await here.intake.idle()
  t.same(await sequences(here), [1, 2, 3])
  t.same(await codes(here), [])
  t.match(await here.intake.entry(first?.id ?? ''), { state: 'released', acts: [{ request: 'replay', ...OPERATOR }, { request: 'replay', ...OPERATOR }] })
  await t.rejects(here.intake.replay(first?.id ?? '', OPERATOR), { code: 'ENTRY_SETTLED' })
})

t.test('all that stand open for one cause are judged anew together', async t => {
  const here = await room()
  t.teardown(here.close)
  here.authority.mayIssue = async () => false
  await here.intake.receive([...[1, 2, 3].map(sequence => signed(issued(sequence), here.key)), ...[1, 2].map(sequence => signed(issued(sequence, { source: POLICE }), here.key))])
  await here.intake.idle()
  t.same(await sequences(here), [])
  here.authority.mayIssue = async ({ issuer }) => issuer === MARKET
  t.same(await here.intake.replayAll('NOT_COMPETENT', OPERATOR), { requested: 5, more: false })
  await here.intake.idle()
  t.same((await here.trusted()).filter(({ event }) => event.source.endsWith(MARKET)).map(({ event }) => event.sequence), [1, 2, 3])
  t.same(await codes(here), [['NOT_COMPETENT'], ['NOT_COMPETENT', 'GAP']])
})

t.test('a resent event whose cause was mended closes its entry', async t => {
  const here = await room()
  t.teardown(here.close)
  const one = signed(issued(1), here.key)
  await here.intake.receive([{ value: one.value }])
  await here.intake.idle()
  t.same(await codes(here), [['SIGNATURE_MISSING']])
  await here.intake.receive([{ value: one.value }, one])
  await here.intake.idle()
  t.same(await sequences(here), [1])
  t.same(await codes(here), [], 'the unsigned copy is told to be a duplicate')
})

t.test('a discarded event is skipped on record, and its source goes on', async t => {
  const here = await room()
  t.teardown(here.close)
  await here.intake.receive([signed(issued(1), here.key), signed(issued(2, { data: { validUntil: '2020-01-01' } }), here.key), signed(issued(3), here.key)])
  await here.intake.idle()
  t.same(await sequences(here), [1])
  const [bad] = (await here.intake.quarantine.list({ cause: 'VALIDITY_INVERTED', limit: 1 })).items
  t.same(await here.intake.neighbours(bad as NonNullable<typeof bad>), [{ sequence: 1, state: 'accepted' }, { sequence: 2, state: 'quarantined' }, { sequence: 3, state: 'quarantined' }])
  await here.intake.discard(bad?.id ?? '', OPERATOR)
  await here.intake.idle()
  t.same(await sequences(here), [1, 3])
  t.match(await here.intake.stateOf(MARKET, 2), { state: 'dropped' })
  const told = (await all(here.eventLog, TOPICS.quarantine)).map(({ value }) => JSON.parse(Buffer.from(value).toString('utf8')) as QuarantineRecord)
  t.match(told.find(({ action }) => action === 'discarded'), { id: bad?.id, skipped: 2 })
  await t.rejects(here.intake.discard(bad?.id ?? '', OPERATOR), { code: 'ENTRY_SETTLED' })
  t.same((await here.intake.original(bad as NonNullable<typeof bad>)).value, signed(issued(2, { data: { validUntil: '2020-01-01' } }), here.key).value, 'its bytes are still there')
  await here.intake.receive([signed(issued(2), here.key)])
  await here.intake.idle()
  t.same(await codes(here), [['SEQUENCE_PASSED']])
})

t.test('a skipped number can still be filled while nothing after it was taken', async t => {
  const here = await room()
  t.teardown(here.close)
  await here.intake.receive([signed(upserted(1, { time: '2026-03-02T02:30:00.000Z' }), here.key)])
  await here.intake.idle()
  const [early] = (await here.intake.quarantine.list({ limit: 1 })).items
  await here.intake.discard(early?.id ?? '', OPERATOR)
  await here.intake.idle()
  t.same(await codes(here), [])
  here.clock.set('2026-03-02T02:30:00.000Z')
  await here.intake.replay(early?.id ?? '', OPERATOR)
  await here.intake.receive([signed(upserted(2), here.key)])
  await here.intake.idle()
  t.same(await sequences(here), [1, 2])
  t.match(await here.intake.entry(early?.id ?? ''), { state: 'released' })
})

t.test('discarding what the source never signed does not lose the source its number', async t => {
  const here = await room()
  t.teardown(here.close)
  await here.intake.receive([signed(issued(1, { id: 'forged' }), sourceKey('k1'))])
  await here.intake.idle()
  const [forged] = (await here.intake.quarantine.list({ limit: 1 })).items
  await here.intake.discard(forged?.id ?? '', OPERATOR)
  await here.intake.receive([signed(issued(1), here.key)])
  await here.intake.idle()
  t.same(await sequences(here), [1])
})

t.test('an operator may take upon himself a check character that follows the rule in circulation, and nothing else', async t => {
  const here = await room()
  t.teardown(here.close)
  const parts = issued(1).subject.split('.')
  let variant = ''
  for (const check of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ') {
    const id = [...parts.slice(0, -1), check].join('.')
    const { parseLicenceId } = await import('../../../services/core/identifiers.js')
    if (parseLicenceId(id)?.check === 'variant') variant = id
  }
  await here.intake.receive([signed(issued(1, { subject: variant, data: { licenceId: variant } }), here.key), signed(issued(2, { data: { validUntil: '2020-01-01' } }), here.key)])
  await here.intake.idle()
  t.same(await codes(here), [['LICENCE_ID_VARIANT'], ['GAP', 'VALIDITY_INVERTED']])
  for (const { id } of (await here.intake.quarantine.list({ limit: 10 })).items) await here.intake.replay(id, { ...OPERATOR, waive: ['LICENCE_ID_VARIANT', 'VALIDITY_INVERTED'] })
  await here.intake.idle()
  t.same(await sequences(here), [1])
  t.same(await codes(here), [['VALIDITY_INVERTED']])
})

t.test('a key must have been valid when the event came in, or when an operator has it judged anew', async t => {
  const here = await room()
  t.teardown(here.close)
  here.keys.set(`${MARKET} k1`, { ...here.key, from: '2026-03-02T02:01:00.000Z', until: '2026-03-02T03:00:00.000Z' })
  await here.intake.receive([signed(upserted(1), here.key)])
  await here.intake.idle()
  t.same(await codes(here), [['KEY_NOT_VALID']])
  here.clock.set('2026-03-02T02:59:59.000Z')
  await here.intake.receive([signed(upserted(3), here.key)])
  await here.intake.replayAll('KEY_NOT_VALID', OPERATOR)
  await here.intake.idle()
  t.same(await sequences(here), [1])
  here.clock.set('2026-03-02T03:00:00.000Z')
  await here.intake.receive([signed(upserted(2), here.key)])
  await here.intake.idle()
  t.same(await codes(here), [['GAP'], ['KEY_NOT_VALID']])
})

t.test('what intake remembers is made of the topics again, to the same bytes, once it was thrown away or other rules had made it', async t => {
  const here = await room({ partitions: 1 })
  t.teardown(here.close)
  const bad = issued(3, { data: { validUntil: '2020-01-01' } })
  await here.intake.receive([signed(issued(1), here.key), signed(issued(2), here.key), signed(bad, here.key), signed(issued(4), here.key), signed(issued(6), here.key), signed(issued(2, { id: 'fork' }), here.key), signed(upserted(1, { source: POLICE }), here.key)])
  await here.intake.idle()
  const [discarded] = (await here.intake.quarantine.list({ cause: 'VALIDITY_INVERTED', limit: 1 })).items
  await here.intake.discard(discarded?.id ?? '', OPERATOR)
  await here.intake.idle()
  t.same((await sequences(here)).length, 4)
  const REMEMBERED: Record<string, NonNullable<CollectionOptions['indexes']>> = {
    'intake-sources': {},
    'intake-accepted': { bySequence: { on: ['source', 'sequence'] } },
    'intake-refused': { byLane: { on: ['lane', 'sequence', 'offset'] } },
    quarantine: { byCause: { on: ['causes', 'age'], array: 'causes' }, byOwner: { on: ['owner', 'age'] }, byOwnerCause: { on: ['owner', 'causes', 'age'], array: 'causes' }, bySequence: { on: ['source', 'sequence'] } }
  }
  const collections = await Promise.all(Object.entries(REMEMBERED).map(async ([name, indexes]) => await here.documents.collection(name, { indexes })))
  const dump = async (): Promise<unknown> => {
    const found: unknown[] = []
    for (const collection of collections) {
      found.push((await collection.find({ index: 'id', limit: 1000 })).items.map(({ document }) => JSON.stringify(Object.entries(document).sort())))
    }
    return found
  }
  const before = await dump()
  for (const collection of collections) await collection.set([{ id: 'stray' }])
  await here.renew()
  t.same(await dump(), before)
  await here.intake.receive([signed(issued(5), here.key)])
  await here.intake.idle()
  t.same((await here.trusted()).filter(({ event }) => event.source.endsWith(MARKET)).map(({ event }) => event.sequence), [1, 2, 4, 5, 6], 'and it goes on from there')
})
