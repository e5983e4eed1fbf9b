/** Collections of JSON documents. Promises no more than MongoDB without transactions can keep. Held to test/contract/documents.ts. */
export interface Documents {
  /** Opens a collection, making it and its indexes where they are missing. The same name with other indexes is a change of indexes. */
  collection: <T extends Document>(name: string, options?: CollectionOptions) => Promise<Collection<T>>
  close: () => Promise<void>
}

export interface CollectionOptions {
  indexes?: Record<string, IndexOptions>
  /** Few documents, read at every request: an engine that nobody else writes to may answer `get` without asking its store again, and then gives what nobody can change. */
  atHand?: boolean
}
/**
 * An index over one to six top-level members, each a string (at most 1,024 characters, without U+0000) or a finite number,
 * whole ones within 2^53. A document that lacks one, or where it is null, stands in the index all the same, but no `equals` or
 * `range` on that member finds it, and whether it comes first or last in order is the engine's choice.
 */
export interface IndexOptions {
  on: readonly string[]
  /** No two documents with the same values. Each document must then have every member of the index. */
  unique?: boolean
  /** The one member of `on` that holds an array of strings, at most 1,000; a query by this index names it in `equals`. */
  array?: string
}

export interface PutOptions {
  /** Something durable is written before anything leaves that rests on this: as for an append to the event log. */
  followed?: boolean
}

/** `id` is 1 to 256 characters, without U+0000. A document is at most 8 MiB of JSON. */
export interface Document { id: string }
export interface Stored<T> { document: T, version: number }

/**
 * Documents kept by id, with the indexes they declare. Values are copied in and out, as JSON has them. Whatever writes is
 * durable when it resolves, but for `set`.
 * @throws {Failure} INPUT_INVALID an id, an indexed member or a query is not as described; RECORD_TOO_LARGE; STORE_FULL;
 * STORE_UNAVAILABLE
 */
export interface Collection<T extends Document> {
  get: (id: string) => Promise<Stored<T> | undefined>
  /** Those that exist, in the order asked; at most 1,000 ids. */
  getMany: (ids: readonly string[]) => Promise<Array<Stored<T>>>
  /**
   * `replaces` is the version read before, 0 when new. The new version is `replaces + 1`.
   * @throws {Failure} VERSION_CONFLICT (also for a unique index), and nothing is written
   */
  put: (document: T, replaces: number, options?: PutOptions) => Promise<void>
  /** Writes each as `put` does, in order, without a promise about the whole: what conflicted is answered by its position. */
  putMany: (writes: ReadonlyArray<{ document: T, replaces: number }>, options?: PutOptions) => Promise<{ conflicts: number[] }>
  /**
   * Writes whatever stands there now; for views with one writer, which can be made again from a log. Faster than reading first. Every
   * reader sees it, and it outlives the process; a power cut may take back the last ones, never one from before another that is kept.
   * @throws {Failure} VERSION_CONFLICT a unique index refuses one; those before it may have been written
   */
  set: (documents: readonly T[]) => Promise<void>
  /** @throws {Failure} VERSION_CONFLICT */
  delete: (id: string, replaces: number) => Promise<void>
  find: (query: Query) => Promise<Page<T>>
  /** Number of documents that `find` would page through, counted no further than `atMost`. */
  count: (query: Omit<Query, 'limit' | 'after' | 'order'>, atMost: number) => Promise<number>
  /** Deletes every document; for views that are rebuilt. */
  clear: () => Promise<void>
}

export interface Query {
  /** A declared index, or `id`. @throws {Failure} INDEX_UNKNOWN */
  index: string
  /** Values of the index's first members; an array member equals a value when it holds it. */
  equals?: ReadonlyArray<string | number>
  /**
   * Bounds on the member after those, both strings or both numbers: strings (by code point) are compared with strings alone,
   * numbers with numbers.
   */
  range?: { from?: string | number, fromExclusive?: boolean, to?: string | number, toExclusive?: boolean }
  /** By the members after `equals`, then by id: numbers before strings, strings by code point. */
  order?: 'ascending' | 'descending'
  /** 1 to 1,000 */
  limit: number
  /** `next` of the page before, with the same query otherwise. Documents written meanwhile neither shift nor repeat the others. */
  after?: string
}
export interface Page<T> {
  items: Array<Stored<T>>
  /** Where the next page begins; absent on the last one. */
  next?: string
}
