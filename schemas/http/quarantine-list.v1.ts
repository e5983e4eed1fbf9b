/* Made from quarantine-list.v1.json by npm run generate. */

export interface QuarantineList {
  items: QuarantineEntry[]
  /**
   * Give it as after to get the next page; absent on the last one.
   */
  next?: string
  /**
   * How many stand open for each cause, of those whom the caller may list, counted no further than 10,000; on the first page.
   */
  causes?: {
    [k: string]: number
  }
}
/**
 * One refused event: why and where. What it says is shown to its source alone.
 */
export interface QuarantineEntry {
  /**
   * Of an entry in quarantine.
   */
  id: string
  /**
   * Who refused it: intake, or the register of licences.
   */
  stage: 'intake' | 'licences'
  state: 'open' | 'released' | 'discarded'
  reasons: Reason[]
  /**
   * Waits for an event before it and is judged again of itself.
   */
  waiting: boolean
  refusedAt: string
  updatedAt: string
  /**
   * SHA-256 of the bytes.
   */
  digest: string
  /**
   * Where it stands in the topic inbound.
   */
  inbound: {
    partition: number
    offset: number
  }
  /**
   * How often it came in.
   */
  times: number
  /**
   * 统一社会信用代码, GB 32100-2015. The check character is judged by intake.
   */
  source?: string
  /**
   * Counts per source from 1 without gaps.
   */
  sequence?: number
  eventId?: string
  type?: string
  /**
   * Masked.
   */
  subject?: string
  /**
   * 统一社会信用代码, GB 32100-2015. The check character is judged by intake.
   */
  submitter?: string
  /**
   * What operators asked for.
   */
  acts: {
    request: 'replay' | 'discard'
    at: string
    by: {
      client: string
      organisation: string
    }
    why: string
  }[]
  /**
   * The numbers around it.
   */
  neighbours?: {
    /**
     * Counts per source from 1 without gaps.
     */
    sequence: number
    state: 'pending' | 'accepted' | 'quarantined' | 'dropped' | 'missing'
  }[]
  /**
   * The bytes, base64url; to the source alone.
   */
  event?: string
  /**
   * To the source alone.
   */
  signature?: string
}
export interface Reason {
  code: string
  /**
   * RFC 6901 pointer into the event.
   */
  pointer?: string
  detail?: string
}
