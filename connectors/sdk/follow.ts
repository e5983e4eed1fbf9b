import type { Clock, InstantText } from '../../services/core/clock.js'
import { Failure, type FailureCode } from '../../services/core/failure.js'
import { toldFailure } from '../../services/core/words.js'
import { DELETION_LIMITS, heldMessage, namesOfSet, reasonToHold, type Held, type Loss, type Reason } from './guard.js'
import type { NewEvent, Publisher } from './publisher.js'
import type { RejectedRow, Source, SourceBatch, SourceRow } from './source.js'
import { digestOfJson } from './values.js'

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
  /** The set of rows whose deletion a person confirmed, as the held pass named it. */
  confirmed?: string
  /** Told the keys that a held pass would have deleted. @returns where a person finds them */
  onHeld?: (keys: readonly string[]) => Promise<string> | string
  /** Rows of a complete source that are held until all of it was seen, about; of a pass in which more changed it is read twice. 32 MiB if not said. */
  heldBytes?: number
}
export interface FollowOutcome {
  changed: number
  unchanged: number
  deleted: number
  rejected: number
  /** A rejected row had no key that could be read, so rows that seem to be gone were left alone: it may be one of them. */
  deletionsHeld: boolean
  /** Passes before this one that were held, one after the other; this one was not. */
  heldBefore?: number
}
interface Survey {
  /** Published rows that the source does not hold any more, or flags as deleted. */
  gone: string[]
  added: number
  unchanged: number
  /** What is to be published, if it could be held. */
  batches?: SourceBatch[]
}

// What is wrong with one event, and no reason to hold up the others.
const UNFIT: readonly FailureCode[] = ['RECORD_TOO_LARGE', 'JSON_INVALID', 'JSON_TOO_DEEP']
const HELD_BYTES = 32 * 1024 * 1024
const IN_HAND = 256 // rows whose events are written together, so that they share one flush of the disk

/**
 * Brings the exchange up to date with a source, once: rows that are new or have changed since the last time, and those that are
 * gone. A row is remembered in the same write as its events, so a crash at any point neither skips nor repeats one.
 * @throws {Failure} DELETIONS_HELD more would be taken away than may be without asking: nothing of the pass was published; what the
 * source, `translate` and the publisher throw. Calling again goes on
 */
export async function follow (options: FollowOptions): Promise<FollowOutcome> { return await new Pass(options).run() }

class Pass {
  readonly #options: FollowOptions
  readonly #translate: Translate
  readonly #outcome: FollowOutcome = { changed: 0, unchanged: 0, deleted: 0, rejected: 0, deletionsHeld: false }
  readonly #seen = new Set<string>()
  readonly #flagged = new Set<string>()
  readonly #inHand = new Map<string, Promise<void>>()
  #published = 0
  #asOf: InstantText | undefined
  #failure: { error: unknown } | undefined

  constructor (options: FollowOptions) {
    this.#options = options
    this.#translate = options.translate ?? asRecord(options.source.resource)
  }

  async run (): Promise<FollowOutcome> {
    const { source, publisher, announce } = this.#options
    this.#asOf = announce?.now().toISOString()
    this.#published = this.#held().length
    await (source.complete ? this.#whole() : this.#changes())
    await this.#settle()
    await this.#end()
    await publisher.flush()
    return this.#outcome
  }

  async #changes (): Promise<void> {
    const { source, publisher } = this.#options
    for await (const { position, ...batch } of source.read(publisher.marks.get(this.#positionMark))) {
      const last = new Map(batch.rows.map(({ key, deleted = false }) => [key, deleted]))
      const isPublished = (key: string): boolean => publisher.marks.has(this.#mark(key))
      const keys = [...last.keys()]
      await this.#judge(keys.filter(key => last.get(key) === true && isPublished(key)).sort(), keys.filter(key => last.get(key) === false && !isPublished(key)).length)
      await this.#batch(batch)
      if (position !== undefined) await publisher.publishMany([], { set: { [this.#positionMark]: position } })
    }
  }

  /** Nothing of a pass leaves before it is known how much it takes away, since rows that came in the place of others may be none of this resource's. */
  async #whole (): Promise<void> {
    const { source, publisher } = this.#options
    const stored = publisher.marks.get(this.#positionMark)
    if (this.#published === 0) { // nothing can be taken away
      await this.#through(source.read(stored), [])
      return
    }
    const survey = await this.#survey(stored)
    if (survey === 'as-before') {
      this.#outcome.unchanged += this.#published
      return
    }
    const names = await this.#judge(survey.gone, survey.added)
    this.#outcome.unchanged += survey.batches === undefined ? 0 : survey.unchanged
    await this.#through(survey.batches ?? source.read(stored), survey.gone, names)
  }

  /** Goes through a complete source without publishing. What is to be published of it is held, where that is not too much. */
  async #survey (stored: string | undefined): Promise<Survey | 'as-before'> {
    const { source, heldBytes = HELD_BYTES } = this.#options
    const gone = new Set(this.#held())
    const added = new Set<string>()
    const waiting = new Set<string>()
    let batches: SourceBatch[] | undefined = []
    let unchanged = 0
    let bytes = 0
    for await (const batch of source.read(stored)) {
      if (batch.asBefore === true) return 'as-before'
      for (const { key } of batch.rejected ?? []) if (key !== undefined) gone.delete(key)
      for (const { key, deleted = false } of batch.rows) {
        if (deleted) continue
        gone.delete(key)
        if (!this.#options.publisher.marks.has(this.#mark(key))) added.add(key)
      }
      if (batches === undefined) continue
      const rows: SourceRow[] = []
      for (const row of batch.rows) {
        if (!waiting.has(row.key) && this.#isPublished(row)) {
          if (row.deleted !== true) unchanged++
          continue
        }
        waiting.add(row.key)
        rows.push(row)
      }
      bytes += rows.reduce((sum, row) => sum + JSON.stringify(row).length, 0) + (batch.rejected?.length ?? 0) * 100
      if (bytes > heldBytes) batches = undefined // it is read again then
      else batches.push({ ...batch, rows })
    }
    return { gone: [...gone].sort(), added: added.size, unchanged, ...batches && { batches } }
  }

  /**
   * May these rows be taken away?
   * @returns where a person confirmed it, the names of what is left of them after each
   * @throws {Failure} DELETIONS_HELD
   */
  async #judge (gone: readonly string[], added: number): Promise<string[] | undefined> {
    const { source: { resource, shape, deletions = DELETION_LIMITS }, publisher, confirmed } = this.#options
    const { marks } = publisher
    const known = marks.get(this.#shapeMark)
    const most = Math.max(Number(marks.get(this.#mostMark) ?? 0), this.#published)
    const loss: Loss = { published: this.#published, most, gone: gone.length, added, otherwise: known !== undefined && shape !== undefined && known !== shape }
    const reason = reasonToHold(loss, deletions)
    if (reason === undefined) {
      // What was confirmed was the loss of then: it does not wait for the same rows to be missing another time.
      const over = marks.has(this.#confirmedMark) ? { remove: [this.#confirmedMark] } : {}
      const mostNow = gone.length > 0 && marks.get(this.#mostMark) !== String(most) ? { set: { [this.#mostMark]: String(most) } } : {}
      if ('remove' in over || 'set' in mostNow) await publisher.publishMany([], { ...over, ...mostNow })
      return undefined
    }
    const names = namesOfSet(resource, gone)
    const name = names[0] as string
    if (name !== confirmed && name !== marks.get(this.#confirmedMark)) return await this.#hold(gone, name, reason, loss)
    await publisher.publishMany([], { set: { [this.#confirmedMark]: name, [this.#mostMark]: String(this.#published + added - gone.length) } })
    return names
  }

  async #hold (keys: readonly string[], name: string, reason: Reason, loss: Loss): Promise<never> {
    const { source: { resource }, publisher, onHeld } = this.#options
    const before = this.#heldBefore
    const since = before === undefined ? this.#asOf : before.since
    const held: Held = { passes: (before?.passes ?? 0) + 1, ...since !== undefined && { since } }
    await publisher.publishMany([], { set: { [this.#heldMark]: JSON.stringify(held) }, remove: [this.#confirmedMark] })
    const list = await onHeld?.(keys)
    const cause = await publisher.flush().then(() => undefined, (error: unknown) => error) // what waits from before is no part of this
    throw new Failure('DELETIONS_HELD', heldMessage({ resource, keys, name, reason, loss, held, ...list !== undefined && { list } }), { cause })
  }

  /** @param gone - of these rows those that do not come now either are deleted; others that do not come are left to the next pass */
  async #through (batches: Iterable<SourceBatch> | AsyncIterable<SourceBatch>, gone: readonly string[], names?: readonly string[]): Promise<void> {
    const { publisher } = this.#options
    let position: string | undefined
    for await (const batch of batches) {
      if (batch.asBefore === true) { // between two readings it became again what it was
        this.#outcome.unchanged += this.#held().length
        return
      }
      // From the first row on, what is published is no longer what it was there, even if the pass breaks off.
      if (publisher.marks.has(this.#positionMark)) await publisher.publishMany([], { remove: [this.#positionMark] })
      await this.#batch(batch)
      position = batch.position
    }
    for (const [at, key] of gone.entries()) {
      if (!this.#flagged.has(key) && (this.#outcome.deletionsHeld || this.#seen.has(key))) continue
      await this.#take({ key, values: {}, deleted: true }, names === undefined ? {} : { [this.#confirmedMark]: names[at + 1] as string })
    }
    await this.#settle()
    if (position !== undefined && this.#outcome.rejected === 0) await publisher.publishMany([], { set: { [this.#positionMark]: position } })
  }

  async #batch ({ rows, rejected = [] }: SourceBatch): Promise<void> {
    for (const one of rejected) await this.#reject(one)
    for (const row of rows) {
      if (row.deleted === true && this.#options.source.complete) this.#flagged.add(row.key)
      else await this.#take(row)
    }
    await this.#settle()
  }

  /** All was gone through: what was held is no more. */
  async #end (): Promise<void> {
    const { source: { shape }, publisher } = this.#options
    if (this.#outcome.deletionsHeld) return
    const before = this.#heldBefore
    if (before !== undefined) this.#outcome.heldBefore = before.passes
    const remove = [this.#heldMark, this.#confirmedMark].filter(mark => publisher.marks.has(mark))
    const set = shape === undefined || publisher.marks.get(this.#shapeMark) === shape ? {} : { [this.#shapeMark]: shape }
    if (remove.length > 0 || Object.keys(set).length > 0) await publisher.publishMany([], { remove, set })
    if (this.#asOf !== undefined) await this.#announce(this.#asOf)
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
  get #shapeMark (): string { return `shape/${this.#options.source.resource}` }
  get #mostMark (): string { return `most/${this.#options.source.resource}` }
  get #heldMark (): string { return `held/${this.#options.source.resource}` }
  get #confirmedMark (): string { return `confirmed/${this.#options.source.resource}` }

  get #heldBefore (): Held | undefined {
    const mark = this.#options.publisher.marks.get(this.#heldMark)
    return mark === undefined ? undefined : JSON.parse(mark) as Held
  }

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

  /** Does it say what was published of it? */
  #isPublished (row: SourceRow, digest = digestOfJson(row.values)): boolean {
    const mark = this.#options.publisher.marks.get(this.#mark(row.key))
    return row.deleted === true ? mark === undefined : mark?.startsWith(`${digest} `) === true
  }

  /** @param also - marks that are kept together with those of the row */
  async #take (row: SourceRow, also: Record<string, string> = {}): Promise<void> {
    const { publisher, flushEvents = 1000 } = this.#options
    this.#seen.add(row.key)
    if (this.#inHand.size >= IN_HAND || this.#inHand.has(row.key)) await this.#settle() // a row twice: the first must be remembered first
    if (publisher.pending >= flushEvents) await publisher.flush()
    const mark = publisher.marks.get(this.#mark(row.key))
    const digest = digestOfJson(row.values)
    if (this.#isPublished(row, digest)) {
      if (row.deleted !== true) this.#outcome.unchanged++
      return
    }
    const { events, keep = '' } = await this.#translate(row.key, row.deleted === true ? undefined : row, mark === undefined ? undefined : keptIn(mark))
    const marks = row.deleted === true ? { remove: [this.#mark(row.key)], set: also } : { set: { [this.#mark(row.key)]: `${digest} ${keep}`, ...also } }
    const kept = publisher.publishMany(events, marks).then(() => {
      if (row.deleted === true) this.#outcome.deleted++
      else this.#outcome.changed++
      this.#published += row.deleted === true ? -1 : mark === undefined ? 1 : 0
    }, async (error: unknown) => {
      if (!(error instanceof Failure && UNFIT.includes(error.code))) throw error
      await this.#reject({ at: row.key, code: error.code, message: toldFailure(error.code), key: row.key })
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

function keptIn (mark: string): string { return mark.slice(mark.indexOf(' ') + 1) }
