import { Failure } from '../../services/core/failure.js'
import { parseJson, type Json } from '../../services/core/json.js'
import { told, type Bilingual } from '../../services/core/words.js'
import { systemGround, type Ground } from '../sdk/exchange.js'
import type { DeletionLimits } from '../sdk/guard.js'
import { ROW_TOLD } from '../sdk/row-words.js'
import type { Source, SourceBatch } from '../sdk/source.js'
import { digestOfJson, requireResource } from '../sdk/values.js'
import { ask, isSafe, type Asking, type HttpLimits, type Page } from './request.js'
import { readRow, type Column, type ReadRow } from './rows.js'

export type { Column } from './rows.js'

export interface HttpSourceOptions {
  /** Name under which the rows are published. */
  resource: string
  /** First page; https, unless it is on this machine. */
  url: string
  /** Value of the Authorization header. */
  authorization?: string
  /** PEM of the CAs that are believed; the system's if not said. */
  ca?: string
  /** JSON Pointer to the list of rows in a page. */
  items: string
  /** How the next page is found; there is one page if not said. */
  pages?: { link: string } | { linkHeader: true } | { cursor: string, parameter: string }
  /** The interface tells what changed since a cursor. */
  changes?: boolean
  key: readonly string[]
  columns: readonly Column[]
  /** Member that is true in rows that count as deleted. */
  deleted?: string
  deletions?: DeletionLimits
  limits: HttpLimits & HttpSourceLimits
  ground?: Ground
}
export interface HttpSourceLimits {
  rowBytes: number
  columns: number
  jsonDepth: number
  /** Most pages of one pass. */
  pages: number
  /** All pages of a complete source together, which are held until the last has come. */
  totalBytes: number
}

/** How a complete source was found when its last pass ended; `of` is the declaration that it belongs to. */
interface Known { of: string, pages: Array<{ url: string, etag: string }> }
interface Followed { of: string, cursor: string }

const BATCH_ROWS = 500
const CURSOR_CHARACTERS = 2048
const KNOWN_PAGES = 100 // of a longer source it is not asked page by page whether it is as it was

/**
 * An interface that answers JSON as a source. A complete one is asked to its last page before the first row is handed over, so that
 * nothing of one that breaks off is published, and none of its rows is taken for deleted.
 * @throws {Failure} CONFIG_INVALID
 */
export function httpSource (options: HttpSourceOptions): Source {
  const { resource, url, items, key, columns, pages, changes = false, deleted, deletions, limits } = options
  const wrong = (why: Bilingual): Failure => new Failure('CONFIG_INVALID', `${resource}: ${why}`)
  requireResource(resource)
  if (!URL.canParse(url) || !isSafe(new URL(url))) throw wrong(told('地址应为 https 或本机，并且不含口令', 'its address is https, or on this machine, and holds no password'))
  if (key.length === 0) throw wrong(told('key 至少写一个成员', 'key names at least one member'))
  const names = columns.map(({ member, name = member }) => name)
  if (names.length === 0 || new Set(names).size !== names.length) throw wrong(told('columns 至少一项，各不重名', 'columns name at least one item, each once'))
  if (columns.length > limits.columns) throw wrong(told(`超过 ${limits.columns} 列`, `it has more than ${limits.columns} columns`))
  if (changes && !(pages !== undefined && 'cursor' in pages)) throw wrong(told('要跟踪变更，pages 须写 cursor', 'changes are followed by a cursor'))
  if (changes && deleted === undefined) throw wrong(told('要跟踪变更，须写明 deleted：哪些行已删除', 'changes have to tell which rows are deleted'))
  const reader = new Reader(options)
  return {
    resource,
    complete: !changes,
    shape: digestOfJson({ url, items, key, deleted }),
    ...deletions !== undefined && { deletions },
    read: position => changes ? reader.changes(position) : reader.whole(position)
  }
}

class Reader {
  readonly #options: HttpSourceOptions
  readonly #asking: Asking
  readonly #of: string

  constructor (options: HttpSourceOptions) {
    const { url, items, pages, key, columns, deleted, limits, authorization, ca, ground = systemGround } = options
    this.#options = options
    this.#asking = { limits, ground, ...authorization !== undefined && { authorization }, ...ca !== undefined && { ca } }
    this.#of = digestOfJson({ url, items, pages, key, columns, deleted, rowBytes: limits.rowBytes })
  }

  async * whole (stored: string | undefined): AsyncGenerator<SourceBatch> {
    const known = stored === undefined ? undefined : JSON.parse(stored) as Known
    if (known?.of === this.#of && await this.#isAsBefore(known)) {
      yield { rows: [], asBefore: true }
      return
    }
    const { all, pages } = await this.#gather()
    const keys = new Map<string, number>()
    for (const one of all) if ('row' in one) keys.set(one.row.key, (keys.get(one.row.key) ?? 0) + 1)
    // A tag speaks of the page's body, and so of the page after it only where the body names that.
    const tagged = !(this.#options.pages !== undefined && 'linkHeader' in this.#options.pages)
    const position = tagged && pages.length <= KNOWN_PAGES && pages.every(page => 'etag' in page) ? JSON.stringify({ of: this.#of, pages } as Known) : undefined
    for (let from = 0; from === 0 || from < all.length; from += BATCH_ROWS) {
      yield { ...batchOf(all.slice(from, from + BATCH_ROWS).map(one => unlessTwice(one, keys))), ...position !== undefined && { position } }
    }
  }

  async * changes (stored: string | undefined): AsyncGenerator<SourceBatch> {
    const { limits, pages } = this.#options
    const { parameter } = pages as { parameter: string }
    const known = stored === undefined ? undefined : JSON.parse(stored) as Followed
    let cursor = known?.of === this.#of ? known.cursor : undefined
    for (let count = 1; count <= limits.pages; count++) {
      const url = new URL(this.#options.url)
      if (cursor !== undefined) url.searchParams.set(parameter, cursor)
      const { rows, json } = this.#readPage(await this.#page(url), count)
      const next = this.#cursor(json)
      const ended = next === undefined || next === cursor || rows.length === 0
      cursor = next ?? cursor
      yield { ...batchOf(rows), ...cursor !== undefined && { position: JSON.stringify({ of: this.#of, cursor } satisfies Followed) } }
      if (ended) return
    }
    throw this.#tooMany()
  }

  async #isAsBefore ({ pages }: Known): Promise<boolean> {
    for (const { url, etag } of pages) if (await ask(new URL(url), this.#asking, etag) !== 'unchanged') return false
    return pages.length > 0
  }

  async #gather (): Promise<{ all: ReadRow[], pages: Array<{ url: string, etag?: string }> }> {
    const { limits } = this.#options
    const all: ReadRow[] = []
    const pages: Array<{ url: string, etag?: string }> = []
    const asked = new Set<string>()
    let bytes = 0
    for (let url: URL | undefined = new URL(this.#options.url); url !== undefined;) {
      if (asked.has(url.href)) throw new Failure('SOURCE_INVALID', told('有一页又指回了前面的页', 'a page leads back to one before it'))
      if (asked.size >= limits.pages) throw this.#tooMany()
      asked.add(url.href)
      const page = await this.#page(url)
      bytes += page.bytes.length
      if (bytes > limits.totalBytes) throw new Failure('SOURCE_INVALID', told(`各页合计超过 ${limits.totalBytes} 字节`, `its pages are larger than ${limits.totalBytes} bytes together`))
      pages.push({ url: url.href, ...page.etag !== undefined && { etag: page.etag } })
      const { rows, json } = this.#readPage(page, asked.size)
      for (const row of rows) all.push(row)
      url = this.#next(page, json)
    }
    return { all, pages }
  }

  async #page (url: URL): Promise<Page> { return await ask(url, this.#asking) as Page }

  #readPage ({ bytes }: Page, number: number): { rows: ReadRow[], json: Json } {
    const { columns, key, deleted, items, limits } = this.#options
    let json: Json
    try { json = parseJson(bytes, { bytes: limits.pageBytes, depth: limits.jsonDepth }) } catch (error) {
      throw new Failure('SOURCE_INVALID', told(`第 ${number} 页不是可以读取的 JSON`, `page ${number}: ${(error as Error).message}`), { cause: error })
    }
    const list = at(json, items)
    if (!Array.isArray(list)) throw new Failure('SOURCE_INVALID', told(`第 ${number} 页的 ${items === '' ? '顶层' : items} 不是列表`, `page ${number} has no list at ${items === '' ? 'its root' : items}`))
    const shape = { columns, key, rowBytes: limits.rowBytes, ...deleted !== undefined && { deleted } }
    return { rows: list.map((item, index) => readRow(item, `page ${number}, item ${index + 1}`, shape)), json }
  }

  #next ({ url, link }: Page, json: Json): URL | undefined {
    const { pages } = this.#options
    if (pages === undefined) return undefined
    if ('cursor' in pages) {
      const cursor = this.#cursor(json)
      if (cursor === undefined) return undefined
      const next = new URL(this.#options.url)
      next.searchParams.set(pages.parameter, cursor)
      return next
    }
    const named = 'link' in pages ? at(json, pages.link) ?? null : nextOf(link)
    if (named === null) return undefined
    const next = typeof named === 'string' && URL.canParse(named, url) ? new URL(named, url) : undefined
    // Elsewhere the authorisation would go with it.
    if (next?.origin !== url.origin || !isSafe(next)) throw new Failure('SOURCE_INVALID', told('下一页的地址不在同一主机', 'the next page is no address of the same host'))
    return next
  }

  #cursor (json: Json): string | undefined {
    const { pages } = this.#options
    const cursor = at(json, (pages as { cursor: string }).cursor) ?? null
    if (cursor === null || cursor === '') return undefined
    const text = typeof cursor === 'number' ? String(cursor) : cursor
    if (typeof text !== 'string' || text.length > CURSOR_CHARACTERS) throw new Failure('SOURCE_INVALID', told('游标应为短文本或数字', 'a cursor is a short text or a number'))
    return text
  }

  #tooMany (): Failure { return new Failure('SOURCE_INVALID', told(`超过 ${this.#options.limits.pages} 页`, `it has more than ${this.#options.limits.pages} pages`)) }
}

/** @see RFC 6901 */
function at (json: Json, pointer: string): Json | undefined {
  let found: Json | undefined = json
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    found = found !== null && typeof found === 'object' && !Array.isArray(found) && Object.hasOwn(found, name) ? found[name] : undefined
  }
  return found
}

/** @see RFC 8288 */
function nextOf (link: string | undefined): string | null {
  return /<([^<>]*)>\s*(?:;[^,<]*)?;\s*rel="?next"?\s*(?:[;,]|$)/i.exec(link ?? '')?.[1] ?? null
}

function batchOf (all: readonly ReadRow[]): Pick<SourceBatch, 'rows' | 'rejected'> {
  return { rows: all.flatMap(one => 'row' in one ? [one.row] : []), rejected: all.flatMap(one => 'rejected' in one ? [one.rejected] : []) }
}

/** Of rows that share a key none can be told to be the right one. */
function unlessTwice (one: ReadRow, keys: ReadonlyMap<string, number>): ReadRow {
  if (!('row' in one) || keys.get(one.row.key) === 1) return one
  return { rejected: { at: `key ${one.row.key}`, code: 'ROW_KEY_TWICE', message: ROW_TOLD.keyTwice, key: one.row.key } }
}
