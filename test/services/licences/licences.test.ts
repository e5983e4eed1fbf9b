import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { openEmbeddedDocuments } from '../../../platform/documents/embedded/index.js'
import { openEmbeddedEventLog } from '../../../platform/event-log/embedded/index.js'
import { openDatabase } from '../../../platform/sqlite/database.js'
import { fixedClock } from '../../../services/core/clock.js'
import { TOPICS, type Event } from '../../../services/core/event.js'
import type { QuarantineRecord } from '../../../services/core/quarantine.js'
import { codeOfState, createLicences, stateOfCode } from '../../../services/licences/index.js'
import { LICENCE_INDEXES } from '../../../services/licences/register.js'
import { all, foodLicence, issued, MARKET } from '../intake/support.js'

async function register (limits?: { moves: number }) {
  const dir = mkdtempSync(join(tmpdir(), 'licences-'))
  const database = await openDatabase({ file: join(dir, 'test.db') })
  const clock = fixedClock('2026-09-01T00:00:00.000Z')
  const eventLog = await openEmbeddedEventLog(database, { clock })
  const documents = await openEmbeddedDocuments(database)
  for (const topic of [TOPICS.trusted, TOPICS.quarantine]) await eventLog.createTopic(topic, { partitions: 1 })
  const errors: unknown[] = []
  const licences = await createLicences({ eventLog, documents, clock, batch: 3, ...(limits === undefined ? {} : { limits }), onError: error => { errors.push(error) } })
  licences.start()
  return {
    licences,
    clock,
    documents,
    eventLog,
    /** Files an event as intake would. */
    say: async (event: Event, recordedAt: string) => {
      await eventLog.append(TOPICS.trusted, [{ key: event.source, value: Buffer.from(JSON.stringify(event)), headers: { signature: `s${event.sequence}`, 'recorded-at': recordedAt, inbound: `0-${event.sequence}` } }])
      await licences.idle()
    },
    refusals: async () => (await all(eventLog, TOPICS.quarantine)).map(({ value }) => JSON.parse(Buffer.from(value).toString('utf8')) as QuarantineRecord & { action: 'refused' }),
    close: async () => {
      await licences.stop()
      await eventLog.close()
      await documents.close()
      await database.close()
      rmSync(dir, { recursive: true, force: true })
      if (errors.length > 0) throw new Error('the register met an error', { cause: errors[0] })
    }
  }
}

const ONE = foodLicence(1)
function said (sequence: number, name: string, effectiveAt: string, data: Record<string, unknown> = {}): Event<Record<string, unknown>> {
  const { data: _, ...envelope } = issued(sequence, { type: `licence.${name}.v1`, subject: ONE })
  return { ...envelope, data: { licenceId: ONE, effectiveAt, reason: { zh: '示例' }, ...data } }
}

t.test('a licence stands as its issuer said, as of then and as known then', async t => {
  const here = await register()
  t.teardown(here.close)
  await here.say(issued(1), '2026-03-02T02:00:00.000Z')
  await here.say(said(2, 'suspended', '2026-04-01T00:00:00Z'), '2026-04-01T08:00:00.000Z')
  await here.say(said(3, 'revoked', '2026-03-15T00:00:00Z', { kind: 'withdrawn' }), '2026-08-01T00:00:00.000Z')
  const at = (at: string, known?: string) => here.licences.status(ONE, { at: new Date(at), ...(known === undefined ? {} : { known: new Date(known) }) })
  t.match(await at('2026-03-10T00:00:00Z'), { state: 'valid', since: '2026-03-02T01:00:00.000Z', type: '11990000YYYY010074002', issuer: { uscc: MARKET }, facts: { holder: { code: '92990106MAYYY0021M' } } })
  t.match(await at('2026-04-02T00:00:00Z', '2026-07-01T00:00:00Z'), { state: 'suspended', since: '2026-04-01T00:00:00.000Z', reason: { zh: '示例' } })
  t.match(await at('2026-04-02T00:00:00Z'), { state: 'revoked', kind: 'withdrawn', since: '2026-03-15T00:00:00.000Z' })
  t.same(await at('2026-04-02T00:00:00Z', '2026-03-02T01:59:59.999Z'), { licenceId: ONE, at: '2026-04-02T00:00:00.000Z', known: '2026-03-02T01:59:59.999Z', state: 'unknown' })
  t.equal((await here.licences.status(foodLicence(2))).state, 'unknown')
  t.same((await here.licences.statusWithHistory(ONE)).history.map(({ move, effectiveAt, recordedAt }) => [move, effectiveAt, recordedAt]), [
    ['issued', '2026-03-02T01:00:00.000Z', '2026-03-02T02:00:00.000Z'],
    ['suspended', '2026-04-01T00:00:00.000Z', '2026-04-01T08:00:00.000Z'],
    ['revoked', '2026-03-15T00:00:00.000Z', '2026-08-01T00:00:00.000Z']
  ])
  t.same(await here.refusals(), [])
})

t.test('an illegal move goes to quarantine with its reason, once, and changes nothing', async t => {
  const here = await register()
  t.teardown(here.close)
  await here.say(said(1, 'revoked', '2026-04-01T00:00:00Z'), '2026-04-01T00:00:00.000Z')
  await here.say(issued(2, { subject: ONE, data: { licenceId: ONE } }), '2026-04-01T00:00:01.000Z')
  await here.say(said(3, 'restored', '2026-04-02T00:00:00Z'), '2026-04-02T00:00:00.000Z')
  t.match(await here.refusals(), [
    { action: 'refused', stage: 'licences', source: MARKET, sequence: 1, inbound: { partition: 0, offset: 1 }, reasons: [{ code: 'LICENCE_UNKNOWN', pointer: '/data/licenceId' }] },
    { sequence: 3, reasons: [{ code: 'MOVE_ILLEGAL', detail: 'valid → restored' }] }
  ])
  t.match(await here.licences.status(ONE), { state: 'valid' })
  await here.licences.rebuild()
  t.equal((await here.refusals()).length, 2, 'a rebuild tells no refusal again')
})

t.test('a licence that takes the place of another ends it, or is not issued', async t => {
  const here = await register()
  t.teardown(here.close)
  const two = foodLicence(2)
  const three = foodLicence(3)
  await here.say(issued(1), '2026-03-02T02:00:00.000Z')
  await here.say(issued(2, { data: { replaces: ONE, effectiveAt: '2026-05-01T00:00:00Z' } }), '2026-05-01T00:00:00.000Z')
  t.match(await here.licences.status(ONE), { state: 'replaced', since: '2026-05-01T00:00:00.000Z', replacedBy: two })
  t.match(await here.licences.status(two), { state: 'valid', replaces: ONE })
  await here.say(issued(3, { data: { replaces: ONE, effectiveAt: '2026-05-02T00:00:00Z' } }), '2026-05-02T00:00:00.000Z')
  t.equal((await here.licences.status(three)).state, 'unknown')
  await here.say(said(4, 'replaced', '2026-05-03T00:00:00Z', { replacedBy: two }), '2026-05-03T00:00:00.000Z')
  await here.say(issued(5, { data: { replaces: foodLicence(9) } }), '2026-05-04T00:00:00.000Z')
  t.match(await here.refusals(), [{ sequence: 3, reasons: [{ code: 'REPLACED_LICENCE_ILLEGAL' }] }, { sequence: 5, reasons: [{ code: 'REPLACED_LICENCE_ILLEGAL' }] }])
})

t.test('an event told twice changes nothing the second time', async t => {
  const here = await register()
  t.teardown(here.close)
  for (let time = 0; time < 2; time++) {
    await here.say(issued(1), '2026-03-02T02:00:00.000Z')
    await here.say(said(2, 'suspended', '2026-04-01T00:00:00Z'), '2026-04-01T00:00:00.000Z')
  }
  t.equal((await here.licences.statusWithHistory(ONE)).history.length, 2)
  t.same(await here.refusals(), [])
})

t.test('what changed holds from its instant on, and every file that was issued is known', async t => {
  const here = await register()
  t.teardown(here.close)
  const file = (letter: string) => ({ sha256: letter.repeat(64), sm3: letter.repeat(64), size: 1, mediaType: 'application/ofd' })
  await here.say(issued(1, { data: { file: file('a') } }), '2026-03-02T02:00:00.000Z')
  await here.say(said(2, 'changed', '2026-04-01T00:00:00Z', { changes: { file: file('b'), holder: { name: '另一面馆', code: '91990105MAYYY0013F', codeType: '001' } } }), '2026-04-01T00:00:00.000Z')
  t.match(await here.licences.status(ONE, { at: new Date('2026-03-31T00:00:00Z') }), { state: 'valid', facts: { file: file('a'), holder: { name: '示例面馆' } } })
  const now = await here.licences.status(ONE)
  t.match(now, { state: 'valid', facts: { number: 'JY1', file: file('b'), holder: { name: '另一面馆' } } })
  t.same(now.files?.map(({ sha256 }) => sha256[0]), ['a', 'b'])
  t.same((await here.licences.heldBy('91990105MAYYY0013F', { limit: 10 })).items.map(({ licenceId }) => licenceId), [ONE])
  t.same((await here.licences.heldBy('92990106MAYYY0021M', { limit: 10 })).items, [])
  t.equal((await here.licences.heldBy('92990106MAYYY0021M', { limit: 10, at: new Date('2026-03-31T00:00:00Z') })).items.length, 1)
})

t.test('who holds a licence is found behind many that they held once, and of one issuer alone no others are told of', async t => {
  const here = await register()
  t.teardown(here.close)
  const HOLDER = '92990106MAYYY0021M'
  const ids = ['a', 'b', 'c', 'd', 'e'].map((_, index) => foodLicence(index + 1))
  for (const [index] of ids.entries()) await here.say(issued(index + 1), '2026-03-02T02:00:00.000Z')
  for (const [index, licenceId] of ids.slice(0, 3).entries()) {
    const { data: _, ...envelope } = issued(index + 6, { type: 'licence.changed.v1', subject: licenceId })
    await here.say({ ...envelope, data: { licenceId, effectiveAt: '2026-04-01T00:00:00Z', reason: { zh: '转让' }, changes: { holder: { name: '另一面馆', code: '91990105MAYYY0013F', codeType: '001' } } } }, '2026-04-01T00:00:00.000Z')
  }
  const first = await here.licences.heldBy(HOLDER, { limit: 1 })
  t.same(first.items.map(({ licenceId }) => licenceId), [ids[3]])
  t.match(await here.licences.heldBy(HOLDER, { limit: 1, after: first.next as string }), { items: [{ licenceId: ids[4] }], next: undefined })
  t.equal((await here.licences.heldBy(HOLDER, { limit: 5, issuer: MARKET })).items.length, 2)
  t.same(await here.licences.heldBy(HOLDER, { limit: 1, issuer: '11990000YYYY01082W' }), { items: [] })
})

t.test('the register can be thrown away and rebuilt to the same bytes', async t => {
  const here = await register()
  t.teardown(here.close)
  for (let sequence = 1; sequence <= 7; sequence++) await here.say(issued(sequence), '2026-03-02T02:00:00.000Z')
  await here.say(said(8, 'suspended', '2026-04-01T00:00:00Z'), '2026-04-01T00:00:00.000Z')
  await here.say(issued(9, { data: { replaces: foodLicence(2) } }), '2026-04-02T00:00:00.000Z')
  const collection = await here.documents.collection('licences', { indexes: LICENCE_INDEXES })
  const dump = async () => (await collection.find({ index: 'id', limit: 1000 })).items.map(({ document }) => JSON.stringify(document))
  const before = await dump()
  t.equal(before.length, 8)
  await here.licences.rebuild()
  t.same(await dump(), before)
})

t.test('codes of ministries map to states here and back', async t => {
  t.match(stateOfCode('a', '03'), { name: '吊销', state: 'revoked', kind: 'revoked' })
  t.match(stateOfCode('b', '03'), { name: '撤销', state: 'revoked', kind: 'withdrawn' })
  t.equal(stateOfCode('a', '07'), undefined)
  t.equal(stateOfCode('none', '01'), undefined)
  t.match(codeOfState('b', 'revoked', 'revoked'), { code: '07' })
  t.match(codeOfState('a', 'revoked', 'withdrawn'), { code: '04' })
  t.match(codeOfState('a', 'replaced'), { code: '06' })
  t.match(codeOfState('a', 'not-yet-valid'), { code: '99' })
})
