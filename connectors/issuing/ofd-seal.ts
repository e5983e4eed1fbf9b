import type { KeyObject } from 'node:crypto'
import { digest, DerError, parseCertificate, sm2Point } from '../../platform/crypto/index.js'
import { Failure } from '../../services/core/failure.js'
import { told, type Bilingual } from '../../services/core/words.js'
import { parseSeal } from '../../services/verification/ses/index.js'
import { SM2_WITH_SM3, signSes } from './ses.js'
import { packFile, writeZip, type PackedFile } from './zip-writer.js'

/** With what a department seals. The same object each time, so that what is the same on all licences is worked out once. */
export interface SealSigner {
  /** The seal, SESeal in DER. */
  seal: Uint8Array
  /** The signer's certificate, DER: one of those that the seal lists. */
  certificate: Uint8Array
  /** SM2. */
  privateKey: KeyObject
}

/** A file of the package with the digest by which the signature knows it. */
export interface Part {
  /** Absolute, with its leading slash. */
  path: string
  packed: PackedFile
  /** SM3, base64. */
  checkValue: string
}

export function part (path: string, content: Uint8Array | string): Part {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content
  return { path, packed: packFile(path.slice(1), bytes), checkValue: digest('sm3', bytes).toString('base64') }
}

export const XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
export const NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
const FOLDER = '/Doc_0/Signs'
const SIGNATURE_PATH = `${FOLDER}/Sign_0/Signature.xml`
const SEAL_PATH = `${FOLDER}/Sign_0/Seal.esl`
const VALUE_PATH = `${FOLDER}/Sign_0/SignedValue.dat`
/** What OFD.xml gives as the list of signatures. */
export const SIGNATURES_PATH = `${FOLDER}/Signatures.xml`

const signaturesPart = part(SIGNATURES_PATH, `${XML}<ofd:Signatures ${NAMESPACE}><ofd:MaxSignId>s001</ofd:MaxSignId>` +
  `<ofd:Signature ID="s001" Type="Seal" BaseLoc="${SIGNATURE_PATH}"/></ofd:Signatures>`)

/** A signer that was looked over once: its seal, certificate and key belong together. */
interface Checked { part: Part, validFrom: Date, validTo: Date }
const checked = new WeakMap<SealSigner, Checked>()

function look (signer: SealSigner): Checked {
  const before = checked.get(signer)
  if (before !== undefined) return before
  const unfit = (why: Bilingual, cause?: unknown): Failure => new Failure('SEAL_UNFIT', why, { cause })
  try {
    const seal = parseSeal(signer.seal)
    const certificate = parseCertificate(signer.certificate)
    if (seal.version !== 4) throw unfit(told('不是 GB/T 38540 的电子印章', 'the seal is not one of GB/T 38540'))
    const { signers } = seal
    if (signers.by !== 'certificates' || !signers.certificates.some(listed => listed.equals(certificate.bytes))) throw unfit(told('印章的签章者证书列表里没有这张证书', 'the seal does not list the certificate'))
    if (!sm2Point(certificate.publicKey).equals(sm2Point(signer.privateKey))) throw unfit(told('私钥与证书不配套', 'the private key is not that of the certificate'))
    const latest = (a: Date, b: Date): Date => a > b ? a : b
    const earliest = (a: Date, b: Date): Date => a < b ? a : b
    const found = {
      part: part(SEAL_PATH, signer.seal),
      validFrom: latest(seal.validFrom, certificate.notBefore),
      validTo: earliest(seal.validTo, certificate.notAfter)
    }
    checked.set(signer, found)
    return found
  } catch (cause) {
    if (cause instanceof Failure && cause.code === 'SEAL_UNFIT') throw cause
    if (cause instanceof Failure || cause instanceof DerError || cause instanceof TypeError) throw unfit(told('印章、证书或私钥读不出来', 'seal, certificate or key cannot be read'), cause)
    throw cause
  }
}

export interface SealPackage {
  /** Every file that a reader shows, OFD.xml first. */
  parts: readonly Part[]
  signer: SealSigner
  signedAt: Date
  /** Where the seal is shown: ID of a page, and `x y width height` in millimetres. */
  stamp: { page: number, boundary: string }
}

/**
 * Seals these files and writes the package. The signature covers all of them, the seal, and the list of signatures: nothing can
 * be added afterwards, not even a second signature.
 * @throws {Failure} SEAL_UNFIT seal, certificate and key do not belong together, or do not hold at `signedAt`
 */
export function sealPackage ({ parts, signer, signedAt, stamp }: SealPackage): Buffer {
  const { part: sealPart, validFrom, validTo } = look(signer)
  if (!(signedAt >= validFrom && signedAt <= validTo)) throw new Failure('SEAL_UNFIT', told('签章时印章或其证书不在有效期内', 'the seal or its certificate does not hold at the time of signing'))
  const covered = [...parts, signaturesPart, sealPart]
  const signature = Buffer.from(signatureContent(covered, signedAt, stamp), 'utf8')
  const { seal, certificate, privateKey } = signer
  const value = signSes({ seal, certificate, privateKey, dataHash: digest('sm3', signature), propertyInfo: SIGNATURE_PATH, signedAt })
  return writeZip([
    ...covered.map(({ packed }) => packed),
    packFile(SIGNATURE_PATH.slice(1), signature),
    packFile(VALUE_PATH.slice(1), value)
  ])
}

function signatureContent (parts: readonly Part[], signedAt: Date, { page, boundary }: SealPackage['stamp']): string {
  const references = parts.map(({ path, checkValue }) => `<ofd:Reference FileRef="${path}"><ofd:CheckValue>${checkValue}</ofd:CheckValue></ofd:Reference>`)
  return `${XML}<ofd:Signature ${NAMESPACE}><ofd:SignedInfo><ofd:Provider ProviderName="Mianzheng" Version="1.0"/>` +
    `<ofd:SignatureMethod>${SM2_WITH_SM3}</ofd:SignatureMethod><ofd:SignatureDateTime>${signedAt.toISOString().replace(/\D/g, '').slice(0, 14)}Z</ofd:SignatureDateTime>` +
    `<ofd:References CheckMethod="1.2.156.10197.1.401">${references.join('')}</ofd:References>` +
    `<ofd:StampAnnot ID="s002" PageRef="${page}" Boundary="${boundary}"/><ofd:Seal><ofd:BaseLoc>${SEAL_PATH}</ofd:BaseLoc></ofd:Seal></ofd:SignedInfo>` +
    `<ofd:SignedValue>${VALUE_PATH}</ofd:SignedValue></ofd:Signature>`
}
