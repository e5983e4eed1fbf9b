/* Made from record-upserted.v1.json by npm run generate. */

/**
 * A record of a data set is now as stated; earlier values no longer hold.
 */
export interface RecordUpserted {
  specversion: '1.0'
  /**
   * Unique within the source.
   */
  id: string
  /**
   * Who says so.
   */
  source: string
  type: 'record.upserted.v1'
  /**
   * Key of the record within its resource.
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
     * Key of the record within its resource.
     */
    key: string
    /**
     * Information items by name.
     */
    values: {
      [k: string]: string | number | boolean | null
    }
  }
}
