import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import {
  der, digest, generateSm2KeyPair, isSm2Key, issueCertificate, parseCertificate, PURPOSES, readDer, sm2Sign, type Certificate, type CertificateRequest,
  type DigestAlgorithm
} from '../../platform/crypto/index.js'

import { SIGNED_AT } from './sample-licence.js'

export interface StampAuthority { certificate: Certificate, key: KeyObject }
export type StampKind = 'sm2' | 'rsa' | 'ec'

const OID = {
  sm3: '1.2.156.10197.1.401', sha1: '1.3.14.3.2.26', sha256: '2.16.840.1.101.3.4.2.1', sha384: '2.16.840.1.101.3.4.2.2', sha512: '2.16.840.1.101.3.4.2.3'
} as const satisfies Record<DigestAlgorithm, string>
const TST_INFO = '1.2.840.113549.1.9.16.1.4'
const attribute = (oid: string, ...values: Buffer[]): Buffer => der.sequence(der.oid(oid), der.set(...values))
const algorithm = (oid: string): Buffer => der.sequence(der.oid(oid))

/** A throwaway authority for time-stamps under `issuer`, with one thing about its certificate changed. */
export function stampAuthority (issuer: StampAuthority, kind: StampKind = 'sm2', change: Partial<CertificateRequest> = {}): StampAuthority {
  const pair = kind === 'sm2' ? generateSm2KeyPair() : kind === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const certificate = parseCertificate(issueCertificate({
    subject: [['C', 'CN'], ['O', '示例'], ['CN', 'Sample TSA']],
    issuer: issuer.certificate,
    issuerKey: issuer.key,
    publicKey: pair.publicKey,
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2030-01-01T00:00:00Z'),
    ca: false,
    keyUsage: ['digitalSignature'],
    extensions: [{ oid: '2.5.29.37', critical: true, value: der.sequence(der.oid(PURPOSES.timeStamping.oid)) }],
    ...change
  }))
  return { certificate, key: pair.privateKey }
}

/** What can be otherwise in a token. */
export interface StampOptions {
  genTime?: Date
  /** Digest of what is stamped. */
  hash?: DigestAlgorithm
  /** Inside TSTInfo after genTime, whole elements: accuracy, ordering, nonce, tsa, extensions. */
  more?: Buffer[]
  /** Identifiers of GB/T 35275 for SignedData and SM2. */
  national?: boolean
  certificates?: Certificate[]
  /** The certificate that the attribute names; `none` leaves the attribute out. */
  bound?: Certificate | 'none'
  boundBy?: 'sha1' | 'sha256' | 'sm3'
  /** Whose issuer and number stand beside that. */
  boundSerial?: Certificate
  /** Digest of TSTInfo, which the signature's own may contradict. */
  digestBy?: DigestAlgorithm
  /** What the content says that it is. */
  eContentType?: string
  /** The last word on TSTInfo before it is digested, and after. */
  info?: (tstInfo: Buffer) => Buffer
  swapInfo?: (tstInfo: Buffer) => Buffer
  contentType?: string
  /** Further signers' entries. */
  doubled?: boolean
  /** Who is named as signer. */
  sid?: Buffer
}

/** A time-stamp token over `stamped`. @see RFC 3161 section 2.4.2 */
export function stampToken (stamped: Uint8Array, { certificate, key }: StampAuthority, options: StampOptions = {}): Buffer {
  const { genTime = new Date(SIGNED_AT.getTime() + 60_000), hash = isSm2Key(key) ? 'sm3' : 'sha256', more = [], national = false, certificates = [certificate], bound = certificate, boundBy = 'sha256' } = options
  const plain = der.sequence(
    der.integer(1), der.oid('1.2.3.4.1'), der.sequence(algorithm(OID[hash]), der.octets(digest(hash, stamped))), der.integer(7), der.generalizedTime(genTime), ...more)
  const info = options.info?.(plain) ?? plain
  const own: DigestAlgorithm = options.digestBy ?? (isSm2Key(key) ? 'sm3' : 'sha256')
  const attributes = [
    attribute('1.2.840.113549.1.9.3', der.oid(options.contentType ?? options.eContentType ?? TST_INFO)),
    attribute('1.2.840.113549.1.9.4', der.octets(digest(own, info))),
    ...(bound === 'none' ? [] : [boundTo(bound, boundBy, options.boundSerial)])
  ]
  const signed = der.set(...attributes)
  const value = isSm2Key(key) ? sm2Sign(key, signed) : sign('sha256', signed, key)
  const signature = isSm2Key(key) ? (national ? '1.2.156.10197.1.301.1' : '1.2.156.10197.1.501') : key.asymmetricKeyType === 'rsa' ? '1.2.840.113549.1.1.1' : '1.2.840.10045.4.3.2'
  const signer = der.sequence(
    der.integer(1),
    options.sid ?? der.sequence(certificate.issuer.der, serialOf(certificate)),
    algorithm(OID[own]),
    der.implicit(0, signed),
    algorithm(signature),
    der.octets(value)
  )
  return der.sequence(der.oid(national ? '1.2.156.10197.6.1.4.2.2' : '1.2.840.113549.1.7.2'), der.explicit(0, der.sequence(
    der.integer(national ? 1 : 3),
    der.set(algorithm(OID[own])),
    der.sequence(der.oid(options.eContentType ?? TST_INFO), der.explicit(0, der.octets(options.swapInfo?.(info) ?? info))),
    ...(certificates.length === 0 ? [] : [der.implicit(0, der.set(...certificates.map(({ bytes }) => bytes)))]),
    der.set(signer, ...(options.doubled === true ? [signer] : []))
  )))
}

function boundTo (certificate: Certificate, by: 'sha1' | 'sha256' | 'sm3', named = certificate): Buffer {
  const hash = der.octets(digest(by, certificate.bytes))
  const issuerSerial = der.sequence(der.sequence(der.explicit(4, named.issuer.der)), serialOf(named))
  const id = der.sequence(...(by === 'sm3' ? [algorithm(OID.sm3)] : []), hash, issuerSerial)
  return attribute(by === 'sha1' ? '1.2.840.113549.1.9.16.2.12' : '1.2.840.113549.1.9.16.2.47', der.sequence(der.sequence(id)))
}
function serialOf ({ serialNumber }: Certificate): Buffer { return der.positive(Buffer.from(serialNumber, 'hex')) }

/** The octets of a seal signature's value, which a time-stamp is made over. */
export function stampedOctets (value: Uint8Array): Buffer { return (readDer(value).children[3] as { content: Buffer }).content.subarray(1) }
/** A seal signature (version 4) with this time-stamp in it. @see GB/T 38540-2020, formats.md 4.2 */
export function withStamp (value: Uint8Array, token: Uint8Array): Buffer {
  return der.sequence(...readDer(value).children.slice(0, 4).map(({ bytes }) => bytes), der.explicit(0, der.bits(token)))
}
