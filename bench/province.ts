import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { loadProvince } from '../config/province.js'
import { loadSettings, type Settings } from '../config/settings.js'
import { clientOf, departmentFolders } from '../cli/department.js'
import { projectRoot } from '../services/core/project-root.js'
import type { Suite } from './measure.js'

const VERIFICATIONS = 300
const POLL_MS = 50
const PATIENCE_MS = 300_000
const MIB = 1024

interface Answer { verdict: string, checks: Array<{ code?: string }>, signatures: Array<{ checks: Array<{ code?: string }> }> }
interface Run { settings: Settings, url: string, process: ChildProcess, startedAt: number, said: () => string }

/**
 * The real `mianzheng serve` with the whole sample province: how long until a first verdict, until every licence is issued, judged
 * and in the register, what it holds in memory then, and how long the next start takes. Memory is read from /proc, so on Linux alone.
 */
export const suite: Suite = async () => {
  const dir = mkdtempSync(join(tmpdir(), 'bench-province-'))
  const started: Run[] = []
  try {
    const first = await start(dir, started)
    const firstVerdict = await untilVerdict(first)
    let departments = 0
    let together = 0
    await until('all licences are issued', async () => {
      const issuing = childOf(first.process)
      departments = Math.max(departments, issuing)
      together = Math.max(together, resident(first.process) + issuing)
      return first.said().includes('all licences of the sample province are issued')
    })
    await untilRegistered(first)
    const issued = seconds(first)
    const before = resident(first.process)
    const samples = readdirSync(join(dir, 'samples')).map(name => join(dir, 'samples', name))
    for (let n = 0; n < VERIFICATIONS; n++) await verify(first, samples[n % samples.length] as string)
    const after = resident(first.process)
    await stop(first)

    const second = await start(dir, started)
    const ready = seconds(second)
    const secondVerdict = await untilVerdict(second)
    await until('the departments find nothing new', async () => second.said().includes('all licences of the sample province are issued'))
    const again = resident(second.process)
    await stop(second)

    const rate = second.settings.province.licences / issued
    return [
      row('start on an empty directory, until the first verdict', firstVerdict, 's', 90),
      row(`until 5,000 licences are issued, judged and registered (${rate.toFixed(0)} a second)`, issued, 's', 60),
      row('resident: exchange, once all are registered', before, 'MiB', 300),
      row(`resident: exchange, after ${VERIFICATIONS} verifications more`, after, 'MiB', 300),
      row(`resident: exchange and departments together while these issue (departments ${departments.toFixed(0)})`, together, 'MiB', 400),
      row('start on existing data of 5,000 licences, until ready', ready, 's', 3),
      row('start on existing data of 5,000 licences, until the first verdict', secondVerdict, 's', 3),
      row('resident: exchange, after a second start', again, 'MiB', 300)
    ]
  } finally {
    for (const run of started) await stop(run)
    rmSync(dir, { recursive: true, maxRetries: 5 })
  }
}

/** Resolves once it says that it is ready. */
async function start (dir: string, started: Run[]): Promise<Run> {
  const port = await freePort()
  const environment = { ...process.env, DATA_DIR: dir, PORT: String(port), HOST: '127.0.0.1' }
  const settings = loadSettings(environment)
  const startedAt = performance.now()
  const serving = spawn(process.execPath, [join(projectRoot(), 'dist', 'cli', 'main.js'), 'serve'], { env: environment, stdio: ['ignore', 'pipe', 'ignore'] })
  let said = ''
  serving.stdout.on('data', (chunk: Buffer) => { said += chunk.toString() })
  const run = { settings, url: `http://127.0.0.1:${port}`, process: serving, startedAt, said: () => said }
  started.push(run)
  await until('it is ready', async () => {
    if (serving.exitCode !== null) throw new Error(`it ended with ${serving.exitCode}`)
    return await fetch(`${run.url}/readyz`).then(({ status }) => status === 200, () => false)
  })
  return run
}

async function stop ({ process: serving }: Run): Promise<void> {
  if (serving.exitCode !== null) return
  serving.kill('SIGTERM')
  await once(serving, 'exit')
}

/** @returns seconds from the start of the process to a verdict that says `valid` on a licence that it just issued */
async function untilVerdict (run: Run): Promise<number> {
  const sample = join(run.settings.data.directory, 'samples', 'business-licence.ofd')
  await until('the first licence is valid', async () => existsSync(sample) && (await verify(run, sample)).verdict === 'valid')
  return seconds(run)
}

/** The last file of each department is the last that the register hears of. */
async function untilRegistered (run: Run): Promise<void> {
  for (const { id } of loadProvince().departments) {
    const folder = join(departmentFolders(run.settings.data.directory, id).issuing, 'licences')
    const files = readdirSync(folder).flatMap(shard => readdirSync(join(folder, shard)).map(name => join(folder, shard, name)))
    const last = files.map(file => ({ file, at: statSync(file).mtimeMs })).sort((a, b) => b.at - a.at)[0]
    if (last === undefined) throw new Error(`${id} has issued nothing`)
    await until(`the register knows the last licence of ${id}`, async () => {
      const { checks, signatures } = await verify(run, last.file)
      return ![...checks, ...signatures.flatMap(({ checks }) => checks)].some(({ code }) => code === 'NOT_IN_REGISTER')
    })
  }
}

async function verify (run: Run, file: string): Promise<Answer> {
  const headers = await clientOf({ settings: run.settings, url: run.url, clientId: 'approval-window' }).authorize('POST', '/v1/verifications')
  const body = new FormData()
  body.set('file', new Blob([readFileSync(file)]), 'licence.ofd')
  const response = await fetch(`${run.url}/v1/verifications`, { method: 'POST', headers, body })
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
  return await response.json() as Answer
}

async function until (what: string, holds: () => Promise<boolean>): Promise<void> {
  const giveUp = performance.now() + PATIENCE_MS
  while (!await holds()) {
    if (performance.now() > giveUp) throw new Error(`${what}: not within ${PATIENCE_MS} ms`)
    await setTimeout(POLL_MS)
  }
}

async function freePort (): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** MiB, 0 where there is no such process. */
function resident ({ pid }: { pid?: number | undefined }): number {
  try { return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / MIB } catch { return 0 }
}

function childOf ({ pid }: ChildProcess): number {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
    return children.reduce((sum, child) => sum + resident({ pid: Number(child) }), 0)
  } catch { return 0 }
}

function seconds ({ startedAt }: Run): number { return (performance.now() - startedAt) / 1000 }

function row (work: string, ours: number, unit: string, atMost: number): Awaited<ReturnType<Suite>>[number] {
  return { work, ours, unit, figure: ours, aim: { atMost } }
}
