import { Failure } from '../../../services/core/failure.js'
import { digest, type DigestAlgorithm } from '../digest.js'
import { DerError } from '../der/error.js'
import { bitOctets, bits, explicit, Fields, integerContent, nothing, octets, oid, sequence, smallInteger } from '../der/read.js'
import { readDer, type DerNode } from '../der/reader.js'
import { certificateTime, parseCertificate, readAlgorithm, type AlgorithmIdentifier, type Certificate } from './certificate.js'
import * as ext from './extensions.js'
import { Name } from './names.js'

/** An answer speaks of a handful of certificates and brings its signer's; a responder that signs ahead may put more into one. */
export const OCSP_LIMITS = { bytes: 1024 * 1024, depth: 24, nodes: 50_000, statuses: 2_000, certificates: 16 } as const

/** What a responder says of one certificate. */
export interface OcspStatus {
  /** Names the issuer by digests of its name and key; it proves nothing, so SHA-1 may serve. */
  issuer: { algorithm: DigestAlgorithm, nameHash: Buffer, keyHash: Buffer } | undefined
  serialNumber: string
  status: 'good' | 'revoked' | 'unknown'
  /** From when the key is believed to have been lost, where that is said and earlier. */
  revokedAt?: Date
  reason?: ext.RevocationReason
  thisUpdate: Date
  nextUpdate?: Date
  /** The responder still knows of certificates that have ended since then. @see RFC 6960 section 4.4.4 */
  keepsEndedSince?: Date
  /** Something critical about this certificate alone is unknown. */
  unknownCritical: readonly string[]
}

const BASIC = '1.3.6.1.5.5.7.48.1.1'
/** Nonce, CRL reference, archive cutoff, service locator, extended revocation; reason and invalidity date as lists have them. */
const KNOWN_EXTENSIONS = new Set([
  '1.3.6.1.5.5.7.48.1.2', '1.3.6.1.5.5.7.48.1.3', '1.3.6.1.5.5.7.48.1.6', '1.3.6.1.5.5.7.48.1.7', '1.3.6.1.5.5.7.48.1.9',
  '2.5.29.21', '2.5.29.24'
])
const HASHES = new Map<string, DigestAlgorithm>([
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
  ['1.2.156.10197.1.401', 'sm3']
])

/** A responder's answer as it stands in its bytes; nothing in it is judged yet. @see RFC 6960 section 4.2.1, GB/T 19713 */
export class OcspAnswer {
  /** BasicOCSPResponse. */
  readonly bytes: Buffer
  readonly tbs: Buffer
  readonly signatureAlgorithm: string
  readonly signatureAlgorithmIdentifier: AlgorithmIdentifier
  readonly signature: Buffer
  /** SHA-256, lower-case hex. */
  readonly fingerprint: string
  /** Who says that it signed: a name, or the digest of a key. */
  readonly responder: { name: Name } | { keyHash: Buffer }
  readonly producedAt: Date
  /** Certificates that came along, those that can be read. They may be anybody's. */
  readonly certificates: readonly Certificate[]
  /** Something critical about the answer as a whole is unknown: then it says nothing for certain. */
  readonly unknownCritical: readonly string[]
  readonly #statuses = new Map<string, OcspStatus[]>()

  /** @throws {DerError} */
  constructor (bytes: Uint8Array) {
    const whole = new Fields(readDer(bytes, OCSP_LIMITS))
    const status = whole.next('responseStatus')
    if (smallInteger(status, 0x0a) !== 0) throw new DerError('a responder that gave no answer', status.start)
    const held = new Fields(explicit(whole.next('responseBytes'), 0))
    whole.end()
    const type = held.next('responseType')
    if (oid(type) !== BASIC) throw new DerError('an answer of a kind other than basic', type.start)
    const root = readDer(octets(held.next('response')), OCSP_LIMITS)
    held.end()

    const outer = new Fields(root)
    const tbsNode = outer.next('tbsResponseData')
    const algorithm = readAlgorithm(outer.next('signatureAlgorithm'))
    const value = bits(outer.next('signature'))
    const list = outer.optional(0xa0)
    outer.end()
    this.bytes = root.bytes
    this.fingerprint = digest('sha256', root.bytes).toString('hex')
    this.tbs = tbsNode.bytes
    this.signatureAlgorithm = algorithm.oid
    this.signatureAlgorithmIdentifier = algorithm
    this.signature = value.unusedBits === 0 ? value.bytes : value.bytes.subarray(0, 0)
    this.certificates = list === undefined ? [] : readCertificates(sequence(explicit(list, 0)), list)

    const tbs = new Fields(tbsNode) // version 1 is the default, and there is no other
    this.responder = readResponder(tbs.next('responderID'))
    this.producedAt = generalizedTime(tbs.next('producedAt'))
    const responses = tbs.next('responses')
    const extensions = tbs.optional(0xa1)
    tbs.end()
    this.unknownCritical = unknownCritical(extensions)
    const statuses = sequence(responses)
    if (statuses.length === 0) throw new DerError('an answer about nothing', responses.start)
    if (statuses.length > OCSP_LIMITS.statuses) throw new DerError(`an answer about more than ${OCSP_LIMITS.statuses} certificates`, responses.start, 'DER_TOO_MANY_ELEMENTS')
    for (const node of statuses) {
      const single = readStatus(node)
      const same = this.#statuses.get(single.serialNumber)
      if (same === undefined) this.#statuses.set(single.serialNumber, [single])
      else same.push(single)
    }
    Object.freeze(this)
  }

  /** What it says of this certificate. `issuer` is the one that is believed to have issued it: its key is compared too. */
  statuses (certificate: Certificate, issuer: Certificate): OcspStatus[] {
    return (this.#statuses.get(certificate.serialNumber) ?? []).filter(({ issuer: named }) => named !== undefined &&
      named.nameHash.equals(digest(named.algorithm, certificate.issuer.der)) && named.keyHash.equals(digest(named.algorithm, keyOctets(issuer))))
  }

  /** Does it say that this certificate's key signed it? */
  isBy (signer: Certificate): boolean {
    if ('name' in this.responder) return this.responder.name.equals(signer.subject)
    const { keyHash } = this.responder
    const algorithms: DigestAlgorithm[] = keyHash.length === 20 ? ['sha1'] : ['sm3', 'sha256']
    return algorithms.some(algorithm => digest(algorithm, keyOctets(signer)).equals(keyHash))
  }
}

/** @throws {Failure} OCSP_INVALID, also where the responder gave no answer; DER_TOO_LARGE, DER_TOO_DEEP, DER_TOO_MANY_ELEMENTS */
export function parseOcspAnswer (bytes: Uint8Array): OcspAnswer {
  try {
    return new OcspAnswer(bytes)
  } catch (cause) {
    if (cause instanceof DerError && cause.code === 'DER_INVALID') throw new Failure('OCSP_INVALID', `OCSP answer: ${cause.message}`, { cause })
    throw cause
  }
}

/** The content of the BIT STRING of a certificate's key: what key digests are made over. */
export function keyOctets ({ spkiDer }: Certificate): Buffer {
  const spki = new Fields(readDer(spkiDer))
  spki.next('algorithm')
  return bitOctets(spki.next('subjectPublicKey'))
}

function readCertificates (nodes: readonly DerNode[], list: DerNode): Certificate[] {
  if (nodes.length > OCSP_LIMITS.certificates) throw new DerError(`more than ${OCSP_LIMITS.certificates} certificates`, list.start, 'DER_TOO_MANY_ELEMENTS')
  return nodes.flatMap(({ bytes }) => {
    try { return [parseCertificate(bytes)] } catch (error) {
      if (error instanceof Failure) return [] // one that can't be read signed nothing
      throw error
    }
  })
}

function readResponder (node: DerNode): OcspAnswer['responder'] {
  return node.tag === 0xa1 ? { name: new Name(explicit(node, 1)) } : { keyHash: octets(explicit(node, 2)) }
}

function readStatus (node: DerNode): OcspStatus {
  const fields = new Fields(node)
  const id = new Fields(fields.next('certID'))
  const algorithm = HASHES.get(readAlgorithm(id.next('hashAlgorithm')).oid)
  const nameHash = octets(id.next('issuerNameHash'))
  const keyHash = octets(id.next('issuerKeyHash'))
  const serialNumber = integerContent(id.next('serialNumber')).toString('hex')
  id.end()
  const status = readCertStatus(fields.next('certStatus'))
  const thisUpdate = generalizedTime(fields.next('thisUpdate'))
  const next = fields.optional(0xa0)
  const nextUpdate = next === undefined ? undefined : generalizedTime(explicit(next, 0))
  if (nextUpdate !== undefined && nextUpdate < thisUpdate) throw new DerError('an answer that ends before it begins', node.start)
  const extensions = fields.optional(0xa1)
  fields.end()
  const lostAt = instantIn(extensions, '2.5.29.24') // as an entry of a list has it; RFC 6960 section 4.4.5
  const keepsEndedSince = instantIn(extensions, '1.3.6.1.5.5.7.48.1.6')
  if (status.revokedAt !== undefined && lostAt !== undefined && lostAt < status.revokedAt) status.revokedAt = lostAt
  return {
    issuer: algorithm === undefined ? undefined : { algorithm, nameHash, keyHash },
    serialNumber,
    ...status,
    thisUpdate,
    ...(nextUpdate === undefined ? {} : { nextUpdate }),
    ...(keepsEndedSince !== undefined && { keepsEndedSince }),
    unknownCritical: unknownCritical(extensions)
  }
}

function readCertStatus (node: DerNode): Pick<OcspStatus, 'status' | 'revokedAt' | 'reason'> {
  if (node.tag === 0x80) { nothing(node, 0x80); return { status: 'good' } }
  if (node.tag === 0x82) { nothing(node, 0x82); return { status: 'unknown' } }
  const revoked = new Fields(node, 0xa1)
  const revokedAt = generalizedTime(revoked.next('revocationTime'))
  const given = revoked.optional(0xa0)
  revoked.end()
  const reason = given === undefined ? 'unspecified' : ext.REVOCATION_REASONS[smallInteger(explicit(given, 0), 0x0a)]
  if (reason === undefined) throw new DerError('a reason that has no name', node.start)
  return { status: 'revoked', revokedAt, reason }
}

/** Whole seconds, never UTCTime. */
function generalizedTime (node: DerNode): Date {
  if (node.tag !== 0x18) throw new DerError('a GeneralizedTime expected', node.start)
  return certificateTime(node)
}

function instantIn (extensions: DerNode | undefined, id: string): Date | undefined {
  const found = extensions === undefined ? undefined : ext.readExtensions(explicit(extensions, 1)).get(id)
  return found === undefined ? undefined : generalizedTime(readDer(found.value))
}

function unknownCritical (extensions: DerNode | undefined): string[] {
  if (extensions === undefined) return []
  return [...ext.readExtensions(explicit(extensions, 1)).values()].filter(({ oid: id, critical }) => critical && !KNOWN_EXTENSIONS.has(id)).map(({ oid: id }) => id)
}
