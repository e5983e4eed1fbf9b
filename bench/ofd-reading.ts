import { randomBytes } from 'node:crypto'
import { crc32, inflateRawSync, deflateRawSync } from 'node:zlib'
import { SaxesParser } from 'saxes'
import { OFD_LIMITS } from '../services/verification/ofd/limits.js'
import { parseXml } from '../services/verification/ofd/xml.js'
import { readZip } from '../services/verification/ofd/zip.js'
import { zipOf } from '../test/support/zip-builder.js'
import { interleaved, type Suite } from './measure.js'

const ENTRIES = 12
const ENTRY_BYTES = 1700
const NAMESPACE = 'http://www.ofdspec.org/2016'

/** Reading an archive beside Node's own inflate and CRC of the same files; reading XML beside a strict streaming parser. */
export const ofdReading: Suite = async () => {
  const contents = Array.from({ length: ENTRIES }, () => Buffer.from(`<a>${randomBytes(ENTRY_BYTES / 2).toString('hex')}</a>`))
  const archive = zipOf(contents.map((content, i) => [`Doc_0/File_${i}.xml`, content]))
  const packed = contents.map(content => ({ data: deflateRawSync(content), size: content.length }))
  const bare = (): void => { for (const { data, size } of packed) crc32(inflateRawSync(data, { chunkSize: size + 1 })) }

  const object = (id: number): string => `<ofd:TextObject ID="${id}" Boundary="36 ${id} 100 5" Font="3" Size="3.5"><ofd:FillColor Value="30 30 30"/><ofd:TextCode X="0" Y="3" DeltaX="g 9 3.5">示例市示例区</ofd:TextCode></ofd:TextObject>`
  const page = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<ofd:Page xmlns:ofd="${NAMESPACE}"><ofd:Content>${Array.from({ length: 100 }, (_, i) => object(i)).join('')}</ofd:Content></ofd:Page>`)
  const saxes = (): void => {
    const parser = new SaxesParser({ xmlns: true })
    let elements = 0
    parser.on('opentag', () => { elements++ })
    parser.write(page.toString('utf8')).close()
    if (elements !== 302) throw new Error('another page')
  }

  const [zip, inflate, xml, sax] = await interleaved(
    [() => readZip(archive, OFD_LIMITS), bare, () => parseXml(page, OFD_LIMITS, 'page'), saxes], { rounds: 15, calls: 60 }) as [number, number, number, number]
  return [
    { work: `OFD archive of ${ENTRIES} files, ${(archive.length / 1024).toFixed(0)} KiB`, ours: 1000 / zip, unit: 'per s', beside: 'Node\'s inflate and CRC alone', theirs: 1000 / inflate, figure: inflate / zip, aim: { atLeast: 0.6 } },
    { work: `OFD page of ${(page.length / 1024).toFixed(0)} KiB`, ours: 1000 / xml, unit: 'per s', beside: 'saxes, which builds no tree', theirs: 1000 / sax, figure: sax / xml, aim: { atLeast: 1.5 } }
  ]
}
