/* Made from token-request.v1.json by npm run generate. */

/**
 * Form fields of POST /v1/tokens (RFC 7523 section 2.2).
 */
export interface TokenRequest {
  /**
   * client_credentials
   */
  grant_type: string
  /**
   * urn:ietf:params:oauth:client-assertion-type:jwt-bearer
   */
  client_assertion_type: string
  /**
   * JWT signed by a key of the client: iss = sub = client, aud = this service, jti used once, at most five minutes.
   */
  client_assertion: string
  /**
   * If sent, it must be the one that the assertion names.
   */
  client_id?: string
  /**
   * Space-separated; all that the client's roles hold where absent.
   */
  scope?: string
}
