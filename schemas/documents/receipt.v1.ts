/* Made from receipt.v1.json by npm run generate. */

/**
 * Payload of a verdict receipt (compact JWS, EdDSA, typ mianzheng-receipt+json): the verdict can be worked out again from facts, policy and at alone.
 */
export interface Receipt {
  version: 1
  id: string
  /**
   * RFC 3339 in UTC
   */
  issuedAt: string
  /**
   * RFC 3339 in UTC
   */
  at: string
  verdict: 'valid' | 'invalid' | 'indeterminate'
  input?: {
    sha256: string
    sm3: string
    size: number
  }
  policy: Policy
  /**
   * SHA-256 over the trust directory that was believed
   */
  trust: string
  /**
   * What was found out; services/verification/facts.ts describes each member
   */
  facts: {
    version: 1
    kind: string
    format: unknown[]
    dialects: unknown[]
    signatures: unknown[]
    [k: string]: unknown
  }
  /**
   * Over the canonical form (RFC 8785) of facts
   */
  factsSha256: string
}
/**
 * What a verifier demands: policy.json of a trust directory. What it leaves out is judged by the strictest; an unknown member is an error.
 */
export interface Policy {
  /**
   * required: a certificate without an answer on revocation that counts leaves the verdict indeterminate
   */
  revocation?: 'required' | 'if-known'
  /**
   * proven: after expiry or revocation of a certificate only a time-stamp or the register shows that the signature is older
   */
  signingTime?: 'proven' | 'claimed'
  /**
   * required: the owner of the seal must stand in authorities.json for this type of licence, there and then
   */
  authority?: 'required' | 'off'
  /**
   * required: the licence must be in force in the register
   */
  status?: 'required' | 'off'
  /**
   * Object identifiers of the signature algorithms that are allowed
   *
   * @minItems 1
   * @maxItems 32
   */
  signatureAlgorithms?: string[]
  /**
   * Object identifiers of the digest algorithms that are allowed
   *
   * @minItems 1
   * @maxItems 32
   */
  digestAlgorithms?: string[]
}
