/* Made from subscription-rows.v1.json by npm run generate. */

/**
 * Records of the region, in the order of the log, each as it is now; at least once.
 */
export interface SubscriptionRows {
  /**
   * Items: A record as it is now; or, with deleted, that it is gone from the region.
   */
  items: {
    /**
     * As it was handed over.
     */
    key: string
    values?: {
      [k: string]: string | number | boolean | null
    }
    deleted?: true
    /**
     * When the exchange recorded what the provider said last.
     */
    recordedAt: string
    /**
     * SHA-256 over the canonical form (RFC 8785) of {key, values}.
     */
    digest?: string
  }[]
  /**
   * Where to go on, now or later.
   */
  next: string
  /**
   * Is there more to be had at once?
   */
  more: boolean
  /**
   * When the records were read.
   */
  asOf: string
}
