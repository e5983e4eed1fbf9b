import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { InstantText } from '../../services/core/clock.js'
import type { RejectedRow } from './source.js'
import { asStoreFailure, syncFolder } from './store.js'

/** The rows that one run could not publish, for a person to mend: one JSON object a line, with place and reason, without values. */
export interface Rejects {
  add: (row: RejectedRow) => Promise<void>
  /** Puts the list in the place of the one before. */
  finish: () => Promise<void>
  /** Leaves the list before as it is. */
  abandon: () => Promise<void>
}

export async function openRejects (path: string, at: InstantText): Promise<Rejects> {
  let handle: FileHandle
  try { handle = await open(`${path}.new`, 'w', 0o600) } catch (error) { throw asStoreFailure(error) }
  return {
    async add ({ at: place, code, message }) {
      try { await handle.write(`${JSON.stringify({ at: place, code, message, run: at })}\n`) } catch (error) { throw asStoreFailure(error) }
    },
    async finish () {
      try {
        await handle.sync()
        await handle.close()
        await rename(`${path}.new`, path)
        await syncFolder(dirname(path))
      } catch (error) { throw asStoreFailure(error) }
    },
    async abandon () {
      await handle.close()
      await rm(`${path}.new`, { force: true })
    }
  }
}
