import { join } from 'node:path'
import { openEmbeddedDocuments } from '../../platform/documents/embedded/index.js'
import type { Documents } from '../../platform/documents/port.js'
import { openEmbeddedEventLog } from '../../platform/event-log/embedded/index.js'
import type { EventLog } from '../../platform/event-log/port.js'
import { openEmbeddedFiles } from '../../platform/files/embedded/index.js'
import type { Files } from '../../platform/files/port.js'
import { openDatabase } from '../../platform/sqlite/database.js'
import { lockDirectory } from '../../platform/sqlite/lock.js'
import type { Clock } from '../core/clock.js'

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
 * The embedded engines over one data directory: `exchange.sqlite` for events and documents, `files/` beside it. This is the one
 * place that chooses what stands behind the ports.
 * @throws {Failure} DATA_DIR_IN_USE, STORE_UNAVAILABLE
 */
export async function openStores ({ directory, lockTimeoutMs, recordBytes, clock }: {
  directory: string, lockTimeoutMs: number, recordBytes: number, clock: Clock
}): Promise<Stores> {
  const unlock = await lockDirectory(directory)
  try {
    const database = await openDatabase({ file: join(directory, 'exchange.sqlite'), busyTimeoutMs: lockTimeoutMs })
    const eventLog = await openEmbeddedEventLog(database, { clock, maxRecordBytes: recordBytes })
    const documents = await openEmbeddedDocuments(database)
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
