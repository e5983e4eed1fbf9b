/* Made from event-state.v1.json by npm run generate. */

/**
 * What became of one numbered event of a source.
 */
export interface EventState {
  /**
   * 统一社会信用代码, GB 32100-2015. The check character is judged by intake.
   */
  source: string
  /**
   * Counts per source from 1 without gaps.
   */
  sequence: number
  /**
   * dropped: discarded by an operator.
   */
  state: 'pending' | 'accepted' | 'quarantined' | 'dropped'
  /**
   * When it was accepted.
   */
  recordedAt?: string
  quarantine?: {
    /**
     * Of an entry in quarantine.
     */
    id: string
    stage: 'intake' | 'licences'
    reasons: Reason[]
  }[]
}
export interface Reason {
  code: string
  /**
   * RFC 6901 pointer into the event.
   */
  pointer?: string
  detail?: string
}
