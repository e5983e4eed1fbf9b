import { readDocument } from './document.js'
import type { OfdDocument } from './package.js'
import type { Reading } from './reading.js'
import { quoted, Refusal } from './refusal.js'
import { all, attribute, one, optional, optionalAttribute, optionalValue, places, rawValue, value } from './tree.js'
import type { XmlElement } from './xml-element.js'

/** Fixed by the standard; every other name is free. */
export const ROOT = 'OFD.xml'

const PLACES = places({
  OFD: [],
  DocBody: ['OFD'],
  DocInfo: ['DocBody'],
  DocRoot: ['DocBody'],
  Signatures: ['DocBody'],
  Versions: ['DocBody'],
  Version: ['Versions'],
  Cover: ['DocInfo'],
  CustomDatas: ['DocInfo'],
  CuslomDatas: ['DocInfo'],
  CustomData: ['CustomDatas', 'CuslomDatas'],
  CuslomData: ['CustomDatas', 'CuslomDatas']
})
const VERSION = places({ DocVersion: [], FileList: ['DocVersion'], File: ['FileList'], DocRoot: ['DocVersion'] })

/** A document, and how OFD.xml refers to its list of signatures. */
export interface NamedDocument { document: OfdDocument, signatures?: string }

/** Reads OFD.xml and every document that it names, all versions of each included. @see GB/T 33190-2016, 7.4 */
export function readRoot (reading: Reading): NamedDocument[] {
  if (!reading.files.has(ROOT)) throw new Refusal('OFD_ROOT_MISSING', 'no OFD.xml')
  reading.mark(ROOT, 'root')
  const bodies = all(reading.tree(ROOT, 'OFD', PLACES), 'DocBody')
  if (bodies.length === 0) throw new Refusal('OFD_ELEMENT_MISSING', 'OFD.xml names no document')
  const seen = new Set<string>()
  return bodies.map(body => readBody(reading, body, seen))
}

function readBody (reading: Reading, body: XmlElement, seen: Set<string>): NamedDocument {
  const info = one(body, 'DocInfo', ROOT)
  const path = reading.reach(value(one(body, 'DocRoot', ROOT), ROOT), ROOT, 'document')
  if (seen.has(path)) throw new Refusal('OFD_DOCUMENT_TWICE', quoted(path))
  seen.add(path)
  const cover = optionalValue(info, 'Cover', ROOT)
  if (cover !== undefined) reading.reach(cover, ROOT, 'resource')
  const document: OfdDocument = { path, customDatas: readCustomDatas(reading, info), ...readDocument(reading, path) }
  const docId = optionalValue(info, 'DocID', ROOT)
  const title = optionalValue(info, 'Title', ROOT)
  if (docId !== undefined) document.docId = docId
  if (title !== undefined) document.title = title
  readVersions(reading, body, path, seen)
  const signatures = optionalValue(body, 'Signatures', ROOT)
  return signatures === undefined ? { document } : { document, signatures }
}

function readCustomDatas (reading: Reading, info: XmlElement): Map<string, string> {
  const datas = new Map<string, string>()
  const [list, second] = [...all(info, 'CustomDatas'), ...all(info, 'CuslomDatas')]
  if (second !== undefined) throw new Refusal('OFD_ELEMENT_TWICE', '"CustomDatas" in "DocInfo"')
  for (const data of list?.children ?? []) {
    if (data.name !== 'CustomData' && data.name !== 'CuslomData') continue
    const upper = optionalAttribute(data, 'Name', ROOT)
    const lower = optionalAttribute(data, 'name', ROOT)
    if (lower !== undefined || data.name === 'CuslomData' || list?.name === 'CuslomDatas') reading.dialects.add('misspelt-custom-datas')
    const name = upper ?? lower
    if (name === undefined || (upper !== undefined && lower !== undefined)) throw new Refusal('OFD_VALUE_BAD', '"CustomData" has no Name, or two')
    if (datas.has(name)) throw new Refusal('OFD_CUSTOM_DATA_TWICE', quoted(name))
    datas.set(name, rawValue(data, ROOT))
  }
  return datas
}

/** Every version may be shown, so all count as reached; the current one must be the document that OFD.xml names as such. */
function readVersions (reading: Reading, body: XmlElement, path: string, seen: Set<string>): void {
  const versions = optional(body, 'Versions', ROOT)
  if (versions === undefined) return
  let current = 0
  for (const version of all(versions, 'Version')) {
    const file = reading.reach(attribute(version, 'BaseLoc', ROOT), ROOT, 'version')
    const root = reading.tree(file, 'DocVersion', VERSION)
    const document = reading.reach(value(one(root, 'DocRoot', file), file), file, 'document')
    const flag = optionalAttribute(version, 'Current', ROOT) ?? 'false'
    if (!/^(?:true|false|1|0)$/.test(flag)) throw new Refusal('OFD_VALUE_BAD', `Current=${quoted(flag)} in "OFD.xml"`)
    if ((flag === 'true' || flag === '1') && (++current > 1 || document !== path)) throw new Refusal('OFD_VERSION_AMBIGUOUS', quoted(document))
    if (!seen.has(document)) {
      seen.add(document)
      readDocument(reading, document)
    }
    for (const listed of all(one(root, 'FileList', file), 'File')) {
      const name = reading.locate(value(listed, file), file, 'OFD_FILE_MISSING')
      if (!reading.reachable.has(name)) reading.mark(name, 'version')
    }
  }
}
