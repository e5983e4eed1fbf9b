import type { Test } from 'tap'
import { fixedClock, type Clock } from '../../services/core/clock.js'
import type { EventLog, EventRecord, NewRecord, Position } from '../../platform/event-log/port.js'

export const CONTRACT_RECORD_BYTES = 1000
/** Opens a store that is empty at first and the same at each later call; `close` closes what lies under the log, too. */
export type EventLogFactory = (t: Test) => Promise<{
  open: (options: { clock: Clock, maxRecordBytes: number }) => Promise<{ log: EventLog, close: () => Promise<void> }>
}>

const text = (value: string): Uint8Array => Buffer.from(value)
const read = (record: EventRecord): string => Buffer.from(record.value).toString()
const record = (key: string, value: string): NewRecord => ({ key, value: text(value) })
const numbers = (count: number): string[] => Array.from({ length: count }, (_, n) => String(n))

/** What every event log promises. */
export function eventLogContract (t: Test, factory: EventLogFactory): void {
  const opened = async (t: Test): Promise<{ log: EventLog, clock: ReturnType<typeof fixedClock>, reopen: () => Promise<EventLog> }> => {
    const { open } = await factory(t)
    const clock = fixedClock('2026-03-01T00:00:00.000Z')
    const options = { clock, maxRecordBytes: CONTRACT_RECORD_BYTES }
    let { log, close } = await open(options)
    t.teardown(async () => { await close() })
    return { log, clock, reopen: async () => { await close(); ({ log, close } = await open(options)); return log } }
  }

  t.test('records come back as they were appended, numbered from 0, with key, headers and time', async t => {
    const { log } = await opened(t)
    await log.createTopic('a', { partitions: 1 })
    const value = Buffer.from([0, 255, 10, 13, 0])
    t.same(await log.append('a', [{ key: '钥', value, headers: { signature: 'x..y', 题: '头' } }, record('k', '')]),
      [{ partition: 0, offset: 0 }, { partition: 0, offset: 1 }])
    const [first, second] = await log.read('a', 0, 0, { limit: 10 }) as [EventRecord, EventRecord]
    t.same({ ...first, value: [...first.value] }, {
      topic: 'a', partition: 0, offset: 0, key: '钥', value: [0, 255, 10, 13, 0], headers: { signature: 'x..y', 题: '头' }, storedAt: new Date('2026-03-01T00:00:00.000Z')
    })
    t.same([second.offset, second.key, second.value.length, second.headers], [1, 'k', 0, {}])
  })

  t.test('a topic is made once, and asking for another number of partitions is refused', async t => {
    const { log } = await opened(t)
    await log.createTopic('a', { partitions: 3 })
    await log.createTopic('a', { partitions: 3 })
    t.equal(await log.partitions('a'), 3)
    await t.rejects(log.createTopic('a', { partitions: 4 }), { code: 'TOPIC_MISMATCH' })
    for (const partitions of [0, 1.5, 1001]) await t.rejects(log.createTopic('b', { partitions }), { code: 'INPUT_INVALID' })
    for (const name of ['', 'a b', 'ä', 'a'.repeat(201)]) await t.rejects(log.createTopic(name, { partitions: 1 }), { code: 'INPUT_INVALID' })
  })

  t.test('what is asked of a topic or partition that is not there is refused', async t => {
    const { log } = await opened(t)
    await t.rejects(log.partitions('none'), { code: 'TOPIC_UNKNOWN' })
    await t.rejects(log.append('none', [record('k', 'v')]), { code: 'TOPIC_UNKNOWN' })
    await log.createTopic('a', { partitions: 2 })
    await t.rejects(log.read('a', 2, 0, { limit: 1 }), { code: 'TOPIC_UNKNOWN' })
    await t.rejects(log.end('a', -1), { code: 'TOPIC_UNKNOWN' })
  })

  t.test('one key keeps to one partition, chosen as Kafka does, and to its order', async t => {
    const { log } = await opened(t)
    await log.createTopic('a', { partitions: 5 })
    const keys = ['21', 'foobar', 'abc', 'a-little-bit-long-string']
    const positions = await log.append('a', numbers(40).map(n => record(keys[Number(n) % 4] as string, n)))
    // murmur2 of these keys, without its sign bit, modulo 5
    t.same(positions.slice(0, 4).map(({ partition }) => partition), [-973932308, -790332482, 479470107, -985981536].map(hash => (hash & 0x7fffffff) % 5))
    for (const [index, { partition }] of positions.slice(0, 4).entries()) {
      const values = (await log.read('a', partition, 0, { limit: 100 })).filter(({ key }) => key === keys[index]).map(read)
      t.same(values, numbers(40).filter(n => Number(n) % 4 === index))
    }
  })

  t.test('an append that says it is followed is refused as any other, and keeps its place among those that are not', async t => {
    const { log } = await opened(t)
    await log.createTopic('t', { partitions: 1 })
    const appending = ['a', 'b', 'c', 'd'].map((value, index) => log.append('t', [{ key: 'k', value: Buffer.from(value) }], { followed: index % 2 === 0 }))
    t.same((await Promise.all(appending)).flat().map(({ offset }) => offset), [0, 1, 2, 3])
    t.same((await log.read('t', 0, 0, { limit: 9 })).map(({ value }) => Buffer.from(value).toString()), ['a', 'b', 'c', 'd'])
    await t.rejects(log.append('none', [{ key: 'k', value: Buffer.alloc(1) }], { followed: true }), { code: 'TOPIC_UNKNOWN' })
    await t.rejects(log.append('t', [{ key: '', value: Buffer.alloc(1) }], { followed: true }), { code: 'INPUT_INVALID' })
  })

  t.test('batches appended at the same time each stay together and lose nothing', async t => {
    const { log } = await opened(t)
    await log.createTopic('a', { partitions: 1 })
    await Promise.all(numbers(30).map(batch => log.append('a', numbers(7).map(n => record('k', `${batch}:${n}`)))))
    const values = (await log.read('a', 0, 0, { limit: 1000 })).map(read)
    t.equal(values.length, 210)
    for (let at = 0; at < 210; at += 7) t.same(values.slice(at, at + 7), numbers(7).map(n => `${values[at]?.split(':')[0]}:${n}`))
  })

  t.test('a batch with one record that is refused is refused whole, and others appended beside it are not', async t => {
    const { log } = await opened(t)
    await log.createTopic('a', { partitions: 1 })
    const fits = { key: 'k', value: Buffer.alloc(CONTRACT_RECORD_BYTES - 1) } // the key counts, too
    await log.append('a', [fits])
    const bad: Array<[NewRecord, string]> = [
      [{ key: 'k', value: Buffer.alloc(CONTRACT_RECORD_BYTES) }, 'RECORD_TOO_LARGE'],
      [{ key: 'k', value: Buffer.alloc(CONTRACT_RECORD_BYTES - 10), headers: { name: 'value' } }, 'RECORD_TOO_LARGE'],
      [record('', 'v'), 'INPUT_INVALID'], [record('k'.repeat(257), 'v'), 'INPUT_INVALID'], [record('a\0b', 'v'), 'INPUT_INVALID'],
      [{ ...record('k', 'v'), headers: { a: '\0' } }, 'INPUT_INVALID'], [{ ...record('k', 'v'), headers: { a: '\ud800' } }, 'INPUT_INVALID']
    ]
    for (const [one, code] of bad) {
      const refused = t.rejects(log.append('a', [record('k', 'before'), one]), { code })
      await Promise.all([refused, log.append('a', [record('k', 'beside')])])
    }
    t.same((await log.read('a', 0, 1, { limit: 100 })).map(read), bad.map(() => 'beside'))
  })

  t.test('nothing appended is nothing stored', async t => {
    const { log } = await opened(t)
    await log.createTopic('a', { partitions: 1 })
    t.same(await log.append('a', []), [])
    t.equal(await log.end('a', 0), 0)
  })

  t.test('reading goes from any offset up to the end, within the limits of records and bytes', async t => {
    const { log } = await opened(t)
    await log.createTopic('a', { partitions: 1 })
    await log.append('a', numbers(10).map(n => record('k', n.repeat(10))))
    const offsets = async (from: number, options: { limit: number, bytes?: number }): Promise<number[]> =>
      (await log.read('a', 0, from, options)).map(({ offset }) => offset)
    t.same(await offsets(3, { limit: 2 }), [3, 4])
    t.same(await offsets(8, { limit: 5 }), [8, 9])
    t.same(await offsets(10, { limit: 5 }), [], 'the end')
    t.same(await offsets(0, { limit: 10, bytes: 30 }), [0, 1, 2])
    t.same(await offsets(0, { limit: 10, bytes: 29 }), [0, 1])
    t.same(await offsets(4, { limit: 10, bytes: 1 }), [4], 'the first always comes')
    for (const from of [11, -1, 0.5]) await t.rejects(log.read('a', 0, from, { limit: 1 }), { code: 'OFFSET_OUT_OF_RANGE' })
    await t.rejects(log.read('a', 0, 0, { limit: 0 }), { code: 'INPUT_INVALID' })
  })

  t.test('time in a partition never goes back, and an offset is found by it', async t => {
    const { log, clock } = await opened(t)
    await log.createTopic('a', { partitions: 1 })
    for (const at of ['01', '01', '03', '02', '05']) { // the fourth with a clock that was set back
      clock.set(`2026-03-${at}T00:00:00.000Z`)
      await log.append('a', [record('k', at)])
    }
    t.same((await log.read('a', 0, 0, { limit: 9 })).map(({ storedAt }) => storedAt.getUTCDate()), [1, 1, 3, 3, 5])
    const at = async (instant: string): Promise<number> => await log.offsetAt('a', 0, new Date(instant))
    t.equal(await at('2026-02-01T00:00:00.000Z'), 0)
    t.equal(await at('2026-03-01T00:00:00.000Z'), 0)
    t.equal(await at('2026-03-01T00:00:00.001Z'), 2)
    t.equal(await at('2026-03-05T00:00:00.000Z'), 4)
    t.equal(await at('2026-03-05T00:00:00.001Z'), 5, 'the end')
  })

  t.test('everything is there after opening again', async t => {
    const { log, reopen } = await opened(t)
    await log.createTopic('a', { partitions: 2 })
    const [position] = await log.append('a', [record('k', 'v')]) as [Position]
    await log.commit('g', 'a', position.partition, 1)
    const again = await reopen()
    t.equal(await again.partitions('a'), 2)
    t.same((await again.read('a', position.partition, 0, { limit: 9 })).map(read), ['v'])
    t.equal(await again.committed('g', 'a', position.partition), 1)
    t.same(await again.append('a', [record('k', 'w')]), [{ ...position, offset: 1 }])
  })

  t.test('groups keep their own places, which can be set back and not beyond the end', async t => {
    const { log } = await opened(t)
    await log.createTopic('a', { partitions: 1 })
    await log.append('a', numbers(3).map(n => record('k', n)))
    t.equal(await log.committed('g', 'a', 0), 0)
    await log.commit('g', 'a', 0, 3)
    await log.commit('h', 'a', 0, 1)
    await log.commit('g', 'a', 0, 2)
    t.same([await log.committed('g', 'a', 0), await log.committed('h', 'a', 0)], [2, 1])
    for (const offset of [4, -1]) await t.rejects(log.commit('g', 'a', 0, offset), { code: 'OFFSET_OUT_OF_RANGE' })
  })
}
