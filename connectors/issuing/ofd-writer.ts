import type { KeyObject } from 'node:crypto'
import { digest } from '../../platform/crypto/index.js'
import { dayInChina } from '../../services/core/clock.js'
import { assertLicenceFields, holderCodeTypeName, LICENCE_LIMITS, type LicenceFields, type LicenceLimits } from './licence-fields.js'
import { FONTS, MAX_UNIT_ID, PAGE, pageContent, STAMP_BOUNDARY, templateContent } from './ofd-layout.js'
import { escapeXml } from './ofd-text.js'
import { SM2_WITH_SM3, signSes } from './ses.js'
import { packFile, writeZip, type PackedFile } from './zip-writer.js'

/** With what a department seals. */
export interface SealSigner {
  /** The seal, SESeal in DER. */
  seal: Uint8Array
  /** The signer's certificate, DER: one of those that the seal lists. */
  certificate: Uint8Array
  /** SM2. */
  privateKey: KeyObject
}

export interface SealedLicence {
  bytes: Buffer
  /** Lower-case hex. */
  sha256: string
  /** Lower-case hex. */
  sm3: string
  /** Bytes. */
  size: number
}

export interface WriteLicence {
  licence: LicenceFields
  signer: SealSigner
  /** When the seal is set; whole seconds are kept. */
  signedAt: Date
  limits?: LicenceLimits
}

export const MEDIA_TYPE = 'application/ofd'
const SIGNATURE_PATH = '/Doc_0/Signs/Sign_0/Signature.xml'
const TEMPLATE_ID = 2
const PAGE_ID = 1
const TEMPLATES_KEPT = 64

/** A file of the package with the digest by which the signature knows it. */
interface Part { path: string, packed: PackedFile, checkValue: string }

function part (path: string, content: Uint8Array | string, how: 'stored' | 'deflated' = 'deflated'): Part {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content
  return { path, packed: packFile(path.slice(1), bytes, how), checkValue: digest('sm3', bytes).toString('base64') }
}

const XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
const NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'

const documentPart = part('/Doc_0/Document.xml', `${XML}<ofd:Document ${NAMESPACE}><ofd:CommonData><ofd:MaxUnitID>${MAX_UNIT_ID}</ofd:MaxUnitID>` +
  `<ofd:PageArea><ofd:PhysicalBox>0 0 ${PAGE.width} ${PAGE.height}</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>` +
  `<ofd:TemplatePage ID="${TEMPLATE_ID}" Name="licence" BaseLoc="Tpls/Tpl_0/Content.xml"/></ofd:CommonData>` +
  `<ofd:Pages><ofd:Page ID="${PAGE_ID}" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>`)
// Fonts go by name and are not embedded, see docs/decisions/0060-fonts-by-name.md
const resourcePart = part('/Doc_0/PublicRes.xml', `${XML}<ofd:Res ${NAMESPACE} BaseLoc="Res"><ofd:Fonts>` +
  `<ofd:Font ID="${FONTS.song}" FontName="宋体" FamilyName="SimSun" Charset="unicode" Serif="true"/>` +
  `<ofd:Font ID="${FONTS.kai}" FontName="楷体" FamilyName="KaiTi" Charset="unicode"/></ofd:Fonts></ofd:Res>`)
const signaturesPart = part('/Doc_0/Signs/Signatures.xml', `${XML}<ofd:Signatures ${NAMESPACE}><ofd:MaxSignId>s001</ofd:MaxSignId>` +
  `<ofd:Signature ID="s001" Type="Seal" BaseLoc="${SIGNATURE_PATH}"/></ofd:Signatures>`)

/** The newest come last; the one unused for longest goes. */
const templates = new Map<string, Part>()
function templatePart (licenceTypeName: string): Part {
  const made = templates.get(licenceTypeName) ?? part('/Doc_0/Tpls/Tpl_0/Content.xml', templateContent(licenceTypeName))
  templates.delete(licenceTypeName)
  templates.set(licenceTypeName, made)
  if (templates.size > TEMPLATES_KEPT) templates.delete(templates.keys().next().value as string)
  return made
}

const seals = new WeakMap<SealSigner, Part>()
function sealPart (signer: SealSigner): Part {
  let made = seals.get(signer)
  if (made === undefined) seals.set(signer, made = part('/Doc_0/Signs/Sign_0/Seal.esl', signer.seal))
  return made
}

/**
 * Writes one licence as an OFD package of one page, sealed. The signature covers every file that a reader shows, the metadata in
 * OFD.xml and the list of signatures: nothing can be added afterwards, not even a second signature. What depends on neither the
 * licence nor the instant is made once for each signer and licence name, and kept.
 * @throws {Failure} INPUT_INVALID with everything that keeps the licence from being printed
 * @see GB/T 33190-2016 (package), GB/T 38540-2020 (seal signature), GB/T 36903 and 36905 (metadata, as formats.md 7 has them)
 */
export function writeLicence ({ licence, signer, signedAt, limits = LICENCE_LIMITS }: WriteLicence): SealedLicence {
  assertLicenceFields(licence, limits)
  const parts = [
    part('/OFD.xml', rootContent(licence, signedAt)),
    documentPart,
    resourcePart,
    templatePart(licence.licenceTypeName),
    part('/Doc_0/Pages/Page_0/Content.xml', pageContent(licence, TEMPLATE_ID)),
    signaturesPart,
    sealPart(signer)
  ]
  const signature = Buffer.from(signatureContent(parts, signedAt), 'utf8')
  const { seal, certificate, privateKey } = signer
  const value = signSes({ seal, certificate, privateKey, dataHash: digest('sm3', signature), propertyInfo: SIGNATURE_PATH, signedAt })
  const bytes = writeZip([
    ...parts.map(({ packed }) => packed),
    packFile(SIGNATURE_PATH.slice(1), signature, 'deflated'),
    packFile('Doc_0/Signs/Sign_0/SignedValue.dat', value, 'stored') // half picture, half random numbers
  ])
  return { bytes, sha256: digest('sha256', bytes).toString('hex'), sm3: digest('sm3', bytes).toString('hex'), size: bytes.length }
}

function rootContent (licence: LicenceFields, signedAt: Date): string {
  const { licenceId, licenceTypeName, issuer } = licence
  // 32 characters; a file's identity follows from the licence's, which is written once for each version
  const docId = digest('sm3', Buffer.from(licenceId, 'latin1')).toString('hex').slice(0, 32)
  const data = metadata(licence).map(([name, value]) => `<ofd:CustomData Name="${escapeXml(name)}">${escapeXml(value)}</ofd:CustomData>`)
  return `${XML}<ofd:OFD ${NAMESPACE} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>${docId}</ofd:DocID>` +
    `<ofd:Title>${escapeXml(licenceTypeName)}</ofd:Title><ofd:Author>${escapeXml(issuer.name)}</ofd:Author><ofd:CreationDate>${dayInChina(signedAt)}</ofd:CreationDate>` +
    `<ofd:Creator>Mianzheng</ofd:Creator><ofd:CustomDatas>${data.join('')}</ofd:CustomDatas></ofd:DocInfo>` +
    '<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot><ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody></ofd:OFD>'
}

/** The licence's metadata by their short names. @see GB/T 36903, formats.md 7.2 */
export function metadata (licence: LicenceFields): Array<[name: string, value: string]> {
  const { issuer, holder, face, validUntil } = licence
  return [
    ['ZZMC', licence.licenceTypeName],
    ['ZZLXDM', licence.licenceType],
    ['ZZBH', licence.number],
    ['ZZBS', licence.licenceId],
    ['ZZBFJG', issuer.name],
    ['ZZBFJGDM', issuer.uscc],
    ['ZZBFRQ', licence.issuedOn],
    ['CZZT', holder.name],
    ['CZZTDM', holder.code],
    ['CZZTDMLX', holderCodeTypeName(holder.codeType)],
    ['CZZTDMLXDM', holder.codeType],
    ['ZZYXQQSRQ', licence.validFrom],
    ...validUntil === undefined ? [] : [['ZZYXQJZRQ', validUntil] as [string, string]],
    ...Object.entries(face).map(([name, value]) => [`KZ_${name}`, value] as [string, string])
  ]
}

function signatureContent (parts: readonly Part[], signedAt: Date): string {
  const references = parts.map(({ path, checkValue }) => `<ofd:Reference FileRef="${path}"><ofd:CheckValue>${checkValue}</ofd:CheckValue></ofd:Reference>`)
  return `${XML}<ofd:Signature ${NAMESPACE}><ofd:SignedInfo><ofd:Provider ProviderName="Mianzheng" Version="1.0"/>` +
    `<ofd:SignatureMethod>${SM2_WITH_SM3}</ofd:SignatureMethod><ofd:SignatureDateTime>${signedAt.toISOString().replace(/\D/g, '').slice(0, 14)}Z</ofd:SignatureDateTime>` +
    `<ofd:References CheckMethod="1.2.156.10197.1.401">${references.join('')}</ofd:References>` +
    `<ofd:StampAnnot ID="s002" PageRef="${PAGE_ID}" Boundary="${STAMP_BOUNDARY}"/><ofd:Seal><ofd:BaseLoc>/Doc_0/Signs/Sign_0/Seal.esl</ofd:BaseLoc></ofd:Seal></ofd:SignedInfo>` +
    '<ofd:SignedValue>/Doc_0/Signs/Sign_0/SignedValue.dat</ofd:SignedValue></ofd:Signature>'
}
