import t from 'tap'
import { follow, type Source, type SourceRow } from '../../../connectors/sdk/index.js'
import { told } from '../../../services/core/words.js'
import { department } from '../../support/department.js'

t.beforeEach(t => { t.testdir() })

/** A complete source that hands over these rows, at each reading the next list. */
function sourceOf (...readings: Array<Array<[key: string, v: string]>>): Source {
  const rows = (list: Array<[string, string]>): SourceRow[] => list.map(([key, v]) => ({ key, values: { v } }))
  return { resource: 'shops', complete: true, read: async function * () { yield { rows: rows(readings.shift() ?? []) } } }
}

t.test('of a source that is read twice only rows that were missing both times are deleted', async t => {
  const { publisher, receiver } = await department(t)
  const out = await publisher()
  const source = sourceOf([['a', '1'], ['b', '1'], ['c', '1']], [['a', '2']], [['a', '3'], ['b', '1']], [['a', '3']])
  await follow({ source, publisher: out })
  t.match(await follow({ source, publisher: out, heldBytes: 1 }), { changed: 1, unchanged: 1, deleted: 1 })
  t.match(await follow({ source, publisher: out }), { changed: 0, deleted: 1 })
  t.same(receiver.events.slice(3).map(({ type, subject }) => `${type} ${subject}`), ['record.upserted.v1 a', 'record.deleted.v1 c', 'record.deleted.v1 b'])
})

t.test('of a row that comes twice the last one stands, also where that is what was published', async t => {
  const { publisher, receiver } = await department(t)
  const out = await publisher()
  const source = sourceOf([['a', 'old']], [['a', 'new'], ['a', 'old']])
  await follow({ source, publisher: out })
  t.match(await follow({ source, publisher: out }), { changed: 2, unchanged: 0 })
  t.same(receiver.events.map(({ data }) => (data as { values: { v: string } }).values.v), ['old', 'new', 'old'])
})

t.test('what an earlier pass could not send is sent though this one is held; where that fails the hold is what is told', async t => {
  const { publisher, receiver } = await department(t)
  const out = await publisher()
  const source = sourceOf([['a', '1']], [], [])
  receiver.script = Array.from({ length: 8 }, () => 'drop' as const)
  await t.rejects(follow({ source, publisher: out }), { code: 'EXCHANGE_UNAVAILABLE' })
  await t.rejects(follow({ source, publisher: out }), { code: 'DELETIONS_HELD' })
  t.equal(out.pending, 1)
  await t.rejects(follow({ source, publisher: out }), { code: 'DELETIONS_HELD' })
  t.same([out.pending, receiver.events.map(({ subject }) => subject)], [0, ['a']])
})

t.test('what a person confirmed is not confirmed for another time that the same rows are missing', async t => {
  const { publisher } = await department(t)
  const out = await publisher()
  const all = Array.from({ length: 50 }, (_, at) => `k${at}`)
  const pass = async (keys: readonly string[], { unreadable = false, confirmed = '' } = {}) => await follow({
    publisher: out,
    ...(confirmed === '' ? {} : { confirmed }),
    source: { resource: 'shops', complete: true, read: async function * () { yield { rows: keys.map(key => ({ key, values: {} })), ...(unreadable ? { rejected: [{ at: 'a row', code: 'ROW_KEY', message: told('没有主键', 'it has no key') }] } : {}) } } }
  })
  const few = all.slice(0, 10)
  await pass(all)
  const held = await pass(few, { unreadable: true }).catch((error: Error) => error.message) as string
  const confirmed = /--confirm-deletions ([0-9a-f]{16})/.exec(held)?.[1] ?? ''
  t.match(await pass(few, { unreadable: true, confirmed }), { deleted: 0, deletionsHeld: true }, 'one of those that are missing may be the one without a key')
  t.match(await pass(all, { unreadable: true }), { unchanged: 50 }, 'they came again')
  await t.rejects(pass(few), { code: 'DELETIONS_HELD' })
})
