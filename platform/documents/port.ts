/** Collections of JSON documents. Promises no more than MongoDB without transactions can keep. Held to test/contract/documents.ts. */
export interface Documents {
  /** Opens a collection, making it and its indexes where they are missing. The same name with other indexes is a change of indexes. */
  collection: <T extends Document>(name: string, options?: CollectionOptions) => Promise<Collection<T>>
  close: () => Promise<void>
}

export interface CollectionOptions {
  indexes?: Record<string, IndexOptions>
}
/** An index over one or several top-level members, each a string, a number, or an array of strings (which at most one may be). */
export interface IndexOptions { on: readonly string[], unique?: boolean }

/** `id` is at most 256 characters, without U+0000. A document is at most 8 MiB of JSON. */
export interface Document { id: string }
export interface Stored<T> { document: T, version: number }

/** Documents kept by id, with the indexes they declare. Values are copied in and out. */
export interface Collection<T extends Document> {
  get: (id: string) => Promise<Stored<T> | undefined>
  /** Those that exist, in the order asked; at most 1,000 ids. */
  getMany: (ids: readonly string[]) => Promise<Array<Stored<T>>>
  /**
   * `replaces` is the version read before, 0 when new. The new version is `replaces + 1`.
   * @throws {Failure} VERSION_CONFLICT (also for a unique index), and nothing is written
   */
  put: (document: T, replaces: number) => Promise<void>
  /** Writes each as `put` does, in order, without a promise about the whole: what conflicted is answered by its position. */
  putMany: (writes: ReadonlyArray<{ document: T, replaces: number }>) => Promise<{ conflicts: number[] }>
  /** Writes whatever stands there now; for views with one writer. Faster than reading first. */
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
  /** Bounds on the member after those. */
  range?: { from?: string | number, fromExclusive?: boolean, to?: string | number, toExclusive?: boolean }
  order?: 'ascending' | 'descending'
  /** 1 to 1,000 */
  limit: number
  /** `next` of the page before. */
  after?: string
}
export interface Page<T> {
  items: Array<Stored<T>>
  /** Where the next page begins; absent on the last one. */
  next?: string
}
