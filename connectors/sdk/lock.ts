import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../../services/core/failure.js'
import { told } from '../../services/core/words.js'
import { asStoreFailure } from './store.js'

const FILE = 'in-use'
const heldHere = new Set<string>()

/**
 * Takes a folder for this process; two that number events in one would give numbers twice. The file left by a process that was
 * killed does not count: it names the process by number and start, and that one is gone.
 * @returns how to give it back
 * @throws {Failure} OUTBOX_IN_USE
 */
export async function lockFolder (dir: string): Promise<() => Promise<void>> {
  const file = join(dir, FILE)
  const mine = await identityOf(process.pid) ?? String(process.pid)
  for (let attempt = 0; attempt < 3; attempt++) {
    if (heldHere.has(file)) break
    try {
      const handle = await open(file, 'wx', 0o600)
      try { await handle.writeFile(mine) } finally { await handle.close() }
      heldHere.add(file)
      return async () => {
        heldHere.delete(file)
        await rm(file, { force: true })
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw asStoreFailure(error)
    }
    const holder = (await readFile(file, 'utf8').catch(() => '')).trim()
    if (holder !== mine && holder !== '' && await identityOf(Number(holder.split(' ')[0])) === holder) break
    await rm(file, { force: true })
  }
  throw new Failure('OUTBOX_IN_USE', told('另一个进程正在使用这个发件箱', 'another process uses this outbox'))
}

/** Number and start of a running process; where the system does not tell the start, the number alone. Undefined if it is gone. */
async function identityOf (pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}` // field 22, counting from the one after the name
  } catch { /* gone, or a system without /proc */ }
  try {
    process.kill(pid, 0)
    return String(pid)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? String(pid) : undefined
  }
}
