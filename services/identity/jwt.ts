import type { KeyObject } from 'node:crypto'
import { readCompact, signCompact, type UnverifiedJws } from '../../platform/crypto/index.js'
import { Failure } from '../core/failure.js'
import { parseJson, type Json } from '../core/json.js'
import type { Algorithm, VerificationKey } from './keys.js'

export type Claims = Record<string, Json>
export interface Jwt extends UnverifiedJws { claims: Claims }

const LIMITS = { headerBytes: 1024, payloadBytes: 4096 }
const CLAIMS_DEPTH = 6

/**
 * Takes a JWT apart without judging it. A token has one spelling only: exact base64url, UTF-8, no name twice, an object in
 * both parts, nothing critical that nobody here understands.
 * @param bringsKey - its header carries the key that signed it, as in a DPoP proof
 * @returns undefined where the text is none
 * @see RFC 7519
 */
export function readJwt (text: string, { bringsKey = false } = {}): Jwt | undefined {
  try {
    const jws = readCompact(text, { ...LIMITS, bringsKey })
    const claims = parseJson(jws.payload, { bytes: LIMITS.payloadBytes, depth: CLAIMS_DEPTH })
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims) ? { ...jws, claims } : undefined
  } catch (error) {
    if (error instanceof Failure) return undefined
    throw error
  }
}

/** Does the signature stand, by the algorithm that belongs to the key? What the header says must agree, and decides nothing. */
export function isSignedBy (jwt: Jwt, key: VerificationKey): boolean {
  try {
    jwt.verify(key)
    return true
  } catch (error) {
    if (error instanceof Failure) return false
    throw error
  }
}

export function signJwt (typ: string, claims: Claims, signer: { kid: string, key: KeyObject, algorithm: Algorithm }): string {
  return signCompact(Buffer.from(JSON.stringify(claims)), signer, { typ })
}

/**
 * Was it made lately, and for not too long?
 * @returns when it would be refused for its age
 * @throws what `invalid` and `expired` make
 */
export function judgeTimes (
  { claims: { exp, iat, nbf } }: Jwt, at: Date, { assertionSeconds, clockSkewSeconds: skew }: { assertionSeconds: number, clockSkewSeconds: number },
  { invalid, expired }: { invalid: () => Failure, expired: () => Failure }
): Date {
  const now = at.getTime() / 1000
  if (typeof exp !== 'number' || typeof iat !== 'number' || (nbf !== undefined && typeof nbf !== 'number')) throw invalid()
  if (iat > now + skew || (nbf ?? now) > now + skew || exp > now + assertionSeconds + skew || exp <= iat) throw invalid()
  if (exp <= now - skew || iat <= now - assertionSeconds - skew) throw expired()
  return new Date((exp + skew) * 1000 + 1)
}
