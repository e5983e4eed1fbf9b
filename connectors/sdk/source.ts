import type { Bilingual } from '../../services/core/words.js'
import type { DeletionLimits } from './guard.js'

/** A department's own system, as rows with stable keys. A connector has one source for each resource that it publishes. */
export interface Source {
  /** Name of the resource, within the department: letters, digits, dot, hyphen, underscore. */
  readonly resource: string
  /**
   * Is every row handed over each time? Then a row that no longer comes has been deleted. A source that hands over changes alone
   * says so itself, by rows with `deleted`.
   */
  readonly complete: boolean
  /** Digest of where its rows come from and what tells them apart. Of another one, rows that are gone are doubted, even where they are few. */
  readonly shape?: string
  /** How much a pass may take away before a person is asked; `DELETION_LIMITS` if not said. */
  readonly deletions?: DeletionLimits
  /**
   * Rows after this position, in batches; each batch with the position from which to go on once it has been dealt with. A
   * complete source is given what its last pass ended with, if nothing of that was rejected, and may answer that all is as it was.
   * @throws {Failure} SOURCE_INVALID the source cannot be read in one way only; nothing of it is to be believed then; SOURCE_UNAVAILABLE,
   * SOURCE_REFUSED
   */
  read: (position: string | undefined) => AsyncIterable<SourceBatch>
}

export interface SourceBatch {
  rows: SourceRow[]
  /** Rows that cannot be published; the others go on. */
  rejected?: RejectedRow[]
  /** Absent where only the whole counts. Of a complete source the last one is kept, when the pass is through. */
  position?: string
  /** Of a complete source, in its only batch: all rows are as they were at the position that was given. */
  asBefore?: true
}

export interface SourceRow {
  /** 1 to 128 characters; the same as long as it is the same row. */
  key: string
  values: Record<string, Value>
  deleted?: boolean
}
export type Value = string | number | boolean | null

export interface RejectedRow {
  /** Where a person finds it: file and line, or key. */
  at: string
  /** For programs. */
  code: string
  /** For people, without the values. */
  message: Bilingual
  /** Its key, where it has one: the row is still there, so it must not be taken for deleted. */
  key?: string
}
