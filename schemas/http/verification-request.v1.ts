/* Made from verification-request.v1.json by npm run generate. */

/**
 * A licence by its identifier, or a token.
 */
export type VerificationRequest = {
  /**
   * 证照标识
   */
  licenceId?: string
  token?: string
  /**
   * RFC 3339 in UTC
   */
  at?: string
} & (
  | {
      licenceId: unknown
      [k: string]: unknown
    }
  | {
      token: unknown
      [k: string]: unknown
    }
)
