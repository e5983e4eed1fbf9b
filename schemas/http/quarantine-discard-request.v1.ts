/* Made from quarantine-discard-request.v1.json by npm run generate. */

export interface QuarantineDiscardRequest {
  /**
   * For the record.
   */
  reason: string
  /**
   * Let the source go on without its number. Where left out: if its signature was found good.
   */
  skip?: boolean
}
