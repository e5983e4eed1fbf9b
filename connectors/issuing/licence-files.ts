import { createHash } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../../services/core/failure.js'
import { told } from '../../services/core/words.js'

/**
 * Licence files by the digest of their content: `<first character>/<sha256>.ofd`. Few folders, since each that gains a name must be
 * made durable by itself.
 */
export class LicenceFiles {
  readonly #folder: string
  readonly #made = new Set<string>()
  constructor (folder: string) { this.#folder = folder }

  pathOf (sha256: string): string { return join(this.#folder, shard(sha256), `${sha256}.ofd`) }

  /** Durable when it resolves: files, and the folders that name them. @throws {Failure} STORE_FULL, STORE_UNAVAILABLE */
  async put (files: ReadonlyArray<{ sha256: string, bytes: Uint8Array }>): Promise<void> {
    try {
      const shards = [...new Set(files.map(({ sha256 }) => shard(sha256)))]
      for (const name of shards) await this.#make(name)
      await Promise.all(files.map(async ({ sha256, bytes }) => {
        const path = this.pathOf(sha256)
        const file = await open(`${path}.part`, 'w', 0o600)
        try {
          await file.writeFile(bytes)
          await file.datasync()
        } finally { await file.close() }
        await rename(`${path}.part`, path)
      }))
      await Promise.all(shards.map(async name => { await syncFolder(join(this.#folder, name)) }))
    } catch (cause) { throw storeFailure(cause) }
  }

  async #make (name: string): Promise<void> {
    if (this.#made.has(name)) return
    if (await mkdir(join(this.#folder, name), { recursive: true, mode: 0o700 }) !== undefined) await syncFolder(this.#folder)
    this.#made.add(name)
  }

  /** @throws {Failure} NOT_FOUND; STORE_CORRUPT the bytes do not fit their name */
  async read (sha256: string): Promise<Buffer> {
    const bytes = await readFile(this.pathOf(sha256)).catch((cause: NodeJS.ErrnoException) => {
      throw cause.code === 'ENOENT' ? new Failure('NOT_FOUND', told('没有这个证照文件', 'no such licence file'), { cause }) : storeFailure(cause)
    })
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new Failure('STORE_CORRUPT', told('证照文件与其名称不符', 'a licence file does not fit its name'))
    return bytes
  }

  /**
   * Takes away what a crash left behind: files begun, and files that were sealed but of which nothing was ever said. So there is
   * never a second file for one version of an identifier.
   */
  async sweep (known: ReadonlySet<string>): Promise<number> {
    let removed = 0
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    for (const name of await readdir(this.#folder)) {
      if (!/^[0-9a-f]$/.test(name)) continue
      for (const file of await readdir(join(this.#folder, name))) {
        const [, sha256] = /^([0-9a-f]{64})\.ofd(?:\.part)?$/.exec(file) ?? []
        if (sha256 === undefined || (file.endsWith('.ofd') && known.has(sha256))) continue
        await rm(join(this.#folder, name, file))
        removed++
      }
    }
    return removed
  }
}

function shard (sha256: string): string { return sha256.slice(0, 1) }

async function syncFolder (path: string): Promise<void> {
  const folder = await open(path, 'r')
  try { await folder.sync() } finally { await folder.close() }
}

function storeFailure (cause: unknown): Failure {
  if (cause instanceof Failure) return cause
  return ['ENOSPC', 'EDQUOT'].includes((cause as NodeJS.ErrnoException).code ?? '')
    ? new Failure('STORE_FULL', told('没有空间存放证照', 'no room is left for licences'), { cause })
    : new Failure('STORE_UNAVAILABLE', told('证照目录无法读写', 'the folder of licences cannot be read or written'), { cause })
}
