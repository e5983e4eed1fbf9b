/* Made from access-record-query.v1.json by npm run generate. */

export interface AccessRecordQuery {
  /**
   * Index of the first record; 0 where absent.
   */
  from?: number
  /**
   * Records at most; 100 where absent.
   */
  limit?: number
}
