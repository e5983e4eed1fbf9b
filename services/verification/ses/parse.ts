import {
  bitOctets, boolean, der, DerError, explicit, fields, ia5, octets, oid, printable, readDer, sequence, sm2SignatureFromRaw,
  smallInteger, time, utf8, type DerLimits, type DerNode
} from '../../../platform/crypto/index.js'
import { parseInstant } from '../../core/clock.js'
import type { Seal, SealSignature, SealSigners, SesDialect, SesExtension, SesVersion } from './types.js'

/**
 * `sesBytes`: a seal, or a signature with the seal in it. `sesDepthLevels`: nesting of its ASN.1. The usual limits are far above any
 * seal met in the field: a picture of some hundred kilobytes, a few certificates.
 */
export interface SesLimits { sesBytes: number, sesDepthLevels: number }
export const SES_LIMITS: SesLimits = { sesBytes: 4 * 1024 * 1024, sesDepthLevels: 16 }
const NODES = 4096

const derLimits = ({ sesBytes, sesDepthLevels }: SesLimits): DerLimits => ({ bytes: sesBytes, depth: sesDepthLevels, nodes: NODES })

/** @throws {DerError} not a seal of version 1, 4 or 5 */
export function parseSeal (bytes: Uint8Array, limits: SesLimits = SES_LIMITS): Seal {
  return sealOf(readDer(bytes, derLimits(limits)))
}

/** @throws {DerError} not a seal signature of version 1, 4 or 5 */
export function parseSealSignature (bytes: Uint8Array, limits: SesLimits = SES_LIMITS): SealSignature {
  return sealSignatureOf(readDer(bytes, derLimits(limits)))
}

/**
 * The number of elements tells the version first, the header second; where they contradict each other, the file is none.
 * Two are version 1; four are 4 or 5; five (with a time-stamp) are 5.
 */
function sealOf (node: DerNode): Seal {
  const dialects = new Set<SesDialect>()
  const parts = fields(node)
  const infoNode = parts.next('SES_SealInfo')
  const count = node.children.length
  const version = versionOf(infoNode)
  if (version === 1 ? count !== 2 : version === 4 ? count !== 4 : count !== 4 && count !== 5) throw new DerError(`a seal of version ${version} with ${count} elements`, node.start)
  const info = sealInfoOf(infoNode, version, dialects)
  const signing = version === 1 ? fields(parts.next('SES_SignInfo')) : parts
  const makerNode = signing.next('the maker\'s certificate')
  const makerCertificate = certificateOf(makerNode, version, dialects)
  const algorithmNode = signing.next('the algorithm')
  const algorithm = oid(algorithmNode)
  const value = signatureValue(bitOctets(signing.next('the maker\'s signature')), () => dialects.add('raw64-seal-value'))
  if (signing !== parts) signing.end()
  if (version === 5) parts.optional(0xa0)
  parts.end()
  const signed = version === 1 ? der.sequence(infoNode.bytes, makerNode.bytes, algorithmNode.bytes) : infoNode.bytes
  return { version, bytes: node.bytes, info: infoNode.bytes, ...info, makerCertificate, algorithm, value, signed, dialects: [...dialects] }
}

function versionOf (info: DerNode): SesVersion {
  const header = fields(fields(info).next('SES_Header'))
  if (ia5(header.next('ID')) !== 'ES') throw new DerError('a seal begins with ES', info.start)
  const version = smallInteger(header.next('version'))
  if (version === 4 || version === 5) return version
  if (version === 1 || version === 2 || version === 3 || version === 11) return 1 // GM/T 0031-2014 gives 11 as its example
  throw new DerError(`a seal of version ${version}`, info.start)
}

function sealInfoOf (node: DerNode, version: SesVersion, dialects: Set<SesDialect>) {
  const info = fields(node)
  const header = fields(info.next('SES_Header'))
  header.next('ID')
  header.next('version')
  const vendor = ia5(header.next('Vid'))
  header.end()
  const id = ia5(info.next('esID'))

  const property = fields(info.next('SES_ESPropertyInfo'))
  const type = smallInteger(property.next('type'))
  const name = utf8(property.next('name'))
  const signers = version === 1
    ? signersOfVersion1(property.next('certList'), dialects)
    : signersOf(smallInteger(property.next('certListType')), property.next('certList'), dialects)
  const at = (what: string): Date => {
    const child = property.next(what)
    if (child.tag !== (version === 1 ? 0x17 : 0x18)) dialects.add('time-type')
    return time(child)
  }
  const createdAt = at('createDate')
  const validFrom = at('validStart')
  const validTo = at('validEnd')
  property.end()

  const picture = fields(info.next('picture'))
  const pictureType = ia5(picture.next('type'))
  const data = octets(picture.next('data'))
  const width = smallInteger(picture.next('width'))
  const height = smallInteger(picture.next('height'))
  picture.end()

  const extensions = sealExtensions(info.peek, dialects)
  if (extensions !== undefined) info.next('extDatas')
  info.end()
  return { id, vendor, type, name, signers, createdAt, validFrom, validTo, picture: { type: pictureType, data, width, height }, extensions: extensions ?? [] }
}

function signersOf (listType: number, node: DerNode, dialects: Set<SesDialect>): SealSigners {
  const items = sequence(node)
  if (items.length === 0) throw new DerError('a seal that nobody may sign with', node.start)
  const areCertificates = items.every(item => item.tag === 0x04)
  if (listType !== 1 && listType !== 2) dialects.add('odd-cert-list-type')
  if (listType === 1 || (listType !== 2 && areCertificates)) return { by: 'certificates', certificates: items.map(item => octets(item)) }
  return {
    by: 'digests',
    digests: items.map(item => {
      const parts = fields(item)
      const algorithm = printable(parts.next('type'))
      const value = octets(parts.next('value'))
      parts.end()
      return { algorithm, value }
    })
  }
}

function signersOfVersion1 (node: DerNode, dialects: Set<SesDialect>): SealSigners {
  const items = sequence(node)
  if (items.length > 0 && items.every(item => item.tag === 0x16)) {
    dialects.add('cert-list-of-names')
    return { by: 'names' }
  }
  return { by: 'certificates', certificates: items.map(item => octets(item)) }
}

/** Of a seal: a bare SEQUENCE in the field, `[0]` in other hands. */
function sealExtensions (node: DerNode | undefined, dialects: Set<SesDialect>): SesExtension[] | undefined {
  if (node === undefined) return undefined
  if (node.tag !== 0xa0) return extensionsOf(node, dialects)
  dialects.add('seal-extensions-tagged')
  return extensionsOf(explicit(node, 0), dialects)
}

function extensionsOf (node: DerNode, dialects: Set<SesDialect>): SesExtension[] {
  const seen = new Set<string>()
  return sequence(node).map(item => {
    const parts = fields(item)
    const id = oid(parts.next('extnID'))
    if (seen.has(id)) throw new DerError('an extension twice', item.start)
    seen.add(id)
    const flag = parts.optional(0x01)
    const critical = flag !== undefined && boolean(flag)
    if (flag !== undefined && !critical) dialects.add('critical-false-written')
    octets(parts.next('extnValue'))
    parts.end()
    return { oid: id, critical }
  })
}

function sealSignatureOf (node: DerNode): SealSignature {
  const count = node.children.length
  if (count !== 2 && count !== 4 && count !== 5) throw new DerError(`a seal signature with ${count} elements`, node.start)
  const parts = fields(node)
  const signedNode = parts.next('TBS_Sign')
  const toSign = fields(signedNode)
  const tbsVersion = smallInteger(toSign.next('version'))
  const seal = sealOf(toSign.next('the seal'))
  const { version } = seal
  if ((version === 1) !== (count === 2)) throw new DerError(`a seal of version ${version} in a signature with ${count} elements`, node.start)
  if (version !== 1 && tbsVersion !== version) throw new DerError('the seal and its signature differ in version', signedNode.start)
  const dialects = new Set<SesDialect>(seal.dialects)

  const timeNode = toSign.next('timeInfo')
  const signedAt = version === 1 ? timeOfVersion1(bitOctets(timeNode), dialects) : time(timeNode)
  if (version !== 1 && timeNode.tag !== 0x18) dialects.add('time-type')
  const dataHash = bitOctets(toSign.next('dataHash'))
  const propertyInfo = ia5(toSign.next('propertyInfo'))
  let extensions: SesExtension[] = []
  if (version !== 1) {
    const tagged = toSign.optional(0xa0)
    if (tagged !== undefined) extensions = extensionsOf(explicit(tagged, 0), dialects)
  }
  const signing = version === 1 ? toSign : parts
  const certificate = certificateOf(signing.next('the signer\'s certificate'), version, dialects)
  const algorithm = oid(signing.next('the algorithm'))
  toSign.end()
  const valueOctets = bitOctets(parts.next('the signature'))
  const value = signatureValue(valueOctets, () => dialects.add('raw64-value'))
  const stamp = version === 1 ? undefined : parts.optional(0xa0)
  const timeStamp = stamp === undefined ? undefined : bitOctets(explicit(stamp, 0))
  parts.end()
  return { version, signed: signedNode.bytes, seal, signedAt, dataHash, propertyInfo, extensions, certificate, algorithm, value, valueOctets, timeStamp, dialects: [...dialects] }
}

/** GM/T 0031-2014 says "time stamp, or UTCTime" inside a BIT STRING: as DER, as the digits alone, or as RFC 3339 text. */
function timeOfVersion1 (content: Buffer, dialects: Set<SesDialect>): Date | undefined {
  const text = content.toString('latin1')
  const tag = content[0] === 0x17 || content[0] === 0x18 ? undefined : /^\d{12}Z$/.test(text) ? 0x17 : /^\d{14}Z$/.test(text) ? 0x18 : undefined
  try {
    if (tag === undefined && (content[0] === 0x17 || content[0] === 0x18)) return time(readDer(content))
    const at = tag === undefined ? parseInstant(text) : time(readDer(Buffer.concat([Buffer.from([tag, content.length]), content])))
    if (at !== undefined) dialects.add('time-as-text')
    return at
  } catch (error) {
    if (error instanceof DerError) return undefined
    throw error
  }
}

/** One vendor of version 1 wraps the certificate in two OCTET STRINGs. A certificate never begins like one, so both can be told apart. */
function certificateOf (node: DerNode, version: SesVersion, dialects: Set<SesDialect>): Buffer {
  const content = octets(node)
  if (version !== 1 || content[0] !== 0x04) return content
  dialects.add('certificate-wrapped-twice')
  return octets(readDer(content))
}

/** One vendor writes r and s as 64 octets. No honest DER signature is that short. */
function signatureValue (value: Buffer, isRaw: () => void): Buffer {
  const converted = sm2SignatureFromRaw(value)
  if (converted === undefined) return value
  isRaw()
  return converted
}
