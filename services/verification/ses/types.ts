/**
 * Electronic seals and seal signatures as they stand in a file. Every `Buffer` is a slice of the input, so what is signed is
 * hashed as it came. Versions: 1 is GM/T 0031-2014, 4 is GB/T 38540-2020, 5 the draft after it.
 */
export type SesVersion = 1 | 4 | 5

/** Ways in which field files leave the standards' form; each is read in one way only, and told in the report. */
export type SesDialect =
  | 'critical-false-written' // DEFAULT FALSE stands there, which DER leaves out
  | 'seal-extensions-tagged' // extDatas of the seal behind [0]
  | 'odd-cert-list-type' // certListType is neither 1 nor 2
  | 'cert-list-of-names' // version 1: names of certificates in place of certificates, which prove nothing
  | 'certificate-wrapped-twice' // version 1: an OCTET STRING inside the OCTET STRING
  | 'time-type' // UTCTime where GeneralizedTime belongs, or the other way round
  | 'time-as-text' // version 1: the time as text inside the BIT STRING
  | 'raw64-value' // r and s as 64 octets in place of their SEQUENCE
  | 'raw64-seal-value' // the same in the seal

export interface Seal {
  version: SesVersion
  /** The whole SESeal. */
  bytes: Buffer
  /** SES_SealInfo. */
  info: Buffer
  /** `esID`: unique among the seals of one maker. */
  id: string
  vendor: string
  /** A number of regional lists: no national meaning can be relied on. */
  type: number
  name: string
  signers: SealSigners
  createdAt: Date
  validFrom: Date
  validTo: Date
  picture: { type: string, data: Buffer, width: number, height: number }
  extensions: SesExtension[]
  makerCertificate: Buffer
  algorithm: string
  /** The maker's signature, DER. */
  value: Buffer
  /** What the maker signed: SES_SealInfo alone from version 4 on; in version 1 with certificate and algorithm, put together anew. */
  signed: Buffer
  dialects: SesDialect[]
}

/** Who may sign with a seal. `names` (version 1) can't prove anybody. */
export type SealSigners =
  | { by: 'certificates', certificates: Buffer[] }
  | { by: 'digests', digests: Array<{ algorithm: string, value: Buffer }> }
  | { by: 'names' }

export interface SesExtension { oid: string, critical: boolean }

export interface SealSignature {
  version: SesVersion
  /** TBS_Sign: what the signer signed. */
  signed: Buffer
  seal: Seal
  /** The signer's own claim; undefined where it can't be read (version 1 leaves its form open). */
  signedAt: Date | undefined
  dataHash: Buffer
  /** In OFD the absolute path of Signature.xml. */
  propertyInfo: string
  extensions: SesExtension[]
  certificate: Buffer
  algorithm: string
  /** DER. */
  value: Buffer
  /** The value as it stands in the file, whatever its dialect: the content of the BIT STRING without the count of unused bits. */
  valueOctets: Buffer
  /** RFC 3161 token over `valueOctets`. */
  timeStamp: Buffer | undefined
  dialects: SesDialect[]
}
