import type { OfdDocument, ReachableKind } from './package.js'
import type { Reading } from './reading.js'
import { quoted, Refusal } from './refusal.js'
import { all, attribute, id, one, optional, optionalAttribute, optionalValue, places, rawValue, value } from './tree.js'
import type { XmlElement } from './xml-element.js'

const DOCUMENT = places({
  CommonData: ['Document'],
  PublicRes: ['CommonData'],
  DocumentRes: ['CommonData'],
  TemplatePage: ['CommonData'],
  Pages: ['Document'],
  Page: ['Pages'],
  Annotations: ['Document'],
  Attachments: ['Document'],
  CustomTags: ['Document'],
  Extensions: ['Document']
})
const PAGE = places({ Page: [], Template: ['Page'], PageRes: ['Page'] })
const RESOURCES = places({
  Res: [],
  ColorSpaces: ['Res'],
  ColorSpace: ['ColorSpaces'],
  DrawParams: ['Res'],
  DrawParam: ['DrawParams'],
  Fonts: ['Res'],
  Font: ['Fonts'],
  FontFile: ['Font'],
  MultiMedias: ['Res'],
  MultiMedia: ['MultiMedias'],
  MediaFile: ['MultiMedia'],
  CompositeGraphicUnits: ['Res'],
  CompositeGraphicUnit: ['CompositeGraphicUnits']
})
const ANNOTATIONS = places({ Annotations: [], Page: ['Annotations'], FileLoc: ['Page'] })
const PAGE_ANNOTATION = places({ PageAnnot: [], Annot: ['PageAnnot'], Appearance: ['Annot'] })
const ATTACHMENTS = places({ Attachments: [], Attachment: ['Attachments'], FileLoc: ['Attachment'] })
const CUSTOM_TAGS = places({ CustomTags: [], CustomTag: ['CustomTags'], FileLoc: ['CustomTag'], SchemaLoc: ['CustomTag'] })
const EXTENSIONS = places({ Extensions: [], Extension: ['Extensions'], ExtendData: ['Extension'] })

/** Lists of resources and what stands in each: a font, a picture, … is looked up by its kind and ID. */
const RESOURCE_KINDS = [
  ['ColorSpaces', 'ColorSpace'], ['DrawParams', 'DrawParam'], ['Fonts', 'Font'], ['MultiMedias', 'MultiMedia'], ['CompositeGraphicUnits', 'CompositeGraphicUnit']
] as const

/** What is read below one Document.xml. */
export type DocumentBody = Pick<OfdDocument, 'pages' | 'attachments'>

/**
 * Follows Document.xml to everything that a reader shows or offers: templates, resources, pages, annotations, attachments, custom
 * tags, extensions. The file itself has been marked by who named it.
 */
export function readDocument (reading: Reading, path: string): DocumentBody {
  const root = reading.tree(path, 'Document', DOCUMENT)
  const common = one(root, 'CommonData', path)
  const resources = new Resources(reading)
  for (const name of ['PublicRes', 'DocumentRes']) {
    for (const list of all(common, name)) resources.read(value(list, path), path)
  }
  const ids = new Set<string>()
  const templates = new Set<string>()
  for (const template of all(common, 'TemplatePage')) {
    const templateId = distinct(ids, id(template, 'ID', path), path)
    templates.add(templateId)
    const file = reading.reach(attribute(template, 'BaseLoc', path), path, 'template')
    readPage(reading, file, templates, resources, true)
  }
  const files = new Set<string>()
  const pages = all(one(root, 'Pages', path), 'Page').map(page => {
    const pageId = distinct(ids, id(page, 'ID', path), path)
    const file = reading.reach(attribute(page, 'BaseLoc', path), path, 'page')
    if (files.has(file)) throw new Refusal('OFD_PAGE_TWICE', `a page file of ${quoted(path)}`)
    files.add(file)
    return { id: pageId, path: file, texts: readPage(reading, file, templates, resources, false) }
  })
  if (pages.length === 0) throw new Refusal('OFD_ELEMENT_MISSING', `${quoted(path)} has no page`)
  readAnnotations(reading, root, path)
  readListed(reading, root, path, 'CustomTags')
  readListed(reading, root, path, 'Extensions')
  return { pages, attachments: readAttachments(reading, root, path) }
}

function distinct (ids: Set<string>, id: string, path: string): string {
  if (ids.has(id)) throw new Refusal('OFD_PAGE_TWICE', `the ID ${quoted(id)} in ${quoted(path)}`)
  ids.add(id)
  return id
}

function readPage (reading: Reading, path: string, templates: ReadonlySet<string>, resources: Resources, isTemplate: boolean): string[] {
  const texts: string[] = []
  const root = reading.tree(path, 'Page', PAGE, element => {
    if (element.name === 'TextObject') texts.push(element.children.map(child => child.name === 'TextCode' ? child.text : '').join(''))
  })
  for (const template of all(root, 'Template')) {
    const named = id(template, 'TemplateID', path)
    // A template may be named before the one that it is drawn on; which ones there are is known once all have been read.
    if (!isTemplate && !templates.has(named)) throw new Refusal('OFD_ID_UNKNOWN', `the template ${quoted(named)} in ${quoted(path)}`)
  }
  for (const list of all(root, 'PageRes')) resources.read(value(list, path), path)
  return texts
}

/** Resource lists of one document, each read once, whoever names it. */
class Resources {
  readonly #reading: Reading
  readonly #lists = new Set<string>()
  readonly #ids = new Set<string>()
  constructor (reading: Reading) { this.#reading = reading }

  read (reference: string, from: string): void {
    const path = this.#reading.find(reference, from)
    if (path === undefined) {
      this.#reading.missing.push({ from, reference })
      return
    }
    this.#reading.mark(path, 'resource-list')
    if (this.#lists.has(path)) return
    this.#lists.add(path)
    const root = this.#reading.tree(path, 'Res', RESOURCES)
    const base = optionalAttribute(root, 'BaseLoc', path)
    for (const [list, kind] of RESOURCE_KINDS) {
      for (const resource of all(root, list).flatMap(element => all(element, kind))) this.#resource(resource, path, base)
    }
  }

  #resource (resource: XmlElement, path: string, base: string | undefined): void {
    const key = `${resource.name} ${id(resource, 'ID', path)}`
    if (this.#ids.has(key)) throw new Refusal('OFD_ID_TWICE', `${key} in ${quoted(path)}`)
    this.#ids.add(key)
    const file = resource.name === 'MultiMedia'
      ? value(one(resource, 'MediaFile', path), path)
      : resource.name === 'Font'
        ? optionalValue(resource, 'FontFile', path)
        : resource.name === 'ColorSpace' ? optionalAttribute(resource, 'Profile', path) : undefined
    if (file !== undefined) this.#reading.reach(file, path, 'resource', base)
  }
}

function readAnnotations (reading: Reading, document: XmlElement, from: string): void {
  const list = listFile(reading, document, from, 'Annotations', 'annotation')
  if (list === undefined) return
  const pages = new Set<string>()
  for (const page of all(reading.tree(list, 'Annotations', ANNOTATIONS), 'Page')) {
    const pageId = id(page, 'PageID', list)
    if (pages.has(pageId)) throw new Refusal('OFD_ID_TWICE', `annotations of the page ${quoted(pageId)} in ${quoted(list)}`)
    pages.add(pageId)
    const file = reading.reach(value(one(page, 'FileLoc', list), list), list, 'annotation')
    reading.tree(file, 'PageAnnot', PAGE_ANNOTATION)
  }
}

function readAttachments (reading: Reading, document: XmlElement, from: string): OfdDocument['attachments'] {
  const list = listFile(reading, document, from, 'Attachments', 'attachment')
  if (list === undefined) return []
  const ids = new Set<string>()
  return all(reading.tree(list, 'Attachments', ATTACHMENTS), 'Attachment').map(attachment => {
    const id = optionalAttribute(attachment, 'ID', list) ?? ''
    if (id === '') reading.dialects.add('attachment-without-id')
    else if (ids.has(id)) throw new Refusal('OFD_ID_TWICE', `the attachment ${quoted(id)} in ${quoted(list)}`)
    ids.add(id)
    const name = attribute(attachment, 'Name', list)
    return { id, name, path: reading.reach(value(one(attachment, 'FileLoc', list), list), list, 'attachment') }
  })
}

/** Custom tags and extensions: lists that lead to files which are carried, not drawn. */
function readListed (reading: Reading, document: XmlElement, from: string, name: 'CustomTags' | 'Extensions'): void {
  const kind = name === 'CustomTags' ? 'custom-tag' : 'extension'
  const list = listFile(reading, document, from, name, kind)
  if (list === undefined) return
  const [entry, files] = name === 'CustomTags' ? ['CustomTag', ['FileLoc', 'SchemaLoc']] as const : ['Extension', ['ExtendData']] as const
  for (const element of all(reading.tree(list, name, name === 'CustomTags' ? CUSTOM_TAGS : EXTENSIONS), entry)) {
    for (const file of files) for (const location of all(element, file)) reading.reach(value(location, list), list, kind)
  }
}

function listFile (reading: Reading, document: XmlElement, from: string, name: string, kind: ReachableKind): string | undefined {
  const element = optional(document, name, from)
  return element === undefined ? undefined : reading.reach(rawValue(element, from), from, kind)
}
