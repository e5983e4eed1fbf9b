import type { KeyObject } from 'node:crypto'
import { der, generateSm2KeyPair, issueCertificate, issueCrl, parseCertificate, sm2Sign, type Certificate } from '../../platform/crypto/index.js'
import type { LicenceFields } from '../../connectors/issuing/licence-fields.js'
import type { SealSigner } from '../../connectors/issuing/ofd-seal.js'
import { writeLicence } from '../../connectors/issuing/ofd-writer.js'
import { SM2_WITH_SM3 } from '../../connectors/issuing/ses.js'
import { sealPicture } from '../../connectors/issuing/seal-picture.js'
import { licenceId } from '../../services/core/identifiers.js'

/** A throwaway authority: a root, a CA under it, a seal maker, one department with its seal. New keys in each process, fixed dates. */
export interface SampleAuthority {
  root: { key: KeyObject, certificate: Certificate }
  ca: { key: KeyObject, certificate: Certificate }
  maker: { key: KeyObject, certificate: Certificate }
  signer: SealSigner & { certificate: Buffer, seal: Buffer }
  /** Lists of root and CA, good for all of 2026. */
  crls: Buffer[]
  /** Makes another seal of the same maker: for the wrong department, a period gone by, … */
  makeSigner: (options?: SignerOptions) => SealSigner & { certificate: Buffer, seal: Buffer }
}
export interface SignerOptions {
  uscc?: string
  name?: string
  sealId?: string
  notBefore?: Date
  notAfter?: Date
  sealFrom?: Date
  sealTo?: Date
}

export const ISSUER = { uscc: '11990000YYYY01015Y', name: '示例省市场监督管理局' }
const SEAL_ID = '99000000000101'
const FROM = new Date('2026-01-01T00:00:00Z')
const TO = new Date('2036-01-01T00:00:00Z')
/** When sample licences are sealed. */
export const SIGNED_AT = new Date('2026-03-02T01:00:00Z')
/** An instant at which everything holds. */
export const SAMPLE_AT = new Date('2026-06-01T00:00:00Z')

let shared: Promise<SampleAuthority> | undefined
/** One and the same throughout a process. */
export async function sampleAuthority (): Promise<SampleAuthority> { return await (shared ??= makeAuthority()) }

async function makeAuthority (): Promise<SampleAuthority> {
  const picture = await sealPicture({ name: ISSUER.name, id: SEAL_ID })
  const [root, ca, maker] = [generateSm2KeyPair(), generateSm2KeyPair(), generateSm2KeyPair()]
  const held = { notBefore: FROM, notAfter: TO }
  const authority = { ...held, ca: true, keyUsage: ['keyCertSign', 'cRLSign'] as const }
  const signing = ['digitalSignature', 'nonRepudiation'] as const
  const rootCertificate = parseCertificate(issueCertificate({ ...authority, subject: [['C', 'CN'], ['O', '示例'], ['CN', 'Sample Root']], publicKey: root.publicKey, issuerKey: root.privateKey, serialNumber: 1 }))
  const caCertificate = parseCertificate(issueCertificate({ ...authority, subject: [['C', 'CN'], ['O', '示例'], ['CN', 'Sample CA']], issuer: rootCertificate, pathLength: 0, publicKey: ca.publicKey, issuerKey: root.privateKey, serialNumber: 2 }))
  const makerCertificate = parseCertificate(issueCertificate({ ...held, subject: [['C', 'CN'], ['O', '示例印章制作'], ['CN', 'Sample Seal Maker']], issuer: caCertificate, ca: false, keyUsage: signing, publicKey: maker.publicKey, issuerKey: ca.privateKey, serialNumber: 3 }))
  let serialNumber = 10
  const makeSigner = ({ uscc = ISSUER.uscc, name = ISSUER.name, sealId = SEAL_ID, notBefore = FROM, notAfter = TO, sealFrom = notBefore, sealTo = notAfter }: SignerOptions = {}) => {
    const keys = generateSm2KeyPair()
    const certificate = issueCertificate({ notBefore, notAfter, subject: [['C', 'CN'], ['O', uscc + name], ['CN', sealId]], issuer: caCertificate, ca: false, keyUsage: signing, publicKey: keys.publicKey, issuerKey: ca.privateKey, serialNumber: serialNumber++ })
    const info = der.sequence(
      der.sequence(der.ia5('ES'), der.integer(4), der.ia5('sample')),
      der.ia5(sealId),
      der.sequence(der.integer(1), der.utf8(name), der.integer(1), der.sequence(der.octets(certificate)), der.generalizedTime(sealFrom), der.generalizedTime(sealFrom), der.generalizedTime(sealTo)),
      der.sequence(der.ia5(picture.type), der.octets(picture.data), der.integer(picture.widthMm), der.integer(picture.heightMm))
    )
    const seal = der.sequence(info, der.octets(makerCertificate.bytes), der.oid(SM2_WITH_SM3), der.bits(sm2Sign(maker.privateKey, info)))
    return { seal, certificate, privateKey: keys.privateKey }
  }
  const list = { number: 1, thisUpdate: FROM, nextUpdate: new Date('2027-01-01T00:00:00Z'), revoked: [] }
  return {
    root: { key: root.privateKey, certificate: rootCertificate },
    ca: { key: ca.privateKey, certificate: caCertificate },
    maker: { key: maker.privateKey, certificate: makerCertificate },
    signer: makeSigner(),
    crls: [issueCrl({ ...list, issuer: rootCertificate, issuerKey: root.privateKey }), issueCrl({ ...list, issuer: caCertificate, issuerKey: ca.privateKey })],
    makeSigner
  }
}

/** A food licence of a made-up shop; the identifier follows from the fields unless given. */
export function sampleFields (overrides: Partial<LicenceFields> & { serial?: string, version?: string } = {}): LicenceFields {
  const { serial = '2026000001', version = '001', ...rest } = overrides
  const fields = {
    licenceType: '11990000YYYY010074002',
    licenceTypeName: '食品经营许可证',
    number: 'JY29901060000017',
    issuer: ISSUER,
    holder: { name: '示例市示例区示例面馆', code: '92990106MAYYY0021M', codeType: '001' },
    issuedOn: '2026-03-02',
    validFrom: '2026-03-02',
    validUntil: '2031-03-01',
    region: '990106',
    face: { 主体业态: '餐饮服务经营者', 经营项目: '热食类食品制售；冷食类食品制售（仅限凉菜）；自制饮品制售', 经营场所: '示例省示例市示例区示例路 12 号' },
    ...rest
  }
  return { licenceId: licenceId({ type: fields.licenceType, issuer: fields.issuer.uscc, serial, version }), ...fields }
}

export interface SampleOptions {
  fields?: Parameters<typeof sampleFields>[0]
  signer?: SealSigner
  signedAt?: Date
}
/**
 * A complete sealed licence and all that a verifier needs to believe it: trust `authority.root.certificate`, with
 * `authority.ca.certificate` between and `authority.crls`.
 */
export async function sampleLicence ({ fields, signer, signedAt = SIGNED_AT }: SampleOptions = {}) {
  const authority = await sampleAuthority()
  const licence = sampleFields(fields)
  return { ...writeLicence({ licence, signer: signer ?? authority.signer, signedAt }), licence, authority, signedAt }
}
