import { Failure } from '../../../services/core/failure.js'
import type { Database } from '../../sqlite/database.js'
import type { Row } from '../../sqlite/statement.js'
import type { Document } from '../port.js'
import { checkedId, items, scalars, type ArrayIndex, type Key, type Shape } from './shape.js'

const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024

/** A document made ready before the transaction: checked, written out, its keys taken. */
export interface Prepared { document: Document, json: string, scalars: Key[], version: number }
interface StoredRow extends Row { version: number, json: string }

/** Writes documents and their index rows. Every method runs inside `Database.write`. */
export class Writer {
  readonly #database: Database
  readonly #shape: Shape
  readonly #arrays: ArrayIndex[]
  readonly #sql: { insert: string, update: string, upsert: string }
  readonly #changes: (id?: string) => void

  /** @param changes - told of each document that is about to be written, or of all */
  constructor (database: Database, shape: Shape, changes: (id?: string) => void) {
    this.#database = database
    this.#changes = changes
    this.#shape = shape
    this.#arrays = [...shape.indexes.values()].filter((index): index is ArrayIndex => index.array !== undefined)
    const { table, members } = shape
    const columns = members.map(({ column }) => column)
    const insert = `INSERT INTO ${table} (${[...columns, 'json', 'version', 'id'].join(', ')}) VALUES (${'?, '.repeat(columns.length)}?, ?, ?)`
    this.#sql = {
      insert: `${insert} ON CONFLICT DO NOTHING`,
      update: `UPDATE OR IGNORE ${table} SET ${[...columns, 'json', 'version'].map(column => `${column} = ?`).join(', ')} WHERE id = ? AND version = ?`,
      upsert: `${insert} ON CONFLICT (id) DO UPDATE SET ${[...columns, 'json'].map(column => `${column} = excluded.${column}`)
        .join(', ')}, version = version + 1`
    }
  }

  /** @throws {Failure} INPUT_INVALID, RECORD_TOO_LARGE */
  prepare (document: Document, version: number): Prepared {
    checkedId(document.id)
    const json = JSON.stringify(document)
    if (json.length > MAX_DOCUMENT_BYTES || (json.length * 3 > MAX_DOCUMENT_BYTES && Buffer.byteLength(json) > MAX_DOCUMENT_BYTES)) {
      throw new Failure('RECORD_TOO_LARGE', `a document is at most ${MAX_DOCUMENT_BYTES} bytes of JSON`)
    }
    for (const { array } of this.#arrays) items(array.member, document)
    return { document, json, scalars: scalars(this.#shape, document), version }
  }

  /** @returns false where the id or a unique key is taken; then nothing is written */
  insert (prepared: Prepared): boolean {
    if (!this.#itemsFree(prepared)) return false
    const { document: { id }, json, version } = prepared
    if (this.#database.prepare(this.#sql.insert).run(...prepared.scalars, json, version, id) === 0) return false
    this.#addItems(prepared)
    return true
  }

  /** @returns false where another version stands there, none, or a unique key is taken; then nothing is written */
  update (prepared: Prepared): boolean {
    const { document: { id }, json, version } = prepared
    if (!this.#itemsFree(prepared)) return false
    this.#changes(id)
    const before = this.#arrays.length > 0 ? this.#stored(id) : undefined
    if (this.#database.prepare(this.#sql.update).run(...prepared.scalars, json, version, id, version - 1) === 0) return false
    if (before !== undefined) this.#removeItems(before)
    this.#addItems(prepared)
    return true
  }

  /** @throws {Failure} VERSION_CONFLICT a unique key is taken */
  set (prepared: Prepared): void {
    const { document: { id }, json } = prepared
    if (!this.#itemsFree(prepared)) throw conflict()
    this.#changes(id)
    const before = this.#arrays.length > 0 ? this.#stored(id) : undefined
    this.#database.prepare(this.#sql.upsert).run(...prepared.scalars, json, 1, id)
    if (before !== undefined) this.#removeItems(before)
    this.#addItems(prepared)
  }

  /** @returns false where another version stands there, or none */
  delete (id: string, version: number): boolean {
    this.#changes(id)
    const before = this.#arrays.length > 0 ? this.#stored(id) : undefined
    if (this.#database.prepare(`DELETE FROM ${this.#shape.table} WHERE id = ? AND version = ?`).run(id, version) === 0) return false
    if (before !== undefined) this.#removeItems(before)
    return true
  }

  clear (): void {
    this.#changes()
    for (const { array } of this.#arrays) this.#database.prepare(`DELETE FROM ${array.table}`).run()
    this.#database.prepare(`DELETE FROM ${this.#shape.table}`).run()
  }

  #stored (id: string): Document | undefined {
    const row = this.#database.prepare(`SELECT version, json FROM ${this.#shape.table} WHERE id = ?`).get<StoredRow>(id)
    return row === undefined ? undefined : JSON.parse(row.json) as Document
  }

  #itemsFree ({ document }: Prepared): boolean {
    for (const index of this.#arrays) {
      if (!index.unique) continue
      const taken = this.#database.prepare(
        `SELECT 1 FROM ${index.array.table} WHERE ${index.columns.map(column => `${column} = ?`).join(' AND ')} AND id <> ? LIMIT 1`)
      for (const key of this.#keys(index, document)) if (taken.get(...key, document.id) !== undefined) return false
    }
    return true
  }

  #addItems ({ document }: Prepared): void {
    for (const index of this.#arrays) {
      const add = this.#database.prepare(
        `INSERT INTO ${index.array.table} (${index.columns.join(', ')}, id) VALUES (${'?, '.repeat(index.columns.length)}?)`)
      for (const key of this.#keys(index, document)) add.run(...key, document.id)
    }
  }

  #removeItems (document: Document): void {
    for (const index of this.#arrays) {
      const remove = this.#database.prepare(
        `DELETE FROM ${index.array.table} WHERE ${index.columns.map(column => `${column} = ?`).join(' AND ')} AND id = ?`)
      for (const key of this.#keys(index, document)) remove.run(...key, document.id)
    }
  }

  #keys (index: ArrayIndex, document: Document): Key[][] {
    const values = scalars(this.#shape, document)
    return items(index.array.member, document).map(item => index.on.map(member => member === index.array.member
      ? item
      : values[this.#shape.members.findIndex(one => one.member === member)] as Key))
  }
}

export function conflict (): Failure { return new Failure('VERSION_CONFLICT', 'the document is of another version, or its key is taken') }
