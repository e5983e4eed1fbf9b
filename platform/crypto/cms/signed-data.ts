import { Failure } from '../../../services/core/failure.js'
import { digest, type DigestAlgorithm } from '../digest.js'
import { DerError } from '../der/error.js'
import { explicit, Fields, integerContent, octets, oid, sequence, set, smallInteger } from '../der/read.js'
import { isSorted, type DerNode } from '../der/reader.js'
import { signatureName, verifySignature } from '../signature.js'
import { parseCertificate, readAlgorithm, type AlgorithmIdentifier, type Certificate } from '../x509/certificate.js'
import { Name } from '../x509/names.js'

/** SignedData of RFC 5652, and of GB/T 35275 under its own identifiers, which has the same shape. */
export interface SignedData {
  /** Of what is signed. */
  contentType: string
  /** What is signed: the value octets of the OCTET STRING. */
  content: Buffer
  /** Those that can be read, in no order that could be relied on. */
  certificates: readonly Certificate[]
  signers: readonly SignerInfo[]
}

export interface SignerInfo {
  /** Which certificate is the signer's. */
  signer: { issuer: Name, serialNumber: string } | { keyIdentifier: Buffer }
  /** Undefined where it is unknown or no longer to be used. */
  digestAlgorithm: DigestAlgorithm | undefined
  signatureAlgorithm: AlgorithmIdentifier
  signature: Buffer
  attributes: SignedAttributes
}

export interface SignedAttributes {
  /** As they stand in the file, under the tag of a SET: what was signed. */
  bytes: Buffer
  contentType: string
  messageDigest: Buffer
  /** The one value of each attribute, by its identifier. */
  values: ReadonlyMap<string, DerNode>
  /** In the order that DER wants; in the field some are not. */
  sorted: boolean
}

export const CMS_LIMITS = { certificates: 16, signers: 8, attributes: 32 } as const
const SIGNED_DATA = new Set(['1.2.840.113549.1.7.2', '1.2.156.10197.6.1.4.2.2'])
const CONTENT_TYPE = '1.2.840.113549.1.9.3'
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4'
const DIGESTS = new Map<string, DigestAlgorithm>([
  ['1.2.156.10197.1.401', 'sm3'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512']
])

/** Reads a ContentInfo that holds SignedData with its content inside and signed attributes. @throws {DerError} */
export function readSignedData (root: DerNode): SignedData {
  const outer = new Fields(root)
  const type = outer.next('contentType')
  if (!SIGNED_DATA.has(oid(type))) throw new DerError('not SignedData', type.start)
  const fields = new Fields(explicit(outer.next('content'), 0))
  outer.end()
  const version = fields.next('version')
  if (![1, 3, 4, 5].includes(smallInteger(version))) throw new DerError('a version of SignedData that does not exist', version.start)
  set(fields.next('digestAlgorithms')).forEach(readAlgorithm)
  const encapsulated = new Fields(fields.next('encapContentInfo'))
  const contentType = oid(encapsulated.next('eContentType'))
  const content = octets(explicit(encapsulated.next('eContent'), 0))
  encapsulated.end()
  const certificates = fields.optional(0xa0)
  fields.optional(0xa1) // lists that came along: what is known of revocation stands in the trust directory
  const signerNodes = set(fields.next('signerInfos'))
  fields.end()
  limit(signerNodes.length, 'signers', root)
  return { contentType, content, certificates: certificates === undefined ? [] : readCertificates(certificates), signers: signerNodes.map(readSigner) }
}

function readCertificates (node: DerNode): Certificate[] {
  limit(node.children.length, 'certificates', node)
  return node.children.filter(({ tag }) => tag === 0x30).flatMap(({ bytes }) => {
    try { return [parseCertificate(bytes)] } catch (error) {
      if (error instanceof Failure) return [] // one that can't be read signed nothing
      throw error
    }
  })
}

function readSigner (node: DerNode): SignerInfo {
  const fields = new Fields(node)
  const version = fields.next('version')
  const keyId = fields.optional(0x80)
  if (smallInteger(version) !== (keyId === undefined ? 1 : 3)) throw new DerError('a version that contradicts how the signer is named', version.start)
  const signer = keyId === undefined ? readIssuerAndSerial(fields.next('sid')) : { keyIdentifier: octets(keyId, 0x80) }
  const digestAlgorithm = DIGESTS.get(readAlgorithm(fields.next('digestAlgorithm')).oid)
  const attributes = readAttributes(fields.next('signedAttrs'))
  const signatureAlgorithm = readAlgorithm(fields.next('signatureAlgorithm'))
  const signature = octets(fields.next('signature'))
  const unsigned = fields.optional(0xa1)
  if (unsigned !== undefined) sequence(unsigned, 0xa1)
  fields.end()
  return { signer, digestAlgorithm, signatureAlgorithm, signature, attributes }
}

function readIssuerAndSerial (node: DerNode): { issuer: Name, serialNumber: string } {
  const fields = new Fields(node)
  const found = { issuer: new Name(fields.next('issuer')), serialNumber: integerContent(fields.next('serialNumber')).toString('hex') }
  fields.end()
  return found
}

function readAttributes (node: DerNode): SignedAttributes {
  const values = new Map<string, DerNode>()
  limit(set(node, 0xa0).length, 'attributes', node)
  for (const attribute of node.children) {
    const fields = new Fields(attribute)
    const id = oid(fields.next('attrType'))
    const [value, ...more] = set(fields.next('attrValues'))
    fields.end()
    if (values.has(id) || value === undefined || more.length > 0) throw new DerError('an attribute that does not have one value', attribute.start)
    values.set(id, value)
  }
  const contentType = values.get(CONTENT_TYPE)
  const messageDigest = values.get(MESSAGE_DIGEST)
  if (contentType === undefined || messageDigest === undefined) throw new DerError('signed attributes without content type or digest', node.start)
  const bytes = Buffer.from(node.bytes)
  bytes[0] = 0x31 // RFC 5652 section 5.4; formats.md 3.3, case B
  return { bytes, contentType: oid(contentType), messageDigest: octets(messageDigest), values, sorted: isSorted(node) }
}

function limit (count: number, what: keyof typeof CMS_LIMITS, { start }: DerNode): void {
  if (count > CMS_LIMITS[what]) throw new DerError(`more than ${CMS_LIMITS[what]} ${what}`, start, 'DER_TOO_MANY_ELEMENTS')
}

/** Is this the certificate that the signer's entry names? */
export function isSignerOf ({ signer }: SignerInfo, certificate: Certificate): boolean {
  return 'keyIdentifier' in signer
    ? certificate.subjectKeyIdentifier?.equals(signer.keyIdentifier) === true
    : certificate.serialNumber === signer.serialNumber && certificate.issuer.equals(signer.issuer)
}

const RSA_KEY = '1.2.840.113549.1.1.1'
const RSA_WITH: Partial<Record<DigestAlgorithm, string>> = { sha256: '1.2.840.113549.1.1.11', sha384: '1.2.840.113549.1.1.12', sha512: '1.2.840.113549.1.1.13' }
const SM2_WITH_SM3 = '1.2.156.10197.1.501'

/** The identifier of signature and digest together, as policies and certificates have it: CMS often names the key alone. */
export function signatureIdentifier ({ signatureAlgorithm: { oid: id }, digestAlgorithm }: SignerInfo): string {
  if (id === RSA_KEY) return (digestAlgorithm === undefined ? undefined : RSA_WITH[digestAlgorithm]) ?? id
  return signatureName(id, { cms: true }) === 'sm2-sm3' ? SM2_WITH_SM3 : id
}

/** Did this certificate's key sign the attributes, and do they speak of the content? Z is part of the signature, not of the digest. */
export function isSignedByKeyOf (certificate: Certificate, signer: SignerInfo, { content, contentType }: SignedData): boolean {
  const { attributes, digestAlgorithm, signatureAlgorithm, signature } = signer
  const algorithm = signatureIdentifier(signer)
  const hash = signatureName(algorithm)?.split('-')[1]
  if (digestAlgorithm === undefined || (HASHES.has(hash) && hash !== digestAlgorithm)) return false
  if (attributes.contentType !== contentType || !attributes.messageDigest.equals(digest(digestAlgorithm, content))) return false
  const parameters = algorithm === signatureAlgorithm.oid ? signatureAlgorithm.parameters : undefined
  return verifySignature({ algorithm, publicKey: certificate.publicKey, message: attributes.bytes, signature, ...(parameters !== undefined && { parameters }) })
}
/** PSS and Ed25519 name theirs elsewhere. */
const HASHES = new Set<string | undefined>(DIGESTS.values())
