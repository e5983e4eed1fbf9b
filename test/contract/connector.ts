import { cpSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { follow, type FollowOutcome, type Publisher, type RejectedRow, type Source } from '../../connectors/sdk/index.js'
import type { Clock } from '../../services/core/clock.js'
import { department, type Department } from '../support/department.js'
import { deletionCases } from './connector-deletions.js'

export interface RegisterLine { key: string, name: string | null, size?: number | string, day?: string }
/** A department's system under test: a register with the columns 名称 (required text), 面积 (number) and 开业日期 (day), and one that is not published. */
export interface System {
  source: Source
  /** Puts these rows in the place of all before. Columns may be there or not, as after a change of its shape. */
  write: (rows: readonly RegisterLine[], shape?: { withoutName?: boolean, withMore?: boolean }) => Promise<void>
  /** Adds one row that cannot be read, not even its key. */
  spoil: () => Promise<void>
  /** Adds one row whose key can be read and whose size is no number that JSON can hold. */
  spoilSize: (key: string) => Promise<void>
  /** Adds one row whose day is none. */
  spoilDay: (key: string) => Promise<void>
  /** Does it tell a text without characters from none at all? */
  tellsEmpty: boolean
  /** Makes the reading that comes next, or is under way, break off. */
  breakOff: { when: 'before' | 'during', code: string, now: () => Promise<void> }
  /** Takes the connector's right to read away. @returns how to give it back */
  lockOut: () => Promise<() => Promise<void>>
  lockedOutCode: string
  /** Makes it accept and say nothing, where it can. @returns a source with a short time limit, and how to end it */
  silence?: () => Promise<{ source: Source, end: () => Promise<void> }>
}
/** A system, the department that publishes from it, and how a pass over it is made. */
export interface Opened {
  system: System
  desk: Department
  pass: (publisher: Publisher, rejected?: RejectedRow[], announce?: Clock) => Promise<FollowOutcome>
}
/** Limits of a row as the system under test was given them. */
export const CONTRACT_ROW_BYTES = 4000

export const line = (key: string, name = `name of ${key}`): RegisterLine => ({ key, name })

export const said = (desk: Department): string[] => desk.receiver.events.map(({ type, subject }) => `${type.split('.')[1]} ${subject}`)

/** What every connector that follows a whole register promises, whatever system it reads. */
export function connectorContract (t: Test, factory: (t: Test) => Promise<System>): void {
  const opened = async (t: Test): Promise<Opened> => {
    t.testdir() // clears away what a run that was broken off left behind
    const system = await factory(t)
    return {
      system,
      desk: await department(t),
      pass: async (publisher, rejected = [], announce) => await follow({ source: system.source, publisher, onRejected: row => { rejected.push(row) }, ...announce && { announce } })
    }
  }

  deletionCases(t, opened)

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
    await system.write([{ key: '键', name: '示例面馆, "老店"\n二楼', size: 6.5, day: '2024-02-29' }])
    await pass(await desk.publisher())
    t.same(desk.receiver.events[0]?.data, { resource: system.source.resource, key: '键', values: { 名称: '示例面馆, "老店"\n二楼', 面积: 6.5, 开业日期: '2024-02-29' } })
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
    for (let step = 1, ended = false; !ended && step <= 100; step++) {
      await t.test(`step ${step}`, async t => {
        const { system, desk, pass } = await opened(t)
        const crashed = `${desk.dir}-after-crash`
        await system.write(before)
        const first = await desk.publisher()
        await pass(first)
        await first.close()
        await system.write(after)
        // Whatever the connector does goes by the clock, when it numbers, by its source or by the exchange: there, step by step, the power fails.
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
        const failing: Source = { ...system.source, read: async function * (position) { for await (const batch of system.source.read(position)) { power(); yield batch } } }
        await follow({ source: failing, publisher: dying, announce: clock }).then(() => { ended = true }, (error: Error) => { t.equal(error.message, 'the power failed') })
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

  t.test('a register in which only the order changed says nothing', async t => {
    const { system, desk, pass } = await opened(t)
    const publisher = await desk.publisher()
    await system.write(['a', 'b', 'c'].map(key => line(key)))
    await pass(publisher)
    await system.write(['c', 'a', 'b'].map(key => line(key)))
    t.same(await pass(publisher), { changed: 0, unchanged: 3, deleted: 0, rejected: 0, deletionsHeld: false })
  })

  t.test('many rows come whole, each once, over however many pages', async t => {
    const { system, desk, pass } = await opened(t)
    const publisher = await desk.publisher()
    const keys = Array.from({ length: 1203 }, (_, n) => `k${(n * 7919) % 1203}`)
    await system.write(keys.map(key => line(key)))
    t.equal((await pass(publisher)).changed, 1203)
    t.same(new Set(desk.receiver.events.map(({ subject }) => subject)), new Set(keys))
    t.equal((await pass(publisher)).unchanged, 1203)
  })

  t.test('an empty register is gone through and announced as well', async t => {
    const { system, desk, pass } = await opened(t)
    const publisher = await desk.publisher()
    await system.write([])
    t.same(await pass(publisher, [], desk.clock), { changed: 0, unchanged: 0, deleted: 0, rejected: 0, deletionsHeld: false })
    t.same(desk.receiver.events.map(({ data }) => data), [{ resource: system.source.resource, asOf: '2026-03-01T00:00:00.000Z', rows: 0 }])
  })

  t.test('a row that gets another key is one that went and one that came', async t => {
    const { system, desk, pass } = await opened(t)
    const publisher = await desk.publisher()
    await system.write([line('a', 'same'), line('b')])
    await pass(publisher)
    await system.write([line('a2', 'same'), line('b')])
    t.same(await pass(publisher), { changed: 1, unchanged: 1, deleted: 1, rejected: 0, deletionsHeld: false })
    t.same(said(desk).slice(2).sort(), ['deleted a', 'upserted a2'])
  })

  t.test('a row that comes back as it was is published again', async t => {
    const { system, desk, pass } = await opened(t)
    const publisher = await desk.publisher()
    for (const rows of [['a', 'b'], ['b'], ['a', 'b']]) {
      await system.write(rows.map(key => line(key)))
      await pass(publisher)
    }
    t.same(said(desk).slice(2), ['deleted a', 'upserted a'])
  })

  t.test('what was published is remembered by the next process', async t => {
    const { system, desk, pass } = await opened(t)
    await system.write([line('a'), line('b')])
    const first = await desk.publisher()
    await pass(first)
    await first.close()
    await system.write([line('a')])
    t.same(await pass(await desk.publisher()), { changed: 0, unchanged: 1, deleted: 1, rejected: 0, deletionsHeld: false })
  })

  t.test('two resources of one department do not take each other\'s rows for deleted', async t => {
    const { system, desk, pass } = await opened(t)
    const publisher = await desk.publisher()
    await system.write([line('a'), line('b')])
    await pass(publisher)
    await system.write([line('c')])
    const other = await follow({ source: { ...system.source, resource: 'shops-of-others' }, publisher })
    t.same(other, { changed: 1, unchanged: 0, deleted: 0, rejected: 0, deletionsHeld: false })
  })

  t.test('a column that nobody declared changes nothing and does not leave', async t => {
    const { system, desk, pass } = await opened(t)
    const publisher = await desk.publisher()
    await system.write([line('a')])
    await pass(publisher)
    await system.write([line('a'), line('b')], { withMore: true })
    t.same(await pass(publisher), { changed: 1, unchanged: 1, deleted: 0, rejected: 0, deletionsHeld: false })
    t.notMatch(JSON.stringify(desk.receiver.events), /not published|更多/)
  })

  t.test('a register that lost a column and got it back goes on where it stood', async t => {
    const { system, desk, pass } = await opened(t)
    const publisher = await desk.publisher()
    await system.write([line('a'), line('b')])
    await pass(publisher)
    await system.write([line('a')], { withoutName: true })
    await t.rejects(pass(publisher), { code: 'SOURCE_INVALID' })
    await system.write([line('a'), line('b'), line('c')])
    t.same(await pass(publisher), { changed: 1, unchanged: 2, deleted: 0, rejected: 0, deletionsHeld: false })
  })

  t.test('no value is null, and an empty text is one only where the system tells them apart', async t => {
    const { system, desk, pass } = await opened(t)
    await system.write([{ key: 'a', name: 'x' }])
    await pass(await desk.publisher())
    t.same((desk.receiver.events[0]?.data as { values: unknown }).values, { 名称: 'x', 面积: null, 开业日期: null })
    const rejected: RejectedRow[] = []
    await system.write([{ key: 'a', name: 'x' }, { key: 'b', name: '' }, ...system.tellsEmpty ? [{ key: 'c', name: null }] : []])
    await pass(await desk.publisher({ dir: `${desk.dir}-second` }), rejected)
    t.same(rejected.map(({ key, code }) => `${key} ${code}`), system.tellsEmpty ? ['b ROW_VALUE', 'c ROW_VALUE'] : ['b ROW_VALUE'], 'neither will do where a value is required')
  })

  t.test('names in any script arrive character by character, in keys too', async t => {
    const { system, desk, pass } = await opened(t)
    const names = ['㐀𠀀😀', 'Ünï', 'e\u0301', "'; drop table shops; --", '\\', '%_', '`"$1?', ' spaces ', '证'.repeat(300)]
    const keys = ['键', '㐀', '𠀀', "o'brien", 'a"b', 'a\\b', 'a`b', '$1 ?', '%']
    await system.write(keys.map((key, at) => ({ key, name: names[at] as string })))
    const rejected: RejectedRow[] = []
    await pass(await desk.publisher(), rejected)
    t.same(rejected, [])
    const arrived = Object.fromEntries(desk.receiver.events.map(({ subject, data }) => [subject, (data as { values: Record<string, unknown> }).values['名称']]))
    t.same(arrived, Object.fromEntries(keys.map((key, at) => [key, names[at]])))
  })

  t.test('a number is the one that stands there or none: whole up to 2^53 - 1, and fifteen digits', async t => {
    const { system, desk, pass } = await opened(t)
    const good = ['9007199254740991', '-9007199254740991', '0', '-7', '1234567890123.45', '0.05']
    const bad = ['9007199254740993', '12345678901234567890', '-9007199254740993']
    await system.write([...good, ...bad].map((size, at) => ({ key: `k${at}`, name: 'x', size })))
    const rejected: RejectedRow[] = []
    await pass(await desk.publisher(), rejected)
    const sizes = desk.receiver.events.map(({ subject, data }) => [subject, (data as { values: Record<string, unknown> }).values['面积']])
    t.same(Object.fromEntries(sizes), Object.fromEntries(good.map((size, at) => [`k${at}`, Number(size)])))
    t.same(rejected.map(({ key, code }) => `${key} ${code}`).sort(), ['k6 ROW_VALUE', 'k7 ROW_VALUE', 'k8 ROW_VALUE'])
  })

  t.test('a day is one of the calendar and stays that day in every zone', async t => {
    const { system, desk, pass } = await opened(t)
    await system.write([{ key: 'leap', name: 'x', day: '2024-02-29' }, { key: 'new year', name: 'x', day: '2026-01-01' }, { key: 'old', name: 'x', day: '1949-10-01' }])
    await system.spoilDay('none')
    const rejected: RejectedRow[] = []
    await pass(await desk.publisher(), rejected)
    const days = desk.receiver.events.map(({ subject, data }) => `${subject} ${String((data as { values: Record<string, unknown> }).values['开业日期'])}`)
    t.same(days.sort(), ['leap 2024-02-29', 'new year 2026-01-01', 'old 1949-10-01'])
    t.same(rejected.map(({ key, code }) => `${key} ${code}`), ['none ROW_VALUE'])
  })

  t.test('a text with a control character is a bad row; a line break and a tab are text', async t => {
    const { system, desk, pass } = await opened(t)
    await system.write([line('a', 'one\ttwo\nthree'), line('b', 'bell\u0007'), line('c', 'del\u007f')])
    const rejected: RejectedRow[] = []
    await pass(await desk.publisher(), rejected)
    t.same(said(desk), ['upserted a'])
    t.same(rejected.map(({ key, code }) => `${key} ${code}`), ['b ROW_VALUE', 'c ROW_VALUE'])
    t.notMatch(JSON.stringify(rejected), /bell|del\\/, 'values stay in the department')
  })

  t.test('a key is 128 characters at most, and of those that people can see', async t => {
    const { system, desk, pass } = await opened(t)
    const longest = 'k'.repeat(128)
    await system.write([line(longest), line('k'.repeat(129)), line('turned \u202e round')])
    const rejected: RejectedRow[] = []
    t.equal((await pass(await desk.publisher(), rejected)).deletionsHeld, true)
    t.same(said(desk), [`upserted ${longest}`])
    t.same(rejected.map(({ code }) => code), ['ROW_KEY', 'ROW_KEY'])
  })

  t.test('rows that are twice the same are two rows with one key all the same', async t => {
    const { system, desk, pass } = await opened(t)
    const publisher = await desk.publisher()
    await system.write([line('a'), line('b'), line('b'), line('b')])
    const rejected: RejectedRow[] = []
    await pass(publisher, rejected)
    t.same([said(desk), rejected.map(({ key, code }) => `${key} ${code}`)], [['upserted a'], Array.from({ length: 3 }, () => 'b ROW_KEY_TWICE')])
    await system.write([line('a'), line('b')])
    t.equal((await pass(publisher)).changed, 1, 'mended, it is published')
  })

  t.test('a bad row that was mended is published, and one that turned bad keeps what stands', async t => {
    const { system, desk, pass } = await opened(t)
    const publisher = await desk.publisher()
    await system.write([line('a')])
    await system.spoilSize('b')
    await pass(publisher)
    await system.write([line('b')])
    await system.spoilSize('a')
    t.same(await pass(publisher), { changed: 1, unchanged: 0, deleted: 0, rejected: 1, deletionsHeld: false })
    t.same(said(desk), ['upserted a', 'upserted b'])
  })

  t.test('a system that does not let the connector in costs nothing that is published, and goes on when it does', async t => {
    const { system, desk, pass } = await opened(t)
    const publisher = await desk.publisher()
    await system.write([line('a'), line('b')])
    await pass(publisher)
    const letIn = await system.lockOut()
    await t.rejects(pass(publisher, [], desk.clock), { code: system.lockedOutCode })
    t.equal(publisher.sequence, 2, 'nothing was deleted and nothing announced')
    await letIn()
    t.same(await pass(publisher), { changed: 0, unchanged: 2, deleted: 0, rejected: 0, deletionsHeld: false })
  })

  t.test('a system that breaks off in the middle loses no row, doubles none, and has none deleted', async t => {
    const { system, desk, pass } = await opened(t)
    const publisher = await desk.publisher()
    const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(key => line(key))
    await system.write(before)
    await pass(publisher)
    const after = [...before.slice(0, 6), ...['i', 'j', 'k', 'l'].map(key => line(key))]
    await system.write(after)
    const { when, code, now } = system.breakOff
    if (when === 'before') await now()
    let broken = when === 'before'
    const breaking: Source = {
      ...system.source,
      read: async function * (position) {
        for await (const batch of system.source.read(position)) {
          yield batch
          if (!broken && batch.rows.length > 0) {
            broken = true
            await now()
          }
        }
      }
    }
    await t.rejects(follow({ source: breaking, publisher, announce: desk.clock }), { code })
    t.same(said(desk).filter(what => /deleted|refreshed/.test(what)), [])
    await system.write(after)
    await pass(publisher)
    t.same(desk.receiver.problems, [])
    t.same(said(desk).slice(8).sort(), ['deleted g', 'deleted h', 'upserted i', 'upserted j', 'upserted k', 'upserted l'])
  })

  t.test('a system that falls silent costs its time limit, and no more', async t => {
    const { system, desk, pass } = await opened(t)
    if (system.silence === undefined) { t.comment('this one is a folder, and folders answer'); return }
    const publisher = await desk.publisher()
    await system.write([line('a')])
    await pass(publisher)
    const { source, end } = await system.silence()
    await t.rejects(follow({ source, publisher, announce: desk.clock }), { code: 'SOURCE_UNAVAILABLE' })
    t.equal(publisher.sequence, 1)
    await end()
    t.same(await pass(publisher), { changed: 0, unchanged: 1, deleted: 0, rejected: 0, deletionsHeld: false })
  })

  t.test('an exchange that refuses is told of, and what it was sent waits for it', async t => {
    const { system, desk, pass } = await opened(t)
    const publisher = await desk.publisher()
    await system.write([line('a')])
    desk.receiver.script = [{ status: 403, body: { code: 'SCOPE_MISSING' } }]
    await t.rejects(pass(publisher), { code: 'EXCHANGE_REFUSED' })
    await system.write([line('a'), line('b')])
    await pass(publisher)
    t.same([said(desk), desk.receiver.problems], [['upserted a', 'upserted b'], []])
  })

  t.test('what changed while the exchange was away is told in order, and ends as the register stands', async t => {
    const { system, desk, pass } = await opened(t)
    const publisher = await desk.publisher()
    desk.receiver.script = Array.from({ length: 8 }, () => 'drop' as const)
    await system.write([line('a', 'one'), line('b')])
    await t.rejects(pass(publisher), { code: 'EXCHANGE_UNAVAILABLE' })
    await system.write([line('a', 'two')])
    await t.rejects(pass(publisher), { code: 'EXCHANGE_UNAVAILABLE' })
    await system.write([line('a', 'three')])
    await pass(publisher)
    const of = (key: string): unknown[] => desk.receiver.events.filter(({ subject }) => subject === key).map(({ type, data }) => (data as { values?: Record<string, unknown> }).values?.['名称'] ?? type)
    t.same([of('a'), of('b')], [['one', 'two', 'three'], ['name of b', 'record.deleted.v1']])
    t.same(desk.receiver.problems, [])
  })
}
