import { join } from 'node:path'
import t from 'tap'
import { openEmbeddedDocuments } from '../../../../platform/documents/embedded/index.js'
import { openDatabase } from '../../../../platform/sqlite/database.js'
import { documentsContract } from '../../../contract/documents.js'

t.test('documents', async t => {
  documentsContract(t, async t => {
    const file = join(t.testdir(), 'store.db')
    return {
      open: async () => {
        const database = await openDatabase({ file })
        const documents = await openEmbeddedDocuments(database)
        return { documents, close: async () => { await documents.close(); await database.close() } }
      }
    }
  })
})
