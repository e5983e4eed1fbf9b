/* Made from token.v1.json by npm run generate. */

/**
 * An access token (RFC 6749 section 5.1).
 */
export interface Token {
  access_token: string
  /**
   * DPoP: works only with a proof of the key that the request for it was made with (RFC 9449).
   */
  token_type: 'Bearer' | 'DPoP'
  /**
   * seconds
   */
  expires_in: number
  scope: string
}
