/* Made from subscription-day.v1.json by npm run generate. */

/**
 * How many records were last said on this day and are still in the region, and the root of the tree (RFC 6962) over their digests in the order of their keys (by code point).
 */
export interface SubscriptionDay {
  /**
   * A calendar day in China.
   */
  day: string
  count: number
  root: string
  asOf: string
}
