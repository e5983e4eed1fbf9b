import { join } from 'node:path'
import t from 'tap'
import { openEmbeddedDocuments } from '../../../../platform/documents/embedded/index.js'
import { openDatabase } from '../../../../platform/sqlite/database.js'
import { documentsContract } from '../../../contract/documents.js'

/** The same with each collection at hand, in a store that is ours alone. */
t.test('documents at hand', async t => {
  documentsContract(t, async t => {
    const file = join(t.testdir(), 'store.db')
    return {
      open: async () => {
        const database = await openDatabase({ file })
        const documents = await openEmbeddedDocuments(database, { alone: true })
        return {
          documents: { ...documents, collection: async (name, options) => await documents.collection(name, { ...options, atHand: true }) },
          close: async () => { await documents.close(); await database.close() }
        }
      }
    }
  })
})

t.test('what is at hand is what was written last, also by a write that was undone or lost to another', async t => {
  const database = await openDatabase({ file: join(t.testdir(), 'store.db') })
  t.teardown(async () => { await database.close() })
  const documents = await openEmbeddedDocuments(database, { alone: true })
  const [one, other] = [await documents.collection<{ id: string, name: string }>('c', { atHand: true }), await documents.collection<{ id: string, name: string }>('c')]
  await one.put({ id: 'a', name: 'first' }, 0)
  t.same((await one.get('a'))?.document, { id: 'a', name: 'first' })
  const read = await one.get('a')
  t.throws(() => Object.assign(read?.document ?? {}, { name: 'changed by who read it' }), TypeError)
  t.same((await one.get('a'))?.document, { id: 'a', name: 'first' })
  await t.rejects(one.put({ id: 'a', name: 'late' }, 0), { code: 'VERSION_CONFLICT' })
  t.same(await one.get('a'), { document: { id: 'a', name: 'first' }, version: 1 })
  await other.put({ id: 'a', name: 'second' }, 1)
  t.same(await one.get('a'), { document: { id: 'a', name: 'second' }, version: 2 }, 'by whichever collection it was written')
  const reading: Array<Promise<unknown>> = []
  await Promise.allSettled([
    one.put({ id: 'a', name: 'undone' }, 2),
    database.write(() => { reading.push(one.get('a')); throw new Error('the group is undone, and run again') }),
    one.get('a')
  ])
  t.same(await one.get('a'), { document: { id: 'a', name: 'undone' }, version: 3 })
  await one.delete('a', 3)
  t.equal(await one.get('a'), undefined)
  await one.set([{ id: 'a', name: 'set' }])
  t.same((await one.get('a'))?.document.name, 'set')
  await one.clear()
  t.equal(await one.get('a'), undefined)
})

t.test('who opened a collection before it was to be at hand is no writer that others do not see', async t => {
  const database = await openDatabase({ file: join(t.testdir(), 'store.db') })
  t.teardown(async () => { await database.close() })
  const documents = await openEmbeddedDocuments(database, { alone: true })
  const [earlier, one] = [await documents.collection<{ id: string, name: string }>('c'), await documents.collection<{ id: string, name: string }>('c', { atHand: true })]
  await earlier.put({ id: 'a', name: 'first' }, 0)
  t.equal((await one.get('a'))?.document.name, 'first')
  await earlier.put({ id: 'a', name: 'second' }, 1)
  t.equal((await one.get('a'))?.document.name, 'second')
})

t.test('documents', async t => {
  documentsContract(t, async t => {
    const file = join(t.testdir(), 'store.db')
    return {
      open: async () => {
        const database = await openDatabase({ file })
        const documents = await openEmbeddedDocuments(database)
        return { documents, close: async () => { await documents.close(); await database.close() } }
      }
    }
  })
})
