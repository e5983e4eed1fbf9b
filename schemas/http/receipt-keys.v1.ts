/* Made from receipt-keys.v1.json by npm run generate. */

/**
 * A JWK set (RFC 7517) of the keys with which receipts verify.
 */
export interface ReceiptKeys {
  keys: {
    kty: string
    kid: string
    [k: string]: unknown
  }[]
}
