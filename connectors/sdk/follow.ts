import { createHash } from 'node:crypto'
import type { Clock, InstantText } from '../../services/core/clock.js'
import { Failure, type FailureCode } from '../../services/core/failure.js'
import { canonicalJson } from '../../services/core/json.js'
import type { NewEvent, Publisher } from './publisher.js'
import type { RejectedRow, Source, SourceBatch, SourceRow } from './source.js'

/**
 * What a changed row says. Without a row it was deleted; `before` is what this function last left with the row. It may be called
 * again for the same row after a crash, and must then come to the same.
 */
export type Translate = (key: string, row: SourceRow | undefined, before: string | undefined) => Promise<Translated> | Translated
export interface Translated {
  events: NewEvent[]
  /** Handed back as `before` when the row changes next; short. */
  keep?: string
}

export interface FollowOptions {
  source: Source
  publisher: Publisher
  /** `record.upserted.v1` and `record.deleted.v1` if not said. */
  translate?: Translate
  onRejected?: (row: RejectedRow) => Promise<void> | void
  /** Events kept between two flushes at most; 1,000 if not said. */
  flushEvents?: number
  /**
   * Ends the pass with `resource.refreshed.v1`, also where nothing changed: the system was gone through, as of when this clock said
   * that the pass began. Two passes that began at one instant are announced once. Not said of a pass whose deletions were held.
   */
  announce?: Clock
}
export interface FollowOutcome {
  changed: number
  unchanged: number
  deleted: number
  rejected: number
  /** A rejected row had no key that could be read, so rows that seem to be gone were left alone: it may be one of them. */
  deletionsHeld: boolean
}

// What is wrong with one event, and no reason to hold up the others.
const UNFIT: readonly FailureCode[] = ['RECORD_TOO_LARGE', 'JSON_INVALID', 'JSON_TOO_DEEP']
const IN_HAND = 256 // rows whose events are written together, so that they share one flush of the disk

/**
 * Brings the exchange up to date with a source, once: rows that are new or have changed since the last time, and those that are
 * gone. A row is remembered in the same write as its events, so a crash at any point neither skips nor repeats one.
 * @throws what the source, `translate` and the publisher throw; calling again goes on
 */
export async function follow (options: FollowOptions): Promise<FollowOutcome> { return await new Pass(options).run() }

class Pass {
  readonly #options: FollowOptions
  readonly #translate: Translate
  readonly #outcome: FollowOutcome = { changed: 0, unchanged: 0, deleted: 0, rejected: 0, deletionsHeld: false }
  readonly #seen = new Set<string>()
  readonly #inHand = new Map<string, Promise<void>>()
  #failure: { error: unknown } | undefined

  constructor (options: FollowOptions) {
    this.#options = options
    this.#translate = options.translate ?? asRecord(options.source.resource)
  }

  async run (): Promise<FollowOutcome> {
    const { source, publisher, announce } = this.#options
    const asOf = announce?.now().toISOString()
    await (source.complete ? this.#whole() : this.#changes())
    await this.#settle()
    if (asOf !== undefined && !this.#outcome.deletionsHeld) await this.#announce(asOf)
    await publisher.flush()
    return this.#outcome
  }

  async #changes (): Promise<void> {
    const { source, publisher } = this.#options
    for await (const { position, ...batch } of source.read(publisher.marks.get(this.#positionMark))) {
      await this.#batch(batch)
      if (position !== undefined) await publisher.publishMany([], { set: { [this.#positionMark]: position } })
    }
  }

  async #whole (): Promise<void> {
    const { source, publisher } = this.#options
    let position = publisher.marks.get(this.#positionMark)
    for await (const batch of source.read(position)) {
      if (batch.asBefore === true) {
        this.#outcome.unchanged += this.#held().length
        return
      }
      // From the first row on, what is published is no longer what it was there, even if the pass breaks off.
      if (publisher.marks.has(this.#positionMark)) await publisher.publishMany([], { remove: [this.#positionMark] })
      await this.#batch(batch)
      position = batch.position
    }
    if (!this.#outcome.deletionsHeld) for (const key of this.#held().filter(key => !this.#seen.has(key))) await this.#take({ key, values: {}, deleted: true })
    await this.#settle()
    if (position !== undefined && this.#outcome.rejected === 0) await publisher.publishMany([], { set: { [this.#positionMark]: position } })
  }

  async #batch ({ rows, rejected = [] }: SourceBatch): Promise<void> {
    for (const one of rejected) await this.#reject(one)
    for (const row of rows) await this.#take(row)
    await this.#settle()
  }

  async #announce (asOf: InstantText): Promise<void> {
    const { source: { resource, complete }, publisher } = this.#options
    const mark = `refreshed/${resource}`
    if (publisher.marks.get(mark) === asOf) return // said before a crash
    const rows = complete ? { rows: this.#held().length } : {}
    const leftOut = this.#outcome.rejected > 0 ? { leftOut: this.#outcome.rejected } : {}
    await publisher.publishMany([{ type: 'resource.refreshed.v1', subject: resource, data: { resource, asOf, ...rows, ...leftOut } }], { set: { [mark]: asOf } })
  }

  get #positionMark (): string { return `position/${this.#options.source.resource}` }

  /** Keys of the rows that are published. */
  #held (): string[] {
    const prefix = this.#mark('')
    return [...this.#options.publisher.marks.keys()].filter(mark => mark.startsWith(prefix)).map(mark => mark.slice(prefix.length))
  }

  #mark (key: string): string { return `row/${this.#options.source.resource}/${key}` }

  async #reject (row: RejectedRow): Promise<void> {
    if (row.key === undefined) this.#outcome.deletionsHeld = true
    else this.#seen.add(row.key)
    this.#outcome.rejected++
    await this.#options.onRejected?.(row)
  }

  async #take (row: SourceRow): Promise<void> {
    const { publisher, flushEvents = 1000 } = this.#options
    this.#seen.add(row.key)
    if (this.#inHand.size >= IN_HAND || this.#inHand.has(row.key)) await this.#settle() // a row twice: the first must be remembered first
    if (publisher.pending >= flushEvents) await publisher.flush()
    const mark = publisher.marks.get(this.#mark(row.key))
    const digest = digestOf(row)
    if (row.deleted === true ? mark === undefined : mark?.startsWith(`${digest} `) === true) {
      if (row.deleted !== true) this.#outcome.unchanged++
      return
    }
    const { events, keep = '' } = await this.#translate(row.key, row.deleted === true ? undefined : row, mark === undefined ? undefined : keptIn(mark))
    const marks = row.deleted === true ? { remove: [this.#mark(row.key)] } : { set: { [this.#mark(row.key)]: `${digest} ${keep}` } }
    const kept = publisher.publishMany(events, marks).then(() => {
      if (row.deleted === true) this.#outcome.deleted++
      else this.#outcome.changed++
    }, async (error: unknown) => {
      if (!(error instanceof Failure && UNFIT.includes(error.code))) throw error
      await this.#reject({ at: row.key, code: error.code, message: error.message, key: row.key })
    })
    this.#inHand.set(row.key, kept.catch((error: unknown) => { this.#failure ??= { error } }))
  }

  async #settle (): Promise<void> {
    await Promise.all(this.#inHand.values())
    this.#inHand.clear()
    if (this.#failure !== undefined) throw this.#failure.error
  }
}

function asRecord (resource: string): Translate {
  return (key, row) => ({
    events: [row === undefined
      ? { type: 'record.deleted.v1', subject: key, data: { resource, key } }
      : { type: 'record.upserted.v1', subject: key, data: { resource, key, values: row.values } }]
  })
}

function digestOf ({ values }: SourceRow): string { return createHash('sha256').update(canonicalJson(values)).digest('base64url').slice(0, 22) }
function keptIn (mark: string): string { return mark.slice(mark.indexOf(' ') + 1) }
