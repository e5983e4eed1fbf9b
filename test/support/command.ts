import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Test } from 'tap'
import { projectRoot } from '../../services/core/project-root.js'

export interface Run { child: ChildProcess, output: () => string, until: (text: RegExp) => Promise<RegExpExecArray>, ended: Promise<number | null> }

/** The command line as a process of its own. */
export function mianzheng (t: Test, args: string[], environment: Record<string, string>): Run {
  const { PORT: _port, DATA_DIR: _dir, MIANZHENG_PROFILE: _profile, ...inherited } = process.env
  const child = spawn(process.execPath, [join(projectRoot(), 'dist', 'cli', 'main.js'), ...args], { env: { ...inherited, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const waiting: Array<() => void> = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => { output += text; for (const look of waiting) look() })
  }
  const ended = once(child, 'close').then(([code]) => code as number | null)
  t.teardown(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await ended
  })
  return {
    child,
    output: () => output,
    until: async text => await new Promise((resolve, reject) => {
      const look = (): void => {
        const match = text.exec(output)
        if (match !== null) resolve(match)
      }
      waiting.push(look)
      look()
      ended.then(code => { reject(new Error(`ended with ${code} before ${text}: ${output}`)) }, reject)
    }),
    ended
  }
}
