import { createCipheriv, createDecipheriv, createHmac, hkdfSync, type KeyObject } from 'node:crypto'
import { canonicalJson } from '../core/json.js'

const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * What keeps names and positions from telling more than they should. Drawn from a private key that is kept anyway, so that there is no
 * other secret to lose; with another key, receivers begin anew.
 * @see RFC 5869
 */
export class ReleaseSecrets {
  readonly #names: Buffer
  readonly #positions: Buffer
  readonly #nonces: Buffer
  constructor (secret: Uint8Array) {
    const drawn = (use: string): Buffer => Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `mianzheng release ${use} v1`, 32))
    this.#names = drawn('names')
    this.#positions = drawn('positions')
    this.#nonces = drawn('nonces')
  }

  /** Stands for a record whose key may not leave: the same for the same record under one grant, and under no other. */
  nameOf (grantId: string, resourceId: string, key: string): string {
    return `row-${createHmac('sha256', this.#names).update(canonicalJson([grantId, resourceId, key])).digest('base64url').slice(0, 22)}`
  }

  /** Text that only we can read or make, for `owner` alone. The same input gives the same text. */
  seal (text: string, owner: string): string {
    // A nonce made of what is sealed, so that it is used twice for the same text alone.
    const nonce = createHmac('sha256', this.#nonces).update(canonicalJson([owner, text])).digest().subarray(0, IV_BYTES)
    const cipher = createCipheriv('aes-256-gcm', this.#positions, nonce).setAAD(Buffer.from(owner))
    return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url')
  }

  /** @returns undefined where we did not seal it for this owner */
  open (sealed: string, owner: string): string | undefined {
    const bytes = Buffer.from(sealed, 'base64url')
    if (bytes.length < IV_BYTES + TAG_BYTES) return undefined
    const decipher = createDecipheriv('aes-256-gcm', this.#positions, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(owner)).setAuthTag(bytes.subarray(-TAG_BYTES))
    try {
      return decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
    } catch { return undefined }
  }
}

export function releaseSecretsFrom (privateKey: KeyObject): ReleaseSecrets {
  return new ReleaseSecrets(privateKey.export({ format: 'der', type: 'pkcs8' }))
}
