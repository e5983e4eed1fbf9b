/* Made from trust-list.v1.json by npm run generate. */

/**
 * The keys believed without proof, the authorities known below them, and the policy; signed, versioned, turned into a trust directory.
 */
export interface TrustList {
  /**
   * Counts up with every change; a lower one than was seen before is refused
   */
  version: number
  /**
   * RFC 3339 in UTC
   */
  issuedAt: string
  /**
   * Present where a development authority made it: never to be believed in production
   */
  development?: true
  /**
   * Trust anchors of seals
   *
   * @minItems 1
   * @maxItems 100
   */
  anchors: {
    name: string
    /**
     * DER, base64
     */
    certificate: string
  }[]
  /**
   * Trust anchors of time-stamps; anchors serve where this is empty
   *
   * @minItems 0
   * @maxItems 100
   */
  timestampAnchors: {
    name: string
    /**
     * DER, base64
     */
    certificate: string
  }[]
  /**
   * Authorities between anchors and signers
   *
   * @minItems 0
   * @maxItems 1000
   */
  intermediates: {
    name: string
    /**
     * DER, base64
     */
    certificate: string
  }[]
  policy: Policy
  /**
   * Seal makers, or authorities that certify makers alone; where absent, whoever leads to an anchor may make seals
   *
   * @minItems 0
   * @maxItems 1000
   */
  sealMakers?: {
    name: string
    /**
     * DER, base64
     */
    certificate: string
  }[]
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
