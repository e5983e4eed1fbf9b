/**
 * The event log: topics of numbered records that are only ever added to. Promises no more than Kafka can keep. Held to
 * test/contract/event-log.ts.
 */
export interface EventLog {
  /**
   * Makes the topic, or finds it with as many partitions, 1 to 1,000. Names are of letters, digits, dot, hyphen and underscore.
   * @throws {Failure} TOPIC_MISMATCH it has another number
   */
  createTopic: (topic: string, options: { partitions: number }) => Promise<void>

  /** Number of partitions. @throws {Failure} TOPIC_UNKNOWN */
  partitions: (topic: string) => Promise<number>

  /**
   * Appends records and answers once they are durable. Those that go to one partition are stored in the order given, next to
   * each other, whole or not at all; a batch that spans partitions may be stored in one and refused in another.
   * @returns where each record came to stand, in the order given
   * @throws {Failure} TOPIC_UNKNOWN, INPUT_INVALID, RECORD_TOO_LARGE (nothing is stored), STORE_FULL, STORE_UNAVAILABLE (perhaps
   * stored: append again and let readers drop what they have seen)
   */
  append: (topic: string, records: readonly NewRecord[], options?: AppendOptions) => Promise<Position[]>

  /**
   * Records of one partition from this offset on, at most `limit`; the values together hold at most `bytes`, unless the first
   * alone holds more. Empty at the end.
   * @throws {Failure} TOPIC_UNKNOWN no such topic or partition; OFFSET_OUT_OF_RANGE beyond the end
   */
  read: (topic: string, partition: number, from: number, options: { limit: number, bytes?: number }) => Promise<EventRecord[]>

  /** Offset that the next record of this partition will get. */
  end: (topic: string, partition: number) => Promise<number>

  /** Offset of the first record stored at or after this instant; `end` where there is none. */
  offsetAt: (topic: string, partition: number, at: Date) => Promise<number>

  /** Where this group goes on in this partition: 0 before it first committed. */
  committed: (group: string, topic: string, partition: number) => Promise<number>
  /**
   * Sets where the group goes on; back, too, to replay.
   * @throws {Failure} OFFSET_OUT_OF_RANGE; GROUP_IN_USE while a consumer of the group runs in this process
   */
  commit: (group: string, topic: string, partition: number, offset: number) => Promise<void>

  /**
   * Hands the group's records to `handle`, batch by batch, each partition's in order, one batch of a partition at a time. A batch
   * is committed after `handle` resolved, so after a crash it comes again, and after a power cut those before it may: `handle` must bear
   * that, and what it keeps by `Collection.set` is then of the same moment. If `handle` rejects, the
   * same batch is handed over again after `retryMs`, doubling up to 30 s; the consumer never skips. Wakes when records arrive.
   * A topic that is not there yet is an error like any other: told, and tried again.
   * @throws {Failure} GROUP_IN_USE this process has a consumer of this group on this topic already
   */
  consume: (options: ConsumeOptions) => Consumer

  /** Stops the consumers. */
  close: () => Promise<void>
}

export interface AppendOptions {
  /**
   * Something durable is written before anything leaves that rests on this, an access record say. An engine that keeps nothing of what
   * comes later without this may then answer before it is durable; others answer once it is, as ever. What is refused is refused all the same.
   */
  followed?: boolean
}
export interface NewRecord {
  /** 1 to 256 characters. Records with the same key go to the same partition (partition.ts), in the order appended. */
  key: string
  value: Uint8Array
  headers?: Record<string, string>
}
export interface Position { partition: number, offset: number }
export interface EventRecord extends Position {
  topic: string
  key: string
  value: Uint8Array
  headers: Record<string, string>
  /** When the log took it in, by the log's clock; never before that of the record before it. */
  storedAt: Date
}

export interface ConsumeOptions {
  group: string
  topic: string
  /** At most this many records in a batch. */
  batch: number
  /** The values of a batch together hold at most this many bytes, unless the first alone holds more. 8 MiB if not said. */
  batchBytes?: number
  /**
   * How long the first record that comes to a waiting group may wait for others, milliseconds; not at all if not said. A few large batches
   * cost less than many small ones. Nobody who waits for `idle` waits for this.
   */
  gatherMs?: number
  handle: (records: EventRecord[], partition: number) => Promise<void>
  /** Wait before the first repetition; 100 if not said. */
  retryMs?: number
  /** Told of each failed attempt; if not given, a process warning says it. */
  onError?: (error: unknown) => void
}
export interface Consumer {
  /** Resolves when the group has handled every record that was stored before the call. @throws {Failure} SHUTTING_DOWN stopped first */
  idle: () => Promise<void>
  /** Records stored and not yet handled, over all partitions. */
  lag: () => Promise<number>
  /** Lets the batch in hand end, then stops. */
  stop: () => Promise<void>
}
