/* Made from subscription-comparison-request.v1.json by npm run generate. */

/**
 * What the receiver holds of a day: either rows, all of them that lie from `from` and before `before`; or ranges, each with the count and the root of its records.
 */
export interface SubscriptionComparisonRequest {
  /**
   * A calendar day in China.
   */
  day: string
  /**
   * Keys from this one on.
   */
  from?: string
  /**
   * Keys before this one.
   */
  before?: string
  /**
   * @maxItems 10000
   */
  rows?: {
    /**
     * As it was handed over.
     */
    key: string
    digest: string
  }[]
  /**
   * next of the page before, with the same rows.
   */
  after?: string
  /**
   * @minItems 1
   * @maxItems 1000
   */
  ranges?: {
    /**
     * Keys from this one on.
     */
    from?: string
    /**
     * Keys before this one.
     */
    before?: string
    count: number
    root: string
  }[]
}
