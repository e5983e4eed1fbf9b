/* Made from why-request.v1.json by npm run generate. */

/**
 * Something is done, and why.
 */
export interface WhyRequest {
  /**
   * For people to read.
   */
  why: string
}
