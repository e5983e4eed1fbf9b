import { Worker } from 'node:worker_threads'
import { Failure } from '../core/failure.js'
import type { Gathered, Question } from './engine.js'
import type { TrustFiles } from './trust.js'
import { Turns } from './turns.js'
import type { FromWorker, ToWorker } from './worker.js'

export interface PoolSettings {
  /** Threads that gather facts. */
  workers: number
  /** Documents that may wait besides those in hand; beyond it QUEUE_FULL. */
  queueDocuments: number
  /** For one document, from when a worker takes it up; beyond it the worker is ended. */
  timeoutMs: number
  /** Heap of one worker. */
  workerMemoryMiB: number
}

interface Job {
  bytes: Uint8Array
  trust: TrustFiles
  question: Question
  resolve: (gathered: Gathered) => void
  reject: (error: Error) => void
}
interface Slot {
  worker: Worker
  /** Digests of the trust directories that it holds, newest last. */
  trusts: string[]
  job?: Job
  timer?: NodeJS.Timeout
}

/**
 * Gathers facts off the event loop. A document that takes too long or too much memory costs its worker, and its own answer says
 * so: nothing is ever called valid because something ended early.
 */
export class VerificationPool {
  readonly #settings: PoolSettings
  readonly #source: URL
  readonly #slots = new Set<Slot>()
  readonly #waiting = new Turns<Job>()
  #id = 0
  #closing: Promise<void> | undefined

  /** `source` is the worker's module; another one only in tests. */
  constructor (settings: PoolSettings, source: URL = new URL('./worker.js', import.meta.url)) {
    this.#settings = settings
    this.#source = source
  }

  /** Documents waiting and in hand. */
  get depth (): number { return this.#waiting.count + [...this.#slots].filter(({ job }) => job !== undefined).length }

  /**
   * Those who ask have turns: who sends many keeps nobody waiting behind them all, nor out of a full queue.
   * @param asker - on whose account it waits
   * @throws {Failure} QUEUE_FULL; UPLOADS_TOO_MANY the queue is full, and this gave way to somebody of whom less waits; SHUTTING_DOWN; TRUST_INVALID, TRUST_POLICY_INVALID
   * @returns facts; where the worker was ended, facts that say just this
   */
  async gather (bytes: Uint8Array, trust: TrustFiles, question: Question, asker: string): Promise<Gathered> {
    if (this.#closing !== undefined) throw new Failure('SHUTTING_DOWN', 'verification is stopping')
    const idle = this.#idle()
    if (idle === undefined && this.#waiting.count >= this.#settings.queueDocuments) {
      const last = this.#waiting.giveWay(asker)
      if (last === undefined) throw new Failure('QUEUE_FULL', `${this.#waiting.count} documents wait already`)
      last.reject(new Failure('UPLOADS_TOO_MANY', 'the queue is full, and others of whom less waits come first'))
    }
    return await new Promise((resolve, reject) => {
      const job = { bytes, trust, question, resolve, reject }
      if (idle === undefined) this.#waiting.add(asker, job)
      else this.#start(idle, job)
    })
  }

  /** Lets what is in hand end, refuses what waits. */
  async close (): Promise<void> {
    this.#closing ??= (async () => {
      for (const job of this.#waiting.clear()) job.reject(new Failure('SHUTTING_DOWN', 'verification is stopping'))
      await Promise.all([...this.#slots].map(async slot => {
        if (slot.job !== undefined) await new Promise<void>(resolve => { this.#whenFree.set(slot, resolve) })
        await this.#end(slot)
      }))
    })()
    await this.#closing
  }

  readonly #whenFree = new Map<Slot, () => void>()

  #idle (): Slot | undefined {
    for (const slot of this.#slots) if (slot.job === undefined) return slot
    return this.#slots.size < this.#settings.workers ? this.#open() : undefined
  }

  #open (): Slot {
    // No flags of this process: what they load would eat into the worker's memory.
    const worker = new Worker(this.#source, { execArgv: [], resourceLimits: { maxOldGenerationSizeMb: this.#settings.workerMemoryMiB, maxYoungGenerationSizeMb: 16 } })
    const slot: Slot = { worker, trusts: [] }
    this.#slots.add(slot)
    worker.unref() // an idle worker keeps no process alive; one at work is waited for through its answer
    worker.on('message', (answer: FromWorker) => { this.#answered(slot, answer) })
    worker.on('error', error => {
      const detail = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : undefined
      this.#lost(slot, { code: 'VERIFICATION_STOPPED', ...(detail !== undefined && { detail }) })
    })
    worker.on('exit', () => { this.#lost(slot, { code: 'VERIFICATION_STOPPED' }) })
    return slot
  }

  #start (slot: Slot, job: Job): void {
    slot.job = job
    slot.worker.ref()
    slot.timer = setTimeout(() => {
      this.#lost(slot, { code: 'VERIFICATION_TIMED_OUT', detail: `${this.#settings.timeoutMs} ms` })
    }, this.#settings.timeoutMs)
    const { bytes, trust, question } = job
    if (!slot.trusts.includes(trust.digest)) {
      this.#send(slot, { kind: 'trust', files: trust })
      slot.trusts.push(trust.digest)
      if (slot.trusts.length > 4) slot.trusts.shift() // as many as the worker keeps
    }
    this.#send(slot, { kind: 'gather', id: ++this.#id, bytes, trust: trust.digest, question })
  }

  #send (slot: Slot, message: ToWorker): void { slot.worker.postMessage(message) }

  #answered (slot: Slot, answer: FromWorker): void {
    const { job } = slot
    if (job === undefined) return
    this.#free(slot)
    if ('gathered' in answer) job.resolve(answer.gathered)
    else if ('failure' in answer) job.reject(new Failure(answer.failure.code, answer.failure.message))
    else job.reject(new Error(answer.error))
    this.#next(slot)
  }

  /** The worker is gone or must go; its document gets an answer that says why, the next one a new worker. */
  #lost (slot: Slot, stopped: { code: string, detail?: string }): void {
    if (!this.#slots.delete(slot)) return
    const { job } = slot
    this.#free(slot)
    slot.worker.terminate().catch(() => {}) // it may be gone already
    if (job !== undefined) {
      job.resolve({
        facts: { version: 1, kind: 'unknown', format: [], dialects: [], stopped, signatures: [] },
        metadata: {}
      })
    }
    if (this.#closing === undefined && this.#waiting.count > 0) this.#next(this.#open())
  }

  #free (slot: Slot): void {
    clearTimeout(slot.timer)
    delete slot.job
    slot.worker.unref()
    this.#whenFree.get(slot)?.()
  }

  #next (slot: Slot): void {
    const job = this.#waiting.next()
    if (job !== undefined) this.#start(slot, job)
  }

  async #end (slot: Slot): Promise<void> {
    this.#slots.delete(slot)
    await slot.worker.terminate()
  }
}
