import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Test } from 'tap'
import type { Files } from '../../platform/files/port.js'

/** Opens a store that is empty at first and the same at each later call. */
export type FilesFactory = (t: Test) => Promise<{ open: () => Promise<Files>, damage: (sha256: string) => Promise<void> }>

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** What every store of files promises. */
export function filesContract (t: Test, factory: FilesFactory): void {
  const content = async (files: Files, name: string): Promise<Buffer | undefined> => {
    const file = await files.open(name)
    return file && await buffer(file.stream)
  }

  t.test('bytes come back by their digest, and are kept once', async t => {
    const files = await (await factory(t)).open()
    const bytes = Buffer.from('证照')
    const reference = { sha256: sha256(bytes), size: 6 }
    t.equal(await files.has(reference.sha256), false)
    t.same(await files.put(bytes, { maxBytes: 6 }), reference)
    t.same(await files.put(Readable.from([bytes.subarray(0, 1), bytes.subarray(1)]), { maxBytes: 6 }), reference)
    t.equal(await files.has(reference.sha256), true)
    t.same(await content(files, reference.sha256), bytes)
    t.equal((await files.open(reference.sha256))?.size, 6)
  })

  t.test('an empty file and one of several megabytes are files', async t => {
    const files = await (await factory(t)).open()
    for (const bytes of [Buffer.alloc(0), randomBytes(3_000_001)]) {
      const { sha256: name } = await files.put(Readable.from([bytes], { objectMode: true }), { maxBytes: bytes.length })
      t.equal(name, sha256(bytes))
      t.ok((await content(files, name))?.equals(bytes))
    }
  })

  t.test('one byte too many is refused, streamed or not, and nothing is kept', async t => {
    const files = await (await factory(t)).open()
    const bytes = Buffer.alloc(11, 1)
    const stream = Readable.from([bytes.subarray(0, 6), bytes.subarray(6)])
    await t.rejects(files.put(bytes, { maxBytes: 10 }), { code: 'BODY_TOO_LARGE' })
    await t.rejects(files.put(stream, { maxBytes: 10 }), { code: 'BODY_TOO_LARGE' })
    t.equal(stream.destroyed, true)
    t.equal(await files.has(sha256(bytes)), false)
    t.equal(await files.has(sha256(bytes.subarray(0, 6))), false)
    await files.put(bytes, { maxBytes: 11 })
    t.equal(await files.has(sha256(bytes)), true)
  })

  t.test('a source that fails leaves nothing, and its error comes out', async t => {
    const files = await (await factory(t)).open()
    const source = Readable.from((async function * () { yield Buffer.from('part'); throw new Error('line dropped') })())
    await t.rejects(files.put(source, { maxBytes: 100 }), { message: 'line dropped' })
    t.equal(await files.has(sha256(Buffer.from('part'))), false)
  })

  t.test('what is not kept, or is no digest, is not there', async t => {
    const files = await (await factory(t)).open()
    for (const name of ['0'.repeat(64), '', '../incoming', `${'0'.repeat(62)}/.`, sha256(Buffer.from('x')).toUpperCase()]) {
      t.equal(await files.open(name), undefined)
      t.equal(await files.has(name), false)
    }
  })

  t.test('the same file put many times at once is there once and whole', async t => {
    const files = await (await factory(t)).open()
    const bytes = randomBytes(200_000)
    await Promise.all(Array.from({ length: 8 }, async () => await files.put(bytes, { maxBytes: 200_000 })))
    t.ok((await content(files, sha256(bytes)))?.equals(bytes))
  })

  t.test('files are there after opening again', async t => {
    const { open } = await factory(t)
    const { sha256: name } = await (await open()).put(Buffer.from('v'), { maxBytes: 1 })
    t.same(await content(await open(), name), Buffer.from('v'))
  })

  t.test('bytes that do not fit their name any more are an error, not a file', async t => {
    const { open, damage } = await factory(t)
    const files = await open()
    const { sha256: name } = await files.put(Buffer.from('genuine'), { maxBytes: 7 })
    await damage(name)
    await t.rejects(content(files, name), { code: 'STORE_CORRUPT' })
    await files.put(Buffer.from('genuine'), { maxBytes: 7 })
    t.same(await content(files, name), Buffer.from('genuine'), 'putting it again mends it')
  })
}
