/* Made from supplement-request.v1.json by npm run generate. */

/**
 * All papers that are missing, told at once.
 */
export interface SupplementRequest {
  /**
   * All that is missing, at once.
   *
   * @minItems 1
   * @maxItems 50
   */
  missing: string[]
  /**
   * For people to read.
   */
  why: string
}
