import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setImmediate, setTimeout } from 'node:timers/promises'
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite'
import { Failure } from '../../services/core/failure.js'
import { loadBinding } from './binding.js'
import { asFailure, isBusy } from './failures.js'
import { Statement } from './statement.js'

export interface DatabaseOptions {
  file: string
  /** How long a write waits for another connection's lock before it fails with STORE_UNAVAILABLE; 5,000 if not said. */
  busyTimeoutMs?: number
  /** Size beyond which the file does not grow: writes then fail with STORE_FULL. No bound but the disk's if not said. */
  maxBytes?: number
  /** The file has to be there, and nothing is written to it; another process may go on writing. */
  readOnly?: boolean
  /** How what was written to the write-ahead log is brought to the disk; `fdatasync` if not said, which waits outside the event loop. */
  flush?: (log: FileHandle) => Promise<void>
}

interface Job { operation: () => unknown, durable: boolean, resolve: (value: unknown) => void, reject: (error: unknown) => void }
/** Committed, and to be told so once the write-ahead log is on the disk. */
interface Waiting { end: () => void, reject: (error: unknown) => void }
interface WriteAheadLog { flush: () => Promise<void>, close: () => Promise<void> }

const GROUP = 512 // jobs committed together at most, so that one transaction does not hold up readers for long
const STATEMENTS = 500
const SPIN_MS = 20 // the binding waits without giving way to the event loop; beyond this we wait outside it

/**
 * The one door to SQLite: one file, one connection, WAL. Reads run at once; writes queue, and those that are waiting together are committed
 * together. What one of them does wrong the others do not feel: then all are undone, and run again, each in its own savepoint. A commit
 * reaches the log without waiting for the disk; those who asked for durable writes are answered once the log was flushed, which
 * happens outside the event loop (decision 30).
 */
export class Database {
  readonly #connection: DatabaseSyncInstance
  readonly #busyTimeoutMs: number
  readonly #begins: StatementSyncInstance
  readonly #commits: StatementSyncInstance
  readonly #statements = new Map<string, Statement>()
  readonly #log: WriteAheadLog | undefined
  #jobs: Job[] = []
  #draining: Promise<void> | undefined
  #waiting: Waiting[] = []
  #flushing: Promise<void> | undefined
  #broken: Failure | undefined
  #closed: Promise<void> | undefined

  /** @param log - left out where nothing is written */
  constructor (connection: DatabaseSyncInstance, { busyTimeoutMs, log }: { busyTimeoutMs: number, log?: WriteAheadLog }) {
    this.#connection = connection
    this.#busyTimeoutMs = busyTimeoutMs
    this.#log = log
    this.#begins = connection.prepare('BEGIN IMMEDIATE')
    this.#commits = connection.prepare('COMMIT')
  }

  /** A statement, prepared once. Values go in as parameters, never into the text, so there are few different ones. */
  prepare (sql: string): Statement {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const statement = attempt(() => new Statement(this.#connection.prepare(sql)))
    if (this.#statements.size >= STATEMENTS) this.#statements.delete(this.#statements.keys().next().value as string)
    this.#statements.set(sql, statement)
    return statement
  }

  /** Runs statements that take no values, such as those that make tables. Inside `write` only. */
  exec (sql: string): void {
    attempt(() => { this.#connection.exec(sql) })
  }

  /**
   * Runs an operation that writes, together with others that wait. It must be synchronous and do nothing but use this database,
   * since it is run again when the group it was in could not be committed.
   * @param durable - false for what can be made again from what is durable, such as a view of a log: it is there for every reader at once,
   * and outlives this process, but a power cut may take it back. It never takes back an earlier write and keeps a later one, so whoever
   * keeps how far a view has come in the same way goes on from the right place.
   * @returns what the operation gave, once it is durable, or committed
   * @throws {Failure} STORE_FULL, STORE_UNAVAILABLE; and whatever the operation throws: then nothing of it is stored
   */
  write<T>(operation: () => T, { durable = true }: { durable?: boolean } = {}): Promise<T> {
    if (this.#closed !== undefined) return Promise.reject(new Failure('STORE_UNAVAILABLE', 'the store is closed'))
    return new Promise<T>((resolve, reject) => {
      this.#jobs.push({ operation, durable, resolve: resolve as (value: unknown) => void, reject })
      this.#draining ??= this.#drain()
    })
  }

  /** Lets the waiting writes end, folds the write-ahead log into the file and closes it. */
  close (): Promise<void> {
    this.#closed ??= (async () => {
      await this.#draining
      await this.#flushing
      this.#statements.clear()
      // A log that could not be flushed is not read back into the file here: SQLite is told of it once, and must still hear it when it closes.
      if (this.#broken === undefined) try { this.#connection.exec('PRAGMA wal_checkpoint(TRUNCATE)') } catch { /* the log stays, and is read at the next start */ }
      await this.#log?.close()
      attempt(() => { this.#connection.close() })
    })()
    return this.#closed
  }

  async #drain (): Promise<void> {
    while (this.#jobs.length > 0) {
      await setImmediate() // let those who are about to write join, and the others have the event loop
      // Who comes during a flush waits for the next one anyway: all who do are committed together. Those before them need not wait.
      const waits = this.#flushing === undefined ? -1 : this.#jobs.findIndex(({ durable }) => durable)
      if (waits === 0) await this.#flushing
      const group = this.#jobs.splice(0, waits > 0 ? Math.min(waits, GROUP) : GROUP)
      if (await this.#commit(group) || await this.#commit(group, { apart: true })) continue
      for (const job of group) await this.#commit([job])
    }
    this.#draining = undefined
  }

  /** @returns false when the whole group was undone, for its jobs to be run in another way; one job alone is always settled */
  async #commit (group: Job[], { apart = false } = {}): Promise<boolean> {
    try {
      if (this.#broken !== undefined) throw this.#broken
      await this.#begin()
    } catch (error) {
      for (const job of group) job.reject(error)
      return true
    }
    return this.#run(group, apart)
  }

  /** One flush after another, each for all that were committed before it began. */
  async #flush (): Promise<void> {
    while (this.#waiting.length > 0) {
      const waiting = this.#waiting.splice(0)
      try {
        if (this.#broken !== undefined) throw this.#broken // it was committed by who began before
        await this.#log?.flush()
        for (const { end } of waiting) end()
      } catch (error) {
        // What is on the disk now nobody knows, and asking once more may be answered as if nothing had been lost.
        this.#broken ??= new Failure('STORE_UNAVAILABLE', 'the disk did not keep what was written; the store takes nothing more until it is opened anew', { cause: error })
        for (const { reject } of [...waiting, ...this.#waiting.splice(0)]) reject(this.#broken)
      }
    }
    this.#flushing = undefined
  }

  async #begin (): Promise<void> {
    const deadline = performance.now() + this.#busyTimeoutMs
    for (;;) {
      try {
        this.#begins.run()
        return
      } catch (error) {
        if (!isBusy(error) || performance.now() >= deadline) throw asFailure(error)
      }
      await setTimeout(SPIN_MS)
    }
  }

  #run (group: Job[], apart: boolean): boolean {
    const endings: Array<() => void> = []
    const waiting: Waiting[] = []
    try {
      for (const { operation, durable, resolve, reject } of group) {
        if (apart) this.prepare('SAVEPOINT job').run()
        try {
          const value = operation()
          const end = (): void => { resolve(value) }
          if (durable) waiting.push({ end, reject })
          else endings.push(end)
        } catch (error) {
          // A full disk, for one, undoes the transaction from within: then there is no savepoint to go back to.
          if (!apart || !this.#connection.isTransaction) throw error
          this.prepare('ROLLBACK TO job').run()
          endings.push(() => { reject(error) })
        }
        if (apart) this.prepare('RELEASE job').run()
      }
      this.#commits.run()
    } catch (error) {
      // If even this fails the connection is of no more use, and each later BEGIN says so to those who write.
      try { if (this.#connection.isTransaction) this.exec('ROLLBACK') } catch { }
      if (group.length > 1) return false
      group[0]?.reject(error)
      return true
    }
    for (const end of endings) end()
    if (waiting.length > 0) {
      this.#waiting.push(...waiting)
      this.#flushing ??= this.#flush()
    }
    return true
  }
}

function attempt<T> (action: () => T): T {
  try { return action() } catch (error) { throw asFailure(error) }
}

/**
 * Opens the database file, making it and its directory where they are missing.
 * @throws {Failure} STORE_UNAVAILABLE it is locked for longer than `busyTimeoutMs`, or cannot be opened; STORE_CORRUPT
 */
export async function openDatabase ({ file, busyTimeoutMs = 5000, maxBytes, readOnly = false, flush = async log => { await log.datasync() } }: DatabaseOptions): Promise<Database> {
  const { DatabaseSync } = await loadBinding()
  if (readOnly) return new Database(attempt(() => new DatabaseSync(file, { timeout: busyTimeoutMs, readOnly })), { busyTimeoutMs })
  await mkdir(dirname(file), { recursive: true })
  const connection = attempt(() => new DatabaseSync(file, { timeout: SPIN_MS }))
  try {
    const deadline = performance.now() + busyTimeoutMs
    for (;;) {
      try {
        connection.exec('PRAGMA journal_mode = WAL')
        break
      } catch (error) {
        if (!isBusy(error) || performance.now() >= deadline) throw error
      }
      await setTimeout(SPIN_MS)
    }
    // NORMAL: commits do not wait for the disk, checkpoints do. Reading brings the write-ahead log into being.
    connection.exec(`
      PRAGMA synchronous = NORMAL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;
      PRAGMA journal_size_limit = ${64 * 1024 * 1024}; PRAGMA cache_size = ${-16 * 1024}; PRAGMA temp_store = MEMORY;
      SELECT 1 FROM sqlite_schema LIMIT 1`)
    if (maxBytes !== undefined) {
      const { page_size: pageBytes } = connection.prepare('PRAGMA page_size').get() as { page_size: number }
      connection.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / pageBytes))}`)
    }
    const { file: path } = connection.prepare('PRAGMA database_list').get() as { file: string } // links followed, as SQLite does
    const log = await open(`${path}-wal`, 'r+')
    await syncDirectory(dirname(path)) // the files' names must outlive a power cut as well as their content
    return new Database(connection, { busyTimeoutMs, log: { flush: async () => { await flush(log) }, close: async () => { await log.close() } } })
  } catch (error) {
    connection.close()
    throw asFailure(error)
  }
}

async function syncDirectory (dir: string): Promise<void> {
  const handle = await open(dir)
  try { await handle.sync() } finally { await handle.close() }
}
