import { join } from 'node:path'
import type { Test } from 'tap'
import { openEmbeddedDocuments } from '../../../platform/documents/embedded/index.js'
import { openEmbeddedEventLog } from '../../../platform/event-log/embedded/index.js'
import { openDatabase } from '../../../platform/sqlite/database.js'
import type { Collection, Document, Documents } from '../../../platform/documents/port.js'
import type { EventLog } from '../../../platform/event-log/port.js'
import { loadSchemas, validators } from '../../../platform/http/schemas.js'
import type { Author } from '../../../services/catalogue/index.js'
import { fixedClock } from '../../../services/core/clock.js'
import { TOPICS } from '../../../services/core/event.js'
import { projectRoot } from '../../../services/core/project-root.js'

export const MARKET = '11990000YYYY01015Y'
export const OFFICE = '11990000YYYY010074'
export const START = '2026-03-02T01:00:00.000Z'
export const BY_MARKET: Author = { client: 'market', organisation: MARKET }
export const BY_MANAGER: Author = { client: 'manager', organisation: OFFICE }

export interface Stores { eventLog: EventLog, documents: Documents, clock: ReturnType<typeof fixedClock>, newId: () => string }

/** Stores on a database file of the test's own, with a clock that stands still and identifiers that count. */
export async function openTestStores (t: Test): Promise<Stores> {
  const clock = fixedClock(START)
  const database = await openDatabase({ file: join(t.testdir(), 'store.db') })
  const eventLog = await openEmbeddedEventLog(database, { clock })
  const documents = await openEmbeddedDocuments(database)
  t.teardown(async () => { await eventLog.close(); await documents.close(); await database.close() })
  let ids = 0
  return { eventLog, documents, clock, newId: () => `e-${++ids}` }
}

/** Every document of a collection, in the order of their ids, as text. */
export async function contents (collection: Pick<Collection<Document>, 'find'>): Promise<string> {
  const lines: string[] = []
  for (let after: string | undefined; ;) {
    const { items, next } = await collection.find({ index: 'id', limit: 1000, ...(after === undefined ? {} : { after }) })
    lines.push(...items.map(({ document }) => JSON.stringify(document)))
    if (next === undefined) return lines.join('\n')
    after = next
  }
}

const validateEvent = validators(loadSchemas(join(projectRoot(), 'schemas')))('https://mianzheng.example/schemas/events/catalogue-recorded.v1.json')

/** What the topic holds, each event held to its schema. */
export async function recorded (t: Test, eventLog: EventLog): Promise<Array<{ type: string, subject: string, why: string, by: Author }>> {
  const records = await eventLog.read(TOPICS.catalogue, 0, 0, { limit: 1000 })
  const events = records.map(({ value }) => JSON.parse(Buffer.from(value).toString('utf8')) as { type: string, subject: string, why: string, by: Author })
  for (const event of events) t.same(validateEvent(event), [], event.type)
  return events
}
