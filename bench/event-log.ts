import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedDocuments } from '../platform/documents/embedded/index.js'
import { openEmbeddedEventLog } from '../platform/event-log/embedded/index.js'
import { openDatabase, type Database } from '../platform/sqlite/database.js'
import { systemClock } from '../services/core/clock.js'
import { interleaved, type Row, type Suite } from './measure.js'

const RECORDS = 500
const VALUE = Buffer.alloc(900, 'x')

/** The embedded stores beside SQLite itself doing the same with nothing around it. */
export const suite: Suite = async () => {
  const dir = mkdtempSync(join(tmpdir(), 'mianzheng-bench-'))
  const database = await openDatabase({ file: join(dir, 'store.db') })
  try { return [await appends(database), await appenders(database), await reads(database)] } finally {
    await database.close()
    rmSync(dir, { recursive: true })
  }
}

async function appends (database: Database): Promise<Row> {
  const log = await openEmbeddedEventLog(database, { clock: systemClock })
  await log.createTopic('batches', { partitions: 4 })
  const records = Array.from({ length: RECORDS }, (_, n) => ({ key: `key ${n % 8}`, value: VALUE }))
  await bareTable(database)
  const bare = database.prepare('INSERT INTO bare (key, value) VALUES (?, ?)')
  const [ours, theirs] = await interleaved([
    async () => await log.append('batches', records),
    async () => { await database.write(() => { for (const { key, value } of records) bare.run(key, value) }) }
  ], { rounds: 9, calls: 10 }) as [number, number]
  return row('event log: append in batches of 500', perSecond(RECORDS, ours), 'bare inserts in one transaction', perSecond(RECORDS, theirs), 0.7)
}

async function appenders (database: Database): Promise<Row> {
  const log = await openEmbeddedEventLog(database, { clock: systemClock })
  await log.createTopic('singles', { partitions: 4 })
  const one = [{ key: 'key', value: VALUE }]
  const [together, alone] = await interleaved([
    async () => { await Promise.all(Array.from({ length: 64 }, async () => await log.append('singles', one))) },
    async () => { for (let n = 0; n < 64; n++) await log.append('singles', one) }
  ], { rounds: 9, calls: 5 }) as [number, number]
  return row('event log: 64 appenders of one record at a time', perSecond(64, together), 'one appender', perSecond(64, alone), 2)
}

async function reads (database: Database): Promise<Row> {
  const documents = await openEmbeddedDocuments(database)
  const collection = await documents.collection<{ id: string, holder: string, text: string }>('bench', { indexes: { holder: { on: ['holder'] } } })
  for (let at = 0; at < 20_000; at += 1000) {
    await collection.set(Array.from({ length: 1000 }, (_, n) => ({ id: `id ${at + n}`, holder: `holder ${at + n}`, text: 'x'.repeat(500) })))
  }
  await database.write(() => {
    database.exec('CREATE TABLE bare_documents (id TEXT PRIMARY KEY, json TEXT)')
    database.exec("INSERT INTO bare_documents WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 19999) SELECT 'id ' || n, json_object('id', 'id ' || n, 'text', printf('%.*c', 500, 'x')) FROM n")
  })
  const bare = database.prepare('SELECT json FROM bare_documents WHERE id = ?')
  let next = 0
  const anId = (): string => `id ${(next += 7919) % 20_000}`
  const [ours, theirs] = await interleaved([
    async () => await collection.get(anId()),
    () => JSON.parse(bare.get<{ json: string }>(anId())?.json ?? '')
  ], { rounds: 9, calls: 4000 }) as [number, number]
  return row('documents: get by id', perSecond(1, ours), 'one indexed SELECT', perSecond(1, theirs), 0.7)
}

async function bareTable (database: Database): Promise<void> {
  await database.write(() => { database.exec('CREATE TABLE bare (number INTEGER PRIMARY KEY, key TEXT, value BLOB)') })
}

function perSecond (count: number, ms: number): number { return count / ms * 1000 }

function row (work: string, ours: number, beside: string, theirs: number, atLeast: number): Row {
  return { work, ours, unit: '1/s', beside, theirs, figure: ours / theirs, aim: { atLeast } }
}
