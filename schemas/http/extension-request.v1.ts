/* Made from extension-request.v1.json by npm run generate. */

/**
 * Asks the authority for more time.
 */
export interface ExtensionRequest {
  /**
   * In the unit of the deadline.
   */
  count: number
  /**
   * For people to read.
   */
  why: string
}
