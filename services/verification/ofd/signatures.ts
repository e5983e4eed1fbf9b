import type { SignatureDescription, SignatureList } from './package.js'
import { candidates } from './paths.js'
import type { Reading } from './reading.js'
import { quoted, Refusal } from './refusal.js'
import { all, attribute, one, optional, optionalAttribute, optionalValue, places, value } from './tree.js'
import type { Places } from './tree.js'
import type { XmlElement } from './xml-element.js'

// Here every element is named, so that nothing which the standard does not know can hide a second reading.
const LIST = places({ Signatures: [], MaxSignId: ['Signatures'], Signature: ['Signatures'] })
const DESCRIPTION = places({
  Signature: [],
  SignedInfo: ['Signature'],
  SignedValue: ['Signature'],
  Provider: ['SignedInfo'],
  ProviderName: ['Provider'],
  Version: ['Provider'],
  Company: ['Provider'],
  SignatureMethod: ['SignedInfo'],
  SignatureDateTime: ['SignedInfo'],
  Parameters: ['SignedInfo'],
  Parameter: ['Parameters'],
  References: ['SignedInfo'],
  Reference: ['References'],
  CheckValue: ['Reference'],
  StampAnnot: ['SignedInfo'],
  Seal: ['SignedInfo'],
  BaseLoc: ['Seal']
})
/** Elements that hold text; between the others only white space may stand. */
const VALUES = new Set(['MaxSignId', 'SignedValue', 'ProviderName', 'Version', 'Company', 'SignatureMethod', 'SignatureDateTime', 'Parameter', 'CheckValue', 'BaseLoc'])
const BLANK = /^[ \t\r\n]*$/
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Which files belong to signatures; none may have another role in the document, or serve two signatures but for the seal. */
export class SignatureFiles {
  readonly #reading: Reading
  readonly paths = new Set<string>()
  readonly #seals = new Set<string>()
  constructor (reading: Reading) { this.#reading = reading }

  add (path: string, isSeal = false): string {
    const before = this.#reading.reachable.get(path)
    if (before !== undefined) throw new Refusal('OFD_FILE_TWO_ROLES', `${quoted(path)} belongs to a signature and is ${before}`)
    if (this.paths.has(path) && !(isSeal && this.#seals.has(path))) throw new Refusal('OFD_SIGNATURE_TWICE', quoted(path))
    this.paths.add(path)
    if (isSeal) this.#seals.add(path)
    return path
  }
}

/**
 * Reads a list of signatures and each description in it. What cannot be found is refused: a signature that was cut out must not
 * leave a document that is merely unsigned.
 * @param reference - as OFD.xml names the list
 * @see GB/T 33190-2016, 18.1 and 18.2
 */
export function readSignatureList (reading: Reading, files: SignatureFiles, reference: string, from: string, document: number): SignatureList {
  const path = files.add(reading.locate(reference, from, 'SIGNATURE_LIST_MISSING'))
  const root = strictTree(reading, path, 'Signatures', LIST)
  if (all(root, 'MaxSignId').length > 1) reading.dialects.add('max-sign-id-twice')
  const ids = new Set<string>()
  const signatures = all(root, 'Signature').map(entry => {
    const id = attribute(entry, 'ID', path)
    if (ids.has(id)) throw new Refusal('OFD_SIGNATURE_TWICE', `the ID ${quoted(id)} in ${quoted(path)}`)
    ids.add(id)
    const type = optionalAttribute(entry, 'Type', path) ?? 'Seal'
    if (type !== 'Seal' && type !== 'Sign') throw new Refusal('OFD_VALUE_BAD', `Type=${quoted(type)} in ${quoted(path)}`)
    const file = files.add(reading.locate(attribute(entry, 'BaseLoc', path), path, 'SIGNATURE_FILE_MISSING'))
    return readDescription(reading, files, { id, type, path: file })
  })
  for (const entry of all(root, 'Signature')) {
    const base = optionalAttribute(entry, 'Relative', path)
    // GM/T 0099: the signature that this one was made upon. Were it gone, someone has cut it out.
    if (base !== undefined && !ids.has(base)) throw new Refusal('OFD_ID_UNKNOWN', `the signature ${quoted(base)} in ${quoted(path)}`)
  }
  return { path, document, signatures }
}

function readDescription (reading: Reading, files: SignatureFiles, entry: Pick<SignatureDescription, 'id' | 'type' | 'path'>): SignatureDescription {
  const { path } = entry
  const root = strictTree(reading, path, 'Signature', DESCRIPTION)
  const info = one(root, 'SignedInfo', path)
  const seal = optional(info, 'Seal', path)
  const references = one(info, 'References', path)
  const locate = (reference: string): string => reading.locate(reference, path, 'SIGNATURE_FILE_MISSING')
  const valuePath = files.add(locate(value(one(root, 'SignedValue', path), path)))
  const sealPath = seal === undefined ? undefined : files.add(locate(value(one(seal, 'BaseLoc', path), path)), true)
  const description: SignatureDescription = {
    ...entry,
    bytes: (reading.files.get(path) as { bytes: Uint8Array }).bytes,
    references: readReferences(reading, files, references, path),
    stamps: all(info, 'StampAnnot').map(stamp => ({
      id: attribute(stamp, 'ID', path), pageRef: attribute(stamp, 'PageRef', path), boundary: attribute(stamp, 'Boundary', path)
    })),
    valuePath
  }
  if (sealPath !== undefined) description.sealPath = sealPath
  const facts = {
    provider: readProvider(reading, info, path),
    signatureMethod: optionalValue(info, 'SignatureMethod', path),
    signatureDateTime: optionalValue(info, 'SignatureDateTime', path),
    checkMethod: optionalAttribute(references, 'CheckMethod', path)
  }
  for (const [name, fact] of Object.entries(facts)) if (fact !== undefined) description[name as keyof typeof facts] = fact
  return description
}

function readProvider (reading: Reading, info: XmlElement, path: string): string | undefined {
  const provider = optional(info, 'Provider', path)
  if (provider === undefined) return undefined
  const named = optionalAttribute(provider, 'ProviderName', path)
  const element = optionalValue(provider, 'ProviderName', path)
  if (named !== undefined && element !== undefined) throw new Refusal('OFD_ELEMENT_TWICE', `"ProviderName" in ${quoted(path)}`)
  if (element !== undefined) reading.dialects.add('provider-as-elements')
  return named ?? element
}

function readReferences (reading: Reading, files: SignatureFiles, references: XmlElement, from: string): SignatureDescription['references'] {
  const seen = new Set<string>()
  const list = all(references, 'Reference').map(reference => {
    const fileRef = attribute(reference, 'FileRef', from)
    // A file that is gone is for the check on integrity to tell, so it keeps the name that it would have.
    // So does one whose name was changed in case: a reader that minds the case would show nothing in its place.
    const fromRoot = (candidates(fileRef, from).at(-1) as { path: string }).path
    const found = reading.find(fileRef, from, undefined, true) ?? fromRoot
    // Moved below the description it would still be found, though the document leads to where it was.
    const path = found === fromRoot || reading.reachable.has(found) || files.paths.has(found) ? found : fromRoot
    if (seen.has(path)) throw new Refusal('OFD_REFERENCE_TWICE', `${quoted(path)} in ${quoted(from)}`)
    seen.add(path)
    return { fileRef, path, checkValue: base64(value(one(reference, 'CheckValue', from), from), from) }
  })
  if (list.length === 0) throw new Refusal('OFD_ELEMENT_MISSING', `${quoted(from)} refers to no file`)
  return list
}

/** White space may stand in it, as xs:base64Binary allows; else there is one spelling for each value. */
function base64 (text: string, file: string): Uint8Array {
  const tight = text.replace(/[ \t\r\n]+/g, '')
  const bytes = Buffer.from(tight, 'base64')
  if (tight === '' || !BASE64.test(tight) || bytes.toString('base64') !== tight) throw new Refusal('OFD_CHECK_VALUE', `${quoted(tight)} in ${quoted(file)}`)
  return bytes
}

function strictTree (reading: Reading, path: string, rootName: string, places: Places): XmlElement {
  const check = (element: XmlElement): void => {
    if (!places.has(element.name)) throw new Refusal('OFD_ELEMENT_UNKNOWN', `${quoted(element.name)} in ${quoted(path)}`)
    if (!VALUES.has(element.name) && !BLANK.test(element.text)) throw new Refusal('OFD_ELEMENT_UNKNOWN', `text in ${quoted(element.name)} of ${quoted(path)}`)
  }
  const root = reading.tree(path, rootName, places, check)
  check(root)
  return root
}
