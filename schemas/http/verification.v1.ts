/* Made from verification.v1.json by npm run generate. */

/**
 * On the whole input, in the order in which findings rank
 */
export type Checks = Check[]
export type Signatures = Signature[]

/**
 * A report, and the receipt that proves it.
 */
export interface Verification {
  verdict: 'valid' | 'invalid' | 'indeterminate'
  /**
   * The instant for which the question was asked
   */
  at: string
  /**
   * 证照标识 of the licence that the input names; GET /v1/licences/{licenceId} asks the register
   */
  licenceId?: string
  checks: Checks
  signatures: Signatures
  /**
   * GET /v1/verifications/{receiptId}/receipt gives the receipt again
   */
  receiptId: string
  /**
   * Compact JWS over a receipt (documents/receipt.v1.json); `mianzheng receipt verify` checks it with the network off
   */
  receipt: string
}
export interface Check {
  /**
   * Of the check; never changes
   */
  name: string
  aspect:
    | 'format'
    | 'integrity'
    | 'coverage'
    | 'signature'
    | 'seal'
    | 'path'
    | 'revocation'
    | 'time'
    | 'authority'
    | 'status'
    | 'face'
  /**
   * failed is proof against, indeterminate could not tell, skipped does not apply
   */
  status: 'passed' | 'failed' | 'indeterminate' | 'skipped'
  /**
   * Stable; docs/failures.md has a page for each. Stands where failed or indeterminate
   */
  code?: string
  detail?: string
  /**
   * What would settle it, where indeterminate
   */
  needs?: string
}
export interface Signature {
  verdict: 'valid' | 'invalid' | 'indeterminate'
  id: string
  checks: Check[]
  /**
   * Whom the signer's certificate names
   */
  signer?: string
  /**
   * RFC 3339 in UTC
   */
  signedAt?: string
  seal?: {
    id: string
    name: string
  }
}
