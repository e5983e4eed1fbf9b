/* Made from event-params.v1.json by npm run generate. */

export interface EventParams {
  /**
   * The code alone, or urn:uscc: and the code.
   */
  source: string
  sequence: number
}
