import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Test } from 'tap'

/** A database server of this test run alone: on a free port of this machine, in a folder of its own, ended with the test. */
export interface DatabaseServer { dir: string, port: number, owner: { uid?: number, gid?: number }, env: NodeJS.ProcessEnv, run: (file: string, args: string[]) => void, start: (file: string, args: string[]) => ChildProcess }

const START_MS = 60_000

export async function databaseServer (t: Test, account: string): Promise<DatabaseServer> {
  const owner = process.getuid?.() === 0 ? accountOf(account) : {} // these servers refuse to run as root
  const dir = mkdtempSync(join(tmpdir(), 'mianzheng-db-'))
  if (owner.uid !== undefined) chownSync(dir, owner.uid, owner.gid ?? owner.uid)
  const how = { ...owner, cwd: dir, env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', HOME: dir, TMPDIR: dir } as NodeJS.ProcessEnv }
  const children: ChildProcess[] = []
  t.teardown(async () => {
    for (const child of children) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      const ended = new Promise(resolve => { child.once('exit', resolve) })
      child.kill('SIGINT') // to PostgreSQL a fast shutdown
      if (await Promise.race([ended, setTimeout(5000, 'late', { ref: false })]) === 'late') {
        child.kill('SIGKILL')
        await ended
      }
    }
    rmSync(dir, { recursive: true, force: true })
  })
  return {
    dir,
    port: await freePort(),
    owner,
    env: how.env,
    run (file, args) {
      const { status, stderr, error } = spawnSync(file, args, { ...how, encoding: 'utf8', timeout: START_MS })
      if (status !== 0) throw new Error(`${file}: ${error?.message ?? stderr}`)
    },
    start (file, args) {
      const child = spawn(file, args, { ...how, stdio: 'ignore' })
      children.push(child)
      return child
    }
  }
}

/** Tries until the server lets someone in. */
export async function untilUp (child: ChildProcess, attempt: () => Promise<void>): Promise<void> {
  for (const until = Date.now() + START_MS; ;) {
    try { await attempt(); return } catch (error) {
      if (child.exitCode !== null || Date.now() > until) throw new Error('the database server did not come up', { cause: error })
      await setTimeout(100)
    }
  }
}

function accountOf (name: string): { uid?: number, gid?: number } {
  const entries = existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8').split('\n').map(line => line.split(':')) : []
  const entry = entries.find(([account]) => account === name) ?? entries.find(([account]) => account === 'nobody')
  return entry === undefined ? {} : { uid: Number(entry[2]), gid: Number(entry[3]) }
}

async function freePort (): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => { server.close(resolve) })
  return port
}
