/**
 * The event log: topics of numbered records that are only ever added to. Promises no more than Kafka can keep. Held to
 * test/contract/event-log.ts.
 */
export interface EventLog {
  /** Makes the topic, or finds it with as many partitions. @throws {Failure} TOPIC_MISMATCH it has another number */
  createTopic: (topic: string, options: { partitions: number }) => Promise<void>

  /** Number of partitions. @throws {Failure} TOPIC_UNKNOWN */
  partitions: (topic: string) => Promise<number>

  /**
   * Appends records and answers once they are durable. Those that go to one partition are stored in the order given, next to
   * each other, whole or not at all; a batch that spans partitions may be stored in one and refused in another.
   * @returns where each record came to stand, in the order given
   * @throws {Failure} TOPIC_UNKNOWN, RECORD_TOO_LARGE (nothing is stored), STORE_FULL, STORE_UNAVAILABLE (perhaps stored: append
   * again and let readers drop what they have seen)
   */
  append: (topic: string, records: readonly NewRecord[]) => Promise<Position[]>

  /** Records of one partition from this offset on, at most `limit`, at most `bytes` beyond the first; empty at the end. */
  read: (topic: string, partition: number, from: number, options: { limit: number, bytes?: number }) => Promise<EventRecord[]>

  /** Offset that the next record of this partition will get. */
  end: (topic: string, partition: number) => Promise<number>

  /** Offset of the first record stored at or after this instant; `end` where there is none. */
  offsetAt: (topic: string, partition: number, at: Date) => Promise<number>

  /** Where this group goes on in this partition: 0 before it first committed. */
  committed: (group: string, topic: string, partition: number) => Promise<number>
  /** Sets where the group goes on; back, too, to replay. Refused while a consumer of the group runs in this process. */
  commit: (group: string, topic: string, partition: number, offset: number) => Promise<void>

  /**
   * Hands the group's records to `handle`, batch by batch, each partition's in order, one batch of a partition at a time. A batch
   * is committed after `handle` resolved, so after a crash it comes again: `handle` must bear that. If `handle` rejects, the
   * same batch is handed over again after `retryMs`, doubling up to 30 s; the consumer never skips. Wakes when records arrive.
   */
  consume: (options: ConsumeOptions) => Consumer

  close: () => Promise<void>
}

export interface NewRecord {
  /** Records with the same key go to the same partition, in the order appended. */
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
  /** At most this many bytes in a batch beyond its first record. */
  batchBytes?: number
  handle: (records: EventRecord[], partition: number) => Promise<void>
  retryMs?: number
  onError?: (error: unknown) => void
}
export interface Consumer {
  /** Resolves when the group has handled every record that was stored before the call. */
  idle: () => Promise<void>
  /** Records stored and not yet handled, over all partitions. */
  lag: () => Promise<number>
  /** Lets the batch in hand end, then stops. */
  stop: () => Promise<void>
}
