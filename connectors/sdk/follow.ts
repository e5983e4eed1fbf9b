import { createHash } from 'node:crypto'
import { canonicalJson } from '../../services/core/json.js'
import type { NewEvent, Publisher } from './publisher.js'
import type { RejectedRow, Source, SourceRow } from './source.js'

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
}
export interface FollowOutcome { changed: number, unchanged: number, deleted: number, rejected: number }

/**
 * Brings the exchange up to date with a source, once: rows that are new or have changed since the last time, and those that are
 * gone. A row is remembered in the same write as its events, so a crash at any point neither skips nor repeats one.
 * @throws what the source, `translate` and the publisher throw; calling again goes on
 */
export async function follow ({ source, publisher, translate = asRecord(source.resource), onRejected = () => {}, flushEvents = 1000 }: FollowOptions): Promise<FollowOutcome> {
  const outcome: FollowOutcome = { changed: 0, unchanged: 0, deleted: 0, rejected: 0 }
  const rowMark = (key: string): string => `row/${source.resource}/${key}`
  const positionMark = `position/${source.resource}`
  const seen = new Set<string>()

  const remove = async (key: string): Promise<void> => {
    const mark = publisher.marks.get(rowMark(key))
    if (mark === undefined) return
    const { events } = await translate(key, undefined, keptIn(mark))
    await publisher.publishMany(events, { remove: [rowMark(key)] })
    outcome.deleted++
  }

  for await (const { rows, rejected = [], position } of source.read(source.complete ? undefined : publisher.marks.get(positionMark))) {
    for (const one of rejected) {
      if (one.key !== undefined) seen.add(one.key)
      outcome.rejected++
      await onRejected(one)
    }
    for (const row of rows) {
      seen.add(row.key)
      if (row.deleted === true) {
        await remove(row.key)
        continue
      }
      const digest = digestOf(row)
      const mark = publisher.marks.get(rowMark(row.key))
      if (mark?.startsWith(`${digest} `) === true) {
        outcome.unchanged++
        continue
      }
      const { events, keep = '' } = await translate(row.key, row, mark === undefined ? undefined : keptIn(mark))
      await publisher.publishMany(events, { set: { [rowMark(row.key)]: `${digest} ${keep}` } })
      outcome.changed++
      if (publisher.pending >= flushEvents) await publisher.flush()
    }
    if (position !== undefined) await publisher.publishMany([], { set: { [positionMark]: position } })
  }

  if (source.complete) {
    const prefix = rowMark('')
    for (const mark of [...publisher.marks.keys()]) {
      if (mark.startsWith(prefix) && !seen.has(mark.slice(prefix.length))) await remove(mark.slice(prefix.length))
    }
  }
  await publisher.flush()
  return outcome
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
