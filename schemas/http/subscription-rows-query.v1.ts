/* Made from subscription-rows-query.v1.json by npm run generate. */

export interface SubscriptionRowsQuery {
  /**
   * next of the page before; from the beginning where absent.
   */
  after?: string
  limit?: number
}
