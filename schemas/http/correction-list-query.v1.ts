/* Made from correction-list-query.v1.json by npm run generate. */

export interface CorrectionListQuery {
  as?: 'asker' | 'provider' | 'manager'
  state?: 'open' | 'answered' | 'withdrawn'
  /**
   * By when it was asked; the newest first where absent.
   */
  order?: 'newest' | 'oldest'
  limit?: number
  /**
   * next of the page before.
   */
  after?: string
}
