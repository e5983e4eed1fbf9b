/* Made from jwks.v1.json by npm run generate. */

/**
 * Keys that verify access tokens in circulation (RFC 7517).
 */
export interface Jwks {
  keys: {
    kty: 'OKP'
    crv: 'Ed25519'
    x: string
    kid: string
    use: 'sig'
    alg: 'EdDSA'
  }[]
}
