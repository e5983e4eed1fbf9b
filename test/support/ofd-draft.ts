import type { KeyObject } from 'node:crypto'
import { der, digest, readDer, sm2Sign, type DigestAlgorithm, type DerNode } from '../../platform/crypto/index.js'
import type { SealSigner } from '../../connectors/issuing/ofd-seal.js'
import { SM2_WITH_SM3, signSes } from '../../connectors/issuing/ses.js'
import { OFD_LIMITS } from '../../services/verification/ofd/limits.js'
import { readZip } from '../../services/verification/ofd/zip.js'
import { buildZip, type BuiltArchive, type BuiltEntry } from './zip-builder.js'

export const XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
export const NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
export const LIST = 'Doc_0/Signs/Signatures.xml'
export const FOLDER = 'Doc_0/Signs/Sign_0'

/** The files of a package, to be changed one at a time and written again. */
export class Draft {
  readonly files: Map<string, Buffer>
  constructor (files: Iterable<readonly [string, Uint8Array | string]>) {
    this.files = new Map(Array.from(files, ([name, content]) => [name, Buffer.from(content)]))
  }

  static of (archive: Uint8Array): Draft {
    const read = readZip(archive, OFD_LIMITS)
    if ('refused' in read) throw new Error(read.refused.detail)
    return new Draft(Array.from(read.entries.values(), ({ name, bytes }) => [name, bytes] as const))
  }

  copy (): Draft { return new Draft(this.files) }

  get (name: string): Buffer {
    const content = this.files.get(name)
    if (content === undefined) throw new Error(`the draft has no ${name}`)
    return content
  }

  set (name: string, content: Uint8Array | string): this {
    this.files.set(name, Buffer.from(content))
    return this
  }

  drop (...names: string[]): this {
    for (const name of names) if (!this.files.delete(name)) throw new Error(`the draft has no ${name}`)
    return this
  }

  /** Every place where `find` stands; one at least. */
  edit (name: string, find: string, replacement: string): this {
    const text = this.get(name).toString('utf8')
    if (!text.includes(find)) throw new Error(`${name} does not hold ${find}`)
    return this.set(name, text.replaceAll(find, () => replacement))
  }

  /** The file under another name, in its old place. */
  rename (name: string, to: string): this {
    const entries = [...this.files]
    this.get(name)
    this.files.clear()
    for (const [each, content] of entries) this.files.set(each === name ? to : each, content)
    return this
  }

  /** @param change - of single entries; @param more - entries that are no files of the draft, after them */
  bytes (change: (entry: BuiltEntry) => BuiltEntry = entry => entry, archive: Omit<BuiltArchive, 'entries'> = {}, more: readonly BuiltEntry[] = []): Buffer {
    return buildZip({ entries: [...Array.from(this.files, ([name, content]) => change({ name, content })), ...more], ...archive })
  }
}

export interface Sealing {
  signer: SealSigner
  signedAt: Date
  /** Files that the signature does not name, though they are there. */
  uncovered?: readonly string[]
  /** `whole` covers the list of signatures, `continuing` leaves it open for more. */
  mode?: 'whole' | 'continuing'
  id?: string
  /** Directory of this signature, and the names in it. */
  folder?: string
  valueName?: string
  descriptionName?: string
  /** Absent where the description names no seal. */
  sealName?: string | undefined
  /** Attribute CheckMethod; `undefined` leaves it out. What is hashed with is `hash`. */
  checkMethod?: string | undefined
  hash?: DigestAlgorithm
  stamp?: string
  propertyInfo?: string
  /** What stands inside the value and beside it in place of the signer's own seal. */
  seal?: Uint8Array
  certificate?: Uint8Array
  /** The last word on the description before it is hashed and signed. */
  describe?: (xml: string) => string
  /** The last word on the list before it is hashed. */
  list?: (xml: string) => string
  /** The description's paths as they are written. */
  writePath?: (path: string) => string
}

/** Seals the draft as a signer would who wants just this: description, seal and value are written, the list is extended. */
export function seal (draft: Draft, sealing: Sealing): Draft {
  const { signer, signedAt, mode = 'whole', id = 's001', folder = FOLDER, valueName = 'SignedValue.dat', descriptionName = 'Signature.xml' } = sealing
  const sealName = 'sealName' in sealing ? sealing.sealName : 'Seal.esl'
  const written = sealing.writePath ?? (path => `/${path}`)
  const description = `${folder}/${descriptionName}`
  const sealBytes = sealing.seal ?? signer.seal
  const entry = `<ofd:Signature ID="${id}" Type="Seal" BaseLoc="/${description}"/>`
  const before = draft.files.get(LIST)?.toString('utf8')
  const list = before === undefined ? `${XML}<ofd:Signatures ${NAMESPACE}><ofd:MaxSignId>${id}</ofd:MaxSignId>${entry}</ofd:Signatures>` : before.replace('</ofd:Signatures>', `${entry}</ofd:Signatures>`)
  draft.set(LIST, sealing.list?.(list) ?? list)
  if (sealName !== undefined) draft.set(`${folder}/${sealName}`, sealBytes)
  const hidden = new Set([...sealing.uncovered ?? [], ...mode === 'continuing' ? [LIST] : []])
  const covered = [...draft.files].filter(([name]) => !hidden.has(name))
  const checkMethod = 'checkMethod' in sealing ? sealing.checkMethod : '1.2.156.10197.1.401'
  const references = covered.map(([name, content]) =>
    `<ofd:Reference FileRef="${written(name)}"><ofd:CheckValue>${digest(sealing.hash ?? 'sm3', content).toString('base64')}</ofd:CheckValue></ofd:Reference>`)
  const xml = `${XML}<ofd:Signature ${NAMESPACE}><ofd:SignedInfo><ofd:Provider ProviderName="test" Version="1.0"/><ofd:SignatureMethod>${SM2_WITH_SM3}</ofd:SignatureMethod>` +
    `<ofd:SignatureDateTime>20260302010000Z</ofd:SignatureDateTime><ofd:References${checkMethod === undefined ? '' : ` CheckMethod="${checkMethod}"`}>${references.join('')}</ofd:References>` +
    `<ofd:StampAnnot ID="${id}1" PageRef="${sealing.stamp ?? '1'}" Boundary="200 146 40 40"/>${sealName === undefined ? '' : `<ofd:Seal><ofd:BaseLoc>${written(`${folder}/${sealName}`)}</ofd:BaseLoc></ofd:Seal>`}` +
    `</ofd:SignedInfo><ofd:SignedValue>${written(`${folder}/${valueName}`)}</ofd:SignedValue></ofd:Signature>`
  draft.set(description, sealing.describe?.(xml) ?? xml)
  return draft.set(`${folder}/${valueName}`, signSes({
    seal: sealBytes,
    certificate: sealing.certificate ?? signer.certificate,
    privateKey: signer.privateKey,
    dataHash: digest('sm3', draft.get(description)),
    propertyInfo: sealing.propertyInfo ?? `/${description}`,
    signedAt
  }))
}

/** Elements of TBS_Sign, and those beside it; each is whole DER. @see GB/T 38540-2020 clause 7 */
export interface ValueParts { seal?: Buffer, time?: Buffer, dataHash?: Buffer, propertyInfo?: Buffer, certificate?: Buffer, algorithm?: Buffer, signature?: Buffer }

/** A seal signature with other parts; signed anew where a key is given, else with the signature as it was. */
export function changeValue (value: Uint8Array, parts: ValueParts, key?: KeyObject): Buffer {
  const [tbs, certificate, algorithm, signature] = readDer(value).children as [DerNode, DerNode, DerNode, DerNode]
  const [version, seal, time, dataHash, propertyInfo] = tbs.children as [DerNode, DerNode, DerNode, DerNode, DerNode]
  const changed = der.sequence(version.bytes, parts.seal ?? seal.bytes, parts.time ?? time.bytes, parts.dataHash ?? dataHash.bytes, parts.propertyInfo ?? propertyInfo.bytes)
  return der.sequence(changed, parts.certificate ?? certificate.bytes, parts.algorithm ?? algorithm.bytes,
    key === undefined ? parts.signature ?? signature.bytes : der.bits(sm2Sign(key, changed)))
}
