import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Files } from '../port.js'
import { asFailure, FolderFiles, syncDirectory } from './folder.js'

/** Files in a folder, each named by its digest. One process at a time: what an earlier one left half-written is removed. */
export async function openEmbeddedFiles (dir: string): Promise<Files> {
  const incoming = join(dir, 'incoming')
  try {
    await mkdir(incoming, { recursive: true })
    for (const name of await readdir(incoming)) await rm(join(incoming, name), { force: true })
    await syncDirectory(dir)
  } catch (error) { throw asFailure(error) }
  return new FolderFiles(dir, incoming)
}
