import type { Clock } from '../../../services/core/clock.js'
import { Failure } from '../../../services/core/failure.js'
import type { Database } from '../../sqlite/database.js'
import type { Row } from '../../sqlite/statement.js'
import { partitionOf } from '../partition.js'
import type { AppendOptions, ConsumeOptions, Consumer, EventLog, EventRecord, NewRecord, Position } from '../port.js'
import { EmbeddedConsumer } from './consumer.js'
import { Wakeups } from './wakeups.js'

/** A partition's records stand in a table of their own, so that each append goes to the end of one. */
type Lane = number
interface RecordRow extends Row { offset: number, stored_at: number, key: string, headers: string | null, value: Uint8Array }

const MAX_RECORD_BYTES = 4 * 1024 * 1024
const MAX_KEY = 256
const MAX_PARTITIONS = 1000
const NAME = /^[A-Za-z0-9._-]{1,200}$/

export class EmbeddedEventLog implements EventLog {
  readonly #database: Database
  readonly #clock: Clock
  readonly #maxRecordBytes: number
  readonly #wakeups: Wakeups
  readonly #lanes = new Map<string, Lane[]>() // a topic never changes once it is made
  readonly #consumers = new Map<string, EmbeddedConsumer>()

  constructor (database: Database, { clock, maxRecordBytes = MAX_RECORD_BYTES, otherProcessesMs }: {
    clock: Clock, maxRecordBytes?: number, otherProcessesMs?: number
  }) {
    this.#database = database
    this.#clock = clock
    this.#maxRecordBytes = maxRecordBytes
    const version = (): number => database.prepare('PRAGMA data_version').get<{ data_version: number }>()?.data_version ?? 0
    this.#wakeups = new Wakeups(otherProcessesMs === undefined ? undefined : { everyMs: otherProcessesMs, version })
  }

  async createTopic (topic: string, { partitions }: { partitions: number }): Promise<void> {
    if (!NAME.test(topic)) throw new Failure('INPUT_INVALID', 'a topic is named by 1 to 200 letters, digits, dots, hyphens and underscores')
    if (!Number.isInteger(partitions) || partitions < 1 || partitions > MAX_PARTITIONS) {
      throw new Failure('INPUT_INVALID', `a topic has 1 to ${MAX_PARTITIONS} partitions`)
    }
    const db = this.#database
    await db.write(() => {
      const known = db.prepare('SELECT partitions FROM log_topics WHERE topic = ?').get<{ partitions: number }>(topic)
      if (known !== undefined && known.partitions !== partitions) {
        throw new Failure('TOPIC_MISMATCH', `topic ${topic} has ${known.partitions} partitions, not ${partitions}`)
      }
      if (known !== undefined) return
      db.prepare('INSERT INTO log_topics (topic, partitions) VALUES (?, ?)').run(topic, partitions)
      for (let part = 0; part < partitions; part++) {
        db.prepare('INSERT INTO log_lanes (topic, part) VALUES (?, ?)').run(topic, part)
        const { lane } = db.prepare('SELECT lane FROM log_lanes WHERE topic = ? AND part = ?').get<{ lane: Lane }>(topic, part) as { lane: Lane }
        db.exec(`CREATE TABLE log_lane_${lane} (
          offset INTEGER PRIMARY KEY, stored_at INTEGER NOT NULL, key TEXT NOT NULL, headers TEXT, value BLOB NOT NULL) STRICT`)
      }
    })
  }

  async partitions (topic: string): Promise<number> { return this.#topic(topic).length }

  async append (topic: string, records: readonly NewRecord[], { followed = false }: AppendOptions = {}): Promise<Position[]> {
    const lanes = this.#topic(topic)
    const headers = records.map(record => this.#fit(record))
    const parts = records.map(({ key }) => partitionOf(key, lanes.length))
    const db = this.#database
    const positions = await db.write(() => {
      const now = this.#clock.now().getTime()
      const ends = new Map<number, { offset: number, storedAt: number }>()
      return records.map(({ key, value }, index): Position => {
        const partition = parts[index] as number
        const lane = lanes[partition] as Lane
        let end = ends.get(partition)
        if (end === undefined) ends.set(partition, end = this.#last(lane))
        end.offset += 1
        end.storedAt = Math.max(now, end.storedAt) // a clock that is set back must not unsort the partition
        db.prepare(`INSERT INTO log_lane_${lane} (offset, stored_at, key, headers, value) VALUES (?, ?, ?, ?, ?)`)
          .run(end.offset, end.storedAt, key, headers[index] as string | null, value)
        return { partition, offset: end.offset }
      })
    }, { durable: !followed })
    this.#wakeups.wake(new Set(parts.map(partition => lanes[partition] as Lane)))
    return positions
  }

  async read (topic: string, partition: number, from: number, { limit, bytes = Infinity }: { limit: number, bytes?: number }): Promise<EventRecord[]> {
    const lane = this.#lane(topic, partition)
    if (!Number.isInteger(limit) || limit < 1) throw new Failure('INPUT_INVALID', 'limit is a whole number from 1')
    const records: EventRecord[] = []
    let sum = 0
    this.#database.prepare(`SELECT offset, stored_at, key, headers, value FROM log_lane_${lane} WHERE offset >= ? ORDER BY offset LIMIT ?`)
      .each<RecordRow>([this.#inRange(lane, from), limit], row => {
        sum += row.value.length
        if (records.length > 0 && sum > bytes) return false
        records.push(toRecord(topic, partition, row))
        return true
      })
    return records
  }

  async end (topic: string, partition: number): Promise<number> { return this.#last(this.#lane(topic, partition)).offset + 1 }

  async offsetAt (topic: string, partition: number, at: Date): Promise<number> {
    const lane = this.#lane(topic, partition)
    const storedAt = this.#database.prepare(`SELECT stored_at FROM log_lane_${lane} WHERE offset = ?`)
    let low = 0
    let high = this.#last(lane).offset + 1
    while (low < high) { // stored_at never falls within a partition
      const middle = Math.floor((low + high) / 2)
      if ((storedAt.get<{ stored_at: number }>(middle)?.stored_at ?? 0) < at.getTime()) low = middle + 1
      else high = middle
    }
    return low
  }

  async committed (group: string, topic: string, partition: number): Promise<number> {
    return this.#database.prepare('SELECT next FROM log_groups WHERE reader = ? AND lane = ?')
      .get<{ next: number }>(group, this.#lane(topic, partition))?.next ?? 0
  }

  async commit (group: string, topic: string, partition: number, offset: number): Promise<void> {
    const lane = this.#lane(topic, partition)
    if (this.#consumers.has(consumerName(group, topic))) throw inUse(group, topic)
    await this.#commit(group, lane, this.#inRange(lane, offset))
  }

  consume (options: ConsumeOptions): Consumer {
    const { group, topic } = options
    if (!NAME.test(group)) throw new Failure('INPUT_INVALID', 'a group is named by 1 to 200 letters, digits, dots, hyphens and underscores')
    const name = consumerName(group, topic)
    if (this.#consumers.has(name)) throw inUse(group, topic)
    const consumer = new EmbeddedConsumer(options, {
      log: this,
      wait: async (partition, end, signal) => { // no await between the look and the wait, or an append between them would wake nobody
        const lane = this.#lane(topic, partition)
        if (this.#last(lane).offset + 1 <= end) await this.#wakeups.wait(lane, signal)
      },
      commit: async (partition, offset) => { await this.#commit(group, this.#lane(topic, partition), offset, { durable: false }) },
      stopped: () => { this.#consumers.delete(name) }
    })
    this.#consumers.set(name, consumer)
    return consumer
  }

  async close (): Promise<void> {
    await Promise.all([...this.#consumers.values()].map(consumer => consumer.stop()))
    this.#wakeups.close()
  }

  async #commit (group: string, lane: Lane, next: number, options: { durable?: boolean } = {}): Promise<void> {
    const statement = this.#database.prepare('INSERT INTO log_groups (reader, lane, next) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET next = excluded.next')
    await this.#database.write(() => statement.run(group, lane, next), options)
  }

  #topic (topic: string): Lane[] {
    let lanes = this.#lanes.get(topic)
    if (lanes === undefined) {
      lanes = this.#database.prepare('SELECT lane FROM log_lanes WHERE topic = ? ORDER BY part').all<{ lane: Lane }>(topic).map(({ lane }) => lane)
      if (lanes.length === 0) throw new Failure('TOPIC_UNKNOWN', `there is no topic ${topic}`)
      this.#lanes.set(topic, lanes)
    }
    return lanes
  }

  #lane (topic: string, partition: number): Lane {
    const lane = this.#topic(topic)[partition]
    if (lane === undefined) throw new Failure('TOPIC_UNKNOWN', `topic ${topic} has no partition ${partition}`)
    return lane
  }

  #last (lane: Lane): { offset: number, storedAt: number } {
    const row = this.#database.prepare(`SELECT offset, stored_at FROM log_lane_${lane} ORDER BY offset DESC LIMIT 1`)
      .get<{ offset: number, stored_at: number }>()
    return row === undefined ? { offset: -1, storedAt: 0 } : { offset: row.offset, storedAt: row.stored_at }
  }

  #inRange (lane: Lane, offset: number): number {
    if (!Number.isInteger(offset) || offset < 0 || offset > this.#last(lane).offset + 1) {
      throw new Failure('OFFSET_OUT_OF_RANGE', `offset ${offset} is not within the partition`)
    }
    return offset
  }

  /** @returns the headers as they are stored */
  #fit ({ key, value, headers }: NewRecord): string | null {
    if (key.length < 1 || key.length > MAX_KEY || !storable(key)) {
      throw new Failure('INPUT_INVALID', `a record's key has 1 to ${MAX_KEY} characters, none of them U+0000`)
    }
    const entries = Object.entries(headers ?? {})
    if (!entries.flat().every(storable)) throw new Failure('INPUT_INVALID', 'a header holds U+0000 or half a character')
    const text = entries.length === 0 ? null : JSON.stringify(headers)
    if (value.length + Buffer.byteLength(key) + (text === null ? 0 : Buffer.byteLength(text)) > this.#maxRecordBytes) {
      throw new Failure('RECORD_TOO_LARGE', `a record holds at most ${this.#maxRecordBytes} bytes`)
    }
    return text
  }
}

function storable (text: string): boolean { return !text.includes('\0') && Buffer.from(text).toString() === text }

function toRecord (topic: string, partition: number, { offset, stored_at: storedAt, key, headers, value }: RecordRow): EventRecord {
  return {
    topic,
    partition,
    offset,
    key,
    value,
    storedAt: new Date(storedAt),
    headers: headers === null ? {} : JSON.parse(headers) as Record<string, string>
  }
}

function consumerName (group: string, topic: string): string { return `${group} ${topic}` }

function inUse (group: string, topic: string): Failure {
  return new Failure('GROUP_IN_USE', `a consumer of group ${group} on topic ${topic} is running`)
}
