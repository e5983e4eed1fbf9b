import { Failure } from '../../../services/core/failure.js'
import { digest } from '../digest.js'
import { DerError } from '../der/error.js'
import { bits, boolean, explicit, Fields, integer, integerContent, sequence, smallInteger, time } from '../der/read.js'
import { readDer, type DerNode } from '../der/reader.js'
import { certificateTime, readAlgorithm, type AlgorithmIdentifier } from './certificate.js'
import * as ext from './extensions.js'
import { Name, readGeneralNames } from './names.js'

/** A province's list of a hundred thousand entries takes about 4 MiB and 400,000 elements. */
export const CRL_LIMITS = { bytes: 16 * 1024 * 1024, depth: 24, nodes: 1_000_000 } as const

export interface RevokedEntry {
  revokedAt: Date
  reason?: ext.RevocationReason
  /** When the key is believed to have been lost, which may be before it was revoked. */
  invalidityDate?: Date
}

/** Which certificates a list speaks of. @see RFC 5280 section 5.2.5 */
export interface IssuingDistributionPoint extends Pick<ext.DistributionPoint, 'fullName' | 'relativeName'> {
  onlyUserCerts: boolean
  onlyCaCerts: boolean
  onlyAttributeCerts: boolean
  onlySomeReasons?: ReadonlySet<ext.RevocationReason>
  indirect: boolean
}

const KNOWN_EXTENSIONS = new Set(['2.5.29.18', '2.5.29.20', '2.5.29.27', '2.5.29.28', '2.5.29.35', '2.5.29.46', '2.5.29.60'])
const KNOWN_ENTRY_EXTENSIONS = new Set(['2.5.29.21', '2.5.29.23', '2.5.29.24', '2.5.29.29'])

/** A certificate revocation list as it stands in its bytes; nothing in it is judged yet. @see RFC 5280 section 5 */
export class Crl {
  readonly bytes: Buffer
  readonly tbs: Buffer
  readonly signatureAlgorithm: string
  readonly signatureAlgorithmIdentifier: AlgorithmIdentifier
  readonly signature: Buffer
  /** SHA-256, lower-case hex. */
  readonly fingerprint: string
  readonly issuer: Name
  readonly thisUpdate: Date
  readonly nextUpdate?: Date
  readonly number?: bigint
  /** Present where this is a delta list: the number of the complete list that it adds to. */
  readonly deltaBase?: bigint
  readonly authorityKeyIdentifier?: ext.AuthorityKeyIdentifier
  readonly issuingDistributionPoint?: IssuingDistributionPoint
  /** It still names what was revoked and has ended since then; other lists may leave that out. @see X.509 clause 9.5.2.8, expiredCertsOnCRL */
  readonly keepsEndedSince?: Date
  /** Bytes of that extension: lists of the same scope have the same. */
  readonly scope: string
  /** Something critical in the list or one of its entries is unknown: then the list says nothing for certain. */
  readonly unknownCritical: readonly string[]
  readonly #entries: ReadonlyMap<string, RevokedEntry>

  /** @throws {DerError} */
  constructor (bytes: Uint8Array) {
    const root = readDer(bytes, CRL_LIMITS)
    const outer = new Fields(root)
    const tbsNode = outer.next('tbsCertList')
    const algorithm = readAlgorithm(outer.next('signatureAlgorithm'))
    const value = bits(outer.next('signatureValue'))
    outer.end()
    this.bytes = root.bytes
    this.fingerprint = digest('sha256', root.bytes).toString('hex')
    this.tbs = tbsNode.bytes
    this.signatureAlgorithm = algorithm.oid
    this.signatureAlgorithmIdentifier = algorithm
    this.signature = value.unusedBits === 0 ? value.bytes : value.bytes.subarray(0, 0)

    const tbs = new Fields(tbsNode)
    const version = tbs.optional(0x02)
    if (version !== undefined && smallInteger(version) !== 1) throw new DerError('a version other than 2', version.start)
    const inner = tbs.next('signature')
    if (!inner.bytes.equals(algorithm.der)) throw new DerError('the inner algorithm differs from the outer one', inner.start)
    this.issuer = new Name(tbs.next('issuer'))
    this.thisUpdate = certificateTime(tbs.next('thisUpdate'))
    const next = tbs.optional(0x17) ?? tbs.optional(0x18)
    if (next !== undefined) this.nextUpdate = certificateTime(next)
    const revoked = tbs.optional(0x30)
    const list = tbs.optional(0xa0)
    tbs.end()
    if (list !== undefined && version === undefined) throw new DerError('extensions need version 2', list.start)
    const unknown: string[] = []
    const extensions = list === undefined ? new Map<string, ext.Extension>() : ext.readExtensions(explicit(list, 0))
    for (const { oid: id, critical } of extensions.values()) if (critical && !KNOWN_EXTENSIONS.has(id)) unknown.push(id)
    const found = (id: string): Buffer | undefined => extensions.get(id)?.value
    const number = found('2.5.29.20')
    if (number !== undefined) this.number = integer(readDer(number))
    const base = found('2.5.29.27')
    if (base !== undefined) this.deltaBase = integer(readDer(base))
    const authority = found('2.5.29.35')
    if (authority !== undefined) this.authorityKeyIdentifier = ext.readAuthorityKeyIdentifier(authority)
    const point = found('2.5.29.28')
    if (point !== undefined) this.issuingDistributionPoint = readIssuingDistributionPoint(point)
    const keeps = found('2.5.29.60')
    if (keeps !== undefined) this.keepsEndedSince = time(readDer(keeps))
    this.scope = point?.toString('hex') ?? ''
    this.#entries = revoked === undefined ? new Map() : readEntries(revoked, this.issuer, this.issuingDistributionPoint?.indirect ?? false, version !== undefined, unknown)
    this.unknownCritical = [...new Set(unknown)]
    Object.freeze(this)
  }

  /** The entry of this certificate, or undefined where the list does not name it. */
  entry (issuer: Name, serialNumber: string): RevokedEntry | undefined { return this.#entries.get(`${issuer.key}\u0003${serialNumber}`) }
  /** How many certificates it names. */
  get size (): number { return this.#entries.size }
}

/** @throws {Failure} CRL_INVALID, DER_TOO_LARGE, DER_TOO_DEEP, DER_TOO_MANY_ELEMENTS */
export function parseCrl (bytes: Uint8Array): Crl {
  try {
    return new Crl(bytes)
  } catch (cause) {
    if (cause instanceof DerError && cause.code === 'DER_INVALID') throw new Failure('CRL_INVALID', `revocation list: ${cause.message}`, { cause })
    throw cause
  }
}

function readEntries (list: DerNode, listIssuer: Name, indirect: boolean, v2: boolean, unknown: string[]): Map<string, RevokedEntry> {
  const entries = new Map<string, RevokedEntry>()
  let issuer = listIssuer // an indirect list names each issuer once, before the first of its entries
  for (const node of sequence(list)) {
    const fields = new Fields(node)
    const serial = integerContent(fields.next('userCertificate')).toString('hex')
    const entry: RevokedEntry = { revokedAt: certificateTime(fields.next('revocationDate')) }
    const extensions = fields.optional(0x30)
    fields.end()
    if (extensions !== undefined) {
      if (!v2) throw new DerError('entry extensions need version 2', extensions.start)
      for (const { oid: id, critical, value } of ext.readExtensions(extensions).values()) {
        if (id === '2.5.29.21') {
          const reason = ext.REVOCATION_REASONS[smallInteger(readDer(value), 0x0a)]
          if (reason === undefined) throw new DerError('a reason that has no name', extensions.start)
          entry.reason = reason
        } else if (id === '2.5.29.24') entry.invalidityDate = certificateTime(readDer(value))
        else if (id === '2.5.29.29') {
          if (!indirect) throw new DerError('an issuer for an entry of a list that is not indirect', extensions.start)
          const directory = readGeneralNames(readDer(value)).find(name => name.type === 'directory')
          if (directory === undefined) throw new DerError('an entry whose issuer has no name', extensions.start)
          issuer = directory.value
        } else if (critical && !KNOWN_ENTRY_EXTENSIONS.has(id)) unknown.push(id)
      }
    }
    const key = `${issuer.key}\u0003${serial}`
    const before = entries.get(key)
    // Named twice: what revokes it first counts.
    if (before === undefined || entry.revokedAt < before.revokedAt) entries.set(key, entry)
  }
  return entries
}

function readIssuingDistributionPoint (value: Buffer): IssuingDistributionPoint {
  const node = readDer(value)
  const fields = new Fields(node)
  const name = fields.optional(0xa0)
  const flag = (tag: number): boolean => {
    const found = fields.optional(tag)
    if (found === undefined) return false
    if (!boolean(found, tag)) throw new DerError('a default value written out', found.start)
    return true
  }
  const onlyUserCerts = flag(0x81)
  const onlyCaCerts = flag(0x82)
  const reasons = fields.optional(0x83)
  const indirect = flag(0x84)
  const onlyAttributeCerts = flag(0x85)
  fields.end()
  return {
    ...(name === undefined ? {} : ext.readDistributionPointName(name)),
    onlyUserCerts,
    onlyCaCerts,
    onlyAttributeCerts,
    indirect,
    ...(reasons === undefined ? {} : { onlySomeReasons: ext.readReasons(reasons, 0x83) })
  }
}
