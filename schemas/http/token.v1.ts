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
  /**
   * For the console: gets the next access token for the same person.
   */
  refresh_token?: string
  /**
   * seconds until the person has to sign in again, whatever happens
   */
  refresh_expires_in?: number
  /**
   * Who signed in at the console.
   */
  signed_in?: {
    /**
     * The system that vouched for the person
     */
    client: string
    organisation: string
    organisationName: string
    roles: string[]
    person: {
      id: string
      name: string
    }
  }
}
