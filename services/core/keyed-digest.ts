import { createHmac, hkdfSync, type KeyObject } from 'node:crypto'

const BYTES = 32

/** A secret for one use, drawn from a private key that is kept anyway, so that there is no other one to lose. @see RFC 5869 */
export function secretFrom (privateKey: KeyObject, use: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', privateKey.export({ format: 'der', type: 'pkcs8' }), Buffer.alloc(0), use, BYTES))
}

/**
 * Stands for an identifier: the same for the same one, while nobody without the secret can try out all that there are.
 * @returns HMAC-SHA-256, base64url
 */
export function keyedDigest (secret: Uint8Array, text: string): string { return createHmac('sha256', secret).update(text).digest('base64url') }
