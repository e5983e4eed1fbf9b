import type { Database } from '../../sqlite/database.js'
import type { Document, IndexOptions } from '../port.js'
import { collectionName, scalars, shapeOf, type Shape } from './shape.js'
import { conflict, Writer } from './writer.js'

interface CollectionRow extends Record<string, string | number> { number: number, indexes: string }

/** Finds the collection's tables, makes them, or moves its documents to new ones where the indexes have changed. */
export async function prepareCollection (database: Database, name: string, indexes: Record<string, IndexOptions>): Promise<Shape> {
  collectionName(name)
  const wanted = JSON.stringify(Object.entries(indexes).sort(([a], [b]) => a < b ? -1 : 1)
    .map(([index, { on, unique = false, array = null }]) => [index, on, unique, array]))
  const sorted = Object.fromEntries(Object.entries(indexes).sort(([a], [b]) => a < b ? -1 : 1))
  return await database.write(() => {
    const known = database.prepare('SELECT number, indexes FROM doc_collections WHERE name = ?').get<CollectionRow>(name)
    if (known?.indexes === wanted) return shapeOf(known.number, sorted)
    const { next } = database.prepare('SELECT coalesce(max(number), 0) + 1 AS next FROM doc_collections').get<{ next: number }>() as { next: number }
    const shape = shapeOf(next, sorted)
    makeTables(database, shape)
    if (known === undefined) {
      database.prepare('INSERT INTO doc_collections (name, number, indexes) VALUES (?, ?, ?)').run(name, next, wanted)
    } else {
      moveDocuments(database, shapeOf(known.number, indexesOf(known)), shape)
      database.prepare('UPDATE doc_collections SET number = ?, indexes = ? WHERE name = ?').run(next, wanted, name)
    }
    return shape
  })
}

function indexesOf (row: CollectionRow): Record<string, IndexOptions> {
  const entries = JSON.parse(row.indexes) as Array<[string, string[], boolean, string | null]>
  return Object.fromEntries(entries.map(([name, on, unique, array]) => [name, { on, unique, ...array !== null && { array } }]))
}

function makeTables (database: Database, { table, members, indexes }: Shape): void {
  // The JSON comes last, so that the short columns are read without walking past it.
  database.exec(`CREATE TABLE ${table} (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL,
    ${members.map(({ column }) => `${column} ANY NOT NULL, `).join('')} json TEXT NOT NULL) STRICT`)
  let number = 0
  for (const { unique, columns, array } of indexes.values()) {
    if (array === undefined) {
      // The id makes the order total, so that a page can go on from anywhere; unique columns are total by themselves.
      database.exec(unique
        ? `CREATE UNIQUE INDEX ${table}_by_${number} ON ${table} (${columns.join(', ')})`
        : `CREATE INDEX ${table}_by_${number} ON ${table} (${columns.join(', ')}, id)`)
    } else {
      database.exec(`CREATE TABLE ${array.table} (${columns.map(column => `${column} ANY NOT NULL`).join(', ')}, id TEXT NOT NULL,
        PRIMARY KEY (${columns.join(', ')}, id)) STRICT, WITHOUT ROWID`)
    }
    number++
  }
}

function moveDocuments (database: Database, from: Shape, to: Shape): void {
  const writer = new Writer(database, to, () => {})
  const page = database.prepare(`SELECT pk, version, json FROM ${from.table} WHERE pk > ? ORDER BY pk LIMIT 1000`)
  for (let after = 0; ;) {
    const rows = page.all<{ pk: number, version: number, json: string }>(after)
    for (const { version, json } of rows) {
      const document = JSON.parse(json) as Document
      if (!writer.insert({ document, json, scalars: scalars(to, document), version })) throw conflict() // a new unique index
    }
    const last = rows.at(-1)
    if (last === undefined) break
    after = last.pk
  }
  for (const { array } of from.indexes.values()) if (array !== undefined) database.exec(`DROP TABLE ${array.table}`)
  database.exec(`DROP TABLE ${from.table}`)
}
