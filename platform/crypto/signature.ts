import { constants, verify, type KeyObject } from 'node:crypto'
import { Fields, oid, smallInteger, explicit } from './der/read.js'
import { readDer } from './der/reader.js'
import { DerError } from './der/error.js'
import { isSm2Key, sm2Verify } from './sm2.js'

export type SignatureName =
  | 'sm2-sm3' | 'rsa-sha256' | 'rsa-sha384' | 'rsa-sha512' | 'rsa-pss' | 'ecdsa-sha256' | 'ecdsa-sha384' | 'ecdsa-sha512'
  | 'ed25519' | 'rsa-sha1' | 'ecdsa-sha1' | 'dsa-sha1' | 'dsa-sha256'

/** Signature algorithms by OID. Those with SHA-1 or DSA are known by name, so that they can be refused by name. */
export const SIGNATURE_ALGORITHMS: ReadonlyMap<string, SignatureName> = new Map([
  ['1.2.156.10197.1.501', 'sm2-sm3'],
  ['1.2.840.113549.1.1.11', 'rsa-sha256'],
  ['1.2.840.113549.1.1.12', 'rsa-sha384'],
  ['1.2.840.113549.1.1.13', 'rsa-sha512'],
  ['1.2.840.113549.1.1.10', 'rsa-pss'],
  ['1.2.840.10045.4.3.2', 'ecdsa-sha256'],
  ['1.2.840.10045.4.3.3', 'ecdsa-sha384'],
  ['1.2.840.10045.4.3.4', 'ecdsa-sha512'],
  ['1.3.101.112', 'ed25519'],
  ['1.2.840.113549.1.1.5', 'rsa-sha1'],
  ['1.2.840.10045.4.1', 'ecdsa-sha1'],
  ['1.2.840.10040.4.3', 'dsa-sha1'],
  ['2.16.840.1.101.3.4.3.2', 'dsa-sha256']
] as const)
/** OIDs that stand for SM2 with SM3 in CMS and in some seals only. @see reference/formats.md 3.2 */
const CMS_SM2 = new Set(['1.2.156.10197.1.301.1', '1.2.156.10197.1.301'])

/** What is taken unless a policy says otherwise. */
export const STRONG_ALGORITHMS: ReadonlySet<SignatureName> = new Set([
  'sm2-sm3', 'rsa-sha256', 'rsa-sha384', 'rsa-sha512', 'rsa-pss', 'ecdsa-sha256', 'ecdsa-sha384', 'ecdsa-sha512', 'ed25519'
])
/** Smaller RSA keys verify nothing. */
export const RSA_MIN_BITS = 2048

export interface SignatureInput {
  /** OID. */
  algorithm: string
  /** DER of the algorithm's parameters as they stand in the document; PSS is described by them, for others they must say nothing. */
  parameters?: Uint8Array
  publicKey: KeyObject
  message: Uint8Array
  /** As X.509 has it: DER of r and s for SM2, ECDSA, DSA. */
  signature: Uint8Array
  /** Algorithms that may count; strong ones unless told otherwise. */
  allowed?: ReadonlySet<SignatureName>
  /** Take the OIDs that only CMS uses, too. */
  cms?: boolean
}

/** What this OID is called, or undefined where it is unknown. */
export function signatureName (algorithm: string, { cms = false }: { cms?: boolean } = {}): SignatureName | undefined {
  return SIGNATURE_ALGORITHMS.get(algorithm) ?? (cms && CMS_SM2.has(algorithm) ? 'sm2-sm3' : undefined)
}

/**
 * The one door for signatures of certificates, lists and seals. False means that this value proves nothing: wrong value, an
 * algorithm that is unknown or not allowed, parameters that don't belong, or a key of another kind. Never throws for what a
 * stranger can put into a document.
 */
export function verifySignature (input: SignatureInput): boolean {
  const name = signatureName(input.algorithm, input)
  if (name === undefined || !(input.allowed ?? STRONG_ALGORITHMS).has(name)) return false
  const { publicKey, message, signature } = input
  try {
    if (name === 'sm2-sm3') return isNull(input.parameters) && sm2Verify(publicKey, message, signature)
    if (name === 'rsa-pss') return verifyPss(input)
    const [family, hash] = name.split('-') as [string, string | undefined]
    if (publicKey.asymmetricKeyType !== KEY_TYPES[family]) return false
    switch (family) {
      case 'rsa':
        return isNull(input.parameters) && isLongEnough(publicKey) &&
          verify(hash, message, { key: publicKey, padding: constants.RSA_PKCS1_PADDING }, signature)
      case 'ecdsa':
        return input.parameters === undefined && CURVES.has(publicKey.asymmetricKeyDetails?.namedCurve ?? '') &&
          !isSm2Key(publicKey) && verify(hash, message, { key: publicKey, dsaEncoding: 'der' }, signature)
      case 'dsa': return input.parameters === undefined && verify(hash, message, { key: publicKey, dsaEncoding: 'der' }, signature)
      default: return input.parameters === undefined && verify(null, message, publicKey, signature)
    }
  } catch (error) {
    if (error instanceof DerError || isOpenSslError(error)) return false
    throw error
  }
}

const KEY_TYPES: Record<string, string> = { rsa: 'rsa', ecdsa: 'ec', dsa: 'dsa', ed25519: 'ed25519' }
const CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1'])
const NULL = Buffer.from('0500', 'hex')
const isNull = (parameters: Uint8Array | undefined): boolean => parameters === undefined || NULL.equals(parameters)
const isLongEnough = (key: KeyObject): boolean => (key.asymmetricKeyDetails?.modulusLength ?? 0) >= RSA_MIN_BITS
/** What node:crypto throws when OpenSSL will not even try, such as a value of the wrong length. */
export function isOpenSslError (error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && (code.startsWith('ERR_OSSL') || code.startsWith('ERR_CRYPTO'))
}

const HASHES = new Map([
  ['2.16.840.1.101.3.4.2.1', { name: 'sha256', bytes: 32 }],
  ['2.16.840.1.101.3.4.2.2', { name: 'sha384', bytes: 48 }],
  ['2.16.840.1.101.3.4.2.3', { name: 'sha512', bytes: 64 }]
])
/** @see RFC 4055 section 3.1; hash and mask must agree, and the salt may not be shorter than the hash */
function verifyPss ({ parameters, publicKey, message, signature }: SignatureInput): boolean {
  if (parameters === undefined || (publicKey.asymmetricKeyType !== 'rsa' && publicKey.asymmetricKeyType !== 'rsa-pss')) return false
  if (!isLongEnough(publicKey)) return false
  const fields = new Fields(readDer(parameters, { bytes: 512, nodes: 32 }))
  const hash = fields.optional(0xa0)
  const mask = fields.optional(0xa1)
  const salt = fields.optional(0xa2)
  const trailer = fields.optional(0xa3)
  fields.end()
  if (hash === undefined || mask === undefined || salt === undefined || trailer !== undefined) return false // the defaults are SHA-1
  const digest = HASHES.get(hashOid(explicit(hash, 0).bytes))
  const generator = new Fields(explicit(mask, 1))
  if (oid(generator.next('mask generation')) !== '1.2.840.113549.1.1.8') return false
  const inner = HASHES.get(hashOid(generator.next('hash of the mask').bytes))
  generator.end()
  const saltLength = smallInteger(explicit(salt, 2))
  if (digest === undefined || inner !== digest || saltLength < digest.bytes || saltLength > 512) return false
  return verify(digest.name, message, { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }, signature)
}
function hashOid (algorithm: Buffer): string {
  const fields = new Fields(readDer(algorithm))
  const id = oid(fields.next('hash'))
  fields.optional(0x05)
  fields.end()
  return id
}
