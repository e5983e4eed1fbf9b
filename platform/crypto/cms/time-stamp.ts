import { digest, type DigestAlgorithm } from '../digest.js'
import { DerError } from '../der/error.js'
import { boolean, explicit, Fields, integer, integerContent, octets, oid, sequence, smallInteger, time } from '../der/read.js'
import { readDer, type DerNode } from '../der/reader.js'
import { readAlgorithm, type Certificate } from '../x509/certificate.js'
import { readExtensionList } from '../x509/extensions.js'
import { readGeneralName, readGeneralNames, type GeneralName } from '../x509/names.js'
import { readSignedData, type SignedData, type SignerInfo } from './signed-data.js'

/** A token with a few certificates takes some five kilobytes. */
export const TIME_STAMP_LIMITS = { bytes: 256 * 1024, depth: 24, nodes: 8_000 } as const

/** A time-stamp as it stands in its bytes; nothing in it is judged yet. @see RFC 3161 section 2.4.2, GB/T 20520 */
export interface TimeStamp {
  signed: SignedData
  /** The one signer. */
  signer: SignerInfo
  /** Of what existed: OID of the algorithm, and the digest. */
  imprint: { algorithm: string, digest: Buffer }
  genTime: Date
  /** `genTime` and the accuracy that the authority gives it: by then it existed. */
  latest: Date
  /** Whom the authority calls itself. */
  tsa?: GeneralName
  /** Critical extensions, of which none is known. */
  unknownCritical: string[]
  /** It was wrapped in the responder's answer (TimeStampResp). */
  wrapped: boolean
}

const TST_INFO = '1.2.840.113549.1.9.16.1.4'
const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12'
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47'
/** No clock that can prove anything is less sure than this. */
const ACCURACY_SECONDS = 24 * 60 * 60

/** @throws {DerError} not a token of one signer, nor the answer of a responder that grants one */
export function parseTimeStamp (bytes: Uint8Array): TimeStamp {
  const root = readDer(bytes, TIME_STAMP_LIMITS)
  const wrapped = root.children[0]?.tag === 0x30
  const signed = readSignedData(wrapped ? granted(root) : root)
  if (signed.contentType !== TST_INFO) throw new DerError('signed data that is no time-stamp', root.start)
  const [signer, ...more] = signed.signers
  if (signer === undefined || more.length > 0) throw new DerError('a time-stamp that does not have one signer', root.start)
  return { signed, signer, ...readInfo(readDer(signed.content, TIME_STAMP_LIMITS)), wrapped }
}

/** @see RFC 3161 section 2.4.2: status 0 is granted, 1 granted with changes */
function granted (root: DerNode): DerNode {
  const fields = new Fields(root)
  const status = new Fields(fields.next('status')).next('PKIStatus')
  if (smallInteger(status) > 1 || smallInteger(status) < 0) throw new DerError('a time-stamp that was refused', status.start)
  const token = fields.next('timeStampToken')
  fields.end()
  return token
}

function readInfo (node: DerNode): Pick<TimeStamp, 'imprint' | 'genTime' | 'latest' | 'tsa' | 'unknownCritical'> {
  const fields = new Fields(node)
  const version = fields.next('version')
  if (smallInteger(version) !== 1) throw new DerError('a time-stamp of another version', version.start)
  oid(fields.next('policy'))
  const imprint = new Fields(fields.next('messageImprint'))
  const algorithm = readAlgorithm(imprint.next('hashAlgorithm')).oid
  const hashed = octets(imprint.next('hashedMessage'))
  imprint.end()
  integerContent(fields.next('serialNumber'))
  const at = fields.next('genTime')
  if (at.tag !== 0x18) throw new DerError('a GeneralizedTime expected', at.start)
  const genTime = time(at)
  const latest = new Date(genTime.getTime() + accuracyMs(fields.optional(0x30)))
  if (latest.getUTCFullYear() > 9999) throw new DerError('a time beyond the year 9999', at.start) // such instants no longer sort as text
  const ordering = fields.optional(0x01)
  if (ordering !== undefined) boolean(ordering)
  const nonce = fields.optional(0x02)
  if (nonce !== undefined) integer(nonce)
  const tsa = fields.optional(0xa0)
  const extensions = fields.optional(0xa1)
  fields.end()
  return {
    imprint: { algorithm, digest: hashed },
    genTime,
    latest,
    ...(tsa !== undefined && { tsa: readGeneralName(explicit(tsa, 0)) }),
    unknownCritical: extensions === undefined ? [] : [...readExtensionList(sequence(extensions, 0xa1), extensions).values()].filter(({ critical }) => critical).map(({ oid: id }) => id)
  }
}

function accuracyMs (node: DerNode | undefined): number {
  if (node === undefined) return 0
  const fields = new Fields(node)
  const part = (tag: number, most: number): number => {
    const found = fields.optional(tag)
    if (found === undefined) return 0
    const value = smallInteger(found, tag)
    if (value < 0 || value > most) throw new DerError('an accuracy out of range', found.start)
    return value
  }
  const seconds = part(0x02, ACCURACY_SECONDS)
  const millis = part(0x80, 999)
  const micros = part(0x81, 999)
  fields.end()
  return seconds * 1000 + millis + Math.ceil(micros / 1000)
}

const HASHES = new Map<string, DigestAlgorithm>([
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
  ['1.2.156.10197.1.401', 'sm3']
])

/**
 * Is this the certificate that the token binds itself to: by the digest of its bytes (which may be SHA-1 in the older attribute, since the
 * signature under its key is what proves), by issuer and number, by name? What the token leaves out says nothing.
 * @throws {DerError} an attribute that is not what it should be
 * @see RFC 2634 section 5.4, RFC 5035, RFC 3161 section 2.4.2
 */
export function isBoundTo ({ signer: { attributes: { values } }, tsa }: TimeStamp, certificate: Certificate): boolean {
  if (tsa?.type === 'directory' && !tsa.value.equals(certificate.subject)) return false
  const older = values.get(SIGNING_CERTIFICATE)
  const newer = values.get(SIGNING_CERTIFICATE_V2)
  return (older === undefined || names(older, 'sha1', certificate)) && (newer === undefined || names(newer, 'sha256', certificate))
}

/** The first one named is the signer's own. */
function names (attribute: DerNode, otherwise: DigestAlgorithm, certificate: Certificate): boolean {
  const outer = new Fields(attribute)
  const [first] = sequence(outer.next('certs'))
  outer.optional(0x30) // policies
  outer.end()
  if (first === undefined) throw new DerError('an attribute that names no certificate', attribute.start)
  const fields = new Fields(first)
  const given = otherwise === 'sha1' ? undefined : fields.optional(0x30)
  const algorithm = given === undefined ? otherwise : HASHES.get(readAlgorithm(given).oid)
  const hash = octets(fields.next('certHash'))
  const issuerSerial = fields.optional(0x30)
  fields.end()
  if (algorithm === undefined || !digest(algorithm, certificate.bytes).equals(hash)) return false
  if (issuerSerial === undefined) return true
  const parts = new Fields(issuerSerial)
  const issuers = readGeneralNames(parts.next('issuer'))
  const serial = integerContent(parts.next('serialNumber')).toString('hex')
  parts.end()
  return serial === certificate.serialNumber && issuers.some(name => name.type === 'directory' && name.value.equals(certificate.issuer))
}
