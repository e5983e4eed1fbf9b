import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const MIB = 1024 * 1024

/**
 * What this process holds, MiB, once its garbage is collected: on a busy machine the collector is late, and how late says nothing
 * about what the province takes.
 */
export function residentMib (): number {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  return Math.ceil(process.memoryUsage.rss() / MIB)
}
