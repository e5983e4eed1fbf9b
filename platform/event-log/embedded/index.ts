import type { Clock } from '../../../services/core/clock.js'
import type { Database } from '../../sqlite/database.js'
import type { EventLog } from '../port.js'
import { EmbeddedEventLog } from './log.js'

export interface EmbeddedEventLogOptions {
  clock: Clock
  /** Value, key and headers of one record together; 4 MiB if not said. */
  maxRecordBytes?: number
  /**
   * Set where other processes append to the same file: how often waiting consumers ask whether the file changed. Appends of
   * this process wake them at once and without asking.
   */
  otherProcessesMs?: number
}

/** Reads the event log of a file that was opened for reading alone. */
export function readEmbeddedEventLog (database: Database, options: EmbeddedEventLogOptions): Pick<EventLog, 'read' | 'end' | 'partitions'> {
  return new EmbeddedEventLog(database, options)
}

/** The event log in one SQLite file, which it may share with the documents. Closing it leaves the database open. */
export async function openEmbeddedEventLog (database: Database, options: EmbeddedEventLogOptions): Promise<EventLog> {
  await database.write(() => {
    database.exec(`
      CREATE TABLE IF NOT EXISTS log_topics (topic TEXT PRIMARY KEY, partitions INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS log_lanes (
        lane INTEGER PRIMARY KEY, topic TEXT NOT NULL, part INTEGER NOT NULL, UNIQUE (topic, part)) STRICT;
      CREATE TABLE IF NOT EXISTS log_groups (
        reader TEXT NOT NULL, lane INTEGER NOT NULL, next INTEGER NOT NULL, PRIMARY KEY (reader, lane)) STRICT, WITHOUT ROWID`)
  })
  return new EmbeddedEventLog(database, options)
}
