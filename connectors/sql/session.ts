/** What a column of a database holds, as far as publishing it goes. */
export type ColumnKind = 'text' | 'integer' | 'decimal' | 'float' | 'day' | 'instant' | 'boolean' | 'other'

/** One value of an answer: every statement of ours asks for text, which no driver rounds or moves to another zone. */
export type Cell = string | null

/** A statement with the texts that it is given; nothing of a row ever becomes part of the statement itself. */
export interface Statement { sql: string, values: string[] }

export interface SqlConnection {
  engine: 'postgresql' | 'mysql'
  host: string
  port: number
  socket?: string
  database: string
  user: string
  password?: string
  /** `ca`: PEM of those that are believed, the system's if not said. */
  tls?: { ca?: string }
}

/** A transaction that cannot write and sees the database as of one moment, and the words in which its engine speaks. */
export interface Session {
  readonly words: Words
  /** @throws {Failure} SOURCE_INVALID, SOURCE_REFUSED, SOURCE_UNAVAILABLE */
  ask: (statement: Statement) => Promise<Cell[][]>
  /** What the columns of an answer hold, without the rows. */
  kinds: (sql: string) => Promise<ColumnKind[]>
  /** Tells this table from another that took its place, where its engine tells changes. @throws {Failure} SOURCE_INVALID it does not */
  identity: (table: string) => Promise<string>
  close: () => Promise<void>
}

export interface KeyColumn { expression: string, kind: ColumnKind }

export interface Words {
  /** An identifier, whatever characters it has. */
  name: (identifier: string) => string
  /** The value as text. */
  text: (expression: string) => string
  /** Rows that come later in the order of these columns, told so that an index serves; what it is given is added to `values`. */
  after: (columns: KeyColumn[], last: string[], values: string[]) => string
  /** The moment this many seconds before an instant that was read earlier. */
  before: (instant: string, seconds: number, values: string[]) => string
  now: string
  /** For changes that the engine tells itself. @returns undefined where it does not */
  changes: undefined | {
    /** Statement for the number from which on the next pass reads, and that after the last one given. */
    fence: string
    /** Was the row written by a transaction of this number or a later one? `next` is the number that is given next. */
    since: (row: string, fence: bigint, next: bigint) => string
  }
}
