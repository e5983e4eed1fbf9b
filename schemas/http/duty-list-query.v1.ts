/* Made from duty-list-query.v1.json by npm run generate. */

/**
 * Which responsibility items, as of when.
 */
export interface DutyListQuery {
  /**
   * Who owes.
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
