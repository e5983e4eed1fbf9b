/* Made from query-answer.v1.json by npm run generate. */

/**
 * What may leave of the records that fit.
 */
export interface QueryAnswer {
  outcome: 'found' | 'none' | 'several'
  /**
   * Items: One record, as far as it is granted.
   */
  rows: {
    /**
     * The provider's key, where all its items are granted or you named it; else a name that stands for the record under this grant.
     */
    key: string
    /**
     * The items asked for; null where the record says nothing.
     */
    values: {
      [k: string]: string | number | boolean | null
    }
    /**
     * When the exchange recorded what the provider said last.
     */
    recordedAt: string
    /**
     * SHA-256 over the canonical form (RFC 8785) of {key, values}.
     */
    digest: string
  }[]
  /**
   * The grant that it left under.
   */
  grantId: string
  /**
   * When the records were read.
   */
  asOf: string
}
