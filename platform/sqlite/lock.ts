import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../../services/core/failure.js'
import { loadBinding } from './binding.js'
import { asFailure, isBusy } from './failures.js'

// A connection that nobody refers to is closed by the garbage collector, and its lock with it.
const held = new Set<unknown>()

/**
 * Takes a data directory for this process. The lock is the operating system's, on an open file, so it goes when the process
 * does, however it ends, and nothing is left to clean up after `kill -9`.
 * @returns how to give it back
 * @throws {Failure} DATA_DIR_IN_USE someone has it, this process included
 */
export async function lockDirectory (dir: string): Promise<() => void> {
  const { DatabaseSync } = await loadBinding()
  await mkdir(dir, { recursive: true })
  try {
    const lock = new DatabaseSync(join(dir, 'in-use.lock'), { timeout: 0 })
    try {
      lock.exec('BEGIN EXCLUSIVE')
    } catch (error) {
      lock.close()
      throw error
    }
    held.add(lock)
    return () => { if (held.delete(lock)) lock.close() }
  } catch (error) {
    if (isBusy(error)) throw new Failure('DATA_DIR_IN_USE', 'another process is using this data directory', { cause: error })
    throw asFailure(error)
  }
}
