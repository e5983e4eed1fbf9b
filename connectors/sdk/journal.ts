import { createHash } from 'node:crypto'
import { mkdir, open, readFile, rename, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../../services/core/failure.js'
import { told } from '../../services/core/words.js'
import { lockFolder } from './lock.js'
import { asStoreFailure, syncFolder } from './store.js'

/** What a connector remembers: short texts by name, kept together with the events that they belong to. */
export interface MarkChanges { set?: Record<string, string>, remove?: readonly string[] }

/** A numbered, signed event on its way; `event` is the base64url of its bytes. */
export interface Outgoing { sequence: number, event: string, signature: string }

/** A line of the file holds one or several. The first is the state when the file was last written anew. */
type Entry =
  | { state: { source: string, acknowledged: number, pending: Outgoing[], marks: Record<string, string> } }
  | { kept: { events: Outgoing[], marks: MarkChanges } }
  | { acknowledged: number }

interface Job { prepare: (first: number) => Entry, resolve: () => void, reject: (error: unknown) => void }

const FILE = 'journal'
const REWRITE_BYTES = 8 * 1024 * 1024 // beyond this, and when most of it is history, the file is written anew

/**
 * The outbox on disk: one file to which lines are added, each flushed before anyone hears of it. A line carries a digest of itself,
 * so that one that a crash cut short is known: it can only be the last, and nobody has been told of it.
 */
export class Journal {
  readonly #dir: string
  readonly #source: string
  readonly #unlock: () => Promise<void>
  #handle: FileHandle | undefined
  #bytes = 0
  #writtenAnewBytes = 0
  #acknowledged = 0
  #sequence = 0
  #pending: Outgoing[] = []
  readonly #marks = new Map<string, string>()
  #jobs: Job[] = []
  #writing: Promise<void> | undefined

  private constructor (dir: string, source: string, unlock: () => Promise<void>) {
    this.#dir = dir
    this.#source = source
    this.#unlock = unlock
  }

  static async open (dir: string, source: string): Promise<Journal> {
    try { await mkdir(dir, { recursive: true, mode: 0o700 }) } catch (error) { throw asStoreFailure(error) }
    const journal = new Journal(dir, source, await lockFolder(dir))
    try {
      await journal.#read()
      await journal.#writeAnew()
    } catch (error) {
      await journal.close()
      throw asStoreFailure(error)
    }
    return journal
  }

  get acknowledged (): number { return this.#acknowledged }
  get sequence (): number { return this.#sequence }
  get pending (): readonly Outgoing[] { return this.#pending }
  get marks (): ReadonlyMap<string, string> { return this.#marks }

  /** @param prepare - makes the events, told the number of the first; runs when its turn has come */
  async keep (prepare: (first: number) => Outgoing[], marks: MarkChanges): Promise<void> {
    await this.#add(first => ({ kept: { events: prepare(first), marks } }))
  }

  async acknowledge (sequence: number): Promise<void> { await this.#add(() => ({ acknowledged: sequence })) }

  async close (): Promise<void> {
    await this.#writing
    const handle = this.#handle
    this.#handle = undefined
    await handle?.close()
    await this.#unlock()
  }

  #add (prepare: Job['prepare']): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#jobs.push({ prepare, resolve, reject })
      this.#writing ??= this.#write().finally(() => { this.#writing = undefined })
    })
  }

  /** Those who wait together are written and flushed together. */
  async #write (): Promise<void> {
    while (this.#jobs.length > 0) {
      const jobs = this.#jobs.splice(0)
      const ready: Array<{ job: Job, entry: Entry }> = []
      let next = this.#sequence + 1
      for (const job of jobs) {
        try {
          const entry = job.prepare(next)
          if ('kept' in entry) next += entry.kept.events.length
          ready.push({ job, entry })
        } catch (error) { job.reject(error) }
      }
      try {
        if (ready.length > 0) await this.#addLine(lineOf(ready.map(({ entry }) => entry)))
      } catch (error) {
        for (const { job } of ready) job.reject(asStoreFailure(error))
        continue
      }
      for (const { job, entry } of ready) {
        this.#apply(entry)
        job.resolve()
      }
      if (this.#bytes > REWRITE_BYTES && this.#bytes > this.#writtenAnewBytes * 4) await this.#writeAnew().catch(() => {}) // the old file still serves
    }
  }

  async #addLine (line: string): Promise<void> {
    const handle = this.#handle
    if (handle === undefined) throw new Failure('STORE_UNAVAILABLE', told('发件箱已关闭，或此前出过错', 'the outbox is closed, or failed before'))
    const bytes = Buffer.from(line)
    try {
      for (let at = 0; at < bytes.length;) at += (await handle.write(bytes, at, bytes.length - at, this.#bytes + at)).bytesWritten
    } catch (error) {
      try { await handle.truncate(this.#bytes) } catch { await this.#giveUp() } // half a line must not stand before a whole one
      throw error
    }
    try {
      await handle.sync()
    } catch (error) {
      await this.#giveUp() // what is on the disk now nobody knows: it is read at the next start
      throw error
    }
    this.#bytes += bytes.length
  }

  async #giveUp (): Promise<void> {
    const handle = this.#handle
    this.#handle = undefined
    await handle?.close().catch(() => {})
  }

  #apply (entry: Entry): void {
    if ('state' in entry) {
      this.#acknowledged = entry.state.acknowledged
      this.#pending = entry.state.pending
      for (const [name, value] of Object.entries(entry.state.marks)) this.#marks.set(name, value)
    } else if ('kept' in entry) {
      for (const event of entry.kept.events) this.#pending.push(event)
      for (const name of entry.kept.marks.remove ?? []) this.#marks.delete(name)
      for (const [name, value] of Object.entries(entry.kept.marks.set ?? {})) this.#marks.set(name, value)
    } else {
      this.#acknowledged = entry.acknowledged
      this.#pending = this.#pending.filter(({ sequence }) => sequence > entry.acknowledged)
    }
    this.#sequence = this.#pending.at(-1)?.sequence ?? this.#acknowledged
  }

  async #read (): Promise<void> {
    let bytes: Buffer
    try { bytes = await readFile(join(this.#dir, FILE)) } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
      throw error
    }
    // It is put in place whole, with its first line: an empty one has lost it, and would number anew.
    if (bytes.length === 0) throw new Failure('STORE_CORRUPT', told('发件箱是空的：日志被截断', 'the outbox is empty: its journal was cut short'))
    for (let at = 0; at < bytes.length;) {
      const end = bytes.indexOf(10, at)
      const entries = end < 0 ? undefined : readLine(bytes.subarray(at, end).toString())
      if (entries === undefined) {
        if (at > 0 && (end < 0 || end === bytes.length - 1)) return // the last line, cut short: nobody was told of it
        throw new Failure('STORE_CORRUPT', told(`发件箱从第 ${at} 字节起损坏`, `the outbox is damaged at byte ${at}`))
      }
      for (const entry of entries) {
        if ('state' in entry && entry.state.source !== this.#source) throw new Failure('STORE_CORRUPT', told('这是另一个来源的发件箱', 'the outbox is of another source'))
        this.#apply(entry)
      }
      at = end + 1
    }
  }

  async #writeAnew (): Promise<void> {
    const path = join(this.#dir, FILE)
    const state: Entry = {
      state: { source: this.#source, acknowledged: this.#acknowledged, pending: this.#pending, marks: Object.fromEntries(this.#marks) }
    }
    const line = Buffer.from(lineOf([state]))
    const handle = await open(`${path}.new`, 'w', 0o600)
    try {
      await handle.writeFile(line)
      await handle.sync()
      await rename(`${path}.new`, path)
      await syncFolder(this.#dir)
    } catch (error) {
      await handle.close()
      throw error
    }
    await this.#handle?.close()
    this.#handle = handle
    this.#bytes = this.#writtenAnewBytes = line.length
  }
}

function lineOf (entries: Entry[]): string {
  const json = JSON.stringify(entries)
  return `${digestOf(json)} ${json}\n`
}

function readLine (line: string): Entry[] | undefined {
  const json = line.slice(17)
  return line[16] === ' ' && digestOf(json) === line.slice(0, 16) ? JSON.parse(json) as Entry[] : undefined
}

function digestOf (json: string): string { return createHash('sha256').update(json).digest('hex').slice(0, 16) }

/** How an event stands in the body of POST /v1/events. */
export function bodyLine ({ event, signature }: Pick<Outgoing, 'event' | 'signature'>): string {
  return JSON.stringify({ event, signature })
}
