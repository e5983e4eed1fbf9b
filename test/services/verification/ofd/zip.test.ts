import t from 'tap'
import { OFD_LIMITS } from '../../../../services/verification/ofd/limits.js'
import type { ZipLimits } from '../../../../services/verification/ofd/limits.js'
import { readZip } from '../../../../services/verification/ofd/zip.js'
import { buildZip, extraField, zipOf } from '../../../support/zip-builder.js'
import type { BuiltArchive } from '../../../support/zip-builder.js'
import { HOSTILE, plainEntries } from './hostile-archives.js'

function codeOf (bytes: Buffer, limits: Partial<ZipLimits> = {}): string {
  const result = readZip(bytes, { ...OFD_LIMITS, ...limits })
  return 'refused' in result ? result.refused.code : 'accepted'
}

t.test('an honest archive gives its files by name, directories left out', async t => {
  const bytes = zipOf([['OFD.xml', '<a/>'], ['Doc_0/', ''], ['Doc_0/证照.xml', '照'], ['__proto__', 'x']])
  const result = readZip(bytes, OFD_LIMITS)
  if ('refused' in result) throw new Error(result.refused.detail)
  t.same([...result.entries].map(([name, file]) => [name, file.name, Buffer.from(file.bytes).toString()]), [
    ['OFD.xml', 'OFD.xml', '<a/>'], ['Doc_0/证照.xml', 'Doc_0/证照.xml', '照'], ['__proto__', '__proto__', 'x']])
  t.same(result.dialects, [])
})

t.test('each hostile archive is refused with its own code', async t => {
  t.ok(HOSTILE.length >= 42)
  for (const { title, code, bytes } of HOSTILE) t.equal(codeOf(bytes), code, title)
})

t.test('what honest writers do differently is accepted', async t => {
  const accepted = (changes: Partial<BuiltArchive>, first = {}): void => {
    const [a, b] = plainEntries()
    t.equal(codeOf(buildZip({ entries: [{ ...a, ...first }, b], ...changes })), 'accepted', JSON.stringify({ changes, first }))
  }
  accepted({})
  accepted({ order: [1, 0] })
  accepted({ entries: [] })
  accepted({}, { method: 0 })
  accepted({}, { descriptor: 'signed' })
  accepted({}, { descriptor: 'bare' })
  accepted({}, { flags: 0x0806 })
  accepted({}, { flags: 0x0000 })
  accepted({}, { content: '' })
  accepted({}, { madeBy: 0x0314, attributes: 0x81a40000 })
  accepted({}, { extra: extraField(0x5455, Buffer.from([3, 0, 0, 0, 0])), local: { extra: extraField(0x5455, Buffer.alloc(9)) } })
  accepted({}, { extra: extraField(0x000a, Buffer.alloc(32)), local: { extra: Buffer.alloc(0) } })
})

t.test('comments without a signature of ZIP are accepted and reported', async t => {
  const [a, b] = plainEntries()
  const dialects = (changes: Partial<BuiltArchive>): string[] => {
    const result = readZip(buildZip({ entries: [a, b], ...changes }), OFD_LIMITS)
    return 'refused' in result ? [result.refused.code] : result.dialects
  }
  t.same(dialects({ comment: Buffer.from('KRC') }), ['archive-comment'])
  t.same(dialects({ comment: Buffer.alloc(0xffff) }), ['archive-comment'])
  t.same(dialects({ entries: [{ ...a, comment: Buffer.from('made by hand') }, b] }), ['entry-comment'])
})

t.test('each limit holds on both sides', async t => {
  const bytes = zipOf([['ab', 'x'.repeat(100)], ['cd', 'y'.repeat(50)]], { method: 0 })
  const sides: Array<[keyof ZipLimits, number, string]> = [
    ['archiveBytes', bytes.length, 'ZIP_TOO_LARGE'], ['entryCount', 2, 'ZIP_TOO_MANY_ENTRIES'], ['nameBytes', 2, 'ZIP_NAME'],
    ['entryBytes', 100, 'ZIP_ENTRY_TOO_LARGE'], ['totalBytes', 150, 'ZIP_TOTAL_TOO_LARGE'], ['compressionRatio', 1, 'ZIP_RATIO']
  ]
  for (const [name, most, code] of sides) {
    t.equal(codeOf(bytes, { [name]: most }), 'accepted', name)
    t.equal(codeOf(bytes, { [name]: most - 1 }), code, name)
  }
})

t.test('limits are held against what the directory says, before anything is inflated', async t => {
  // The data is no deflate stream at all: had it been touched, the code would be ZIP_DATA.
  const bytes = buildZip({ entries: [{ name: 'a', size: 1000, data: Buffer.alloc(500, 0xff) }] })
  t.equal(codeOf(bytes), 'ZIP_DATA')
  t.equal(codeOf(bytes, { entryBytes: 999 }), 'ZIP_ENTRY_TOO_LARGE')
  t.equal(codeOf(bytes, { totalBytes: 999 }), 'ZIP_TOTAL_TOO_LARGE')
  t.equal(codeOf(bytes, { compressionRatio: 1 }), 'ZIP_RATIO')
})

t.test('bytes that are a part of a larger buffer are read as themselves', async t => {
  const bytes = zipOf([['a', 'x']])
  const larger = new Uint8Array(Buffer.concat([Buffer.from('before'), bytes, Buffer.from('after')]))
  t.ok('entries' in readZip(larger.subarray(6, 6 + bytes.length), OFD_LIMITS))
})
