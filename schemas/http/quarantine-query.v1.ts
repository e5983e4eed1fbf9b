/* Made from quarantine-query.v1.json by npm run generate. */

export interface QuarantineQuery {
  /**
   * Code of a reason.
   */
  cause?: string
  limit?: number
  after?: string
}
