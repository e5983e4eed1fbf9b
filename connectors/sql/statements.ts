import type { ItemType } from '../sdk/values.js'
import type { Column } from './rows.js'
import type { ColumnKind, KeyColumn, Statement, Words } from './session.js'

/** Longest text of one part of a key, bytes; a key has 128 characters at most. */
const KEY_BYTES = 512

export interface Relation { table?: { schema?: string, name: string }, query?: string }
export interface Reading {
  relation: Relation
  columns: readonly Column[]
  key: readonly string[]
  deleted?: string
  /** Largest row, bytes; one beyond it comes without its values. */
  rowBytes: number
}

/** Which kinds of column can be published as this type: another kind means that the table is not the one that was declared. */
export const FITTING: Record<ItemType, readonly ColumnKind[]> = {
  text: ['text', 'integer', 'decimal'],
  number: ['integer', 'decimal', 'float'],
  day: ['day'],
  instant: ['instant'],
  boolean: ['boolean', 'integer']
}
export const KEY_KINDS: readonly ColumnKind[] = ['text', 'integer', 'day']

export function tableName (words: Words, { schema, name }: { schema?: string, name: string }): string {
  return [...schema === undefined ? [] : [schema], name].map(words.name).join('.')
}

/** The relation as `q`. What ends a query's last line must not comment out what follows. */
function from (words: Words, { table, query }: Relation): string {
  return table === undefined ? `from (${query as string}\n) q` : `from ${tableName(words, table)} q`
}
const column = (words: Words, name: string): string => `q.${words.name(name)}`

/** The declared columns in the order key, deleted, columns, updated: a statement whose answer shows what they hold. */
export function probe (words: Words, { relation, key, deleted, columns }: Reading, updated: string | undefined): string {
  const names = [...key, ...deleted === undefined ? [] : [deleted], ...columns.map(({ column }) => column), ...updated === undefined ? [] : [updated]]
  return `select ${names.map((name, at) => `${column(words, name)} as n${at}`).join(', ')} ${from(words, relation)} limit 0`
}

/** Is the key one that can be published? */
function keyed (words: Words, key: readonly string[]): string {
  return key.map(name => `octet_length(${words.text(column(words, name))}) between 1 and ${KEY_BYTES}`).join(' and ')
}

/** How many rows have no key that could be published; a comparison with null is neither. */
export function countUnkeyed (words: Words, { relation, key }: Reading): Statement {
  return { sql: `select ${words.text('count(*)')} ${from(words, relation)} where not coalesce(${keyed(words, key)}, false)`, values: [] }
}

/** Keys that several rows share, as the database compares them; by them alone the pages below could miss one. */
export function sharedKeys (words: Words, { relation, key }: Reading, limit: number): Statement {
  const names = key.map(name => column(words, name))
  const groups = `select ${names.map((name, at) => `${name} as g${at}`).join(', ')} ${from(words, relation)} where ${keyed(words, key)} group by ${names.join(', ')} having count(*) > 1`
  const same = names.map((name, at) => `${name} = g.g${at}`).join(' and ')
  return { sql: `select ${names.map(words.text).join(', ')} ${from(words, relation)} join (${groups}) g on ${same} limit ${limit}`, values: [] }
}

/** Latest change, or now where a clock ran ahead: later changes must not seem earlier than it. */
export function latest (words: Words, { relation }: Reading, updated: string): Statement {
  const at = column(words, updated)
  return { sql: `select ${words.text(`case when max(${at}) > ${words.now} then ${words.now} else max(${at}) end`)} ${from(words, relation)}`, values: [] }
}

export type Changed = { fence: bigint, next: bigint } | { updated: string, since: string, lookBackSeconds: number } | undefined

/**
 * The next rows in the order of their keys: size, key, deleted, columns. The order is the database's own, which its index has;
 * a row beyond the limit comes as its size and key.
 */
export function page (words: Words, reading: Reading, { changed, kinds, last, rows }: { changed: Changed, kinds: readonly ColumnKind[], last: string[] | undefined, rows: number }): Statement {
  const { relation, key, deleted, columns, rowBytes } = reading
  const values: string[] = []
  const keys: KeyColumn[] = key.map((name, at) => ({ expression: column(words, name), kind: kinds[at] as ColumnKind }))
  const published = [...deleted === undefined ? [] : [deleted], ...columns.map(({ column }) => column)].map(name => words.text(column(words, name)))
  const size = published.map(text => `coalesce(octet_length(${text}), 0) + 1`).join(' + ')
  const conditions = [
    keyed(words, key),
    ...changed === undefined ? [] : [changedSince(words, changed, values)],
    ...last === undefined ? [] : [`(${words.after(keys, last, values)})`]
  ]
  const inner = [
    ...keys.map(({ expression }, at) => `${expression} as o${at}`), // in its own type, for the order
    ...keys.map(({ expression }, at) => `${words.text(expression)} as k${at}`),
    ...published.map((text, at) => `${text} as v${at}`),
    `${size} as z`
  ]
  const outer = [words.text('p.z'), ...keys.map((_, at) => `p.k${at}`), ...published.map((_, at) => `case when p.z <= ${rowBytes} then p.v${at} end`)]
  const order = (alias: string): string => keys.map(({ expression }, at) => alias === '' ? expression : `${alias}.o${at}`).join(', ')
  return {
    sql: `select ${outer.join(', ')} from (select ${inner.join(', ')} ${from(words, relation)} where ${conditions.join(' and ')} order by ${order('')} limit ${rows}) p order by ${order('p')}`,
    values
  }
}

function changedSince (words: Words, changed: NonNullable<Changed>, values: string[]): string {
  if ('fence' in changed) return words.changes?.since('q', changed.fence, changed.next) ?? 'true'
  const at = column(words, changed.updated)
  return `(${at} is null or ${at} >= ${words.before(changed.since, changed.lookBackSeconds, values)})`
}
