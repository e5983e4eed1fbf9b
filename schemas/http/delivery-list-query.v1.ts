/* Made from delivery-list-query.v1.json by npm run generate. */

/**
 * Deliveries of which grants, as of when. Without owner and consumer: all for the authority, for others those that were granted to them.
 */
export interface DeliveryListQuery {
  /**
   * Who granted.
   */
  owner?: string
  /**
   * To whom.
   */
  consumer?: string
  state?: 'met' | 'late' | 'not-yet-due' | 'overdue' | 'indeterminate' | 'ended'
  /**
   * RFC 3339 in UTC.
   */
  at?: string
  limit?: number
  /**
   * next of the page before.
   */
  after?: string
}
