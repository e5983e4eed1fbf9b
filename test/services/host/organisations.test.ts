import { join } from 'node:path'
import t from 'tap'
import { openEmbeddedDocuments } from '../../../platform/documents/embedded/index.js'
import { openDatabase } from '../../../platform/sqlite/database.js'
import { usccCheckCharacter } from '../../../services/core/identifiers.js'
import type { Organisation } from '../../../services/identity/registry.js'
import { OrganisationNames } from '../../../services/host/organisations.js'

t.test('names of organisations are known page by page, and those registered since once they are read anew', async t => {
  const database = await openDatabase({ file: join(t.testdir(), 'store.db') })
  const documents = await openEmbeddedDocuments(database)
  t.teardown(async () => { await documents.close(); await database.close() })
  const collection = await documents.collection<Organisation>('organisations')
  const organisation = (at: number) => {
    const first17 = `11990000YYYY0${String(at).padStart(4, '0')}`
    return { id: first17 + usccCheckCharacter(first17), name: `部门${at}`, registeredAt: '2026-03-02T01:00:00.000Z' }
  }
  const registry = { organisations: async (page: { limit: number, after?: string }) => await collection.find({ index: 'id', ...page }) }
  const names = new OrganisationNames()
  await collection.set(Array.from({ length: 501 }, (_, at) => organisation(at)))
  t.equal(names.nameOf(organisation(0).id), undefined)
  await names.read(registry)
  t.same([0, 500, 501].map(at => names.nameOf(organisation(at).id)), ['部门0', '部门500', undefined])
  await collection.set([organisation(501)])
  await names.read(registry)
  t.equal(names.nameOf(organisation(501).id), '部门501')
})
