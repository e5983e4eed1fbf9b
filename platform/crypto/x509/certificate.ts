import { createPublicKey, type KeyObject } from 'node:crypto'
import { Failure } from '../../../services/core/failure.js'
import { digest } from '../digest.js'
import { DerError } from '../der/error.js'
import { bitOctets, bits, explicit, Fields, integerContent, octets, oid, smallInteger, time } from '../der/read.js'
import { readDer, type DerNode } from '../der/reader.js'
import { Lru } from '../lru.js'
import * as ext from './extensions.js'
import { Name, readGeneralNames, type GeneralName } from './names.js'

/** What can stand in one certificate; far above what any holds. */
export const CERTIFICATE_LIMITS = { bytes: 64 * 1024, depth: 24, nodes: 4_000 } as const

/** An algorithm and its parameters as written. */
export interface AlgorithmIdentifier {
  /** Dotted. */
  oid: string
  /** The whole element of the parameters. */
  parameters?: Buffer
  der: Buffer
}
export function readAlgorithm (node: DerNode): AlgorithmIdentifier {
  const fields = new Fields(node)
  const found: AlgorithmIdentifier = { oid: oid(fields.next('algorithm')), der: node.bytes }
  const parameters = fields.peek
  if (parameters !== undefined) { fields.next('parameters'); found.parameters = parameters.bytes }
  fields.end()
  return found
}

/** Extensions that path validation and revocation act upon; any other that is critical breaks the path. */
const PROCESSED = new Set([
  '2.5.29.14', '2.5.29.15', '2.5.29.17', '2.5.29.18', '2.5.29.19', '2.5.29.30', '2.5.29.31', '2.5.29.32', '2.5.29.33',
  '2.5.29.35', '2.5.29.36', '2.5.29.37', '2.5.29.46', '2.5.29.54'
])

/** An X.509 certificate as it stands in its bytes; nothing in it is judged yet. Frozen. @see RFC 5280, GB/T 20518 */
export class Certificate {
  readonly bytes: Buffer
  /** The bytes that the issuer signed. */
  readonly tbs: Buffer
  readonly version: 1 | 2 | 3
  /** Hex of the INTEGER's octets: `00ff` is 255, `ff` is -1. */
  readonly serialNumber: string
  readonly issuer: Name
  readonly subject: Name
  readonly notBefore: Date
  readonly notAfter: Date
  readonly spkiDer: Buffer
  /** Algorithm of the subject's key. */
  readonly keyAlgorithm: AlgorithmIdentifier
  /** OID of the signature's algorithm; its parameters stand in `signatureAlgorithmIdentifier`. */
  readonly signatureAlgorithm: string
  readonly signatureAlgorithmIdentifier: AlgorithmIdentifier
  /** Empty where it is not of whole octets: such a value never verifies. */
  readonly signature: Buffer
  /** SHA-256 of `bytes`, lower-case hex. */
  readonly fingerprint: string
  readonly extensions: ReadonlyMap<string, ext.Extension>
  readonly basicConstraints?: ext.BasicConstraints
  readonly keyUsage?: ReadonlySet<ext.KeyUsage>
  /** OIDs. */
  readonly extendedKeyUsage?: readonly string[]
  readonly subjectKeyIdentifier?: Buffer
  readonly authorityKeyIdentifier?: ext.AuthorityKeyIdentifier
  readonly nameConstraints?: ext.NameConstraints
  readonly certificatePolicies?: readonly ext.PolicyInformation[]
  readonly policyMappings?: readonly ext.PolicyMapping[]
  readonly policyConstraints?: ext.PolicyConstraints
  readonly inhibitAnyPolicy?: number
  readonly subjectAltName?: readonly GeneralName[]
  readonly crlDistributionPoints?: readonly ext.DistributionPoint[]
  /** Where delta lists are. */
  readonly freshestCrl?: readonly ext.DistributionPoint[]
  /** OIDs of critical extensions that nothing here acts upon. */
  readonly unknownCritical: readonly string[]
  #publicKey: KeyObject | undefined

  /** @throws {DerError} */
  constructor (bytes: Uint8Array, fingerprint: string) {
    const root = readDer(bytes, CERTIFICATE_LIMITS)
    const outer = new Fields(root)
    const tbsNode = outer.next('tbsCertificate')
    const algorithm = readAlgorithm(outer.next('signatureAlgorithm'))
    const value = bits(outer.next('signatureValue'))
    outer.end()
    this.bytes = root.bytes
    this.tbs = tbsNode.bytes
    this.fingerprint = fingerprint
    this.signatureAlgorithm = algorithm.oid
    this.signatureAlgorithmIdentifier = algorithm
    this.signature = value.unusedBits === 0 ? value.bytes : value.bytes.subarray(0, 0)

    const tbs = new Fields(tbsNode)
    const versionNode = tbs.optional(0xa0)
    const version = versionNode === undefined ? 0 : smallInteger(explicit(versionNode, 0))
    if (versionNode !== undefined && version !== 1 && version !== 2) throw new DerError('a version other than 2 or 3', versionNode.start)
    this.version = (version + 1) as 1 | 2 | 3
    const serial = tbs.next('serialNumber')
    this.serialNumber = integerContent(serial).toString('hex')
    if (this.serialNumber.length > 128) throw new DerError('a serial number of more than 64 octets', serial.start)
    const inner = tbs.next('signature')
    // Two readers could otherwise believe in two algorithms. RFC 5280 4.1.1.2
    if (!inner.bytes.equals(algorithm.der)) throw new DerError('the inner algorithm differs from the outer one', inner.start)
    this.issuer = new Name(tbs.next('issuer'))
    const validity = new Fields(tbs.next('validity'))
    this.notBefore = certificateTime(validity.next('notBefore'))
    this.notAfter = certificateTime(validity.next('notAfter'))
    validity.end()
    this.subject = new Name(tbs.next('subject'))
    const spki = tbs.next('subjectPublicKeyInfo')
    this.spkiDer = spki.bytes
    const key = new Fields(spki)
    this.keyAlgorithm = readAlgorithm(key.next('algorithm'))
    bitOctets(key.next('subjectPublicKey'))
    key.end()
    for (const tag of [0x81, 0x82]) {
      const unique = tbs.optional(tag)
      if (unique === undefined) continue
      bits(unique, tag)
      if (version === 0) throw new DerError('a unique identifier in version 1', unique.start)
    }
    const list = tbs.optional(0xa3)
    tbs.end()
    if (list !== undefined && version !== 2) throw new DerError('extensions need version 3', list.start)
    const extensions = list === undefined ? new Map<string, ext.Extension>() : ext.readExtensions(explicit(list, 3))
    this.extensions = extensions
    const read = <T>(id: string, reader: (value: Buffer) => T): T | undefined => {
      const found = extensions.get(id)
      return found === undefined ? undefined : reader(found.value)
    }
    this.basicConstraints = read('2.5.29.19', ext.readBasicConstraints)
    this.keyUsage = read('2.5.29.15', ext.readKeyUsage)
    this.extendedKeyUsage = read('2.5.29.37', ext.readOids)
    this.subjectKeyIdentifier = read('2.5.29.14', value => octets(readDer(value)))
    this.authorityKeyIdentifier = read('2.5.29.35', ext.readAuthorityKeyIdentifier)
    this.nameConstraints = read('2.5.29.30', ext.readNameConstraints)
    this.certificatePolicies = read('2.5.29.32', ext.readCertificatePolicies)
    this.policyMappings = read('2.5.29.33', ext.readPolicyMappings)
    this.policyConstraints = read('2.5.29.36', ext.readPolicyConstraints)
    this.inhibitAnyPolicy = read('2.5.29.54', ext.readInhibitAnyPolicy)
    this.subjectAltName = read('2.5.29.17', value => readGeneralNames(readDer(value)))
    this.crlDistributionPoints = read('2.5.29.31', ext.readDistributionPoints)
    this.freshestCrl = read('2.5.29.46', ext.readDistributionPoints)
    this.unknownCritical = [...extensions.values()].filter(({ oid: id, critical }) => critical && !PROCESSED.has(id)).map(({ oid: id }) => id)
    Object.freeze(this)
  }

  /**
   * Made when first asked for, since importing a key costs half a verification.
   * @throws {Failure} KEY_INVALID no key of a kind that node:crypto has, or a point that is not on its curve
   */
  get publicKey (): KeyObject {
    if (this.#publicKey === undefined) {
      try {
        this.#publicKey = createPublicKey({ key: this.spkiDer, format: 'der', type: 'spki' })
      } catch (cause) { throw new Failure('KEY_INVALID', 'the public key of a certificate cannot be used', { cause }) }
    }
    return this.#publicKey
  }

  /** Same name on both sides: a root, or a step in changing the key or the name's spelling. */
  get isSelfIssued (): boolean { return this.issuer.equals(this.subject) }
  /** The serial number as a whole number, in decimal. */
  get serialDecimal (): string {
    return BigInt.asIntN(this.serialNumber.length * 4, BigInt(`0x${this.serialNumber}`)).toString()
  }
}

/** UTCTime up to 2049, GeneralizedTime from 2050 on, whole seconds. @see RFC 5280 section 4.1.2.5 */
export function certificateTime (node: DerNode): Date {
  if (node.tag === 0x18 && node.content.length !== 15) throw new DerError('a fraction of a second', node.start)
  return time(node)
}

/** Those read last, by the digest of their bytes: certificates come again and again, and each keeps its imported key. */
const cache = new Lru<string, Certificate>(1_000)
const CACHED_BYTES = 8 * 1024

/** @throws {Failure} CERTIFICATE_INVALID, DER_TOO_LARGE, DER_TOO_DEEP, DER_TOO_MANY_ELEMENTS */
export function parseCertificate (bytes: Uint8Array): Certificate {
  const fingerprint = digest('sha256', bytes).toString('hex')
  const before = cache.get(fingerprint)
  if (before !== undefined) return before
  try {
    // Copied, so that the caller's buffer can go, and may change.
    const certificate = new Certificate(bytes.length <= CERTIFICATE_LIMITS.bytes ? Buffer.from(bytes) : bytes, fingerprint)
    if (bytes.length <= CACHED_BYTES) cache.set(fingerprint, certificate)
    return certificate
  } catch (cause) {
    if (cause instanceof DerError && cause.code === 'DER_INVALID') throw new Failure('CERTIFICATE_INVALID', `certificate: ${cause.message}`, { cause })
    throw cause
  }
}
