import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openEmbeddedDocuments } from '../../../../platform/documents/embedded/index.js'
import { openEmbeddedEventLog } from '../../../../platform/event-log/embedded/index.js'
import type { EventLog } from '../../../../platform/event-log/port.js'
import { openDatabase, type Database } from '../../../../platform/sqlite/database.js'
import { fixedClock } from '../../../../services/core/clock.js'
import { consumerContract } from '../../../contract/event-log-consumers.js'
import { eventLogContract, type EventLogFactory } from '../../../contract/event-log.js'

const embedded: EventLogFactory = async t => {
  const file = join(t.testdir(), 'store.db')
  return {
    open: async options => {
      const database = await openDatabase({ file })
      const log = await openEmbeddedEventLog(database, options)
      return { log, close: async () => { await log.close(); await database.close() } }
    }
  }
}

t.test('records', async t => { eventLogContract(t, embedded) })
t.test('consumers', async t => { consumerContract(t, embedded) })

t.test('what is followed does not wait for the disk, and is on it with the durable write after it', async t => {
  const flushes: Array<() => void> = []
  let slow = false
  const database = await openDatabase({ file: join(t.testdir(), 'store.db'), flush: async () => { if (slow) await new Promise<void>(resolve => { flushes.push(resolve) }) } })
  const log = await openEmbeddedEventLog(database, { clock: fixedClock('2026-03-01T00:00:00.000Z') })
  const documents = await openEmbeddedDocuments(database)
  const receipts = await documents.collection('receipts')
  await log.createTopic('cases', { partitions: 1 })
  await log.createTopic('access', { partitions: 1 })
  slow = true
  const value = Buffer.from('{}')
  await receipts.put({ id: 'r' }, 0, { followed: true })
  await t.rejects(receipts.put({ id: 'r' }, 0, { followed: true }), { code: 'VERSION_CONFLICT' })
  await log.append('cases', [{ key: 'k', value }], { followed: true })
  t.equal(flushes.length, 0)
  const recorded = log.append('access', [{ key: 'k', value }])
  while (flushes.length === 0) await new Promise(setImmediate)
  t.equal(await log.end('cases', 0), 1, 'committed before it, so that one flush covers all')
  flushes[0]?.()
  await recorded
  t.equal(flushes.length, 1)
  slow = false
  await log.close()
  await database.close()
})

async function twoProcesses (t: Test): Promise<[EventLog, EventLog]> {
  const file = join(t.testdir(), 'store.db')
  const databases: Database[] = []
  const logs = await Promise.all([1, 2].map(async () => {
    const database = await openDatabase({ file })
    databases.push(database)
    return await openEmbeddedEventLog(database, { clock: fixedClock('2026-03-01T00:00:00.000Z'), otherProcessesMs: 5 })
  })) as [EventLog, EventLog]
  t.teardown(async () => {
    for (const log of logs) await log.close()
    for (const database of databases) await database.close()
  })
  return logs
}

t.test('where it is told to look, a consumer sees what another connection appended', async t => {
  const [here, there] = await twoProcesses(t)
  await here.createTopic('a', { partitions: 1 })
  const awake = setInterval(() => {}, 1000) // a waiting consumer alone does not keep a process running
  t.teardown(() => { clearInterval(awake) })
  const seen = new Promise<string>(resolve => {
    here.consume({ group: 'g', topic: 'a', batch: 1, handle: async ([record]) => { resolve(record?.key ?? '') } })
  })
  await there.append('a', [{ key: 'from there', value: Buffer.alloc(0) }])
  t.equal(await seen, 'from there')
})

t.test('appends of two connections interleave without a gap or a double', async t => {
  const [here, there] = await twoProcesses(t)
  await here.createTopic('a', { partitions: 1 })
  const positions = (await Promise.all([here, there].map(async log => {
    const own: number[] = []
    for (let n = 0; n < 50; n++) own.push(...(await log.append('a', [{ key: 'k', value: Buffer.alloc(0) }])).map(({ offset }) => offset))
    return own
  }))).flat()
  t.same(positions.sort((a, b) => a - b), Array.from({ length: 100 }, (_, n) => n))
})

t.test('a full disk refuses a batch whole; readers, consumers and smaller batches go on', async t => {
  const database = await openDatabase({ file: join(t.testdir(), 'store.db'), maxBytes: 60 * 4096 })
  const log = await openEmbeddedEventLog(database, { clock: fixedClock('2026-03-01T00:00:00.000Z') })
  t.teardown(async () => { await log.close(); await database.close() })
  await log.createTopic('a', { partitions: 1 })
  const batch = (records: number): Array<{ key: string, value: Uint8Array }> => Array.from({ length: records }, () => ({ key: 'k', value: Buffer.alloc(10_000) }))
  await log.append('a', batch(2))
  await t.rejects(log.append('a', batch(30)), { code: 'STORE_FULL' })
  t.equal(await log.end('a', 0), 2)
  const outcomes = await Promise.allSettled([log.append('a', batch(1)), log.append('a', batch(30)), log.append('a', batch(1))])
  t.same(outcomes.map(({ status }) => status), ['fulfilled', 'rejected', 'fulfilled'])
  const consumer = log.consume({ group: 'g', topic: 'a', batch: 1, handle: async () => {} })
  await consumer.idle()
  t.equal(await log.committed('g', 'a', 0), 4)
})
