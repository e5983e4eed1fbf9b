import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openEmbeddedFiles } from '../../../../platform/files/embedded/index.js'
import { filesContract } from '../../../contract/files.js'

t.test('files', async t => {
  filesContract(t, async t => {
    const dir = join(t.testdir(), 'files')
    return {
      open: async () => await openEmbeddedFiles(dir),
      damage: async sha256 => { writeFileSync(join(dir, sha256.slice(0, 2), sha256), 'genuine'.toUpperCase()) }
    }
  })
})

t.test('what a process left half-written is gone after the next start', async t => {
  const dir = t.testdir({ incoming: { 'half-written': 'ha' } })
  const files = await openEmbeddedFiles(dir)
  t.same(readdirSync(join(dir, 'incoming')), [])
  await t.rejects(files.put(Buffer.from('xx'), { maxBytes: 1 }), { code: 'BODY_TOO_LARGE' })
  t.same(readdirSync(join(dir, 'incoming')), [], 'nor does a refused file leave one')
})

t.test('a folder that cannot be made is a failure of the store', async t => {
  const dir = t.testdir({ file: '' })
  await t.rejects(openEmbeddedFiles(join(dir, 'file', 'below')), { code: 'STORE_UNAVAILABLE' })
})
