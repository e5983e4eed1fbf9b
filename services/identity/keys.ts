import type { JsonWebKey, KeyObject } from 'node:crypto'
import { keyThumbprint, loadPublicKey, publicJwk } from '../../platform/crypto/index.js'
import { Failure } from '../core/failure.js'

/** How a key signs; fixed by its kind when it is registered, never by what a token says. */
export type Algorithm = 'EdDSA' | 'ES256' | 'PS256'

/** A public key as clients register it: Ed25519, P-256 or RSA from 2048 bits, without private members. @see RFC 7517, RFC 8037 */
export type PublicJwk = { kty: 'OKP' | 'EC', crv: 'Ed25519' | 'P-256', x: string, y?: string } | { kty: 'RSA', n: string, e: string }

export interface VerificationKey { key: KeyObject, algorithm: Algorithm }
export interface KnownKey extends VerificationKey { jwk: PublicJwk, kid: string }

const ALGORITHMS: Record<string, Algorithm> = { 'OKP Ed25519': 'EdDSA', 'EC P-256': 'ES256', 'RSA undefined': 'PS256' }

const read = new Map<string, KnownKey>()
const KEYS_KEPT = 1000
const RSA_BITS = 2048

/**
 * Reads a public key; members other than those of the key itself (`use`, `alg`, `kid`) are left aside.
 * @throws {Failure} IDENTITY_INVALID it holds a private key, or is of another kind, or no point of its curve
 */
export function readJwk (jwk: unknown): KnownKey {
  const { kty, crv, x, y, n, e, d } = (jwk ?? {}) as Record<string, unknown>
  if (d !== undefined) throw new Failure('IDENTITY_INVALID', 'a private key was given where a public one belongs')
  const algorithm = ALGORITHMS[`${String(kty)} ${String(crv)}`]
  if (algorithm === undefined) throw new Failure('IDENTITY_INVALID', 'only Ed25519, P-256 and RSA keys are taken')
  // Importing costs as much as verifying, so the last ones are kept; what is kept depends on the key's own members alone.
  const name = JSON.stringify([kty, crv, x, y, n, e])
  const before = read.get(name)
  if (before !== undefined) return before
  const known = importJwk((kty === 'RSA' ? { kty, n, e } : { kty, crv, x, y }) as JsonWebKey, algorithm)
  if (read.size >= KEYS_KEPT) read.delete(read.keys().next().value as string)
  read.set(name, known)
  return known
}

function importJwk (jwk: JsonWebKey, algorithm: Algorithm): KnownKey {
  let key: KeyObject
  try {
    key = loadPublicKey(jwk)
  } catch (cause) { throw new Failure('IDENTITY_INVALID', 'the key is not a point of its curve', { cause }) }
  if (algorithm === 'PS256' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < RSA_BITS) throw new Failure('IDENTITY_INVALID', `an RSA key has at least ${RSA_BITS} bits`)
  return { key, algorithm, jwk: publicJwk(key) as PublicJwk, kid: keyThumbprint(key) }
}
