/* Made from licence-replaced.v1.json by npm run generate. */

/**
 * Another licence took the place of this one.
 */
export interface LicenceReplaced {
  specversion: '1.0'
  /**
   * Unique within the source.
   */
  id: string
  /**
   * Who says so.
   */
  source: string
  type: 'licence.replaced.v1'
  /**
   * 证照标识, GB/T 36904-2018. The check character is judged by intake.
   */
  subject: string
  /**
   * RFC 3339 in UTC, at most milliseconds, no leap second.
   */
  time: string
  datacontenttype: 'application/json'
  /**
   * Counts per source from 1 without gaps.
   */
  sequence: number
  data: {
    /**
     * 证照标识, GB/T 36904-2018. The check character is judged by intake.
     */
    licenceId: string
    /**
     * RFC 3339 in UTC, at most milliseconds, no leap second.
     */
    effectiveAt: string
    reason: Reason
    /**
     * The law or decision that it rests on.
     */
    basis?: string
    /**
     * 证照标识, GB/T 36904-2018. The check character is judged by intake.
     */
    replacedBy: string
  }
}
/**
 * Why, for the holder to read.
 */
export interface Reason {
  /**
   * In Chinese.
   */
  zh: string
  /**
   * In English.
   */
  en?: string
}
