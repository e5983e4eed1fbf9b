/* Made from correction-list-query.v1.json by npm run generate. */

export interface CorrectionListQuery {
  as?: 'asker' | 'provider' | 'manager'
  state?: 'open' | 'answered' | 'withdrawn'
  limit?: number
  /**
   * next of the page before.
   */
  after?: string
}
