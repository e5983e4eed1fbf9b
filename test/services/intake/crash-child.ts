/**
 * A department's sender and intake in one process, which kills itself at its n-th step. Run by crash.test.ts as
 * `node crash-child.js FOLDER STEP`; STEP 0 lets it live.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openEmbeddedDocuments } from '../../../platform/documents/embedded/index.js'
import type { Collection, Document, Documents } from '../../../platform/documents/port.js'
import { openEmbeddedEventLog } from '../../../platform/event-log/embedded/index.js'
import type { EventLog } from '../../../platform/event-log/port.js'
import { openDatabase } from '../../../platform/sqlite/database.js'
import { systemClock } from '../../../services/core/clock.js'
import { createIntake, DEFAULT_LIMITS } from '../../../services/intake/index.js'
import { signed, validate } from './support.js'

const [, , dir = '', step = '0'] = process.argv
const deadly = Number(step)
let steps = 0
/** Some steps are the last: before what they do, or after it. */
async function stepping<T> (act: () => Promise<T>): Promise<T> {
  if (++steps === deadly) process.kill(process.pid, 'SIGKILL')
  const result = await act()
  if (++steps === deadly) process.kill(process.pid, 'SIGKILL')
  return result
}

function steppingLog (log: EventLog): EventLog {
  const own = log as EventLog & Record<string | symbol, unknown>
  return new Proxy(own, {
    get: (_target, name) => {
      if (name === 'append') return async (...args: Parameters<EventLog['append']>) => await stepping(async () => await log.append(...args))
      if (name === 'consume') {
        return (options: Parameters<EventLog['consume']>[0]) => log.consume({ ...options, handle: async (records, partition) => { await stepping(async () => { await options.handle(records, partition) }) } })
      }
      const value = own[name]
      return typeof value === 'function' ? (value as () => unknown).bind(log) : value
    }
  })
}
function steppingDocuments (documents: Documents): Documents {
  return {
    close: async () => { await documents.close() },
    collection: async <T extends Document>(...args: Parameters<Documents['collection']>) => {
      const collection = await documents.collection<T>(...args)
      return new Proxy(collection, {
        get: (_target, name) => {
          if (name === 'set') return async (documents: T[]) => { await stepping(async () => { await collection.set(documents) }) }
          const value = (collection as Collection<T> & Record<string | symbol, unknown>)[name]
          return typeof value === 'function' ? (value as () => unknown).bind(collection) : value
        }
      })
    }
  }
}

const database = await openDatabase({ file: join(dir, 'test.db') })
const eventLog = steppingLog(await openEmbeddedEventLog(database, { clock: systemClock }))
const documents = steppingDocuments(await openEmbeddedDocuments(database))
const key = createPrivateKey(readFileSync(join(dir, 'key.pem')))
const publicKey = createPublicKey(key)
const intake = await createIntake({
  eventLog,
  documents,
  clock: systemClock,
  validate,
  partitions: 2,
  limits: { ...DEFAULT_LIMITS, judgedTogether: 4 },
  keyFor: async () => ({ key: publicKey, algorithm: 'EdDSA', valid: true }),
  mayIssue: async () => true
})
intake.start()

// What was not acknowledged before the crash is sent again, as senders do.
const plan = JSON.parse(readFileSync(join(dir, 'plan.json'), 'utf8')) as unknown[][]
const acknowledged = existsSync(join(dir, 'acknowledged')) ? readFileSync(join(dir, 'acknowledged')).length : 0
for (const batch of plan.slice(acknowledged)) {
  await intake.receive(batch.map(event => signed(event, { kid: 'k1', key, publicKey })))
  appendFileSync(join(dir, 'acknowledged'), '.')
}
await intake.idle()
await intake.stop()
await database.close()
