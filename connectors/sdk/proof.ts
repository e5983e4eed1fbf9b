import { createHash } from 'node:crypto'
import { publicJwk, signCompact, type SigningKey } from '../../platform/crypto/index.js'

export interface ProofOf {
  /** The sender's key; an access token is bound to its thumbprint. */
  key: SigningKey
  method: string
  /** Address of the request; query and fragment are left out. */
  url: string
  at: Date
  /** Never given twice. */
  id: string
  /** The access token that the request carries; absent where it asks for one. */
  token?: string
}

/**
 * Proves that whoever sends this one request holds the key: the value of its `DPoP` header.
 * @see RFC 9449 section 4.2
 */
export function senderProof ({ key, method, url, at, id, token }: ProofOf): string {
  const { origin, pathname } = new URL(url)
  const claims = {
    jti: id,
    htm: method,
    htu: origin + pathname,
    iat: Math.floor(at.getTime() / 1000),
    ...(token === undefined ? {} : { ath: createHash('sha256').update(token).digest('base64url') })
  }
  return signCompact(Buffer.from(JSON.stringify(claims)), key, { typ: 'dpop+jwt', jwk: { ...publicJwk(key.key) } as Record<string, string> })
}
