import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openDatabase, type Database, type DatabaseOptions } from '../../../platform/sqlite/database.js'
import { lockDirectory } from '../../../platform/sqlite/lock.js'

async function opened (t: Test, options: Partial<DatabaseOptions> = {}): Promise<Database> {
  const database = await openDatabase({ file: join(t.testdirName, 'store.db'), ...options })
  t.teardown(async () => { await database.close() })
  return database
}
async function withTable (t: Test, options: Partial<DatabaseOptions> = {}): Promise<{ database: Database, add: (key: string, bytes?: number) => Promise<void>, keys: () => string[] }> {
  t.testdir()
  const database = await opened(t, options)
  await database.write(() => { database.exec('CREATE TABLE t (key TEXT PRIMARY KEY, value)') })
  return {
    database,
    add: async (key, bytes = 0) => { await database.write(() => { database.prepare('INSERT INTO t VALUES (?, ?)').run(key, Buffer.alloc(bytes)) }) },
    keys: () => database.prepare('SELECT key FROM t ORDER BY key').all<{ key: string }>().map(({ key }) => key)
  }
}

/** A disk whose flushes end when the test says so. */
function slowDisk (): { flush: () => Promise<void>, flushes: Array<{ done: () => void, fail: (error: Error) => void }> } {
  const flushes: Array<{ done: () => void, fail: (error: Error) => void }> = []
  return { flushes, flush: async () => { await new Promise<void>((resolve, reject) => { flushes.push({ done: resolve, fail: reject }) }) } }
}
/** Opened, with a table, on a disk that from then on flushes as the test says. */
async function onSlowDisk (t: Test): Promise<Awaited<ReturnType<typeof withTable>> & Pick<ReturnType<typeof slowDisk>, 'flushes'>> {
  const { flush, flushes } = slowDisk()
  let slow = false
  const opened = await withTable(t, { flush: async () => { if (slow) await flush() } })
  slow = true
  return { ...opened, flushes }
}
async function settled (promise: Promise<unknown>): Promise<boolean> {
  let ended = false
  const end = (): void => { ended = true }
  promise.then(end, end)
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
  return ended
}

t.test('the file is in WAL mode, and what its commits do not flush is flushed beside them', async t => {
  const { database } = await withTable(t)
  t.same(database.prepare('PRAGMA journal_mode').get(), { journal_mode: 'wal' })
  t.same(database.prepare('PRAGMA synchronous').get(), { synchronous: 1 })
})

t.test('a write is answered once the log is on the disk; readers see it before, and nobody else is held up', async t => {
  const { database, add, keys, flushes } = await onSlowDisk(t)
  const first = add('a')
  t.notOk(await settled(first))
  t.same(keys(), ['a'])
  await database.write(() => database.prepare('INSERT INTO t VALUES (?, NULL)').run('view'), { durable: false })
  t.same(keys(), ['a', 'view'], 'what need not be durable does not wait for the disk')
  flushes[0]?.done()
  await first
  t.equal(flushes.length, 1)
})

t.test('those who come during a flush are committed when it ended, and flushed together', async t => {
  const { add, flushes } = await onSlowDisk(t)
  const first = add('a')
  t.notOk(await settled(first))
  const [second, third] = [add('b'), add('c')]
  t.notOk(await settled(second))
  t.equal(flushes.length, 1, 'one flush at a time')
  flushes[0]?.done()
  await first
  t.notOk(await settled(Promise.race([second, third])), 'the first flush says nothing of them')
  flushes[1]?.done()
  await Promise.all([second, third])
  t.equal(flushes.length, 2)
})

t.test('during a flush, what need not be durable is committed at once, but never before what was asked for earlier', async t => {
  const { database, add, keys, flushes } = await onSlowDisk(t)
  const view = async (key: string): Promise<unknown> => await database.write(() => database.prepare('INSERT INTO t VALUES (?, NULL)').run(key), { durable: false })
  const first = add('a')
  t.notOk(await settled(first))
  const [before, durable, after] = [view('before'), add('durable'), view('after')]
  t.ok(await settled(before))
  t.notOk(await settled(Promise.race([durable, after])))
  t.same(keys(), ['a', 'before'])
  flushes[0]?.done()
  await first
  t.ok(await settled(after))
  t.notOk(await settled(durable))
  flushes[1]?.done()
  await durable
  t.same(keys(), ['a', 'after', 'before', 'durable'])
})

t.test('where the disk fails to flush, those who wait are refused and nothing is taken any more, until the store is opened anew', async t => {
  const { database, add, flushes } = await onSlowDisk(t)
  const first = add('a')
  t.notOk(await settled(first))
  const second = add('b')
  t.notOk(await settled(second))
  flushes[0]?.fail(new Error('EIO'))
  await t.rejects(first, { code: 'STORE_UNAVAILABLE' })
  await t.rejects(second, { code: 'STORE_UNAVAILABLE' })
  await t.rejects(add('c'), { code: 'STORE_UNAVAILABLE' })
  await t.rejects(database.write(() => {}, { durable: false }), { code: 'STORE_UNAVAILABLE' })
  t.equal(flushes.length, 1, 'the disk is not asked again')
  await database.close()
  const again = await opened(t)
  t.same(again.prepare('SELECT key FROM t ORDER BY key').all<{ key: string }>().map(({ key }) => key), ['a'])
  await again.write(() => { again.prepare('INSERT INTO t VALUES (?, NULL)').run('d') })
})

t.test('a write that waited for a lock while the disk failed is refused too, whatever the disk says then', async t => {
  const other: { database?: Database } = {}
  const fallen: { fail?: (error: Error) => void } = {}
  let flushes = 0
  const { database, add, keys } = await withTable(t, {
    maxBytes: 20 * 4096,
    flush: async () => {
      if (other.database === undefined || ++flushes > 1) return
      other.database.exec('BEGIN IMMEDIATE')
      await new Promise<void>((_resolve, reject) => { fallen.fail = reject })
    }
  })
  other.database = await opened(t)
  // The large one undoes the whole group, so that each is committed alone: the last one while the first is flushed.
  const [large, first, last] = [add('too much', 100_000), add('a'), add('b')]
  await t.rejects(large, { code: 'STORE_FULL' })
  while (fallen.fail === undefined) await new Promise(setImmediate)
  t.notOk(await settled(last))
  fallen.fail(new Error('EIO'))
  await t.rejects(first, { code: 'STORE_UNAVAILABLE' })
  other.database.exec('ROLLBACK')
  await t.rejects(last, { code: 'STORE_UNAVAILABLE' })
  t.ok(keys().includes('a'))
  await t.rejects(database.write(() => {}), { code: 'STORE_UNAVAILABLE' })
})

t.test('closing waits for the flush that those who write wait for', async t => {
  const { database, add, flushes } = await onSlowDisk(t)
  const adding = add('a')
  t.notOk(await settled(adding))
  const closing = database.close()
  t.notOk(await settled(closing))
  flushes[0]?.done()
  await closing
  await adding
})

t.test('an operation gives back what it found, once its writes are there', async t => {
  const { database, keys } = await withTable(t)
  const insert = database.prepare('INSERT INTO t VALUES (?, NULL)')
  t.equal(await database.write(() => insert.run('a') + 41), 42)
  t.same(keys(), ['a'])
})

t.test('of operations committed together, one that fails takes only its own writes back', async t => {
  const { database, add, keys } = await withTable(t)
  await add('taken')
  const outcomes = await Promise.allSettled([
    add('a'), add('taken'), add('b'),
    database.write(() => { database.prepare('INSERT INTO t VALUES (?, NULL)').run('undone'); throw new RangeError('own') }),
    add('c')
  ])
  t.same(outcomes.map(outcome => outcome.status === 'fulfilled' ? 'done' : (outcome.reason.code ?? outcome.reason.name)), ['done', 'VERSION_CONFLICT', 'done', 'RangeError', 'done'])
  t.same(keys(), ['a', 'b', 'c', 'taken'])
})

t.test('a full store refuses what does not fit, keeps what it acknowledged, and goes on with what fits', async t => {
  const { database, add, keys } = await withTable(t, { maxBytes: 20 * 4096 })
  await add('a', 30_000)
  await t.rejects(add('too much', 60_000), { code: 'STORE_FULL' })
  t.same(keys(), ['a'])
  const outcomes = await Promise.allSettled([add('b', 100), add('too much', 60_000), add('c', 100)])
  t.same(outcomes.map(({ status }) => status), ['fulfilled', 'rejected', 'fulfilled'])
  await database.write(() => { database.prepare('DELETE FROM t WHERE key = ?').run('a') })
  await add('d', 30_000)
  t.same(keys(), ['b', 'c', 'd'])
})

t.test('a store that another connection has locked is unavailable after its time, not for ever, and works afterwards', async t => {
  const { add, keys } = await withTable(t, { busyTimeoutMs: 60 })
  await add('a')
  const other = await opened(t)
  other.exec('BEGIN IMMEDIATE')
  const refused = t.rejects(add('b'), { code: 'STORE_UNAVAILABLE' })
  t.same(keys(), ['a'], 'readers do not wait')
  await refused
  other.exec('ROLLBACK')
  await add('c')
  t.same(keys(), ['a', 'c'])
})

t.test('a writer that waits for a lock gets it when it is given back', async t => {
  const { add, keys } = await withTable(t)
  const other = await opened(t)
  other.exec('BEGIN IMMEDIATE')
  const added = add('a')
  setImmediate(() => { setImmediate(() => { other.exec('ROLLBACK') }) })
  await added
  t.same(keys(), ['a'])
})

t.test('values that SQLite would cut or round are refused', async t => {
  const { database } = await withTable(t)
  const statement = database.prepare('SELECT ? AS value')
  t.throws(() => statement.get('a\0b'), { code: 'INPUT_INVALID' })
  t.throws(() => statement.all(2 ** 53), { code: 'INPUT_INVALID' })
  t.throws(() => { statement.each([-(2 ** 53)], () => true) }, { code: 'INPUT_INVALID' })
  t.same(statement.get(2 ** 53 - 1), { value: 2 ** 53 - 1 })
})

t.test('a file that is no database is corrupt; one that cannot be made is unavailable', async t => {
  const dir = t.testdir({ folder: {} })
  writeFileSync(join(dir, 'not.db'), 'x'.repeat(5000))
  await t.rejects(openDatabase({ file: join(dir, 'not.db') }), { code: 'STORE_CORRUPT' })
  await t.rejects(openDatabase({ file: join(dir, 'folder') }), { code: 'STORE_UNAVAILABLE' })
})

t.test('closing lets waiting writes end, folds the log into the file, and then nothing is taken any more', async t => {
  const { database, add } = await withTable(t)
  const file = join(t.testdirName, 'store.db')
  const adding = add('a', 100_000)
  await database.close()
  await adding
  t.equal(existsSync(`${file}-wal`) ? statSync(`${file}-wal`).size : 0, 0)
  t.ok(statSync(file).size > 100_000)
  await t.rejects(add('b'), { code: 'STORE_UNAVAILABLE' })
  t.throws(() => database.prepare('SELECT 1'), { code: 'STORE_UNAVAILABLE' })
  await database.close()
})

t.test('a data directory has one holder at a time', async t => {
  const dir = join(t.testdir(), 'data')
  const release = await lockDirectory(dir)
  await t.rejects(lockDirectory(dir), { code: 'DATA_DIR_IN_USE' })
  release();
  (await lockDirectory(dir))()
})
