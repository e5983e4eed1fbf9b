import { DerError } from '../der/error.js'
import { boolean, Fields, integerContent, namedBits, octets, oid, sequence, smallInteger, text } from '../der/read.js'
import { readDer, type DerNode } from '../der/reader.js'
import { readGeneralName, readGeneralNames, readImplicitRdn, type GeneralName, type Rdn } from './names.js'

export interface Extension { oid: string, critical: boolean, value: Buffer }

/** @throws {DerError} an extension stands twice, or `critical` FALSE is written out */
export function readExtensions (list: DerNode): Map<string, Extension> { return readExtensionList(sequence(list), list) }
/** The same behind a tag of its own. */
export function readExtensionList (nodes: readonly DerNode[], list: DerNode): Map<string, Extension> {
  const found = new Map<string, Extension>()
  for (const node of nodes) {
    const fields = new Fields(node)
    const id = oid(fields.next('extnID'))
    const flag = fields.optional(0x01)
    if (flag !== undefined && !boolean(flag)) throw new DerError('a default value written out', flag.start)
    const value = octets(fields.next('extnValue'))
    fields.end()
    if (found.has(id)) throw new DerError(`extension ${id} stands twice`, node.start)
    found.set(id, { oid: id, critical: flag !== undefined, value })
  }
  if (found.size === 0) throw new DerError('an empty list of extensions', list.start)
  return found
}

export const KEY_USAGES = [
  'digitalSignature', 'nonRepudiation', 'keyEncipherment', 'dataEncipherment', 'keyAgreement', 'keyCertSign', 'cRLSign',
  'encipherOnly', 'decipherOnly'
] as const
export type KeyUsage = typeof KEY_USAGES[number]

/** Reasons of revocation by their number; 7 is not used. @see RFC 5280 section 5.3.1 */
export const REVOCATION_REASONS = [
  'unspecified', 'keyCompromise', 'cACompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation',
  'certificateHold', undefined, 'removeFromCRL', 'privilegeWithdrawn', 'aACompromise'
] as const
export type RevocationReason = NonNullable<typeof REVOCATION_REASONS[number]>
/** The bits of ReasonFlags. @see RFC 5280 section 4.2.1.13 */
const REASON_FLAGS: readonly RevocationReason[] = [
  'unspecified', 'keyCompromise', 'cACompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation',
  'certificateHold', 'privilegeWithdrawn', 'aACompromise'
]
/** What a list of every reason covers. */
export const ALL_REASONS: ReadonlySet<RevocationReason> = new Set(REASON_FLAGS.slice(1))

export interface BasicConstraints { ca: boolean, pathLength?: number }
export interface AuthorityKeyIdentifier { keyIdentifier?: Buffer, issuer?: GeneralName[], serialNumber?: string }
export interface NameConstraints { permitted: GeneralName[], excluded: GeneralName[] }
export interface PolicyQualifier { oid: string, value: Buffer }
export interface PolicyInformation { policy: string, qualifiers: PolicyQualifier[] }
export interface PolicyMapping { issuerDomain: string, subjectDomain: string }
export interface PolicyConstraints { requireExplicitPolicy?: number, inhibitPolicyMapping?: number }
export interface DistributionPoint {
  fullName?: GeneralName[]
  relativeName?: Rdn
  /** Absent: every reason. */
  reasons?: ReadonlySet<RevocationReason>
  crlIssuer?: GeneralName[]
}

export function readBasicConstraints (value: Buffer): BasicConstraints {
  const fields = new Fields(readDer(value))
  const flag = fields.optional(0x01)
  // Authorities in the field write FALSE out, against DER. It says the same in one way only, so it may stand.
  const ca = flag !== undefined && boolean(flag)
  const length = fields.optional(0x02)
  fields.end()
  return length === undefined ? { ca } : { ca, pathLength: count(length) }
}

export function readKeyUsage (value: Buffer): ReadonlySet<KeyUsage> {
  const node = readDer(value)
  const usages = namedBits(node).map(bit => KEY_USAGES[bit])
  if (usages.includes(undefined)) throw new DerError('a key usage that has no name', node.start)
  return new Set(usages as KeyUsage[])
}

export function readOids (value: Buffer): readonly string[] { return notEmpty(readDer(value)).map(node => oid(node)) }

export function readAuthorityKeyIdentifier (value: Buffer): AuthorityKeyIdentifier {
  const fields = new Fields(readDer(value))
  const found: AuthorityKeyIdentifier = {}
  const key = fields.optional(0x80)
  if (key !== undefined) found.keyIdentifier = octets(key, 0x80)
  const issuer = fields.optional(0xa1)
  if (issuer !== undefined) found.issuer = readGeneralNames(issuer, 0xa1)
  const serial = fields.optional(0x82)
  if (serial !== undefined) found.serialNumber = integerContent(serial, 0x82).toString('hex')
  fields.end()
  return found
}

export function readNameConstraints (value: Buffer): NameConstraints {
  const node = readDer(value)
  const fields = new Fields(node)
  const permitted = fields.optional(0xa0)
  const excluded = fields.optional(0xa1)
  fields.end()
  if (permitted === undefined && excluded === undefined) throw new DerError('name constraints that constrain nothing', node.start)
  return {
    permitted: permitted === undefined ? [] : notEmpty(permitted, 0xa0).map(readSubtree),
    excluded: excluded === undefined ? [] : notEmpty(excluded, 0xa1).map(readSubtree)
  }
}
function readSubtree (node: DerNode): GeneralName {
  const fields = new Fields(node)
  const base = readGeneralName(fields.next('base'))
  fields.end() // RFC 5280 fixes minimum to its default and leaves maximum out
  if (base.type === 'ip' && base.value.length !== 8 && base.value.length !== 32) throw new DerError('an address range of 8 or 32 octets expected', node.start)
  return base
}

export function readCertificatePolicies (value: Buffer): readonly PolicyInformation[] {
  const seen = new Set<string>()
  return notEmpty(readDer(value)).map(node => {
    const fields = new Fields(node)
    const policy = oid(fields.next('policyIdentifier'))
    if (seen.has(policy)) throw new DerError('a policy stands twice', node.start)
    seen.add(policy)
    const list = fields.optional(0x30)
    fields.end()
    const qualifiers = list === undefined
      ? []
      : notEmpty(list).map(qualifier => {
        const parts = new Fields(qualifier)
        const id = oid(parts.next('policyQualifierId'))
        const held = parts.next('qualifier').bytes
        parts.end()
        return { oid: id, value: held }
      })
    return { policy, qualifiers }
  })
}

/** The text that an issuer wants shown beside a policy. @see RFC 5280 section 4.2.1.4 */
export function userNotice (qualifier: PolicyQualifier): string | undefined {
  if (qualifier.oid !== '1.3.6.1.5.5.7.2.2') return undefined
  const explicitText = sequence(readDer(qualifier.value)).find(node => node.tag !== 0x30)
  return explicitText === undefined ? undefined : text(explicitText)
}

export function readPolicyMappings (value: Buffer): readonly PolicyMapping[] {
  return notEmpty(readDer(value)).map(node => {
    const fields = new Fields(node)
    const mapping = { issuerDomain: oid(fields.next('issuerDomainPolicy')), subjectDomain: oid(fields.next('subjectDomainPolicy')) }
    fields.end()
    return mapping
  })
}

export function readPolicyConstraints (value: Buffer): PolicyConstraints {
  const fields = new Fields(readDer(value))
  const found: PolicyConstraints = {}
  const explicit = fields.optional(0x80)
  if (explicit !== undefined) found.requireExplicitPolicy = count(explicit, 0x80)
  const mapping = fields.optional(0x81)
  if (mapping !== undefined) found.inhibitPolicyMapping = count(mapping, 0x81)
  fields.end()
  return found
}

export function readInhibitAnyPolicy (value: Buffer): number { return count(readDer(value)) }

export function readDistributionPoints (value: Buffer): readonly DistributionPoint[] {
  return notEmpty(readDer(value)).map(node => {
    const fields = new Fields(node)
    const point: DistributionPoint = {}
    const name = fields.optional(0xa0)
    if (name !== undefined) Object.assign(point, readDistributionPointName(name))
    const reasons = fields.optional(0x81)
    if (reasons !== undefined) point.reasons = readReasons(reasons, 0x81)
    const issuer = fields.optional(0xa2)
    if (issuer !== undefined) point.crlIssuer = readGeneralNames(issuer, 0xa2)
    fields.end()
    if (name === undefined && issuer === undefined) throw new DerError('a distribution point without name and issuer', node.start)
    return point
  })
}
/** `node` is the explicit tag around the CHOICE. */
export function readDistributionPointName (node: DerNode): Pick<DistributionPoint, 'fullName' | 'relativeName'> {
  const inner = node.children[0]
  if (inner === undefined || node.children.length !== 1) throw new DerError('a distribution point has one name', node.start)
  return inner.tag === 0xa0 ? { fullName: readGeneralNames(inner, 0xa0) } : { relativeName: readImplicitRdn(inner, 0xa1) }
}
export function readReasons (node: DerNode, tag: number): ReadonlySet<RevocationReason> {
  return new Set(namedBits(node, tag).map(bit => {
    const reason = REASON_FLAGS[bit]
    if (reason === undefined) throw new DerError('a reason that has no name', node.start)
    return reason
  }))
}

function notEmpty (node: DerNode, tag = 0x30): readonly DerNode[] {
  const children = sequence(node, tag)
  if (children.length === 0) throw new DerError('an empty list', node.start)
  return children
}
/** INTEGER (0..MAX); what does not fit is more than any path is long. */
function count (node: DerNode, tag = 0x02): number {
  const content = integerContent(node, tag)
  if ((content[0] as number) >= 0x80) throw new DerError('a negative count', node.start)
  return content.length > 4 ? Number.MAX_SAFE_INTEGER : smallInteger(node, tag)
}
