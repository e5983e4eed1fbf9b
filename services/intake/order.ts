/** Where a source has got to. */
export interface Progress {
  /** Every number up to here was accepted or skipped. */
  last: number
  /** The highest number that was accepted; those between it and `last` were skipped and can still be filled. */
  accepted: number
}
export const BEGINNING: Progress = { last: 0, accepted: 0 }

export interface Numbered { sequence: number, digest: string }
/** What was accepted before under the same id, and under the same number. */
export interface Earlier { byId?: Numbered, bySequence?: Numbered }

export type Place = 'fits' | 'DUPLICATE' | 'GAP' | 'FORK' | 'SEQUENCE_PASSED'

/**
 * Where an event stands among those of its source. The same bytes again are a duplicate, which is dropped; the same number or id with
 * other bytes is a fork, which somebody must explain.
 */
export function placeOf ({ sequence, digest }: Numbered, { last, accepted }: Progress, { byId, bySequence }: Earlier): Place {
  if (byId !== undefined) return byId.digest === digest ? 'DUPLICATE' : 'FORK'
  if (bySequence !== undefined) return 'FORK'
  if (sequence > last + 1) return 'GAP'
  return sequence > accepted ? 'fits' : 'SEQUENCE_PASSED'
}
