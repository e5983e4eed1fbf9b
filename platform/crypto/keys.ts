import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import forge from 'node-forge'
import { Failure } from '../../services/core/failure.js'
import { canonicalJson } from '../../services/core/json.js'
import { digest } from './digest.js'
import { DerError } from './der/error.js'
import { readDer } from './der/reader.js'
import { isSm2Key } from './sm2.js'
import { isOpenSslError, RSA_MIN_BITS } from './signature.js'
import { parseCertificate, type Certificate } from './x509/certificate.js'
import { readPem } from './x509/pem.js'

const KEY_LABELS = new Set(['PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY'])

/**
 * The one private key of a file: PEM (PKCS#8, also encrypted; SEC 1; PKCS#1), PKCS#8 DER, or PKCS#12 with an RSA key. Text
 * before the PEM block, such as the remark that it is a development key, is skipped.
 * @throws {Failure} KEY_INVALID no key, more than one, of a kind not in use here, or RSA below 2048 bits; KEY_PASSPHRASE_WRONG
 */
export function loadPrivateKey (bytes: Uint8Array, passphrase?: string): KeyObject {
  if (bytes[0] === 0x30) return isPkcs12(bytes) ? loadPkcs12(bytes, passphrase ?? '').privateKey : usable(importKey(Buffer.from(bytes), 'der', passphrase))
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const labels = readPem(text).map(({ label }) => label).filter(label => KEY_LABELS.has(label))
  if (labels.length !== 1) throw new Failure('KEY_INVALID', `a file with one private key expected, found ${labels.length}`)
  const label = labels[0] as string
  const start = text.indexOf(`-----BEGIN ${label}-----`)
  return usable(importKey(text.slice(start), 'pem', passphrase))
}

function importKey (key: string | Buffer, format: 'pem' | 'der', passphrase: string | undefined): KeyObject {
  const read = (passphrase?: string): KeyObject => typeof key === 'string'
    ? createPrivateKey({ key, format: 'pem', passphrase })
    : createPrivateKey({ key, format: format as 'der', type: 'pkcs8', passphrase })
  try {
    return read(passphrase)
  } catch (cause) {
    const code = (cause as { code?: string }).code ?? ''
    if (!isOpenSslError(cause) && !(cause instanceof TypeError) && !code.startsWith('ERR_')) throw cause
    if (lacksPassphrase(cause) || (passphrase !== undefined && isEncrypted(read))) {
      throw new Failure('KEY_PASSPHRASE_WRONG', 'the passphrase of a private key is wrong or missing', { cause })
    }
    throw new Failure('KEY_INVALID', 'not a private key', { cause })
  }
}

/**
 * One wrong passphrase in 256 decrypts to bytes whose padding happens to fit: the fault is then found in what should be a key.
 * Whether a key is encrypted shows when it is read without a passphrase.
 */
function isEncrypted (read: () => KeyObject): boolean {
  try { read() } catch (error) { return lacksPassphrase(error) }
  return false
}

function lacksPassphrase (error: unknown): boolean {
  const code = (error as { code?: string }).code ?? ''
  return code === 'ERR_MISSING_PASSPHRASE' || /BAD_DECRYPT|INTERRUPTED_OR_CANCELLED|bad decrypt/i.test(`${code} ${String(error)}`)
}

function usable (key: KeyObject): KeyObject {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  const fits = type === 'ed25519' || type === 'ec' || isSm2Key(key) || (type === 'rsa' && (details?.modulusLength ?? 0) >= RSA_MIN_BITS)
  if (!fits) throw new Failure('KEY_INVALID', 'an Ed25519, EC, SM2 key, or an RSA key of at least 2048 bits expected')
  return key
}

/** PFX begins with version 3 and a ContentInfo; PKCS#8 with version 0 or 1. Keystores in the field are often BER, not DER. */
export function isPkcs12 (bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('hex')
  return /^30(?:80|[0-7].|81..|82....|83......)020103/.test(head)
}

/**
 * Opens a PKCS#12 keystore with one RSA key. Only for keystores of our own that an operator brings: never for what is verified.
 * @throws {Failure} KEY_INVALID, KEY_PASSPHRASE_WRONG
 */
export function loadPkcs12 (bytes: Uint8Array, passphrase: string): { privateKey: KeyObject, certificates: Certificate[] } {
  const store = openPkcs12(bytes, passphrase)
  const { pki } = forge
  const bags = [pki.oids['pkcs8ShroudedKeyBag'], pki.oids['keyBag']]
    .flatMap(bagType => store.getBags({ bagType: bagType as string })[bagType as string] ?? [])
  const [bag] = bags
  if (bag === undefined || bags.length !== 1) throw new Failure('KEY_INVALID', `a keystore with one private key expected, found ${bags.length}`)
  if (bag.key == null) throw new Failure('KEY_INVALID', 'a keystore with an RSA key expected')
  const privateKey = usable(importKey(pki.privateKeyInfoToPem(pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(bag.key))), 'pem', undefined))
  const certBag = pki.oids['certBag'] as string
  const certificates = (store.getBags({ bagType: certBag })[certBag] ?? []).flatMap(({ cert, asn1 }) => {
    const tree = cert == null ? asn1 : pki.certificateToAsn1(cert)
    return tree == null ? [] : [parseCertificate(Buffer.from(forge.asn1.toDer(tree).getBytes(), 'latin1'))]
  })
  return { privateKey, certificates }
}
function openPkcs12 (bytes: Uint8Array, passphrase: string): forge.pkcs12.Pkcs12Pfx {
  try {
    const tree = forge.asn1.fromDer(Buffer.from(bytes).toString('latin1'))
    return forge.pkcs12.pkcs12FromAsn1(tree, false, passphrase)
  } catch (cause) {
    if (/password|MAC could not be verified/i.test(String(cause))) throw new Failure('KEY_PASSPHRASE_WRONG', 'the passphrase of a keystore is wrong', { cause })
    throw new Failure('KEY_INVALID', 'a PKCS#12 keystore cannot be read', { cause })
  }
}

/** A public key from PEM, SPKI DER or JWK. @throws {Failure} KEY_INVALID */
export function loadPublicKey (from: Uint8Array | JsonWebKey): KeyObject {
  try {
    if (!(from instanceof Uint8Array)) return createPublicKey({ key: from, format: 'jwk' })
    const bytes = Buffer.from(from)
    if (from[0] !== 0x30) return createPublicKey({ key: bytes, format: 'pem' })
    readDer(bytes, { bytes: 16 * 1024, nodes: 64 }) // OpenSSL would take BER and trailing bytes
    return createPublicKey({ key: bytes, format: 'der', type: 'spki' })
  } catch (cause) {
    if (cause instanceof DerError || cause instanceof TypeError || isOpenSslError(cause) || String((cause as { code?: string }).code).startsWith('ERR_')) {
      throw new Failure('KEY_INVALID', 'not a public key', { cause })
    }
    throw cause
  }
}

/** Members that RFC 7638 hashes, by kind of key. */
const REQUIRED: Record<string, readonly string[]> = { OKP: ['crv', 'kty', 'x'], EC: ['crv', 'kty', 'x', 'y'], RSA: ['e', 'kty', 'n'] }

/** The public members of a key as JWK; of a private key its public half. @throws {Failure} KEY_INVALID SM2, which JOSE has no name for */
export function publicJwk (key: KeyObject): JsonWebKey & { kty: string } {
  if (key.type === 'secret' || isSm2Key(key)) throw new Failure('KEY_INVALID', 'this key has no form as JWK')
  const jwk = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' })
  const members = REQUIRED[jwk.kty ?? '']
  if (members === undefined) throw new Failure('KEY_INVALID', 'this key has no form as JWK')
  return Object.fromEntries(members.map(member => [member, jwk[member]])) as JsonWebKey & { kty: string }
}

/** SHA-256 over the canonical JWK, base64url: the `kid` of our keys. @see RFC 7638 @throws {Failure} KEY_INVALID */
export function keyThumbprint (key: KeyObject): string {
  return digest('sha256', Buffer.from(canonicalJson(publicJwk(key)))).toString('base64url')
}
