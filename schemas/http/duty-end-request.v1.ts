/* Made from duty-end-request.v1.json by npm run generate. */

export interface DutyEndRequest {
  /**
   * For people to read.
   */
  why: string
}
