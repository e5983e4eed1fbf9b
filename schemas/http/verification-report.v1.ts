/* Made from verification-report.v1.json by npm run generate. */

/**
 * On the whole input, in the order in which findings rank
 */
export type Checks = Check[]
export type Signatures = Signature[]

/**
 * The report of a verdict given earlier, and what it was about.
 */
export interface VerificationReport {
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
  receiptId: string
  /**
   * When the verdict was given
   */
  issuedAt: string
  /**
   * What the input was: ofd, seal, certificate, licence (named, no file shown), …
   */
  kind: string
  input?: {
    sha256: string
    size: number
  }
  /**
   * Of a package: how many files a reader shows, and how many of them no seal covers
   */
  files?: {
    shown: number
    uncovered: number
  }
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
