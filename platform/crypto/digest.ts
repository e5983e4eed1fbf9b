import { createHash, hash } from 'node:crypto'

/** SHA-1 only names things that were digested long ago (key identifiers); no signature that counts uses it. */
export type DigestAlgorithm = 'sm3' | 'sha1' | 'sha256' | 'sha384' | 'sha512'

/** Digest of the parts one after another. @see GB/T 32905 (SM3), FIPS 180-4 */
export function digest (algorithm: DigestAlgorithm, ...parts: Uint8Array[]): Buffer {
  // In one shot where it can be: half the time on the short inputs that most of ours are.
  if (parts.length === 1) return hash(algorithm, parts[0] as Uint8Array, 'buffer')
  const state = createHash(algorithm)
  for (const part of parts) state.update(part)
  return state.digest()
}

/** The same as lower-case hex. */
export function hexDigest (algorithm: DigestAlgorithm, ...parts: Uint8Array[]): string {
  return digest(algorithm, ...parts).toString('hex')
}
