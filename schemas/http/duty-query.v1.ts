/* Made from duty-query.v1.json by npm run generate. */

export interface DutyQuery {
  /**
   * RFC 3339 in UTC.
   */
  at?: string
}
