/* Made from resource-query.v1.json by npm run generate. */

export interface ResourceQuery {
  /**
   * An instant (RFC 3339 in UTC), or a day: then as it stood at its end in China. The present where absent.
   */
  at?: string
}
