/* Made from subscription-comparison.v1.json by npm run generate. */

/**
 * Where the two sides differ.
 */
export interface SubscriptionComparison {
  /**
   * A calendar day in China.
   */
  day: string
  asOf: string
  /**
   * In the order of keys. missing: the receiver lacks it; surplus: it is not, or no longer, of this day; different: the digests differ.
   */
  findings?: {
    /**
     * As it was handed over.
     */
    key: string
    finding: 'missing' | 'surplus' | 'different'
  }[]
  /**
   * Ask again with this as after; absent where all was named.
   */
  next?: string
  ranges?: {
    /**
     * Keys from this one on.
     */
    from?: string
    /**
     * Keys before this one.
     */
    before?: string
    agrees: boolean
    count: number
  }[]
}
