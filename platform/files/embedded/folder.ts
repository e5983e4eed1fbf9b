import { createHash } from 'node:crypto'
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { Failure } from '../../../services/core/failure.js'
import type { FileReference, Files } from '../port.js'

const DIGEST = /^[0-9a-f]{64}$/
const CHUNK_BYTES = 256 * 1024

export class FolderFiles implements Files {
  readonly #dir: string
  readonly #incoming: string
  #count = 0
  constructor (dir: string, incoming: string) { this.#dir = dir; this.#incoming = incoming }

  async put (content: Uint8Array | Readable, { maxBytes }: { maxBytes: number }): Promise<FileReference> {
    const temporary = join(this.#incoming, `${process.pid}-${this.#count++}`)
    let handle: FileHandle
    try { handle = await open(temporary, 'wx', 0o600) } catch (error) {
      if (content instanceof Readable) content.destroy()
      throw asFailure(error)
    }
    try {
      const reference = await receive(content, handle, maxBytes).finally(async () => { await handle.close() })
      await this.#keep(temporary, reference.sha256)
      return reference
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {}) // if it stays, the next start removes it
      throw error
    }
  }

  async open (sha256: string): Promise<{ size: number, stream: Readable } | undefined> {
    const size = await this.#size(sha256)
    if (size === undefined) return undefined
    return { size, stream: Readable.from(verified(this.#path(sha256), sha256), { objectMode: false }) }
  }

  async has (sha256: string): Promise<boolean> { return await this.#size(sha256) !== undefined }

  /** The rename is durable once its folder is, and so is the folder's own name. */
  async #keep (temporary: string, sha256: string): Promise<void> {
    try {
      const folder = join(this.#dir, sha256.slice(0, 2))
      if (await mkdir(folder, { recursive: true }) !== undefined) await syncDirectory(this.#dir)
      await rename(temporary, this.#path(sha256))
      await syncDirectory(folder)
    } catch (error) { throw asFailure(error) }
  }

  async #size (sha256: string): Promise<number | undefined> {
    if (!DIGEST.test(sha256)) return undefined
    try { return (await stat(this.#path(sha256))).size } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw asFailure(error)
    }
  }

  #path (sha256: string): string { return join(this.#dir, sha256.slice(0, 2), sha256) }
}

async function receive (content: Uint8Array | Readable, handle: FileHandle, maxBytes: number): Promise<FileReference> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of content instanceof Readable ? content as AsyncIterable<Uint8Array | string> : [content]) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    size += bytes.length
    if (size > maxBytes) throw new Failure('BODY_TOO_LARGE', `a file is at most ${maxBytes} bytes`)
    hash.update(bytes)
    for (let at = 0; at < bytes.length;) {
      try { at += (await handle.write(bytes, at)).bytesWritten } catch (error) { throw asFailure(error) }
    }
  }
  try { await handle.sync() } catch (error) { throw asFailure(error) }
  return { sha256: hash.digest('hex'), size }
}

/** The bytes of a kept file; fails at the end, before the reader is told that it is one, if they do not fit their name. */
async function * verified (path: string, sha256: string): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  let handle: FileHandle
  try { handle = await open(path, 'r') } catch (error) { throw asFailure(error) }
  try {
    for (;;) {
      const buffer = Buffer.allocUnsafe(CHUNK_BYTES)
      let bytesRead: number
      try { bytesRead = (await handle.read(buffer, 0, CHUNK_BYTES)).bytesRead } catch (error) { throw asFailure(error) }
      if (bytesRead === 0) break
      hash.update(buffer.subarray(0, bytesRead))
      yield buffer.subarray(0, bytesRead)
    }
  } finally { await handle.close() }
  if (hash.digest('hex') !== sha256) throw new Failure('STORE_CORRUPT', 'a kept file does not fit its digest')
}

export async function syncDirectory (dir: string): Promise<void> {
  const handle = await open(dir)
  try { await handle.sync() } finally { await handle.close() }
}

/** What the file system said, as a Failure; anything else stays as it is. */
export function asFailure (error: unknown): unknown {
  switch ((error as NodeJS.ErrnoException | undefined)?.code) {
    case 'ENOSPC': case 'EDQUOT': return new Failure('STORE_FULL', 'the disk is full', { cause: error })
    case 'EIO': case 'EROFS': case 'EACCES': case 'EPERM': case 'EMFILE': case 'ENFILE': case 'ENOENT': case 'ENOTDIR':
      return new Failure('STORE_UNAVAILABLE', 'the folder of files cannot be read or written', { cause: error })
    default: return error
  }
}
