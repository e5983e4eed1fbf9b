import { cpSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { follow, type FollowOutcome, type Publisher, type RejectedRow, type Source } from '../../connectors/sdk/index.js'
import type { Clock } from '../../services/core/clock.js'
import { department, type Department } from '../support/department.js'

export interface RegisterLine { key: string, name: string, size?: number }
/** A department's system under test: `columns` may leave one out, as after a change of its shape. */
export interface System {
  source: Source
  write: (rows: readonly RegisterLine[], options?: { withoutName?: boolean }) => Promise<void>
  /** Adds one row that cannot be read, not even its key. */
  spoil: () => Promise<void>
  /** Adds one row whose key can be read and whose size is no number. */
  spoilSize: (key: string) => Promise<void>
}
/** Limits of a row as the system under test was given them. */
export const CONTRACT_ROW_BYTES = 4000

const line = (key: string, name = `name of ${key}`): RegisterLine => ({ key, name })

/** What every connector that follows a whole register promises, whatever system it reads. */
export function connectorContract (t: Test, factory: (t: Test) => Promise<System>): void {
  const opened = async (t: Test): Promise<{ system: System, desk: Department, pass: (publisher: Publisher, rejected?: RejectedRow[], announce?: Clock) => Promise<FollowOutcome> }> => {
    const system = await factory(t)
    return {
      system,
      desk: await department(t),
      pass: async (publisher, rejected = [], announce) => await follow({ source: system.source, publisher, onRejected: row => { rejected.push(row) }, ...announce && { announce } })
    }
  }
  const said = (desk: Department): string[] => desk.receiver.events.map(({ type, subject }) => `${type.split('.')[1]} ${subject}`)

  t.test('each row is published once, and again when it changes, goes or comes back', async t => {
    const { system, desk, pass } = await opened(t)
    const publisher = await desk.publisher()
    await system.write([line('a'), line('b'), line('c')])
    t.same(await pass(publisher), { changed: 3, unchanged: 0, deleted: 0, rejected: 0, deletionsHeld: false })
    t.same(said(desk).sort(), ['upserted a', 'upserted b', 'upserted c'])
    t.same(await pass(publisher), { changed: 0, unchanged: 3, deleted: 0, rejected: 0, deletionsHeld: false })
    await system.write([line('c'), line('a', 'another name')])
    t.same(await pass(publisher), { changed: 1, unchanged: 1, deleted: 1, rejected: 0, deletionsHeld: false })
    await system.write([line('c'), line('a', 'another name'), line('b')])
    await pass(publisher)
    t.same(said(desk).slice(3), ['upserted a', 'deleted b', 'upserted b'])
    t.same(desk.receiver.problems, [])
  })

  t.test('an event carries the values of its row and nothing else', async t => {
    const { system, desk, pass } = await opened(t)
    await system.write([{ key: '键', name: '示例面馆, "老店"\n二楼', size: 6.5 }])
    await pass(await desk.publisher())
    t.same(desk.receiver.events[0]?.data, { resource: system.source.resource, key: '键', values: { 名称: '示例面馆, "老店"\n二楼', 面积: 6.5 } })
  })

  t.test('a pass that is to be announced ends with the news that all was gone through, also where nothing changed', async t => {
    const { system, desk, pass: passOf } = await opened(t)
    const publisher = await desk.publisher()
    const pass = async (): Promise<unknown> => await passOf(publisher, [], desk.clock)
    const news = (): unknown[] => desk.receiver.events.filter(({ type }) => type === 'resource.refreshed.v1').map(({ subject, data }) => ({ subject, data }))
    const expected = (asOf: string, counts: { rows: number, leftOut?: number }): unknown => ({ subject: system.source.resource, data: { resource: system.source.resource, asOf, ...counts } })
    await system.write([line('a'), line('b'), line('c')])
    await pass()
    t.same(said(desk).at(-1), `refreshed ${system.source.resource}`)
    t.same(news(), [expected('2026-03-01T00:00:00.000Z', { rows: 3 })])
    await pass()
    t.equal(news().length, 1, 'of passes that began at one instant one speaks')
    desk.clock.set('2026-03-02T00:00:00.000Z')
    await pass()
    await system.write([line('a')])
    await system.spoilSize('b')
    desk.clock.set('2026-03-03T00:00:00.000Z')
    await pass()
    t.same(news().slice(1), [expected('2026-03-02T00:00:00.000Z', { rows: 3 }), expected('2026-03-03T00:00:00.000Z', { rows: 2, leftOut: 1 })])
    await system.spoil()
    desk.clock.set('2026-03-04T00:00:00.000Z')
    await pass()
    await system.write([line('a')], { withoutName: true })
    desk.clock.set('2026-03-05T00:00:00.000Z')
    await t.rejects(pass(), { code: 'SOURCE_INVALID' })
    t.equal(news().length, 3, 'nothing is said where a deletion may have been missed, or all was refused')
  })

  t.test('a crash between any two steps leads to no gap and no double', async t => {
    const before = [line('a'), line('b'), line('c'), line('gone')]
    const after = [line('a'), line('b', 'new name'), line('c'), line('d'), line('e')]
    const events = ['upserted b', 'upserted d', 'upserted e', 'deleted gone']
    for (let step = 1, ended = false; !ended; step++) {
      await t.test(`step ${step}`, async t => {
        const { system, desk, pass } = await opened(t)
        const crashed = `${desk.dir}-after-crash`
        await system.write(before)
        const first = await desk.publisher()
        await pass(first)
        await first.close()
        await system.write(after)
        // Whatever the connector does goes by the clock, when it numbers, or by the exchange: there, step by step, the power fails.
        let steps = 0
        const power = (): void => {
          if (++steps !== step) return
          cpSync(desk.dir, crashed, { recursive: true })
          throw new Error('the power failed')
        }
        const exchange = desk.exchange()
        const clock: Clock = { now: () => { power(); return desk.clock.now() } }
        const dying = await desk.publisher({
          clock,
          batchEvents: 2,
          exchange: { send: async batch => { power(); const outcome = await exchange.send(batch); power(); return outcome } }
        })
        await pass(dying, [], clock).then(() => { ended = true }, (error: Error) => { t.equal(error.message, 'the power failed') })
        const alive = await desk.publisher({ dir: existsSync(crashed) ? crashed : join(t.testdirName, 'none'), batchEvents: 3 })
        if (!ended) await pass(alive, [], desk.clock)
        t.same(desk.receiver.problems, [])
        t.same(said(desk).slice(4, -1).sort(), events.sort())
        t.equal(said(desk).at(-1), `refreshed ${system.source.resource}`)
      })
    }
  })

  t.test('an exchange that loses answers, is busy or gone for a while gets everything once', async t => {
    const { system, desk, pass } = await opened(t)
    const publisher = await desk.publisher({ batchEvents: 1 })
    await system.write(['a', 'b', 'c', 'd'].map(key => line(key)))
    desk.receiver.script = ['lose', 'drop', { status: 503 }, 'take', 'lose', { status: 429, headers: { 'retry-after': '1' } }, 'take', 'drop', 'lose', 'drop', 'drop']
    for (let run = 0; run < 4 && desk.receiver.events.length < 4; run++) await pass(publisher).catch((error: { code?: string }) => { t.equal(error.code, 'EXCHANGE_UNAVAILABLE') })
    await pass(publisher)
    t.same(desk.receiver.problems, [])
    t.same(said(desk).sort(), ['a', 'b', 'c', 'd'].map(key => `upserted ${key}`))
  })

  t.test('a clock that is set back changes neither order nor number', async t => {
    const { system, desk, pass } = await opened(t)
    const publisher = await desk.publisher()
    await system.write([line('a')])
    await pass(publisher)
    desk.clock.set('2026-02-28T23:00:00.000Z')
    await system.write([line('a'), line('b')])
    await pass(publisher)
    t.same(desk.receiver.problems, [])
    t.same(desk.receiver.events.map(({ sequence, time }) => `${sequence} ${time}`), ['1 2026-03-01T00:00:00.000Z', '2 2026-02-28T23:00:00.000Z'])
  })

  t.test('a bad row is told of with its place, the others go on, and what was published of it stays', async t => {
    const { system, desk, pass } = await opened(t)
    const publisher = await desk.publisher()
    await system.write([line('a'), line('b'), line('c')])
    await pass(publisher)
    await system.write([line('a', 'new')])
    await system.spoilSize('b')
    const rejected: RejectedRow[] = []
    const outcome = await pass(publisher, rejected)
    t.same(outcome, { changed: 1, unchanged: 0, deleted: 1, rejected: 1, deletionsHeld: false }, 'c is gone, b is not')
    t.equal(rejected[0]?.key, 'b')
    t.match(rejected[0]?.at, /./)
    t.same(said(desk).slice(3), ['upserted a', 'deleted c'])
  })

  t.test('a row of which not even the key can be read keeps every other from being taken for deleted', async t => {
    const { system, desk, pass } = await opened(t)
    const publisher = await desk.publisher()
    await system.write([line('a'), line('b')])
    await pass(publisher)
    await system.write([line('a')])
    await system.spoil()
    t.same(await pass(publisher), { changed: 0, unchanged: 1, deleted: 0, rejected: 1, deletionsHeld: true })
    await system.write([line('a')])
    t.same(await pass(publisher), { changed: 0, unchanged: 1, deleted: 1, rejected: 0, deletionsHeld: false })
  })

  t.test('of rows that share a key none is published, and none deleted', async t => {
    const { system, desk, pass } = await opened(t)
    const publisher = await desk.publisher()
    await system.write([line('a'), line('b')])
    await pass(publisher)
    await system.write([line('a'), line('b', 'one'), line('b', 'other')])
    t.same(await pass(publisher), { changed: 0, unchanged: 1, deleted: 0, rejected: 2, deletionsHeld: false })
  })

  t.test('a register that lost a column is refused whole: nothing is published and nothing deleted', async t => {
    const { system, desk, pass } = await opened(t)
    const publisher = await desk.publisher()
    await system.write([line('a'), line('b')])
    await pass(publisher)
    await system.write([line('a'), line('c')], { withoutName: true })
    await t.rejects(pass(publisher), { code: 'SOURCE_INVALID' })
    t.equal(publisher.sequence, 2)
  })

  t.test('a huge row is rejected and the others go on', async t => {
    const { system, desk, pass } = await opened(t)
    const publisher = await desk.publisher()
    const fits = 'x'.repeat(CONTRACT_ROW_BYTES - 100) // some room for what else stands in the row
    await system.write([line('a', fits), line('b', 'x'.repeat(CONTRACT_ROW_BYTES)), line('c')])
    const rejected: RejectedRow[] = []
    await pass(publisher, rejected)
    t.same(rejected.map(({ key, code }) => [key, code]), [['b', 'ROW_TOO_LARGE']])
    t.same(said(desk).sort(), ['upserted a', 'upserted c'])
  })

  t.test('an event that is too large for the exchange is a rejected row, not the end', async t => {
    const { system, desk, pass } = await opened(t)
    const publisher = await desk.publisher({ eventBytes: 600 })
    await system.write([line('a'), line('b', 'x'.repeat(600)), line('c')])
    const rejected: RejectedRow[] = []
    t.same(await pass(publisher, rejected), { changed: 2, unchanged: 0, deleted: 0, rejected: 1, deletionsHeld: false })
    t.same(rejected.map(({ key, code }) => [key, code]), [['b', 'RECORD_TOO_LARGE']])
  })
}
