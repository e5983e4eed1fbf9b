import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const MIB = 1024 * 1024
const ROUNDS = 5
const BETWEEN_MS = 50

/**
 * What this process holds, MiB, once its garbage is collected: on a busy machine the collector is late, and how late says nothing
 * about what the province takes. What was collected is given back to the system by a thread of the engine, a little later, so the
 * least of a few looks counts.
 */
export async function residentMib (): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  let least = Infinity
  for (let round = 0; round < ROUNDS; round++) {
    collect()
    await setTimeout(BETWEEN_MS)
    least = Math.min(least, process.memoryUsage.rss())
  }
  return Math.ceil(least / MIB)
}
