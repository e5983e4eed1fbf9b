import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { buffer } from 'node:stream/consumers'
import t from 'tap'
import { openEmbeddedDocuments } from '../../platform/documents/embedded/index.js'
import { openEmbeddedEventLog } from '../../platform/event-log/embedded/index.js'
import type { EventRecord } from '../../platform/event-log/port.js'
import { openEmbeddedFiles } from '../../platform/files/embedded/index.js'
import { openDatabase } from '../../platform/sqlite/database.js'
import { lockDirectory } from '../../platform/sqlite/lock.js'
import { projectRoot } from '../../services/core/project-root.js'
import { systemClock } from '../../services/core/clock.js'
import { seeded } from '../support/random.js'

// KILLS=2000 node dist/test/platform/kill.test.js, or --kills=2000; SEED=… to have other points
const flag = process.argv.find(argument => argument.startsWith('--kills='))?.slice('--kills='.length)
const KILLS = Number(flag ?? process.env['KILLS'] ?? 200)
const SEED = Number(process.env['SEED'] ?? 20260301)
const KILLS_A_DIRECTORY = 10
const WRITER = join(projectRoot(), 'dist/test/support/store-writer.js')
// Where the process dies: in a transaction, after a promise, in a handler, in the middle of a file, or wherever it is just then.
const POINTS = ['append', 'appended', 'put', 'handle', 'receive', 'outside', 'outside'] as const

/** What the processes that wrote to one directory were promised. */
interface Promised {
  appended: Map<string, { partition: number, offset: number, size: number }>
  puts: Map<string, number>
  kept: Map<string, number>
  handled: number[]
  problems: string[]
}

async function writeUntilKilled (dir: string, run: number, seed: number, promised: Promised): Promise<void> {
  const random = seeded(seed)
  const point = POINTS[Math.floor(random() * POINTS.length)] as string
  const count = 1 + Math.floor(random() * 25)
  const child = spawn(process.execPath, [WRITER, dir, String(run), String(seed), point, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<NodeJS.Signals | null>(resolve => { child.once('close', (_, signal) => { resolve(signal) }) })
  let lines = 0
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, ...rest] = line.split(' ') as [string, ...string[]]
    const [one, two, three, four] = rest
    if (word === 'appended') promised.appended.set(String(one), { partition: Number(two), offset: Number(three), size: Number(four) })
    if (word === 'put') promised.puts.set(rest.slice(1).join(' '), Number(one))
    if (word === 'kept') promised.kept.set(String(one), Number(two))
    if (word === 'handled') {
      const [partition, first, last] = [Number(one), Number(two), Number(three)]
      const before = promised.handled[partition] ?? 0
      if (first > before) promised.problems.push(`partition ${partition}: handed ${first} after ${before}, so some were skipped`)
      promised.handled[partition] = Math.max(before, last + 1)
    }
    lines++
    if (point === 'outside' && lines === count * 2) child.kill('SIGKILL')
    if (lines === 5000) child.kill('SIGTERM') // a point that never comes is a fault of this test
  }
  if (await ended !== 'SIGKILL') promised.problems.push(`run ${run} (${point} ${count}) was not killed`)
}

async function check (dir: string, { appended, puts, kept, handled, problems }: Promised): Promise<string[]> {
  const found = [...problems]
  const unlock = await lockDirectory(dir) // a killed process leaves no lock
  const database = await openDatabase({ file: join(dir, 'store.db') })
  try {
    const whole = database.prepare('PRAGMA integrity_check').get<{ integrity_check: string }>()?.integrity_check
    if (whole !== 'ok') found.push(`the file is damaged: ${whole}`)

    const log = await openEmbeddedEventLog(database, { clock: systemClock })
    const places = new Map<string, { partition: number, offset: number, size: number }>()
    for (let partition = 0; partition < 3; partition++) {
      const records = await log.read('a', partition, 0, { limit: 1_000_000 })
      records.forEach(({ offset }, place) => { if (offset !== place) found.push(`partition ${partition}: ${offset} stands at ${place}`) })
      found.push(...brokenBatches(records, places))
      const committed = await log.committed('g', 'a', partition)
      if (committed > (handled[partition] ?? 0)) found.push(`partition ${partition}: committed ${committed}, handled ${handled[partition] ?? 0}`)
    }
    for (const [batch, promise] of appended) {
      const place = places.get(batch)
      if (place?.partition !== promise.partition || place.offset !== promise.offset || place.size !== promise.size) found.push(`batch ${batch} is not where it was promised`)
    }

    const counters = await (await openEmbeddedDocuments(database)).collection<{ id: string, n: number, tags: string[] }>('counters', {
      indexes: { n: { on: ['n'] }, tag: { on: ['tags'], array: 'tags' } }
    })
    for (const { document, version } of (await counters.find({ index: 'id', limit: 1000 })).items) {
      if (document.n !== version) found.push(`${document.id} holds ${document.n} at version ${version}`)
      if (version < (puts.get(document.id) ?? 0)) found.push(`${document.id} is at version ${version}, promised ${puts.get(document.id)}`)
      const tagged = await counters.find({ index: 'tag', equals: [`tag ${version}`], limit: 10 })
      if (!tagged.items.some(({ document: { id } }) => id === document.id)) found.push(`${document.id} is missing from its index`)
    }
    for (const id of puts.keys()) if (await counters.get(id) === undefined) found.push(`${id} is gone`)

    const files = await openEmbeddedFiles(join(dir, 'files'))
    for (const [sha256, size] of kept) {
      const file = await files.open(sha256)
      if (file === undefined || (await buffer(file.stream)).length !== size) found.push(`file ${sha256} is gone or cut`)
    }
    kept.clear() // they never change, and once seen to be whole is enough
    await log.close()
  } finally {
    await database.close()
    unlock()
  }
  return found
}

/** Batches that are not there whole, in one piece and once; `places` learns where each stands. */
function brokenBatches (records: EventRecord[], places: Map<string, { partition: number, offset: number, size: number }>): string[] {
  const found: string[] = []
  for (let at = 0; at < records.length;) {
    const values = (records.slice(at)).slice(0, 6).map(({ value }) => JSON.parse(Buffer.from(value).toString()) as { batch: string, index: number, size: number })
    const { batch, size } = values[0] as { batch: string, size: number }
    const { partition, offset } = records[at] as EventRecord
    if (places.has(batch)) found.push(`batch ${batch} stands twice`)
    for (let index = 0; index < size; index++) if (values[index]?.batch !== batch || values[index]?.index !== index) found.push(`batch ${batch} is not whole`)
    places.set(batch, { partition, offset, size })
    at += size
  }
  return found
}

t.test('a data directory that another process holds is refused, until that process is killed', async t => {
  const dir = t.testdir()
  const child = spawn(process.execPath, [WRITER, dir, '0', '1', 'never', '1'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>(resolve => { child.once('close', () => { resolve() }) })
  for await (const line of createInterface({ input: child.stdout })) {
    if (line !== 'started') continue
    await t.rejects(lockDirectory(dir), { code: 'DATA_DIR_IN_USE' })
    child.kill('SIGKILL')
  }
  await ended;
  (await lockDirectory(dir))()
})

t.setTimeout(0) // as many kills as are asked for
t.test(`what was acknowledged is there, whole and once, after ${KILLS} processes were killed while writing`, async t => {
  const root = t.testdir()
  const directories = Math.ceil(KILLS / KILLS_A_DIRECTORY)
  let next = 0
  const totals = { batches: 0, documents: 0, handled: 0 }
  const work = async (): Promise<void> => {
    for (let directory = next++; directory < directories; directory = next++) {
      const dir = join(root, String(directory))
      mkdirSync(dir)
      const promised: Promised = { appended: new Map(), puts: new Map(), kept: new Map(), handled: [], problems: [] }
      for (let run = directory * KILLS_A_DIRECTORY; run < Math.min(KILLS, (directory + 1) * KILLS_A_DIRECTORY); run++) {
        await writeUntilKilled(dir, run, SEED + run, promised)
        t.same(await check(dir, promised), [], `kill ${run}`)
      }
      totals.batches += promised.appended.size
      totals.documents += promised.puts.size
      totals.handled += promised.handled.reduce((sum, end) => sum + end, 0)
    }
  }
  await Promise.all([work(), work()])
  t.ok(totals.batches > KILLS && totals.documents > 0 && totals.handled > KILLS, 'and there was something to lose')
  t.comment(JSON.stringify(totals))
})
