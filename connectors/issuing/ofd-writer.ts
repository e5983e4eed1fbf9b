import assert from 'node:assert/strict'
import { digest } from '../../platform/crypto/index.js'
import { dayInChina } from '../../services/core/clock.js'
import { OFD_LIMITS } from '../../services/verification/ofd/limits.js'
import { readOfd } from '../../services/verification/ofd/read.js'
import { assertLicenceFields, holderCodeTypeName, LICENCE_LIMITS, type LicenceFields, type LicenceLimits } from './licence-fields.js'
import { licenceFont } from './licence-font.js'
import { FONTS, MAX_UNIT_ID, PAGE, pageContent, STAMP_BOUNDARY, templateContent } from './ofd-layout.js'
import { escapeXml } from './ofd-text.js'
import { NAMESPACE, part, sealPackage, SIGNATURES_PATH, XML, type Part, type SealSigner } from './ofd-seal.js'

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
const TEMPLATE_ID = 2
const PAGE_ID = 1
const TEMPLATES_KEPT = 64

const documentPart = part('/Doc_0/Document.xml', `${XML}<ofd:Document ${NAMESPACE}><ofd:CommonData><ofd:MaxUnitID>${MAX_UNIT_ID}</ofd:MaxUnitID>` +
  `<ofd:PageArea><ofd:PhysicalBox>0 0 ${PAGE.width} ${PAGE.height}</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>` +
  `<ofd:TemplatePage ID="${TEMPLATE_ID}" Name="licence" BaseLoc="Tpls/Tpl_0/Content.xml"/></ofd:CommonData>` +
  `<ofd:Pages><ofd:Page ID="${PAGE_ID}" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>`)
// Where a reader does not use the font in the file, it has one of that name. docs/decisions/0060-licence-fonts.md
const FONT_PATH = '/Doc_0/Res/licence.ttf'
const resourcePart = part('/Doc_0/PublicRes.xml', `${XML}<ofd:Res ${NAMESPACE} BaseLoc="Res"><ofd:Fonts>` +
  `<ofd:Font ID="${FONTS.own}" FontName="宋体" FamilyName="SimSun" Charset="unicode" Serif="true"><ofd:FontFile>licence.ttf</ofd:FontFile></ofd:Font>` +
  `<ofd:Font ID="${FONTS.readers}" FontName="宋体" FamilyName="SimSun" Charset="unicode" Serif="true"/></ofd:Fonts></ofd:Res>`)

interface Template { part: Part, texts: string[] }
/** The newest come last; the one unused for longest goes. */
const templates = new Map<string, Template>()
function templateOf (licenceTypeName: string): Template {
  let made = templates.get(licenceTypeName)
  if (made === undefined) {
    const { xml, texts } = templateContent(licenceTypeName)
    made = { part: part('/Doc_0/Tpls/Tpl_0/Content.xml', xml), texts }
  }
  templates.delete(licenceTypeName)
  templates.set(licenceTypeName, made)
  if (templates.size > TEMPLATES_KEPT) templates.delete(templates.keys().next().value as string)
  return made
}

/**
 * Writes one licence as an OFD package of one page, sealed as `sealPackage` says; the metadata in OFD.xml lie under the seal too.
 * What depends on neither the licence nor the instant is made once for each signer and licence name, and kept.
 * @throws {Failure} INPUT_INVALID with everything that keeps the licence from being printed; SEAL_UNFIT
 * @see GB/T 33190-2016 (package), GB/T 38540-2020 (seal signature), GB/T 36903 and 36905 (metadata, as formats.md 7 has them)
 */
export function writeLicence ({ licence, signer, signedAt, limits = LICENCE_LIMITS }: WriteLicence): SealedLicence {
  assertLicenceFields(licence, limits)
  const template = templateOf(licence.licenceTypeName)
  const page = pageContent(licence, TEMPLATE_ID)
  const parts = [
    part('/OFD.xml', rootContent(licence, signedAt)),
    documentPart,
    resourcePart,
    template.part,
    part('/Doc_0/Pages/Page_0/Content.xml', page.xml),
    part(FONT_PATH, licenceFont([...template.texts, ...page.texts]))
  ]
  const bytes = sealPackage({ parts, signer, signedAt, stamp: { page: PAGE_ID, boundary: STAMP_BOUNDARY } })
  readAgain(bytes)
  return { bytes, sha256: digest('sha256', bytes).toString('hex'), sm3: digest('sm3', bytes).toString('hex'), size: bytes.length }
}

/** What leaves here is read by our own reader first: strict readers must never refuse what we issue. */
function readAgain (bytes: Uint8Array): void {
  const read = readOfd(bytes, OFD_LIMITS)
  assert('package' in read, 'a licence that our own reader refuses')
  const covered = new Set(read.package.signatureLists[0]?.signatures[0]?.references.map(({ path }) => path))
  for (const path of read.package.reachable.keys()) assert(covered.has(path), 'a file that readers show is not under the seal')
}

function rootContent (licence: LicenceFields, signedAt: Date): string {
  const { licenceId, licenceTypeName, issuer } = licence
  // 32 characters; a file's identity follows from the licence's, which is written once for each version
  const docId = digest('sm3', Buffer.from(licenceId, 'latin1')).toString('hex').slice(0, 32)
  const data = metadata(licence).map(([name, value]) => `<ofd:CustomData Name="${escapeXml(name)}">${escapeXml(value)}</ofd:CustomData>`)
  return `${XML}<ofd:OFD ${NAMESPACE} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>${docId}</ofd:DocID>` +
    `<ofd:Title>${escapeXml(licenceTypeName)}</ofd:Title><ofd:Author>${escapeXml(issuer.name)}</ofd:Author><ofd:CreationDate>${dayInChina(signedAt)}</ofd:CreationDate>` +
    `<ofd:Creator>Mianzheng</ofd:Creator><ofd:CustomDatas>${data.join('')}</ofd:CustomDatas></ofd:DocInfo>` +
    '<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>' +
    `<ofd:Signatures>${SIGNATURES_PATH}</ofd:Signatures></ofd:DocBody></ofd:OFD>`
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
