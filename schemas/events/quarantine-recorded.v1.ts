/* Made from quarantine-recorded.v1.json by npm run generate. */

/**
 * What the topic quarantine says: an event was refused, an operator asked for something, it was released or discarded.
 */
export type QuarantineRecorded = Refused | Requested | Released | Discarded

export interface Refused {
  action: 'refused'
  /**
   * Made of the bytes and their signature, so that the same event refused twice is one entry.
   */
  id: string
  stage: 'intake' | 'licences'
  /**
   * RFC 3339 in UTC, at most milliseconds, no leap second.
   */
  at: string
  /**
   * SHA-256 of the bytes.
   */
  digest: string
  /**
   * @minItems 1
   */
  reasons: {
    code: string
    pointer?: string
    detail?: string
  }[]
  /**
   * Where the bytes stand in inbound.
   */
  inbound: {
    partition: number
    offset: number
  }
  /**
   * Waits for an event before it.
   */
  waiting: boolean
  /**
   * 统一社会信用代码, GB 32100-2015. The check character is judged by intake.
   */
  source?: string
  /**
   * Counts per source from 1 without gaps.
   */
  sequence?: number
  /**
   * Unique within the source.
   */
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
   * The request that had it judged again, in quarantine.
   */
  act?: {
    partition: number
    offset: number
  }
}
export interface Requested {
  action: 'requested'
  request: 'replay' | 'discard'
  /**
   * Made of the bytes and their signature, so that the same event refused twice is one entry.
   */
  id: string
  /**
   * RFC 3339 in UTC, at most milliseconds, no leap second.
   */
  at: string
  by: {
    client: string
    /**
     * 统一社会信用代码, GB 32100-2015. The check character is judged by intake.
     */
    organisation: string
  }
  why: string
  inbound: {
    partition: number
    offset: number
  }
  waive?: string[]
  skip?: boolean
}
export interface Released {
  action: 'released'
  /**
   * Made of the bytes and their signature, so that the same event refused twice is one entry.
   */
  id: string
  /**
   * RFC 3339 in UTC, at most milliseconds, no leap second.
   */
  at: string
  /**
   * duplicate: accepted when it was handed in again.
   */
  as: 'accepted' | 'duplicate'
  act?: {
    partition: number
    offset: number
  }
}
export interface Discarded {
  action: 'discarded'
  /**
   * Made of the bytes and their signature, so that the same event refused twice is one entry.
   */
  id: string
  /**
   * RFC 3339 in UTC, at most milliseconds, no leap second.
   */
  at: string
  act: {
    partition: number
    offset: number
  }
  /**
   * 统一社会信用代码, GB 32100-2015. The check character is judged by intake.
   */
  source?: string
  /**
   * Counts per source from 1 without gaps.
   */
  skipped?: number
}
