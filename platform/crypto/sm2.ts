import { createPrivateKey, createPublicKey, createSign, createVerify, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { digest } from './digest.js'
import { DerError } from './der/error.js'
import { integer, sequence } from './der/read.js'
import { readDer } from './der/reader.js'
import { der } from './der/writer.js'

/*
 * SM2 signatures on node:crypto. OpenSSL computes Z by itself only with an empty identity, which no Chinese certificate
 * uses; so Z is computed here and fed before the message, and the one-shot calls are not used.
 * @see GB/T 32918.2, GB/T 35276 (use), and docs/decisions/0010-sm2-on-node-crypto.md
 */

/** Curve and key algorithm. */
export const SM2_OID = '1.2.156.10197.1.301'
/** The signer identity of certificates, seals and CMS. @see GB/T 35276 */
export const SM2_DEFAULT_ID = '1234567812345678'
const CURVE = Buffer.from(
  'fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc' + // a
  '28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93' + // b
  '32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7' + // Gx
  'bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0', 'hex') // Gy
/** Everything of an SPKI before the point: the shape in which node:crypto always exports. */
const SPKI_HEAD = Buffer.from('3059301306072a8648ce3d020106082a811ccf5501822d034200', 'hex')
const ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n

interface Known { key: KeyObject, z: Buffer, point: Buffer }
/** What was found out about a key: exporting one costs a third of a verification. `null` where it is no SM2 key. */
const known = new WeakMap<KeyObject, Known | null>()

function lookUp (key: KeyObject): Known | null {
  const before = known.get(key)
  if (before !== undefined) return before
  const found = find(key)
  known.set(key, found)
  return found
}
function find (key: KeyObject): Known | null {
  // An imported SM2 key has no type that Node knows of; one fresh from generateKeyPair has `ec` and would sign ECDSA.
  if (key.type === 'secret' || (key.asymmetricKeyType !== undefined && key.asymmetricKeyDetails?.namedCurve !== 'SM2')) return null
  const spki = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'der', type: 'spki' })
  if (spki.length !== SPKI_HEAD.length + 65 || !spki.subarray(0, SPKI_HEAD.length).equals(SPKI_HEAD)) return null
  const point = spki.subarray(SPKI_HEAD.length)
  return { key: key.asymmetricKeyType === undefined ? key : reimport(key), z: sm2Z(point, SM2_DEFAULT_ID), point }
}
function reimport (key: KeyObject): KeyObject {
  return key.type === 'private'
    ? createPrivateKey({ key: key.export({ format: 'der', type: 'pkcs8' }), format: 'der', type: 'pkcs8' })
    : createPublicKey({ key: key.export({ format: 'der', type: 'spki' }), format: 'der', type: 'spki' })
}

/** Is this an SM2 key, public or private? */
export function isSm2Key (key: KeyObject): boolean { return lookUp(key) !== null }

/** `Z = SM3(ENTL ‖ ID ‖ a ‖ b ‖ G ‖ P)`; `point` is uncompressed, `04 ‖ x ‖ y`. @see GB/T 32918.2 clause 5.5 */
export function sm2Z (point: Uint8Array, id: string = SM2_DEFAULT_ID): Buffer {
  const identity = Buffer.from(id, 'utf8')
  if (point.length !== 65 || point[0] !== 4) throw new TypeError('an uncompressed point of 65 bytes expected')
  if (identity.length > 8191) throw new TypeError('an identity of at most 8191 bytes expected')
  const length = Buffer.alloc(2)
  length.writeUInt16BE(identity.length * 8)
  return digest('sm3', length, identity, CURVE, point.subarray(1))
}

/**
 * Signs as GB/T 35276 says, with the default identity unless told another.
 * @returns DER, SEQUENCE of r and s
 * @throws {TypeError} not an SM2 private key
 */
export function sm2Sign (privateKey: KeyObject, message: Uint8Array, id?: string): Buffer {
  const found = privateKey.type === 'private' ? lookUp(privateKey) : null
  if (found === null) throw new TypeError('an SM2 private key expected')
  return createSign('sm3').update(id === undefined ? found.z : sm2Z(found.point, id)).update(message).sign(found.key)
}

/**
 * Verifies as GB/T 35276 says. `signature` is DER; anything else, or a key that is not an SM2 public key, answers false. For
 * the 64 raw bytes that some makers write see `sm2SignatureFromRaw`.
 */
export function sm2Verify (publicKey: KeyObject, message: Uint8Array, signature: Uint8Array, id?: string): boolean {
  const found = publicKey.type === 'public' ? lookUp(publicKey) : null
  if (found === null) return false
  return createVerify('sm3').update(id === undefined ? found.z : sm2Z(found.point, id)).update(message).verify(found.key, signature)
}

/** A key pair that node:crypto signs SM2 with. */
export function generateSm2KeyPair (): { publicKey: KeyObject, privateKey: KeyObject } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'SM2' })
  return { publicKey: reimport(publicKey), privateKey: reimport(privateKey) }
}

/** A public key from its point, `04 ‖ x ‖ y`. @throws {TypeError} not a point on the curve */
export function sm2PublicKey (point: Uint8Array): KeyObject {
  if (point.length !== 65 || point[0] !== 4) throw new TypeError('an uncompressed point of 65 bytes expected')
  try {
    return createPublicKey({ key: Buffer.concat([SPKI_HEAD, point]), format: 'der', type: 'spki' })
  } catch (cause) { throw new TypeError('not a point on the SM2 curve', { cause }) }
}

/** The point of an SM2 key, `04 ‖ x ‖ y`. @throws {TypeError} not an SM2 key */
export function sm2Point (key: KeyObject): Buffer {
  const found = lookUp(key)
  if (found === null) throw new TypeError('an SM2 key expected')
  return Buffer.from(found.point)
}

/**
 * `r ‖ s` in 64 bytes, a dialect of some seal makers, as DER.
 * @returns undefined where it is not 64 bytes with both numbers within the order of the curve
 */
export function sm2SignatureFromRaw (raw: Uint8Array): Buffer | undefined {
  if (raw.length !== 64) return undefined
  for (const half of [raw.subarray(0, 32), raw.subarray(32)]) {
    const value = BigInt(`0x${Buffer.from(half).toString('hex')}`)
    if (value === 0n || value >= ORDER) return undefined
  }
  return der.sequence(der.positive(raw.subarray(0, 32)), der.positive(raw.subarray(32)))
}

/** The other way round. @returns undefined where it is not the DER of a signature */
export function sm2SignatureToRaw (signature: Uint8Array): Buffer | undefined {
  try {
    const parts = sequence(readDer(signature, { bytes: 80, nodes: 3 }))
    if (parts.length !== 2) return undefined
    const raw = Buffer.alloc(64)
    for (const [i, part] of parts.entries()) {
      const value = integer(part)
      if (value <= 0n || value >= ORDER) return undefined
      raw.write(value.toString(16).padStart(64, '0'), i * 32, 'hex')
    }
    return raw
  } catch (error) {
    if (error instanceof DerError) return undefined
    throw error
  }
}
