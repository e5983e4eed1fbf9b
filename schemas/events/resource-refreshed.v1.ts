/* Made from resource-refreshed.v1.json by npm run generate. */

/**
 * The source's system was gone through to its end, and the resource is as its events have stated up to this one. Said at the end of each such pass, also where nothing had changed.
 */
export interface ResourceRefreshed {
  specversion: '1.0'
  /**
   * Unique within the source.
   */
  id: string
  /**
   * Who says so.
   */
  source: string
  type: 'resource.refreshed.v1'
  /**
   * Name of a data set, within the source.
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
     * Name of a data set, within the source.
     */
    resource: string
    /**
     * RFC 3339 in UTC, at most milliseconds, no leap second.
     */
    asOf: string
    /**
     * Records held by this resource now, where the system hands over every row.
     */
    rows?: number
    /**
     * Rows of the system that could not be published and for which nothing or an earlier state stands; absent where there are none.
     */
    leftOut?: number
  }
}
