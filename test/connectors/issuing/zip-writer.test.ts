import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js'
import t from 'tap'
import { packFile, writeZip } from '../../../connectors/issuing/zip-writer.js'
import { OFD_LIMITS } from '../../../services/verification/ofd/limits.js'
import { readZip } from '../../../services/verification/ofd/zip.js'

const content = Buffer.from('面条'.repeat(500))
const archive = () => writeZip([packFile('OFD.xml', content), packFile('Doc_0/字体.ttf', content.subarray(0, 600)), packFile('seal', content), packFile('empty', Buffer.alloc(0))])

t.test('our strict reader and another read the same files in the same order', async t => {
  const ours = readZip(archive(), OFD_LIMITS)
  t.ok('entries' in ours)
  if (!('entries' in ours)) return
  t.same(ours.dialects, [])
  const theirs = await new ZipReader(new Uint8ArrayReader(archive())).getEntries()
  t.same([...ours.entries.keys()], theirs.map(({ filename }) => filename))
  for (const entry of theirs) {
    if (entry.directory) throw new Error('a directory')
    const bytes = await entry.getData(new Uint8ArrayWriter(), { checkSignature: true })
    t.same(Buffer.from(bytes), Buffer.from(ours.entries.get(entry.filename)?.bytes as Uint8Array), entry.filename)
  }
})

t.test('an archive holds no time of day and is the same each time', async t => {
  t.ok(archive().equals(archive()))
  for (const { lastModDate } of await new ZipReader(new Uint8ArrayReader(archive())).getEntries()) t.match(lastModDate.toLocaleString('sv'), /^1980-01-01 00:00:00/)
})

t.test('an archive that would need Zip64 is refused', async t => {
  const file = packFile('a', Buffer.alloc(0))
  t.doesNotThrow(() => writeZip(Array(0xfffe).fill(file)))
  t.throws(() => writeZip(Array(0xffff).fill(file)), RangeError)
})
