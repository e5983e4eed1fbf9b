import { Failure } from '../../../services/core/failure.js'
import { frozen } from '../../../services/core/json.js'
import type { Database } from '../../sqlite/database.js'
import type { Row } from '../../sqlite/statement.js'
import type { Collection, Document, Page, PutOptions, Query, Stored } from '../port.js'
import { toSelect, writeCursor } from './query.js'
import { checkedId, type Key, type Shape } from './shape.js'
import { conflict, Writer } from './writer.js'

interface DocumentRow extends Row { version: number, json: string }
/** Documents read before, by id; a write takes its own out. Frozen, so that nobody changes what others get. */
export type AtHand = Map<string, Stored<unknown>>

const MAX_IDS = 1000
const MAX_PAGE = 1000
const AT_HAND = 2000 // some megabytes

export class EmbeddedCollection<T extends Document> implements Collection<T> {
  readonly #database: Database
  readonly #shape: Shape
  readonly #writer: Writer
  readonly #get: string
  readonly #atHand: AtHand | undefined
  readonly #keeps: boolean

  /** @param keeps - does it put there what it read? What it writes it takes out in any case */
  constructor (database: Database, shape: Shape, { atHand, keeps }: { atHand: AtHand | undefined, keeps: boolean }) {
    this.#database = database
    this.#shape = shape
    this.#atHand = atHand
    this.#keeps = keeps
    this.#writer = new Writer(database, shape, id => { if (id === undefined) atHand?.clear(); else atHand?.delete(id) })
    this.#get = `SELECT version, json FROM ${shape.table} WHERE id = ?`
  }

  async get (id: string): Promise<Stored<T> | undefined> {
    const known = this.#atHand?.get(id)
    if (known !== undefined) return known as Stored<T>
    const row = this.#database.prepare(this.#get).get<DocumentRow>(checkedId(id))
    if (row === undefined) return undefined
    const stored = toStored<T>(row)
    if (this.#atHand === undefined || !this.#keeps) return stored
    if (this.#atHand.size >= AT_HAND) this.#atHand.clear()
    this.#atHand.set(id, frozen(stored))
    return stored
  }

  async getMany (ids: readonly string[]): Promise<Array<Stored<T>>> {
    if (ids.length > MAX_IDS) throw new Failure('INPUT_INVALID', `at most ${MAX_IDS} ids at a time`)
    const statement = this.#database.prepare(this.#get)
    return ids.map(id => statement.get<DocumentRow>(checkedId(id))).filter(row => row !== undefined).map(row => toStored(row))
  }

  async put (document: T, replaces: number, options?: PutOptions): Promise<void> {
    const { conflicts } = await this.putMany([{ document, replaces }], options)
    if (conflicts.length > 0) throw conflict()
  }

  async putMany (writes: ReadonlyArray<{ document: T, replaces: number }>, { followed = false }: PutOptions = {}): Promise<{ conflicts: number[] }> {
    const prepared = writes.map(({ document, replaces }) => this.#writer.prepare(document, checkedVersion(replaces) + 1))
    const conflicts = await this.#database.write(() => prepared
      .map((one, index) => (one.version === 1 ? this.#writer.insert(one) : this.#writer.update(one)) ? -1 : index)
      .filter(index => index >= 0), { durable: !followed })
    return { conflicts }
  }

  async set (documents: readonly T[]): Promise<void> {
    const prepared = documents.map(document => this.#writer.prepare(document, 1))
    await this.#database.write(() => { for (const one of prepared) this.#writer.set(one) }, { durable: false })
  }

  async delete (id: string, replaces: number): Promise<void> {
    checkedId(id)
    checkedVersion(replaces)
    if (!await this.#database.write(() => this.#writer.delete(id, replaces))) throw conflict()
  }

  async find (query: Query): Promise<Page<T>> {
    const { limit } = query
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) throw new Failure('INPUT_INVALID', `limit is a whole number from 1 to ${MAX_PAGE}`)
    const { source, values, orderBy, cursor } = toSelect(this.#shape, query)
    const document = source.includes(' AS d ') ? 'd' : 'x'
    const keys = cursor.map((column, at) => `, ${column} AS k${at}`).join('')
    const rows = this.#database.prepare(`SELECT ${document}.version, ${document}.json${keys} ${source} ${orderBy} LIMIT ?`)
      .all<DocumentRow>(...values, limit + 1)
    const last = rows.length > limit ? rows[limit - 1] : undefined
    const items = rows.slice(0, limit).map(row => toStored<T>(row))
    return last === undefined ? { items } : { items, next: writeCursor(cursor.map((_, at) => last[`k${at}`] as Key)) }
  }

  async count (query: Omit<Query, 'limit' | 'after' | 'order'>, atMost: number): Promise<number> {
    if (!Number.isInteger(atMost) || atMost < 1) throw new Failure('INPUT_INVALID', 'atMost is a whole number from 1')
    const { index, equals, range } = query
    const { source, values } = toSelect(this.#shape, { index, ...equals && { equals }, ...range && { range } })
    return this.#database.prepare(`SELECT count(*) AS n FROM (SELECT 1 ${source} LIMIT ?)`).get<{ n: number }>(...values, atMost)?.n ?? 0
  }

  async clear (): Promise<void> {
    await this.#database.write(() => { this.#writer.clear() })
  }
}

function toStored<T> ({ version, json }: DocumentRow): Stored<T> { return { document: JSON.parse(json) as T, version } }

function checkedVersion (replaces: number): number {
  if (!Number.isSafeInteger(replaces) || replaces < 0) throw new Failure('INPUT_INVALID', 'a version is a whole number from 0')
  return replaces
}
