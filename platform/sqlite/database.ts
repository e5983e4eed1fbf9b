import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setImmediate, setTimeout } from 'node:timers/promises'
import type { DatabaseSyncInstance } from '@photostructure/sqlite'
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
}

interface Job { operation: () => unknown, durable: boolean, resolve: (value: unknown) => void, reject: (error: unknown) => void }

const GROUP = 512 // jobs committed together at most, so that one transaction does not hold up readers for long
const STATEMENTS = 500
const SPIN_MS = 20 // the binding waits without giving way to the event loop; beyond this we wait outside it

/**
 * The one door to SQLite: one file, one connection, WAL, synchronous=FULL. Reads run at once; writes queue, and those that are
 * waiting together are committed together. What one of them does wrong the others do not feel: then all are undone, and run again, each
 * in its own savepoint.
 */
export class Database {
  readonly #connection: DatabaseSyncInstance
  readonly #busyTimeoutMs: number
  readonly #statements = new Map<string, Statement>()
  #jobs: Job[] = []
  #flushing = true
  #draining: Promise<void> | undefined
  #closed: Promise<void> | undefined

  constructor (connection: DatabaseSyncInstance, busyTimeoutMs: number) {
    this.#connection = connection
    this.#busyTimeoutMs = busyTimeoutMs
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
      this.#statements.clear()
      try { this.#connection.exec('PRAGMA wal_checkpoint(TRUNCATE)') } catch { /* the log stays, and is read at the next start */ }
      attempt(() => { this.#connection.close() })
    })()
    return this.#closed
  }

  async #drain (): Promise<void> {
    while (this.#jobs.length > 0) {
      await setImmediate() // let those who are about to write join, and the others have the event loop
      const group = this.#jobs.splice(0, GROUP)
      if (await this.#commit(group) || await this.#commit(group, { apart: true })) continue
      for (const job of group) await this.#commit([job])
    }
    this.#draining = undefined
  }

  /** @returns false when the whole group was undone, for its jobs to be run in another way; one job alone is always settled */
  async #commit (group: Job[], { apart = false } = {}): Promise<boolean> {
    try {
      this.#flush(group.some(({ durable }) => durable))
      await this.#begin()
    } catch (error) {
      for (const job of group) job.reject(error)
      return true
    }
    return this.#run(group, apart)
  }

  /** Is the log on the disk when a commit returns? Flushing costs a hundred times what committing does. */
  #flush (wanted: boolean): void {
    if (wanted === this.#flushing) return
    this.exec(`PRAGMA synchronous = ${wanted ? 'FULL' : 'NORMAL'}`)
    this.#flushing = wanted
  }

  async #begin (): Promise<void> {
    const deadline = performance.now() + this.#busyTimeoutMs
    for (;;) {
      try {
        this.#connection.exec('BEGIN IMMEDIATE')
        return
      } catch (error) {
        if (!isBusy(error) || performance.now() >= deadline) throw asFailure(error)
      }
      await setTimeout(SPIN_MS)
    }
  }

  #run (group: Job[], apart: boolean): boolean {
    const endings: Array<() => void> = []
    try {
      for (const { operation, resolve, reject } of group) {
        if (apart) this.prepare('SAVEPOINT job').run()
        try {
          const value = operation()
          endings.push(() => { resolve(value) })
        } catch (error) {
          // A full disk, for one, undoes the transaction from within: then there is no savepoint to go back to.
          if (!apart || !this.#connection.isTransaction) throw error
          this.prepare('ROLLBACK TO job').run()
          endings.push(() => { reject(error) })
        }
        if (apart) this.prepare('RELEASE job').run()
      }
      this.exec('COMMIT')
    } catch (error) {
      // If even this fails the connection is of no more use, and each later BEGIN says so to those who write.
      try { if (this.#connection.isTransaction) this.exec('ROLLBACK') } catch { }
      if (group.length > 1) return false
      endings.splice(0, 1, () => { group[0]?.reject(error) })
    }
    for (const end of endings) end()
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
export async function openDatabase ({ file, busyTimeoutMs = 5000, maxBytes, readOnly = false }: DatabaseOptions): Promise<Database> {
  const { DatabaseSync } = await loadBinding()
  if (readOnly) return new Database(attempt(() => new DatabaseSync(file, { timeout: busyTimeoutMs, readOnly })), busyTimeoutMs)
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
    connection.exec(`
      PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;
      PRAGMA journal_size_limit = ${64 * 1024 * 1024}; PRAGMA cache_size = ${-16 * 1024}; PRAGMA temp_store = MEMORY`)
    if (maxBytes !== undefined) {
      const { page_size: pageBytes } = connection.prepare('PRAGMA page_size').get() as { page_size: number }
      connection.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / pageBytes))}`)
    }
  } catch (error) {
    connection.close()
    throw asFailure(error)
  }
  await syncDirectory(dirname(file)) // the file's name must outlive a power cut as well as its content
  return new Database(connection, busyTimeoutMs)
}

async function syncDirectory (dir: string): Promise<void> {
  const handle = await open(dir)
  try { await handle.sync() } finally { await handle.close() }
}
