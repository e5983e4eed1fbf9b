import type { Test } from 'tap'
import { systemClock } from '../../services/core/clock.js'
import type { ConsumeOptions, Consumer, EventLog, EventRecord, Position } from '../../platform/event-log/port.js'
import { CONTRACT_RECORD_BYTES, type EventLogFactory } from './event-log.js'

const HOUR_MS = 3_600_000
const numbers = (count: number): string[] => Array.from({ length: count }, (_, n) => String(n))
const read = (record: EventRecord): string => Buffer.from(record.value).toString()

/** What every event log promises to those who follow it. */
export function consumerContract (t: Test, factory: EventLogFactory): void {
  const opened = async (t: Test, partitions = 1): Promise<{ log: EventLog, append: (key: string, ...values: string[]) => Promise<void>, reopen: () => Promise<EventLog> }> => {
    const { open } = await factory(t)
    const options = { clock: systemClock, maxRecordBytes: CONTRACT_RECORD_BYTES }
    let { log, close } = await open(options)
    t.teardown(async () => { await close() })
    await log.createTopic('a', { partitions })
    return {
      log,
      append: async (key, ...values) => { await log.append('a', values.map(value => ({ key, value: Buffer.from(value) }))) },
      reopen: async () => { await close(); ({ log, close } = await open(options)); return log }
    }
  }
  const collect = (log: EventLog, into: string[], options: Partial<ConsumeOptions> = {}): Consumer =>
    log.consume({ group: 'g', topic: 'a', batch: 10, handle: async records => { into.push(...records.map(read)) }, ...options })

  t.test('a group gets what was stored before and what comes later, each once and in order', async t => {
    const { log, append } = await opened(t)
    await append('k', '0', '1')
    const seen: string[] = []
    const consumer = collect(log, seen)
    await consumer.idle()
    t.same(seen, ['0', '1'])
    await append('k', '2')
    await append('k', '3', '4')
    await consumer.idle()
    t.same(seen, numbers(5))
    t.equal(await consumer.lag(), 0)
    t.equal(await log.committed('g', 'a', 0), 5)
  })

  t.test('a waiting reader is woken in each of many partitions', async t => {
    const { log, append } = await opened(t, 64)
    const seen: string[] = []
    const consumer = collect(log, seen)
    await consumer.idle()
    for (const n of numbers(200)) await append(`key ${n}`, n)
    await consumer.idle()
    t.same(new Set(seen), new Set(numbers(200)))
    t.equal(seen.length, 200)
  })

  t.test('batches keep to their limits of records and bytes', async t => {
    const { log, append } = await opened(t)
    await append('k', ...numbers(10), 'x'.repeat(50), 'y')
    const sizes: number[] = []
    const consumer = collect(log, [], { batch: 4, batchBytes: 20, handle: async records => { sizes.push(records.length) } })
    await consumer.idle()
    t.same(sizes, [4, 4, 2, 1, 1])
  })

  t.test('a group that gathers is handed what came meanwhile together, and neither idle nor stop waits for it', async t => {
    const { log, append } = await opened(t, 2)
    const batches: string[] = []
    const consumer = collect(log, [], { gatherMs: HOUR_MS, handle: async records => { batches.push(records.map(read).join('')) } })
    await append('k', '0')
    await append('k', '1')
    await consumer.idle()
    t.same(batches, ['01'])
    await append('k', '2')
    await append('k', '3')
    await consumer.stop()
    t.same(batches, ['01'], 'what is gathered is not begun by stopping')
    const next = collect(log, [], { handle: async records => { batches.push(records.map(read).join('')) } })
    await next.idle()
    t.same(batches, ['01', '23'])
  })

  t.test('what was gathered is handed over when its time is up', async t => {
    const { log, append } = await opened(t)
    const handed = new Promise<string>(resolve => {
      collect(log, [], { gatherMs: 1, handle: async records => { resolve(records.map(read).join('')) } })
    })
    await append('k', '0')
    t.equal(await handed, '0')
  })

  t.test('a batch that was not handled comes again, with nothing skipped, and says why', async t => {
    const { log, append } = await opened(t)
    await append('k', ...numbers(6))
    const handed: string[] = []
    const errors: unknown[] = []
    let failures = 3
    const consumer = collect(log, [], {
      batch: 3,
      retryMs: 1,
      onError: error => { errors.push(error) },
      handle: async records => {
        handed.push(records.map(read).join(''))
        if (failures-- > 0) throw new Error(`attempt ${handed.length}`)
      }
    })
    await consumer.idle()
    t.same(handed, ['012', '012', '012', '012', '345'])
    t.same(errors.map(error => (error as Error).message), ['attempt 1', 'attempt 2', 'attempt 3'])
  })

  t.test('one partition that fails does not hold up the others', async t => {
    const { log } = await opened(t, 2)
    const [bad] = await log.append('a', [{ key: '21', value: Buffer.from('bad') }]) as [Position]
    const other = numbers(100).find(key => key !== '21') as string
    let key = other
    for (const candidate of numbers(100)) { // a key of the other partition
      const [position] = await log.append('a', [{ key: candidate, value: Buffer.from('probe') }]) as [Position]
      if (position.partition !== bad.partition) { key = candidate; break }
    }
    const good = new Promise<void>(resolve => {
      log.consume({
        group: 'g',
        topic: 'a',
        batch: 1,
        retryMs: 1,
        onError: () => {},
        handle: async (records, partition) => {
          if (partition === bad.partition) throw new Error('never')
          if (records.some(record => read(record) === 'good')) resolve()
        }
      })
    })
    await log.append('a', [{ key, value: Buffer.from('good') }])
    await good
    t.equal(await log.committed('g', 'a', bad.partition), 0)
  })

  t.test('stopping waits for the batch in hand, commits it and begins no other', async t => {
    const { log, append } = await opened(t)
    await append('k', ...numbers(4))
    let release = (): void => {}
    let handed = 0
    const consumer = await new Promise<Consumer>(resolve => {
      const consumer: Consumer = log.consume({
        group: 'g',
        topic: 'a',
        batch: 2,
        handle: async () => {
          handed++
          await new Promise<void>(_resolve => { release = _resolve; resolve(consumer) })
        }
      })
    })
    const idle = t.rejects(consumer.idle(), { code: 'SHUTTING_DOWN' })
    let stopped = false
    const stopping = consumer.stop().then(() => { stopped = true })
    await log.end('a', 0)
    t.equal(stopped, false)
    release()
    await stopping
    await idle
    t.equal(handed, 1)
    t.equal(await log.committed('g', 'a', 0), 2)
  })

  t.test('another consumer goes on where the group stopped, after opening again too', async t => {
    const { log, append, reopen } = await opened(t)
    await append('k', '0', '1')
    const seen: string[] = []
    const first = collect(log, seen)
    await first.idle()
    await first.stop()
    await append('k', '2')
    const second = collect(log, seen)
    await second.idle()
    const again = await reopen()
    await again.append('a', [{ key: 'k', value: Buffer.from('3') }])
    await collect(again, seen).idle()
    t.same(seen, numbers(4))
  })

  t.test('a group set back gets the same records again', async t => {
    const { log, append } = await opened(t)
    await append('k', ...numbers(3))
    const seen: string[] = []
    const first = collect(log, seen)
    await first.idle()
    await t.rejects(log.commit('g', 'a', 0, 1), { code: 'GROUP_IN_USE' })
    await first.stop()
    await log.commit('g', 'a', 0, 1)
    await collect(log, seen).idle()
    t.same(seen, ['0', '1', '2', '1', '2'])
  })

  t.test('a group has one consumer a topic in a process; other groups have their own', async t => {
    const { log, append } = await opened(t)
    await append('k', '0')
    const seen: string[] = []
    const first = collect(log, seen)
    t.throws(() => collect(log, seen), { code: 'GROUP_IN_USE' })
    const other: string[] = []
    await collect(log, other, { group: 'h' }).idle()
    await first.idle()
    t.same([seen, other], [['0'], ['0']])
  })

  t.test('lag counts what is stored and not handled, over all partitions', async t => {
    const { log, append } = await opened(t, 3)
    for (const key of ['a', 'b', 'c', 'd', 'e']) await append(key, '1', '2')
    const consumer = log.consume({ group: 'g', topic: 'a', batch: 1, onError: () => {}, handle: async () => { throw new Error('no') } })
    t.equal(await consumer.lag(), 10)
  })

  t.test('a consumer may be there before its topic', async t => {
    const { log } = await opened(t)
    const seen: string[] = []
    const codes: unknown[] = []
    const told = new Promise<void>(resolve => {
      collect(log, seen, { topic: 'later', retryMs: 1, onError: error => { codes.push((error as { code?: unknown }).code); resolve() } })
    })
    await told
    t.equal(codes[0], 'TOPIC_UNKNOWN')
    await log.createTopic('later', { partitions: 1 })
    await log.append('later', [{ key: 'k', value: Buffer.from('v') }])
    while (seen.length === 0) await new Promise(resolve => { setImmediate(resolve) })
    t.same(seen, ['v'])
  })
}
