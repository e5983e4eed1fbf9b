import { setMaxListeners } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { Failure } from '../../../services/core/failure.js'
import type { ConsumeOptions, Consumer, EventLog } from '../port.js'

export interface ConsumerGround {
  log: Pick<EventLog, 'partitions' | 'read' | 'end' | 'committed'>
  /** Until this partition holds a record at `offset`, or the signal aborts. May wake too early. */
  wait: (partition: number, offset: number, signal: AbortSignal) => Promise<void>
  commit: (partition: number, offset: number) => Promise<void>
  stopped: () => void
}

const RETRY_MS = 100
const MAX_RETRY_MS = 30_000
const BATCH_BYTES = 8 * 1024 * 1024

/** One loop for each partition: read, hand over, commit, and wait at the end. */
export class EmbeddedConsumer implements Consumer {
  readonly #options: ConsumeOptions
  readonly #ground: ConsumerGround
  readonly #abort = new AbortController()
  readonly #running: Promise<void>
  readonly #onProgress = new Set<() => void>()
  /** For all partitions at once, so that what they write is committed together. */
  #gathering: { done: Promise<void>, end: () => void } | undefined
  #hurried = 0
  #stopped: Promise<void> | undefined

  constructor (options: ConsumeOptions, ground: ConsumerGround) {
    this.#options = options
    this.#ground = ground
    setMaxListeners(0, this.#abort.signal) // one for each partition
    this.#running = this.#run()
  }

  async idle (): Promise<void> {
    const ends = await this.#ends()
    this.#hurried++
    this.#gathering?.end()
    try {
      for (;;) {
        if ((await this.#positions(ends.length)).every((position, partition) => position >= (ends[partition] as number))) return
        if (this.#abort.signal.aborted) throw new Failure('SHUTTING_DOWN', 'the consumer was stopped before it had handled everything')
        await new Promise<void>(resolve => { this.#onProgress.add(resolve) })
      }
    } finally { this.#hurried-- }
  }

  async lag (): Promise<number> {
    const ends = await this.#ends()
    const positions = await this.#positions(ends.length)
    return ends.reduce((sum, end, partition) => sum + Math.max(0, end - (positions[partition] as number)), 0)
  }

  stop (): Promise<void> {
    this.#stopped ??= (async () => {
      this.#abort.abort()
      this.#gathering?.end()
      await this.#running
      this.#ground.stopped()
      this.#tellProgress()
    })()
    return this.#stopped
  }

  async #ends (): Promise<number[]> {
    const { log } = this.#ground
    const partitions = await log.partitions(this.#options.topic)
    return await Promise.all(Array.from({ length: partitions }, (_, partition) => log.end(this.#options.topic, partition)))
  }

  async #positions (partitions: number): Promise<number[]> {
    const { group, topic } = this.#options
    return await Promise.all(Array.from({ length: partitions }, (_, partition) => this.#ground.log.committed(group, topic, partition)))
  }

  async #run (): Promise<void> {
    let partitions = 0
    await this.#untilDone(async () => { partitions = await this.#ground.log.partitions(this.#options.topic) })
    await Promise.all(Array.from({ length: partitions }, (_, partition) => this.#follow(partition)))
  }

  async #follow (partition: number): Promise<void> {
    const { group, topic, batch, batchBytes = BATCH_BYTES, handle } = this.#options
    const { log, wait, commit } = this.#ground
    let position = 0
    await this.#untilDone(async () => { position = await log.committed(group, topic, partition) })
    while (!this.#abort.signal.aborted) {
      await this.#untilDone(async () => {
        const records = await log.read(topic, partition, position, { limit: batch, bytes: batchBytes })
        const last = records.at(-1)
        if (last === undefined) {
          await wait(partition, position, this.#abort.signal)
          await this.#gather()
          return
        }
        await handle(records, partition)
        await commit(partition, last.offset + 1)
        position = last.offset + 1
        this.#tellProgress()
      })
    }
  }

  async #gather (): Promise<void> {
    const { gatherMs } = this.#options
    if (gatherMs === undefined || this.#hurried > 0 || this.#abort.signal.aborted) return
    this.#gathering ??= this.#beginToGather(gatherMs)
    await this.#gathering.done
  }

  #beginToGather (ms: number): { done: Promise<void>, end: () => void } {
    let end = (): void => {}
    const done = new Promise<void>(resolve => {
      const timer = globalThis.setTimeout(() => { end() }, ms)
      end = () => {
        clearTimeout(timer)
        this.#gathering = undefined
        resolve()
      }
    })
    return { done, end }
  }

  /** Tries again, waiting twice as long each time, until it is done or the consumer is stopped. */
  async #untilDone (attempt: () => Promise<void>): Promise<void> {
    let waitMs = this.#options.retryMs ?? RETRY_MS
    while (!this.#abort.signal.aborted) {
      try {
        await attempt()
        return
      } catch (error) {
        this.#tellError(error)
      }
      await setTimeout(waitMs, undefined, { signal: this.#abort.signal }).catch(() => {}) // only stopping cuts it short
      waitMs = Math.min(waitMs * 2, MAX_RETRY_MS)
    }
  }

  #tellError (error: unknown): void {
    const { group, topic, onError } = this.#options
    if (onError === undefined) process.emitWarning(`group ${group} on topic ${topic}: ${String(error)}`, 'ConsumerWarning')
    else onError(error)
  }

  #tellProgress (): void {
    const waiting = [...this.#onProgress]
    this.#onProgress.clear()
    for (const resume of waiting) resume()
  }
}
