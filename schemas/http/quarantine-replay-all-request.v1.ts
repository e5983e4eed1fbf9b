/* Made from quarantine-replay-all-request.v1.json by npm run generate. */

export interface QuarantineReplayAllRequest {
  /**
   * Code of a reason, or * for all.
   */
  cause: string
  /**
   * For the record.
   */
  reason: string
}
