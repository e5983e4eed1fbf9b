/* Made from page-query.v1.json by npm run generate. */

/**
 * Which page of a list.
 */
export interface PageQuery {
  /**
   * Items at most; 100 where absent.
   */
  limit?: number
  /**
   * next of the page before.
   */
  after?: string
}
