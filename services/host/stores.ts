import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openEmbeddedDocuments } from '../../platform/documents/embedded/index.js'
import type { Documents } from '../../platform/documents/port.js'
import { openEmbeddedEventLog, readEmbeddedEventLog } from '../../platform/event-log/embedded/index.js'
import type { EventLog } from '../../platform/event-log/port.js'
import { openEmbeddedFiles } from '../../platform/files/embedded/index.js'
import type { Files } from '../../platform/files/port.js'
import { openDatabase } from '../../platform/sqlite/database.js'
import { lockDirectory } from '../../platform/sqlite/lock.js'
import type { Clock } from '../core/clock.js'
import { Failure } from '../core/failure.js'

export interface Stores {
  eventLog: EventLog
  documents: Documents
  files: Files
  /** Is the store answering? @throws {Failure} STORE_UNAVAILABLE, STORE_FULL */
  check: () => Promise<void>
  /** After everything that writes has stopped. */
  close: () => Promise<void>
}

/**
 * SQLite takes an empty file for a new store. One that was cut to nothing would come up as if nothing had ever been published.
 * The store that a first start left empty when it was killed is taken for that too: remove the file, since nothing was in it.
 */
async function refuseEmptied (file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined)
  if (found?.size === 0) throw new Failure('STORE_CORRUPT', `${file} is empty: restore it, or remove it where nothing was ever in it`)
}

/**
 * The event log of a data directory, for reading alone, whether or not an exchange runs there.
 * @throws {Failure} NOT_FOUND there is no store; STORE_UNAVAILABLE, STORE_CORRUPT
 */
export async function openLogForReading ({ directory, lockTimeoutMs, clock }: { directory: string, lockTimeoutMs: number, clock: Clock }): Promise<Pick<EventLog, 'read' | 'end' | 'partitions'> & { close: () => Promise<void> }> {
  const file = join(directory, 'exchange.sqlite')
  if (await stat(file).catch(() => undefined) === undefined) throw new Failure('NOT_FOUND', `${file} is not there`)
  await refuseEmptied(file)
  const database = await openDatabase({ file, busyTimeoutMs: lockTimeoutMs, readOnly: true })
  const log = readEmbeddedEventLog(database, { clock })
  return {
    read: async (...question) => await log.read(...question),
    end: async (...question) => await log.end(...question),
    partitions: async topic => await log.partitions(topic),
    close: async () => { await database.close() }
  }
}

/**
 * The embedded engines over one data directory: `exchange.sqlite` for events and documents, `files/` beside it. This is the one
 * place that chooses what stands behind the ports.
 * @throws {Failure} DATA_DIR_IN_USE, STORE_UNAVAILABLE, STORE_CORRUPT
 */
export async function openStores ({ directory, lockTimeoutMs, recordBytes, clock }: {
  directory: string, lockTimeoutMs: number, recordBytes: number, clock: Clock
}): Promise<Stores> {
  const unlock = await lockDirectory(directory)
  try {
    const file = join(directory, 'exchange.sqlite')
    await refuseEmptied(file)
    const database = await openDatabase({ file, busyTimeoutMs: lockTimeoutMs })
    const eventLog = await openEmbeddedEventLog(database, { clock, maxRecordBytes: recordBytes })
    const documents = await openEmbeddedDocuments(database, { alone: true })
    const files = await openEmbeddedFiles(join(directory, 'files'))
    return {
      eventLog,
      documents,
      files,
      // An empty write takes the write lock and commits, so it fails as the next real one would.
      check: async () => { await database.write(() => {}) },
      close: async () => {
        await eventLog.close()
        await documents.close()
        await database.close()
        unlock()
      }
    }
  } catch (error) {
    unlock()
    throw error
  }
}
