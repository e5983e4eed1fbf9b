/* Made from client.v1.json by npm run generate. */

/**
 * A system of an organisation, as the operator sees it.
 */
export interface Client {
  id: string
  /**
   * USCC
   */
  organisation: string
  name: string
  roles: string[]
  scopes: string[]
  keys: {
    kid: string
    /**
     * RFC 3339 in UTC
     */
    from: string
    /**
     * RFC 3339 in UTC
     */
    to?: string
  }[]
  /**
   * RFC 3339 in UTC
   */
  registeredAt: string
  suspended?: {
    /**
     * RFC 3339 in UTC
     */
    at: string
    reason: string
    by: string
  }
}
