/* Made from report.v1.json by npm run generate. */

export type Verdict = 'valid' | 'invalid' | 'indeterminate'

/**
 * What checks found out about an input, and what it adds up to; the same from the service and the command line.
 */
export interface Report {
  verdict: Verdict
  /**
   * The instant for which the question was asked
   */
  at: string
  /**
   * 证照标识 of the licence that the input names; GET /v1/licences/{licenceId} asks the register
   */
  licenceId?: string
  /**
   * On the whole input, in the order in which findings rank
   */
  checks: Check[]
  signatures: Signature[]
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
  verdict: Verdict
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
