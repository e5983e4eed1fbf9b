/* Made from token-revocation-request.v1.json by npm run generate. */

/**
 * Form fields of POST /v1/tokens/revocation (RFC 7009): ends a person's sign-in.
 */
export interface TokenRevocationRequest {
  /**
   * The refresh token
   */
  token: string
  client_assertion_type: string
  client_assertion: string
  client_id?: string
}
