import { cpSync } from 'node:fs'
import type { Test } from 'tap'
import { follow, type FollowOptions, type FollowOutcome, type Publisher, type Source, type Translate } from '../../connectors/sdk/index.js'
import { line, said, type Opened } from './connector.js'

const keys = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, at) => `k${String(from + at).padStart(3, '0')}`)
const lines = (from: number, to: number): Array<ReturnType<typeof line>> => keys(from, to).map(key => line(key))

/** No pass takes away a large part of what is published without a person's word. */
export function deletionCases (t: Test, open: (t: Test) => Promise<Opened>): void {
  const opened = async (t: Test): Promise<Opened & {
    publisher: Publisher
    through: (options?: Partial<FollowOptions>) => Promise<FollowOutcome>
    heldAs: (options?: Partial<FollowOptions>) => Promise<string>
  }> => {
    const { system, desk, pass } = await open(t)
    const publisher = await desk.publisher()
    const through = async (options: Partial<FollowOptions> = {}): Promise<FollowOutcome> => await follow({ source: system.source, publisher, announce: desk.clock, ...options })
    return {
      system,
      desk,
      pass,
      publisher,
      through,
      heldAs: async options => {
        const error = await through(options).then(() => t.fail('it was to be held'), (error: Error & { code: string }) => error) as Error & { code: string }
        t.equal(error.code, 'DELETIONS_HELD', error.message)
        return /--confirm-deletions ([0-9a-f]{16})$/.exec(error.message)?.[1] ?? ''
      }
    }
  }
  const deleted = (numbers: string[]): string[] => numbers.map(key => `deleted ${key}`)

  t.test('a pass that would delete more than it may publishes nothing, however often it is tried, and is not announced', async t => {
    const { system, desk, publisher, through, heldAs } = await opened(t)
    await system.write(lines(1, 30))
    await through()
    const { sequence } = publisher
    desk.clock.set('2026-03-02T00:00:00.000Z')
    await system.write([...lines(22, 29), line('k030', 'changed'), line('new')])
    const name = await heldAs()
    t.equal(publisher.sequence, sequence, 'rows that are new or changed wait as well')
    t.equal(await heldAs(), name, 'it is the same set')
    await publisher.close()
    const next = await desk.publisher()
    t.equal(await heldAs({ publisher: next }), name, 'also in the next process')
    t.same([next.sequence, next.pending], [sequence, 0])
  })

  t.test('up to a fifth, or twenty rows, go without a word', async t => {
    const { system, desk, through, heldAs } = await opened(t)
    await system.write(lines(1, 30))
    await through()
    desk.clock.set('2026-03-02T00:00:00.000Z')
    await system.write(lines(21, 30))
    t.equal((await through()).deleted, 20, 'two thirds, but twenty rows')
    t.equal(said(desk).at(-1), `refreshed ${system.source.resource}`)
    const other = { source: { ...system.source, resource: 'more-shops' } }
    await system.write(lines(1, 110))
    await through(other)
    await system.write(lines(24, 110))
    await heldAs(other)
    await system.write(lines(23, 110))
    t.equal((await through(other)).deleted, 22, 'twenty-two rows, but a fifth')
  })

  t.test('the limits are those of the source', async t => {
    const { system, through, heldAs } = await opened(t)
    const source = (holdAbovePercent: number, holdAboveRows: number): { source: Source } => ({ source: { ...system.source, deletions: { holdAbovePercent, holdAboveRows } } })
    await system.write(lines(1, 10))
    await through()
    await system.write(lines(4, 10))
    await heldAs(source(20, 2))
    await heldAs(source(29, 0))
    t.equal((await through(source(30, 0))).deleted, 3)
    await system.write([])
    t.equal((await through(source(100, 0))).deleted, 7, 'at 100 percent nobody is asked')
  })

  t.test('a register that was emptied is held, however small it was', async t => {
    const { system, desk, publisher, through, heldAs } = await opened(t)
    await system.write([line('a'), line('b')])
    await through()
    await system.write([])
    const confirmed = await heldAs()
    t.equal(publisher.sequence, 3)
    desk.clock.set('2026-03-02T00:00:00.000Z')
    t.match(await through({ confirmed }), { deleted: 2, heldBefore: 1 })
    t.same(said(desk).slice(3), ['deleted a', 'deleted b', `refreshed ${system.source.resource}`])
    t.match(await through(), { changed: 0, deleted: 0 })
  })

  t.test('once confirmed, just these rows go, with all that waited, and the pass is announced', async t => {
    const { system, desk, through, heldAs } = await opened(t)
    await system.write(lines(1, 30))
    await through()
    desk.clock.set('2026-03-02T00:00:00.000Z')
    await system.write([...lines(22, 30), line('new')])
    const confirmed = await heldAs()
    t.same(await through({ confirmed }), { changed: 1, unchanged: 9, deleted: 21, rejected: 0, deletionsHeld: false, heldBefore: 1 })
    t.same(said(desk).slice(31), ['upserted new', ...deleted(keys(1, 21)), `refreshed ${system.source.resource}`])
    t.match(desk.receiver.events.at(-1)?.data, { rows: 10 })
    desk.clock.set('2026-03-03T00:00:00.000Z')
    t.same(await through(), { changed: 0, unchanged: 10, deleted: 0, rejected: 0, deletionsHeld: false })
    t.same(desk.receiver.problems, [])
  })

  t.test('a confirmation of another set confirms nothing', async t => {
    const { system, publisher, through, heldAs } = await opened(t)
    await system.write(lines(1, 40))
    await through()
    await system.write(lines(22, 40))
    const confirmed = await heldAs()
    await system.write(lines(23, 40))
    const now = await heldAs({ confirmed })
    t.not(now, confirmed)
    t.equal(publisher.sequence, 41)
    await system.write(lines(22, 40))
    t.equal(await heldAs({ confirmed: now }), confirmed, 'nor is one remembered that was no longer right')
    t.equal((await through({ confirmed })).deleted, 21)
  })

  t.test('rows that are back end the hold without a word', async t => {
    const { system, desk, through, heldAs } = await opened(t)
    await system.write(lines(1, 30))
    await through()
    await system.write(lines(1, 2))
    await heldAs()
    await heldAs()
    desk.clock.set('2026-03-02T00:00:00.000Z')
    await system.write(lines(1, 30))
    t.same(await through(), { changed: 0, unchanged: 30, deleted: 0, rejected: 0, deletionsHeld: false, heldBefore: 2 })
    t.equal(said(desk).at(-1), `refreshed ${system.source.resource}`)
    t.equal((await through()).heldBefore, undefined)
    await system.write(lines(1, 2))
    await heldAs()
  })

  t.test('a crash after the hold forgets nothing, and the confirmation is taken by the next process', async t => {
    const { system, desk, through, heldAs } = await opened(t)
    await system.write(lines(1, 30))
    await through()
    await system.write(lines(22, 30))
    const confirmed = await heldAs()
    const crashed = `${desk.dir}-after-crash`
    cpSync(desk.dir, crashed, { recursive: true })
    const publisher = await desk.publisher({ dir: crashed })
    t.equal(await heldAs({ publisher }), confirmed)
    t.match(await through({ publisher, confirmed }), { deleted: 21, heldBefore: 2 })
    t.same([desk.receiver.problems, said(desk).slice(31)], [[], deleted(keys(1, 21))])
  })

  t.test('a confirmed deletion that broke off goes on without being asked again, and only as far as it was confirmed', async t => {
    const { system, desk, publisher, through, heldAs } = await opened(t)
    await system.write(lines(1, 60))
    await through()
    await publisher.close()
    /** Confirms, and loses power at the eighth row. @returns what is there then */
    const brokenOff = async (dir: string): Promise<{ publisher: Publisher }> => {
      const dying = await desk.publisher({ dir })
      let rows = 0
      const translate: Translate = (key, row) => {
        if (row === undefined && ++rows === 8) throw new Error('the power failed')
        return { events: [row === undefined ? { type: 'record.deleted.v1', subject: key, data: {} } : { type: 'record.upserted.v1', subject: key, data: {} }] }
      }
      await t.rejects(through({ publisher: dying, confirmed: await heldAs({ publisher: dying }), translate }), { message: 'the power failed' })
      await dying.close()
      return { publisher: await desk.publisher({ dir }) }
    }
    cpSync(desk.dir, `${desk.dir}-other`, { recursive: true })
    await system.write(lines(42, 60))
    const first = await brokenOff(desk.dir)
    t.equal(first.publisher.pending, 7)
    t.equal((await through(first)).deleted, 34)
    t.same([desk.receiver.problems, said(desk).slice(61)], [[], deleted(keys(1, 41))])

    const second = await brokenOff(`${desk.dir}-other`)
    await system.write(lines(43, 60))
    await heldAs(second)
    await system.write(lines(42, 60))
    await heldAs(second)
  })

  t.test('a register that is worn away little by little is held where it has lost more than it may', async t => {
    const { system, through, heldAs } = await opened(t)
    await system.write(lines(1, 100))
    await through()
    await system.write(lines(16, 100))
    t.equal((await through()).deleted, 15)
    await system.write(lines(22, 100))
    const confirmed = await heldAs()
    await system.write(lines(21, 100))
    t.equal((await through()).deleted, 5, 'a fifth altogether')
    await system.write(lines(22, 100))
    await heldAs({ confirmed })
    await system.write([...lines(22, 100), line('k101')])
    t.match(await through(), { changed: 1, deleted: 1 }, 'where others come as rows go, nothing is worn away')
    await system.write(lines(22, 100))
    t.match(await through({ confirmed: await heldAs() }), { deleted: 1 })
    await system.write(lines(23, 100))
    t.match(await through(), { deleted: 1 }, 'from there on it is counted anew')
  })

  t.test('of a source that is declared otherwise than before, few rows are doubted as well', async t => {
    const { system, through, heldAs } = await opened(t)
    t.match(system.source.shape, /^.{22}$/)
    const otherwise = { ...system.source, shape: 'another table' }
    await system.write(lines(1, 5))
    await through()
    await system.write(lines(3, 5))
    await heldAs({ source: otherwise })
    t.equal((await through()).deleted, 2)
    t.equal((await through({ source: otherwise })).unchanged, 3, 'with the same rows it is the same register')
    await system.write(lines(4, 5))
    t.equal((await through({ source: otherwise })).deleted, 1)
  })

  t.test('a row whose key cannot be read does not let the others through', async t => {
    const { system, publisher, through, heldAs } = await opened(t)
    await system.write(lines(1, 30))
    await through()
    await system.write([...lines(22, 30), line('new')])
    await system.spoil()
    const confirmed = await heldAs()
    t.equal(publisher.sequence, 31)
    t.match(await through({ confirmed }), { changed: 1, deleted: 0, deletionsHeld: true }, 'confirmed, they stay all the same, since any of them may be that row')
    await system.write([...lines(22, 30), line('new')])
    t.match(await through(), { deleted: 21 })
  })

  t.test('a pass in which much changed comes to the same, though it reads the source twice', async t => {
    const { system, desk, through, heldAs } = await opened(t)
    let reads = 0
    const source: Source = { ...system.source, read: position => { reads++; return system.source.read(position) } }
    await system.write(lines(1, 30))
    await through({ source })
    await system.write([...keys(11, 30).map(key => line(key, 'changed')), line('new')])
    t.same(await through({ source, heldBytes: 100 }), { changed: 21, unchanged: 0, deleted: 10, rejected: 0, deletionsHeld: false })
    t.equal(reads, 3)
    await system.write([line('k011', 'changed')])
    await heldAs({ source, heldBytes: 100 })
    t.equal(reads, 4)
    t.same([desk.receiver.problems, said(desk).filter(what => what.startsWith('deleted'))], [[], deleted(keys(1, 10))])
  })
}
