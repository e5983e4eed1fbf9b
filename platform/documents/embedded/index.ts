import type { Database } from '../../sqlite/database.js'
import type { Documents } from '../port.js'
import { EmbeddedCollection, type AtHand } from './collection.js'
import { prepareCollection } from './tables.js'

/**
 * Documents in one SQLite file, which they may share with the event log. Closing them leaves the database open.
 * @param alone - does nobody else write to this file? Then what is to be at hand is kept in memory; a change by another process would go unseen
 */
export async function openEmbeddedDocuments (database: Database, { alone = false }: { alone?: boolean } = {}): Promise<Documents> {
  await database.write(() => {
    database.exec('CREATE TABLE IF NOT EXISTS doc_collections (name TEXT PRIMARY KEY, number INTEGER UNIQUE NOT NULL, indexes TEXT NOT NULL) STRICT')
  })
  const atHands = new Map<string, AtHand>() // one for all who open a collection: each writes what the others read
  return {
    async collection (name, { indexes = {}, atHand = false } = {}) {
      const shape = await prepareCollection(database, name, indexes)
      let kept = atHands.get(name)
      if (kept === undefined && alone) atHands.set(name, kept = new Map()) // also for who keeps nothing himself: others may
      return new EmbeddedCollection(database, shape, { atHand: kept, keeps: atHand })
    },
    async close () {}
  }
}
