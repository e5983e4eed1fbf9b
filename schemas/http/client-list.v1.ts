/* Made from client-list.v1.json by npm run generate. */

export interface ClientList {
  items: Client[]
  /**
   * Give it as after to get the next page; absent on the last one.
   */
  next?: string
}
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
