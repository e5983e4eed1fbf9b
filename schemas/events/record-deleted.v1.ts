/* Made from record-deleted.v1.json by npm run generate. */

/**
 * A record of a data set is no longer held.
 */
export interface RecordDeleted {
  specversion: '1.0'
  /**
   * Unique within the source.
   */
  id: string
  /**
   * Who says so.
   */
  source: string
  type: 'record.deleted.v1'
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
    reason?: Reason
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
