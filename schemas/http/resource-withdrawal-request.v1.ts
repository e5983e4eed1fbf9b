/* Made from resource-withdrawal-request.v1.json by npm run generate. */

export interface ResourceWithdrawalRequest {
  /**
   * Why, for people to read; stays in the history
   */
  why: string
}
