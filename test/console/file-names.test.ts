import { join } from 'node:path'
import t from 'tap'
import { FileNames, type NamedFile } from '../../console/file-names.js'
import { openEmbeddedDocuments } from '../../platform/documents/embedded/index.js'
import { openDatabase } from '../../platform/sqlite/database.js'
import { fixedClock } from '../../services/core/clock.js'

t.test('a file name is for its own organisation, and gone after ninety days', async t => {
  const database = await openDatabase({ file: join(t.testdir(), 'store.db') })
  const documents = await openEmbeddedDocuments(database)
  t.teardown(async () => { await documents.close(); await database.close() })
  const kept = await documents.collection<NamedFile>('console-file-names', { indexes: { until: { on: ['until'] } } })
  const clock = fixedClock(new Date('2026-08-01T00:00:00Z'))
  const names = new FileNames(kept, clock)
  await names.keep({ receiptId: 'r-1', organisation: 'ours', name: '张三.ofd' })
  t.equal(await names.of('r-1', 'theirs'), undefined)
  clock.set(new Date('2026-10-29T23:59:59.999Z'))
  t.equal(await names.of('r-1', 'ours'), '张三.ofd')
  clock.set(new Date('2026-10-30T00:00:00Z'))
  t.equal(await names.of('r-1', 'ours'), undefined)
  await names.keep({ receiptId: 'r-2', organisation: 'ours', name: '李四.ofd' })
  t.equal(await kept.get('r-1'), undefined, 'the store forgets it, too')
  t.equal(await names.of('r-2', 'ours'), '李四.ofd')
})
