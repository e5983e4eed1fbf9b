/* Made from resource-review-request.v1.json by npm run generate. */

export interface ResourceReviewRequest {
  /**
   * The version that was looked at
   */
  version: number
  outcome: 'publish' | 'return'
  /**
   * Why, for people to read; stays in the history
   */
  why: string
}
