import type { Database } from '../../sqlite/database.js'
import type { Documents } from '../port.js'
import { EmbeddedCollection } from './collection.js'
import { prepareCollection } from './tables.js'

/** Documents in one SQLite file, which they may share with the event log. Closing them leaves the database open. */
export async function openEmbeddedDocuments (database: Database): Promise<Documents> {
  await database.write(() => {
    database.exec('CREATE TABLE IF NOT EXISTS doc_collections (name TEXT PRIMARY KEY, number INTEGER UNIQUE NOT NULL, indexes TEXT NOT NULL) STRICT')
  })
  return {
    async collection (name, { indexes = {} } = {}) {
      return new EmbeddedCollection(database, await prepareCollection(database, name, indexes))
    },
    async close () {}
  }
}
