import type { Test } from 'tap'
import type { Collection, Document, Documents, Query } from '../../platform/documents/port.js'

/** Opens a store that is empty at first and the same at each later call; `close` closes what lies under it, too. */
export type DocumentsFactory = (t: Test) => Promise<{ open: () => Promise<{ documents: Documents, close: () => Promise<void> }> }>

interface Thing extends Document { kind?: string | null, n?: number | string | null, tags?: string[], nested?: unknown }
const INDEXES = { kind: { on: ['kind', 'n'] }, tag: { on: ['tags', 'n'], array: 'tags' } } as const

/** What every store of documents promises. */
export function documentsContract (t: Test, factory: DocumentsFactory): void {
  const opened = async (t: Test): Promise<{ documents: Documents, reopen: () => Promise<Documents> }> => {
    const { open } = await factory(t)
    let { documents, close } = await open()
    t.teardown(async () => { await close() })
    return { documents, reopen: async () => { await close(); ({ documents, close } = await open()); return documents } }
  }
  const things = async (t: Test, indexes: Record<string, { on: readonly string[], unique?: boolean, array?: string }> = { kind: INDEXES.kind, tag: INDEXES.tag }): Promise<Collection<Thing>> =>
    await (await opened(t)).documents.collection<Thing>('things', { indexes })
  const ids = async (collection: Collection<Thing>, query: Omit<Query, 'limit'>): Promise<string[]> =>
    (await collection.find({ limit: 1000, ...query })).items.map(({ document }) => document.id)

  t.test('a document comes back as it was put, a copy with its version', async t => {
    const collection = await things(t)
    const thing: Thing & { code?: string } = { id: '证/1', kind: 'a', nested: { 深: [1.5, null, true, '\u0000', { a: 'ü' }] } }
    await collection.put(thing, 0)
    thing.kind = 'changed after'
    const stored = await collection.get('证/1')
    t.same(stored, { document: { ...thing, kind: 'a' }, version: 1 })
    if (stored !== undefined) Reflect.set(stored.document, 'kind', 'changed in the copy') // or it cannot be changed at all
    t.equal((await collection.get('证/1'))?.document.kind, 'a')
    t.equal(await collection.get('none'), undefined)
  })

  t.test('a write names the version that it replaces, else it is refused and nothing changes', async t => {
    const collection = await things(t)
    await t.rejects(collection.put({ id: '1', kind: 'a' }, 1), { code: 'VERSION_CONFLICT' }, 'nothing is there to replace')
    await collection.put({ id: '1', kind: 'a' }, 0)
    await collection.put({ id: '1', kind: 'b' }, 1)
    for (const replaces of [0, 1, 3]) await t.rejects(collection.put({ id: '1', kind: 'c' }, replaces), { code: 'VERSION_CONFLICT' })
    t.same(await collection.get('1'), { document: { id: '1', kind: 'b' }, version: 2 })
    for (const replaces of [-1, 0.5, NaN]) await t.rejects(collection.put({ id: '1' }, replaces), { code: 'INPUT_INVALID' })
  })

  t.test('of writers that replace the same version at the same time, one wins', async t => {
    const collection = await things(t)
    await collection.put({ id: '1' }, 0)
    const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map(n => collection.put({ id: '1', n }, 1)))
    t.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
    t.equal((await collection.get('1'))?.version, 2)
  })

  t.test('of many writes those that conflict are named by place and the others are written', async t => {
    const collection = await things(t)
    await collection.put({ id: '2' }, 0)
    t.same(await collection.putMany([
      { document: { id: '1' }, replaces: 0 }, { document: { id: '2' }, replaces: 0 }, { document: { id: '2', n: 2 }, replaces: 1 }, { document: { id: '1' }, replaces: 0 }
    ]), { conflicts: [1, 3] })
    t.same(await collection.getMany(['2', 'none', '1']), [{ document: { id: '2', n: 2 }, version: 2 }, { document: { id: '1' }, version: 1 }])
    await t.rejects(collection.getMany(Array.from({ length: 1001 }, (_, n) => String(n))), { code: 'INPUT_INVALID' })
  })

  t.test('set writes whatever stands there, the last of one id in the end', async t => {
    const collection = await things(t)
    await collection.put({ id: '1', kind: 'a', tags: ['x'] }, 0)
    await collection.set([{ id: '1', kind: 'b', tags: ['y'] }, { id: '2' }, { id: '1', kind: 'c', tags: ['z'] }])
    t.same((await collection.get('1'))?.document, { id: '1', kind: 'c', tags: ['z'] })
    t.equal((await collection.get('1'))?.version, 3)
    t.same(await ids(collection, { index: 'kind', equals: ['a'] }), [])
    t.same(await ids(collection, { index: 'tag', equals: ['y'] }), [])
    t.same(await ids(collection, { index: 'tag', equals: ['z'] }), ['1'])
  })

  t.test('deleting names the version, takes the document out of every index, and leaves room for a new one', async t => {
    const collection = await things(t)
    await collection.put({ id: '1', kind: 'a', tags: ['x'] }, 0)
    await t.rejects(collection.delete('1', 2), { code: 'VERSION_CONFLICT' })
    await collection.delete('1', 1)
    await t.rejects(collection.delete('1', 1), { code: 'VERSION_CONFLICT' })
    t.equal(await collection.get('1'), undefined)
    t.same([await ids(collection, { index: 'kind', equals: ['a'] }), await ids(collection, { index: 'tag', equals: ['x'] })], [[], []])
    await collection.put({ id: '1' }, 0)
    t.equal((await collection.get('1'))?.version, 1)
  })

  t.test('a unique index lets each value stand once, and a refused write leaves no trace', async t => {
    for (const index of [{ on: ['kind', 'n'], unique: true }, { on: ['kind', 'tags'], unique: true, array: 'tags' }]) {
      const collection = await (await opened(t)).documents.collection<Thing>('unique', { indexes: { one: index } })
      await collection.put({ id: '1', kind: 'a', n: 1, tags: ['x', 'y', 'x'] }, 0)
      await collection.put({ id: '2', kind: 'b', n: 1, tags: ['x'] }, 0)
      await t.rejects(collection.put({ id: '3', kind: 'a', n: 1, tags: ['y'] }, 0), { code: 'VERSION_CONFLICT' })
      await t.rejects(collection.put({ id: '2', kind: 'a', n: 1, tags: ['y'] }, 1), { code: 'VERSION_CONFLICT' })
      await t.rejects(collection.set([{ id: '2', kind: 'a', n: 1, tags: ['y'] }]), { code: 'VERSION_CONFLICT' })
      t.equal(await collection.get('3'), undefined)
      t.same(await collection.get('2'), { document: { id: '2', kind: 'b', n: 1, tags: ['x'] }, version: 1 })
      await collection.put({ id: '1', kind: 'c', n: 1, tags: ['x'] }, 1)
      await collection.put({ id: '3', kind: 'a', n: 1, tags: ['y'] }, 0)
      await t.rejects(collection.put({ id: '4', n: 1, tags: ['y'] }, 0), { code: 'INPUT_INVALID' }, 'every member must be there')
    }
  })

  t.test('a query gives the documents whose first members equal, in the order of the others', async t => {
    const collection = await things(t)
    const put = async (id: string, kind: string, n: number): Promise<void> => { await collection.put({ id, kind, n }, 0) }
    await put('1', 'a', 3); await put('2', 'a', -1); await put('3', 'b', 0); await put('4', 'a', 3); await put('5', 'a', 2.5)
    t.same(await ids(collection, { index: 'kind', equals: ['a'] }), ['2', '5', '1', '4'])
    t.same(await ids(collection, { index: 'kind', equals: ['a'], order: 'descending' }), ['4', '1', '5', '2'])
    t.same(await ids(collection, { index: 'kind', equals: ['a', 3] }), ['1', '4'])
    t.same(await ids(collection, { index: 'kind' }), ['2', '5', '1', '4', '3'])
    t.same(await ids(collection, { index: 'id' }), ['1', '2', '3', '4', '5'])
    t.same(await ids(collection, { index: 'id', equals: ['4'] }), ['4'])
    t.same(await ids(collection, { index: 'id', range: { from: '2', to: '4', toExclusive: true } }), ['2', '3'])
  })

  t.test('a range takes in its bounds or leaves them out', async t => {
    const collection = await things(t)
    await collection.set([1, 2, 3, 4].map(n => ({ id: String(n), kind: 'a', n })))
    const within = async (range: Query['range']): Promise<string[]> => await ids(collection, { index: 'kind', equals: ['a'], ...range && { range } })
    t.same(await within({ from: 2, to: 3 }), ['2', '3'])
    t.same(await within({ from: 2, fromExclusive: true }), ['3', '4'])
    t.same(await within({ to: 3, toExclusive: true }), ['1', '2'])
    t.same(await within({ from: 3, to: 2 }), [])
    t.same(await within({}), ['1', '2', '3', '4'])
    t.equal(await collection.count({ index: 'kind', equals: ['a'], range: { from: 2 } }, 10), 3)
    t.equal(await collection.count({ index: 'kind', equals: ['a'] }, 2), 2)
  })

  t.test('a range of numbers finds no strings and no document that lacks the member, nor one of strings the others', async t => {
    const collection = await things(t)
    await collection.set([{ id: '1', kind: 'a' }, { id: '2', kind: 'a', n: 5 }, { id: '3', kind: 'a', n: '5' }, { id: '4', kind: 'a', n: null }, { id: '5', kind: 'a', n: '' }])
    const within = async (range: NonNullable<Query['range']>): Promise<string[]> => await ids(collection, { index: 'kind', equals: ['a'], range })
    t.same(await within({ from: -1e15 }), ['2'])
    t.same(await within({ to: 1e15 }), ['2'])
    t.same(await within({ from: '' }), ['5', '3'])
    t.same(await within({ to: '\u{10ffff}' }), ['5', '3'])
    t.same(new Set(await ids(collection, { index: 'kind', equals: ['a'] })), new Set(['1', '2', '3', '4', '5']), 'without a range all are there')
    t.same((await ids(collection, { index: 'kind', equals: ['a'] })).filter(id => ['2', '3', '5'].includes(id)), ['2', '5', '3'], 'numbers before strings')
  })

  t.test('strings are in the order of their code points', async t => {
    const collection = await things(t)
    const texts = ['A', 'Z', 'a', 'é', '\uffee', '𝒜'] // the last is of two UTF-16 units, each below U+FFEE
    await collection.set([...texts].reverse().map((n, index) => ({ id: String(index), kind: 'a', n })))
    t.same((await collection.find({ index: 'kind', equals: ['a'], limit: 9 })).items.map(({ document }) => document.n), texts)
  })

  t.test('an array member equals each value that it holds', async t => {
    const collection = await things(t)
    await collection.set([{ id: '1', tags: ['x', 'y', 'x'], n: 2 }, { id: '2', tags: ['y'], n: 1 }, { id: '3', tags: [], n: 1 }, { id: '4', n: 1 }])
    t.same(await ids(collection, { index: 'tag', equals: ['x'] }), ['1'])
    t.same(await ids(collection, { index: 'tag', equals: ['y'] }), ['2', '1'])
    t.same(await ids(collection, { index: 'tag', equals: ['y'], range: { from: 2 } }), ['1'])
    await collection.put({ id: '1', tags: ['z'], n: 2 }, 1)
    t.same([await ids(collection, { index: 'tag', equals: ['x'] }), await ids(collection, { index: 'tag', equals: ['z'] })], [[], ['1']])
    await t.rejects(collection.find({ index: 'tag', limit: 1 }), { code: 'INPUT_INVALID' }, 'it must be named')
  })

  t.test('pages follow one another without a gap or a double while others write', async t => {
    const collection = await things(t)
    const one = (n: number): Thing => ({ id: `id ${String(n).padStart(3, '0')}`, kind: 'a', tags: ['x'], ...n % 3 > 0 && { n: n % 5 } })
    await collection.set(Array.from({ length: 50 }, (_, n) => one(n)))
    for (const [index, equals] of [['kind', ['a']], ['kind', []], ['tag', ['x']], ['id', []]] as const) {
      for (const order of ['ascending', 'descending'] as const) {
        const whole = await ids(collection, { index, equals, order })
        const paged: string[] = []
        let after: string | undefined
        for (let page = 0; page === 0 || after !== undefined; page++) {
          const { items, next } = await collection.find({ index, equals, order, limit: 7, ...after !== undefined && { after } })
          paged.push(...items.map(({ document }) => document.id))
          after = next
          const seen = await collection.get(paged[page] as string) // one already seen goes, and comes back
          if (seen !== undefined) {
            await collection.delete(seen.document.id, seen.version)
            await collection.put(seen.document, 0)
          }
          await collection.set([{ id: `new ${page}`, kind: 'a', tags: ['x'], n: page }])
        }
        t.same(paged.filter(id => !id.startsWith('new')), whole.filter(id => !id.startsWith('new')), `${index} ${order}`)
        t.equal(new Set(paged).size, paged.length)
        for (const id of await ids(collection, { index: 'id', range: { from: 'new' } })) await collection.delete(id, (await collection.get(id))?.version ?? 0)
      }
    }
  })

  t.test('pages go on through a range from both ends', async t => {
    const collection = await things(t)
    await collection.set(Array.from({ length: 9 }, (_, n) => ({ id: String(n), kind: 'a', n })))
    for (const order of ['ascending', 'descending'] as const) {
      const query = { index: 'kind', equals: ['a'], range: { from: 2, to: 6, fromExclusive: true }, order, limit: 3 }
      const first = await collection.find(query)
      const second = await collection.find({ ...query, ...first.next && { after: first.next } })
      t.same([...first.items, ...second.items].map(({ document }) => document.n), order === 'ascending' ? [3, 4, 5, 6] : [6, 5, 4, 3])
      t.equal(second.next, undefined)
    }
  })

  t.test('a page that ends with the last document names no next one', async t => {
    const collection = await things(t)
    await collection.set([{ id: '1', kind: 'a' }, { id: '2', kind: 'a' }])
    t.equal((await collection.find({ index: 'kind', equals: ['a'], limit: 2 })).next, undefined)
    t.type((await collection.find({ index: 'kind', equals: ['a'], limit: 1 })).next, 'string')
  })

  t.test('a query that does not fit is refused', async t => {
    const collection = await things(t)
    await t.rejects(collection.find({ index: 'none', limit: 1 }), { code: 'INDEX_UNKNOWN' })
    const bad: Query[] = [
      { index: 'kind', limit: 0 }, { index: 'kind', limit: 1001 }, { index: 'kind', limit: 1.5 },
      { index: 'kind', equals: ['a', 1, 2], limit: 1 }, { index: 'kind', equals: ['a\0'], limit: 1 }, { index: 'kind', equals: [NaN], limit: 1 }, { index: 'kind', equals: [2 ** 60], limit: 1 },
      { index: 'kind', range: { from: 1, to: 'a' }, limit: 1 }, { index: 'kind', equals: ['a', 1], range: { from: 1 }, limit: 1 }, { index: 'kind', range: { from: Infinity }, limit: 1 },
      { index: 'kind', after: 'nowhere', limit: 1 }
    ]
    for (const query of bad) await t.rejects(collection.find(query), { code: 'INPUT_INVALID' }, JSON.stringify(query))
  })

  t.test('a document that cannot be kept or found again as it is is refused', async t => {
    const collection = await things(t)
    const long = 'x'.repeat(1024)
    await collection.put({ id: 'i'.repeat(256), kind: long, tags: [long], n: Number.MAX_SAFE_INTEGER }, 0)
    const bad: unknown[] = [
      { id: '' }, { id: 'i'.repeat(257) }, { id: 'a\0b' }, { id: '\ud800' }, { id: 5 }, {},
      { id: '1', kind: `${long}x` }, { id: '1', kind: 'a\0' }, { id: '1', kind: true }, { id: '1', kind: {} }, { id: '1', kind: ['a'] }, { id: '1', n: 2 ** 53 }, { id: '1', n: NaN },
      { id: '1', tags: 'x' }, { id: '1', tags: [1] }, { id: '1', tags: ['a\0'] }, { id: '1', tags: Array.from({ length: 1001 }, (_, n) => String(n)) }
    ]
    for (const document of bad) await t.rejects(collection.put(document as Thing, 0), { code: 'INPUT_INVALID' }, JSON.stringify(document)?.slice(0, 40))
    await t.rejects(collection.get('a\0'), { code: 'INPUT_INVALID' })
    t.equal((await collection.find({ index: 'id', limit: 9 })).items.length, 1)
  })

  t.test('a document may hold 8 MiB of JSON and not a byte more', async t => {
    const collection = await things(t)
    const room = 8 * 1024 * 1024 - JSON.stringify({ id: '1', nested: '' }).length
    await collection.put({ id: '1', nested: 'x'.repeat(room) }, 0)
    await t.rejects(collection.put({ id: '1', nested: 'x'.repeat(room + 1) }, 1), { code: 'RECORD_TOO_LARGE' })
    await t.rejects(collection.put({ id: '1', nested: '证'.repeat(room / 3 + 1) }, 1), { code: 'RECORD_TOO_LARGE' })
  })

  t.test('documents and versions are there after opening again, collections apart from one another', async t => {
    const { documents, reopen } = await opened(t)
    await (await documents.collection<Thing>('a')).set([{ id: '1', kind: 'in a' }])
    await (await documents.collection<Thing>('b')).set([{ id: '1', kind: 'in b' }])
    const again = await reopen()
    t.same(await (await again.collection<Thing>('a')).get('1'), { document: { id: '1', kind: 'in a' }, version: 1 })
    await (await again.collection<Thing>('a')).clear()
    t.equal(await (await again.collection<Thing>('a')).get('1'), undefined)
    t.equal((await (await again.collection<Thing>('b')).get('1'))?.document.kind, 'in b')
  })

  t.test('other indexes over the same documents are made when they are declared', async t => {
    const { documents, reopen } = await opened(t)
    const before = await documents.collection<Thing>('things', { indexes: { kind: INDEXES.kind } })
    await before.put({ id: '1', kind: 'a', n: 1, tags: ['x'] }, 0)
    await before.put({ id: '1', kind: 'a', n: 2, tags: ['x'] }, 1)
    const after = await (await reopen()).collection<Thing>('things', { indexes: { tag: INDEXES.tag } })
    t.same((await after.find({ index: 'tag', equals: ['x'], limit: 1 })).items, [{ document: { id: '1', kind: 'a', n: 2, tags: ['x'] }, version: 2 }])
    await t.rejects(after.find({ index: 'kind', limit: 1 }), { code: 'INDEX_UNKNOWN' })
  })

  t.test('an index that the documents do not allow is refused, and the old ones stay', async t => {
    const { documents } = await opened(t)
    const before = await documents.collection<Thing>('things', { indexes: { kind: INDEXES.kind } })
    await before.set([{ id: '1', kind: 'a' }, { id: '2', kind: 'a' }])
    await t.rejects(documents.collection('things', { indexes: { one: { on: ['kind'], unique: true } } }), { code: 'VERSION_CONFLICT' })
    t.same(await ids(before, { index: 'kind', equals: ['a'] }), ['1', '2'])
  })

  t.test('a declaration that makes no sense is refused', async t => {
    const { documents } = await opened(t)
    const bad = [{ on: [] }, { on: ['a', 'a'] }, { on: ['id'] }, { on: ['a'], array: 'b' }, { on: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] }]
    for (const index of bad) await t.rejects(documents.collection('things', { indexes: { index } }), { code: 'INPUT_INVALID' })
    await t.rejects(documents.collection('things', { indexes: { id: { on: ['a'] } } }), { code: 'INPUT_INVALID' })
    await t.rejects(documents.collection('no name'), { code: 'INPUT_INVALID' })
  })
}
