import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

let root: string | undefined

/** The folder that holds our package.json, wherever the compiled file that asks stands; data files are found from here. */
export function projectRoot (): string {
  if (root !== undefined) return root
  let folder = dirname(fileURLToPath(import.meta.url))
  for (;;) {
    const file = join(folder, 'package.json')
    if (existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name === 'mianzheng') return (root = folder)
    const parent = dirname(folder)
    if (parent === folder) throw new Error('package.json of mianzheng was not found above this file')
    folder = parent
  }
}
