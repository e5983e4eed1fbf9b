import { SaxesParser } from 'saxes'
import t from 'tap'
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader, configure } from '@zip.js/zip.js'
import type { FileEntry } from '@zip.js/zip.js'
import { OFD_LIMITS } from '../../../../services/verification/ofd/limits.js'
import { readOfd } from '../../../../services/verification/ofd/read.js'
import { Refusal } from '../../../../services/verification/ofd/refusal.js'
import { parseXml } from '../../../../services/verification/ofd/xml.js'
import type { XmlElement } from '../../../../services/verification/ofd/xml-element.js'
import { readZip } from '../../../../services/verification/ofd/zip.js'
import { zipOf } from '../../../support/zip-builder.js'
import { BAD_DOCUMENTS } from './bad-documents.js'
import { fullPackage } from './full-package.js'
import { HOSTILE } from './hostile-archives.js'
import { mutate, seeded } from './mutate.js'

/** Rounds for each of the suites; FUZZ=n for more. The seed is fixed, so a failure comes again. */
const ROUNDS = Number(process.env['FUZZ'] ?? 1500)
const SEED = 20_240_101

t.test('a mutated archive is refused or read as another strict reader reads it', async t => {
  configure({ useWebWorkers: false })
  const random = seeded(SEED)
  const sources = [zipOf([['OFD.xml', '<a/>'], ['Doc_0/证照.xml', '照'.repeat(50)], ['x', '']]), zipOf([['a', 'stored'], ['b/c', 'x']], { method: 0 }),
    zipOf([['OFD.xml', 'described'.repeat(9)], ['b', 'x']], { descriptor: 'signed' }), zipOf([['a/', ''], ['a/b', 'bare']], { descriptor: 'bare' })]
  const hostile = HOSTILE.map(({ bytes }) => bytes).filter(bytes => bytes.length > 0 && bytes.length < 2000)
  let accepted = 0
  for (let i = 0; i < ROUNDS * 20; i++) {
    const bytes = mutate((i % 4 === 0 ? hostile[(i >> 2) % hostile.length] : sources[i % sources.length]) as Buffer, random)
    const result = readZip(bytes, OFD_LIMITS)
    if ('refused' in result) continue
    accepted++
    // The second opinion takes a hundred times as long, so it is asked about what we accept only.
    const theirs = await secondZip(bytes)
    const ours = [...result.entries.values()].map(({ name, bytes }) => [name, Buffer.from(bytes).toString('hex')])
    if (JSON.stringify(theirs) !== JSON.stringify(ours)) t.fail(`round ${i}: ${bytes.toString('base64')}`)
  }
  t.ok(accepted > ROUNDS / 10, `${accepted} accepted`)
})

t.test('a mutated document is refused or read as another parser reads it', async t => {
  const random = seeded(SEED)
  const sources = [...fullPackage().values()].filter(text => text.startsWith('<')).map(text => Buffer.from(text))
  const bad = BAD_DOCUMENTS.map(({ bytes }) => bytes).filter(bytes => bytes.length > 0)
  sources.push(Buffer.from('<p:a xmlns:p="u" xmlns="v" b="1&amp;\r\n&#10;" p:c=\'2\'>x<!-- y -->&lt;<![CDATA[z&]]>\r<c xmlns=""/></p:a>'))
  let accepted = 0
  for (let i = 0; i < ROUNDS * 10; i++) {
    const bytes = mutate((i % 4 === 0 ? bad[(i >> 2) % bad.length] : sources[i % sources.length]) as Buffer, random)
    let root: XmlElement
    try {
      root = parseXml(bytes, OFD_LIMITS, 'a.xml')
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      continue
    }
    accepted++
    const [ours, theirs] = [JSON.stringify(shape(root)), JSON.stringify(secondXml(bytes))]
    if (ours !== theirs) t.fail(`round ${i}: ${bytes.toString('base64')}\n${ours}\n${theirs}`)
  }
  t.ok(accepted > ROUNDS / 2, `${accepted} accepted`)
})

t.test('a package with a mutated file is refused or read, and nothing else happens', async t => {
  const random = seeded(SEED)
  const names = [...fullPackage().keys()]
  for (let i = 0; i < ROUNDS; i++) {
    const files = new Map<string, Uint8Array | string>(fullPackage())
    const name = names[i % names.length] as string
    files.set(name, mutate(Buffer.from(files.get(name) as string), random))
    const result = readOfd(zipOf(files, { method: 0 }), OFD_LIMITS)
    if ('refused' in result && result.refused.length === 0) t.fail(`round ${i}: refused without a finding`)
  }
  t.pass()
})

async function secondZip (archive: Uint8Array): Promise<unknown> {
  try {
    const reader = new ZipReader(new Uint8ArrayReader(Uint8Array.from(archive)), { strictness: 'strict', checkSignature: true })
    const entries = await reader.getEntries()
    const files = entries.filter(entry => !entry.directory) as FileEntry[]
    const contents = await Promise.all(files.map(async entry => [entry.filename, Buffer.from(await entry.getData(new Uint8ArrayWriter())).toString('hex')]))
    return contents
  } catch (error) {
    return String(error)
  }
}

type Shape = [name: string, namespace: string, attributes: string[][], text: string, children: Shape[]]

function shape (element: XmlElement): Shape {
  return [element.name, element.namespace, [...element.attributes].map(pair => [...pair]), element.text, element.children.map(shape)]
}

function secondXml (bytes: Buffer): Shape | string {
  try {
    const parser = new SaxesParser({ xmlns: true })
    const open: Shape[] = [['', '', [], '', []]]
    const top = (): Shape => open[open.length - 1] as Shape
    parser.on('error', error => { throw error })
    parser.on('opentag', tag => {
      const attributes = Object.values(tag.attributes).filter(({ prefix, name }) => prefix !== 'xmlns' && name !== 'xmlns')
      const element: Shape = [tag.local, tag.uri, attributes.map(({ prefix, uri, local, value }) => [prefix === '' ? local : `{${uri}}${local}`, value]), '', []]
      top()[4].push(element)
      open.push(element)
    })
    parser.on('closetag', () => { open.pop() })
    const text = (text: string): void => { if (open.length > 1) top()[3] += text }
    parser.on('text', text)
    parser.on('cdata', text)
    parser.write(bytes.toString('utf8')).close()
    return top()[4][0] as Shape
  } catch (error) {
    return String(error)
  }
}
