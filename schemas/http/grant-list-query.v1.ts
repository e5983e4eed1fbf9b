/* Made from grant-list-query.v1.json by npm run generate. */

export interface GrantListQuery {
  /**
   * As whom one asks; consumer where absent.
   */
  as?: 'consumer' | 'provider'
  /**
   * <USCC of the provider>.<name of the resource>
   */
  resourceId?: string
  limit?: number
  /**
   * next of the page before.
   */
  after?: string
}
