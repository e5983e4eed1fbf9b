/* Made from quarantine-replay-answer.v1.json by npm run generate. */

export interface QuarantineReplayAnswer {
  /**
   * Entries that will be judged anew.
   */
  requested: number
  /**
   * There are more; ask again.
   */
  more: boolean
}
