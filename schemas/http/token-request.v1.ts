/* Made from token-request.v1.json by npm run generate. */

/**
 * Form fields of POST /v1/tokens (RFC 7523 section 2.2). The console adds a person's ticket (RFC 7523 section 2.1) or the refresh token that it was given for one (RFC 6749 section 6).
 */
export interface TokenRequest {
  /**
   * client_credentials; for the console urn:ietf:params:oauth:grant-type:jwt-bearer or refresh_token
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
  /**
   * Sign-in ticket: JWT of type signin+jwt signed by a key of the person's organisation's client. iss = that client, sub = staff number, name, roles (of that client), aud = this service, jti used once, at most five minutes.
   */
  assertion?: string
  /**
   * Works once; the answer holds the next one.
   */
  refresh_token?: string
}
