/* Made from history-query.v1.json by npm run generate. */

export interface HistoryQuery {
  limit?: number
  /**
   * `next` of the page before
   */
  after?: string
}
