/**
 * A process for kill.test.ts: writes to every embedded store at once, prints a line for each thing that it was promised, and
 * kills itself at the point it is told, if the test does not do it first.
 */
import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { openEmbeddedDocuments } from '../../platform/documents/embedded/index.js'
import { openEmbeddedEventLog } from '../../platform/event-log/embedded/index.js'
import { openEmbeddedFiles } from '../../platform/files/embedded/index.js'
import { openDatabase } from '../../platform/sqlite/database.js'
import { lockDirectory } from '../../platform/sqlite/lock.js'
import { seeded } from './random.js'

const [dir, run, seed, point, count] = process.argv.slice(2) as [string, string, string, string, string]
const random = seeded(Number(seed))
const upTo = (most: number): number => 1 + Math.floor(random() * most)

let left = Number(count)
/** Kills this process when it comes by the chosen point for the chosen time. */
function pass (here: string): void {
  if (here === point && --left <= 0) process.kill(process.pid, 'SIGKILL')
}
function say (...words: Array<string | number>): void {
  const line = Buffer.from(`${words.join(' ')}\n`)
  for (let at = 0; at < line.length;) {
    try { at += writeSync(1, line, at) } catch (error) { if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error }
  }
}

await lockDirectory(dir)
const database = await openDatabase({ file: join(dir, 'store.db') })
// The log asks the clock in the middle of its transaction, so this is a point between BEGIN and COMMIT.
const log = await openEmbeddedEventLog(database, { clock: { now: () => { pass('append'); return new Date() } } })
const documents = await openEmbeddedDocuments(database)
const files = await openEmbeddedFiles(join(dir, 'files'))
await log.createTopic('a', { partitions: 3 })
const counters = await documents.collection<{ id: string, n: number, tags: string[], text: string }>('counters', {
  indexes: { n: { on: ['n'] }, tag: { on: ['tags'], array: 'tags' } }
})
say('started')

async function append (writer: number): Promise<never> {
  for (let batch = 0; ; batch++) {
    const size = upTo(6)
    const key = `key ${upTo(20)}`
    const positions = await log.append('a', Array.from({ length: size }, (_, index) => ({
      key, value: Buffer.from(JSON.stringify({ batch: `${run}/${writer}/${batch}`, index, size, pad: 'x'.repeat(upTo(2000)) }))
    })))
    say('appended', `${run}/${writer}/${batch}`, positions[0]?.partition ?? -1, positions[0]?.offset ?? -1, size)
    pass('appended')
  }
}
async function put (): Promise<never> {
  for (;;) {
    const id = `counter ${upTo(5)}`
    const stored = await counters.get(id)
    const version = (stored?.version ?? 0) + 1
    await counters.put({ id, n: version, tags: [`tag ${version}`], text: 'x'.repeat(upTo(2000)) }, version - 1)
    say('put', version, id)
    pass('put')
  }
}
async function keep (): Promise<never> {
  for (let n = 0; ; n++) {
    const content = Buffer.from(`${run}/${n} ${'x'.repeat(upTo(100_000))}`)
    const { sha256, size } = await files.put(Readable.from((function * () {
      for (let at = 0; at < content.length; at += 30_000) {
        yield content.subarray(at, at + 30_000)
        pass('receive')
      }
    })()), { maxBytes: 200_000 })
    say('kept', sha256, size)
  }
}
log.consume({
  group: 'g',
  topic: 'a',
  batch: 4,
  handle: async (records, partition) => {
    pass('handle')
    say('handled', partition, records[0]?.offset ?? -1, records.at(-1)?.offset ?? -1)
  }
})
await Promise.all([append(0), append(1), put(), keep()])
