import { randomBytes, sign, type KeyObject, createPublicKey } from 'node:crypto'
import { digest } from '../digest.js'
import { readDer } from '../der/reader.js'
import { der } from '../der/writer.js'
import { isSm2Key, sm2Sign } from '../sm2.js'
import type { Certificate } from './certificate.js'
import { KEY_USAGES, REVOCATION_REASONS, type KeyUsage, type RevocationReason } from './extensions.js'
import { ATTRIBUTE_TYPES, type AttributeType } from './names.js'

/** One RDN after the other; a type is a short name or dotted. */
export type NameParts = ReadonlyArray<readonly [type: AttributeType | (string & {}), value: string]>

export type AltName = { dns: string } | { email: string } | { uri: string } | { ip: Uint8Array } | { directory: NameParts }
/** An extension of the caller's own making. */
export interface RawExtension { oid: string, critical?: boolean, value: Uint8Array }

export interface CertificateRequest {
  subject: NameParts
  /** Who issues it: a certificate gives its name and key identifier. Left out: self-signed. */
  issuer?: Certificate | NameParts
  publicKey: KeyObject
  /** Private key of the issuer: SM2, EC (P-256, P-384), RSA or Ed25519. */
  issuerKey: KeyObject
  /** 16 random octets unless given: hex or a whole number. */
  serialNumber?: string | bigint | number
  notBefore: Date
  notAfter: Date
  /** Writes basicConstraints: critical with CA TRUE, or an empty one for an end entity. */
  ca?: boolean
  pathLength?: number
  keyUsage?: readonly KeyUsage[]
  /** OIDs. */
  extendedKeyUsage?: readonly string[]
  subjectAltName?: readonly AltName[]
  /** OIDs of policies. */
  certificatePolicies?: readonly string[]
  nameConstraints?: { permitted?: readonly AltName[], excluded?: readonly AltName[] }
  /** Addresses at which the issuer's list is found. */
  crlDistributionPoints?: readonly string[]
  extensions?: readonly RawExtension[]
}

/** @returns DER. @see RFC 5280; signatures are SM2 with SM3 where the issuer's key is SM2 */
export function issueCertificate (request: CertificateRequest): Buffer {
  const algorithm = algorithmFor(request.issuerKey)
  const { issuer, subject } = request
  const extensions = [
    ...standardExtensions(request),
    ...(request.extensions ?? []).map(({ oid, critical = false, value }) => extension(oid, critical, value))
  ]
  const tbs = der.sequence(
    der.explicit(0, der.integer(2)),
    serial(request.serialNumber ?? randomSerial()),
    algorithm,
    issuerName(issuer ?? subject),
    der.sequence(der.time(request.notBefore), der.time(request.notAfter)),
    name(subject),
    spki(request.publicKey),
    der.explicit(3, der.sequence(...extensions))
  )
  return signed(tbs, algorithm, request.issuerKey)
}

function standardExtensions (request: CertificateRequest): Buffer[] {
  const { issuer, ca, pathLength } = request
  const authority = issuer === undefined
    ? keyIdentifier(request.publicKey)
    : isCertificate(issuer) ? issuer.subjectKeyIdentifier ?? keyIdentifier(issuer.publicKey) : keyIdentifier(createPublicKey(request.issuerKey))
  const found = [
    extension('2.5.29.35', false, der.sequence(der.implicit(0, der.octets(authority)))),
    extension('2.5.29.14', false, der.octets(keyIdentifier(request.publicKey)))
  ]
  if (ca === true) found.push(extension('2.5.29.19', true, der.sequence(der.boolean(true), ...(pathLength === undefined ? [] : [der.integer(pathLength)]))))
  else if (ca === false) found.push(extension('2.5.29.19', false, der.sequence()))
  if (request.keyUsage !== undefined) found.push(extension('2.5.29.15', true, der.namedBits(...request.keyUsage.map(usage => KEY_USAGES.indexOf(usage)))))
  if (request.extendedKeyUsage !== undefined) found.push(extension('2.5.29.37', false, der.sequence(...request.extendedKeyUsage.map(der.oid))))
  if (request.subjectAltName !== undefined) found.push(extension('2.5.29.17', request.subject.length === 0, der.sequence(...request.subjectAltName.map(generalName))))
  if (request.certificatePolicies !== undefined) {
    found.push(extension('2.5.29.32', false, der.sequence(...request.certificatePolicies.map(policy => der.sequence(der.oid(policy))))))
  }
  const { permitted = [], excluded = [] } = request.nameConstraints ?? {}
  const subtrees = (number: number, names: readonly AltName[]): Buffer[] => names.length === 0
    ? []
    : [der.implicit(number, der.sequence(...names.map(base => der.sequence(generalName(base)))))]
  if (permitted.length + excluded.length > 0) found.push(extension('2.5.29.30', true, der.sequence(...subtrees(0, permitted), ...subtrees(1, excluded))))
  if (request.crlDistributionPoints !== undefined) {
    found.push(extension('2.5.29.31', false, der.sequence(...request.crlDistributionPoints.map(uri =>
      der.sequence(der.explicit(0, der.implicit(0, der.sequence(generalName({ uri })))))))))
  }
  return found
}

export interface CrlRequest {
  issuer: Certificate | NameParts
  issuerKey: KeyObject
  /** Grows with each list. */
  number: number | bigint
  thisUpdate: Date
  nextUpdate: Date
  revoked: ReadonlyArray<{ serialNumber: string | bigint | number, revokedAt: Date, reason?: RevocationReason, extensions?: readonly RawExtension[] }>
  extensions?: readonly RawExtension[]
}

/** @returns DER of a version 2 list. @see RFC 5280 section 5 */
export function issueCrl (request: CrlRequest): Buffer {
  const algorithm = algorithmFor(request.issuerKey)
  const { issuer } = request
  const entries = request.revoked.map(({ serialNumber, revokedAt, reason, extensions = [] }) => {
    const held = extensions.map(({ oid, critical = false, value }) => extension(oid, critical, value))
    if (reason !== undefined) held.unshift(extension('2.5.29.21', false, der.enumerated(REVOCATION_REASONS.indexOf(reason))))
    return der.sequence(serial(serialNumber), der.time(revokedAt), ...(held.length === 0 ? [] : [der.sequence(...held)]))
  })
  const authority = isCertificate(issuer) ? issuer.subjectKeyIdentifier ?? keyIdentifier(issuer.publicKey) : keyIdentifier(createPublicKey(request.issuerKey))
  const tbs = der.sequence(
    der.integer(1),
    algorithm,
    issuerName(issuer),
    der.time(request.thisUpdate),
    der.time(request.nextUpdate),
    ...(entries.length === 0 ? [] : [der.sequence(Buffer.concat(entries))]), // joined first: too many to be arguments
    der.explicit(0, der.sequence(
      extension('2.5.29.35', false, der.sequence(der.implicit(0, der.octets(authority)))),
      extension('2.5.29.20', false, der.integer(request.number)),
      ...(request.extensions ?? []).map(({ oid, critical = false, value }) => extension(oid, critical, value))
    ))
  )
  return signed(tbs, algorithm, request.issuerKey)
}

/** DER of a distinguished name, one attribute in each RDN. */
export function name (parts: NameParts): Buffer {
  return der.sequence(...parts.map(([type, value]) => {
    const oid = (ATTRIBUTE_TYPES as Record<string, string>)[type] ?? type
    const text = type === 'C' ? der.printable(value) : type === 'DC' || type === 'emailAddress' ? der.ia5(value) : der.utf8(value)
    return der.set(der.sequence(der.oid(oid), text))
  }))
}

/** SHA-1 of the key, as nearly everyone writes it; it names the key and proves nothing. @see RFC 5280 section 4.2.1.2 (1) */
export function keyIdentifier (publicKey: KeyObject): Buffer {
  const key = readDer(spki(publicKey)).children[1]
  return digest('sha1', (key as NonNullable<typeof key>).content.subarray(1))
}

function generalName (from: AltName): Buffer {
  if ('dns' in from) return der.implicit(2, der.ia5(from.dns))
  if ('email' in from) return der.implicit(1, der.ia5(from.email))
  if ('uri' in from) return der.implicit(6, der.ia5(from.uri))
  if ('ip' in from) return der.implicit(7, der.octets(from.ip))
  return der.explicit(4, name(from.directory))
}
export function extension (oid: string, critical: boolean, value: Uint8Array): Buffer {
  return der.sequence(der.oid(oid), ...(critical ? [der.boolean(true)] : []), der.octets(value))
}
function issuerName (issuer: Certificate | NameParts): Buffer { return isCertificate(issuer) ? issuer.subject.der : name(issuer) }
function isCertificate (issuer: Certificate | NameParts): issuer is Certificate { return !Array.isArray(issuer) }
export function serial (value: string | bigint | number): Buffer {
  return typeof value === 'string' ? der.positive(Buffer.from(value.length % 2 === 0 ? value : `0${value}`, 'hex')) : der.integer(value)
}
function randomSerial (): string {
  const octets = randomBytes(16)
  octets[0] = ((octets[0] as number) & 0x3f) | 0x40 // positive, and always as long
  return octets.toString('hex')
}
function spki (key: KeyObject): Buffer { return key.export({ format: 'der', type: 'spki' }) }

/** AlgorithmIdentifier of the signatures that this key makes. */
export function algorithmFor (key: KeyObject): Buffer {
  if (isSm2Key(key)) return der.sequence(der.oid('1.2.156.10197.1.501'))
  switch (key.asymmetricKeyType) {
    case 'rsa': return der.sequence(der.oid('1.2.840.113549.1.1.11'), der.null())
    case 'ec': return der.sequence(der.oid(ecHash(key) === 'sha256' ? '1.2.840.10045.4.3.2' : '1.2.840.10045.4.3.3'))
    case 'ed25519': return der.sequence(der.oid('1.3.101.112'))
    default: throw new TypeError('an SM2, EC, RSA or Ed25519 key expected')
  }
}
const ecHash = (key: KeyObject): string => key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 'sha256' : 'sha384'

/** SEQUENCE of what is signed, the algorithm and the signature: the shape that certificates and lists share. */
export function signed (tbs: Buffer, algorithm: Buffer, key: KeyObject, ...more: Buffer[]): Buffer {
  return der.sequence(tbs, algorithm, der.bits(signatureBy(key, tbs)), ...more)
}
/** With the algorithm of `algorithmFor`. */
function signatureBy (key: KeyObject, tbs: Uint8Array): Buffer {
  return isSm2Key(key)
    ? sm2Sign(key, tbs)
    : sign(key.asymmetricKeyType === 'ed25519' ? null : key.asymmetricKeyType === 'ec' ? ecHash(key) : 'sha256', tbs, key)
}
