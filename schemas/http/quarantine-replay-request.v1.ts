/* Made from quarantine-replay-request.v1.json by npm run generate. */

export interface QuarantineReplayRequest {
  /**
   * For the record.
   */
  reason: string
  /**
   * Reasons that you take upon yourself.
   *
   * @maxItems 2
   */
  waive?: ('LICENCE_ID_VARIANT' | 'HOLDER_CODE_INVALID')[]
}
