/* Made from demand-list-query.v1.json by npm run generate. */

export interface DemandListQuery {
  /**
   * As whom one asks; consumer where absent. As manager: all of them.
   */
  as?: 'consumer' | 'provider' | 'manager'
  state?: 'open' | 'paused' | 'decided' | 'withdrawn'
  /**
   * Only those that were overdue and told to the manager.
   */
  escalated?: boolean
  limit?: number
  /**
   * next of the page before.
   */
  after?: string
}
