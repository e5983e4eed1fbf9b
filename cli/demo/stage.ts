import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadProvince, type SampleProvince } from '../../config/province.js'
import { loadSettings, type Settings } from '../../config/settings.js'
import { LicenceFiles } from '../../connectors/issuing/licence-files.js'
import type { Exchange as Client } from '../../connectors/sdk/index.js'
import { KeyLayout } from '../../keys/index.js'
import { systemClock } from '../../services/core/clock.js'
import { resourceId } from '../../services/core/identifiers.js'
import { projectRoot } from '../../services/core/project-root.js'
import { openExchange, type Exchange } from '../../services/host/exchange.js'
import type { Report } from '../../services/verification/index.js'
import { clientOf, departmentFolders } from '../department.js'
import { makeAuthority, makeRegisters } from '../sample.js'
import { expect, Unexpected } from './story.js'

type DepartmentConfig = SampleProvince['departments'][number]

export interface Answer<Body = Record<string, unknown>> { status: number, body: Body }
export interface Asked { headers?: Record<string, string>, body?: string | Uint8Array | FormData, json?: unknown }
export interface Verified extends Report { receiptId: string, receipt: string }
/** A command that ran to its end. */
export interface Ran { status: number | null, output: string }
export interface Issued { issued: number, stateChanges: number, rejected: number }

const REQUEST_MS = 30_000
const COMMAND_MS = 180_000

/**
 * A province of its own for one telling: keys, registers and the exchange, in a folder that is taken away at the end. Departments run
 * as processes of their own, and everything is asked over HTTP, as anyone would.
 */
export class Stage {
  readonly dir: string
  readonly settings: Settings
  readonly province: SampleProvince
  readonly layout: KeyLayout
  exchange: Exchange
  url = ''
  /** Licences that departments said they issued. */
  issued = 0
  readonly #clients = new Map<string, Client>()
  readonly #running = new Set<ChildProcess>()

  private constructor (dir: string, settings: Settings, province: SampleProvince, exchange: Exchange) {
    this.dir = dir
    this.settings = settings
    this.province = province
    this.layout = new KeyLayout(settings.data.directory)
    this.exchange = exchange
  }

  /** @param onFolder - told of the folder before anything is in it, so that it can be taken away whatever happens */
  static async open (environment: NodeJS.ProcessEnv, onFolder: (dir: string) => void): Promise<Stage> {
    const dir = mkdtempSync(join(tmpdir(), 'mianzheng-demo-'))
    onFolder(dir)
    const settings = loadSettings(environmentOf(environment, join(dir, 'data')))
    const province = loadProvince()
    await makeAuthority({ settings, clock: systemClock, province })
    makeRegisters({ settings, clock: systemClock, province })
    const stage = new Stage(dir, settings, province, await openExchange({ settings, clock: systemClock, production: false }))
    stage.url = await stage.exchange.listen()
    return stage
  }

  department (id: string): DepartmentConfig {
    const found = this.province.departments.find(department => department.id === id)
    if (found === undefined) throw new Unexpected(`the province has no department ${id}`)
    return found
  }

  client (id: string): Client {
    let client = this.#clients.get(id)
    if (client === undefined) this.#clients.set(id, client = clientOf({ settings: this.settings, url: this.url, clientId: id }))
    return client
  }

  /** One request by this client, with a token that is bound to its key. */
  async call<Body = Record<string, unknown>> (clientId: string, method: string, path: string, asked: Asked = {}): Promise<Answer<Body>> {
    const authorization = await this.client(clientId).authorize(method, path)
    return await this.send<Body>(method, path, { ...asked, headers: { ...authorization, ...asked.headers } })
  }

  /** One request just as given. */
  async send<Body = Record<string, unknown>> (method: string, path: string, { headers = {}, body, json }: Asked = {}): Promise<Answer<Body>> {
    const response = await fetch(new URL(path, this.url), {
      method,
      headers: { ...headers, ...(json === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(json === undefined ? body === undefined ? {} : { body: body as NonNullable<RequestInit['body']> } : { body: JSON.stringify(json) }),
      redirect: 'error',
      signal: AbortSignal.timeout(REQUEST_MS)
    })
    return { status: response.status, body: await response.json() as Body }
  }

  /** The window hands in a file. */
  async verify (file: Uint8Array): Promise<Verified> {
    const form = new FormData()
    form.set('file', new Blob([new Uint8Array(file)]), 'licence.ofd')
    const { status, body } = await this.call<Verified & { code?: string }>('approval-window', 'POST', '/v1/verifications', { body: form })
    expect(status === 200, `the verification was answered with ${status} ${body.code ?? ''}`)
    return body
  }

  /** `mianzheng …` as a process of its own, on this province. */
  async command (...args: string[]): Promise<Ran> {
    const child = spawn(process.execPath, [join(projectRoot(), 'dist', 'cli', 'main.js'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'], env: environmentOf(process.env, this.settings.data.directory), timeout: COMMAND_MS
    })
    this.#running.add(child)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => { output += text })
    try {
      const status = await new Promise<number | null>((resolve, reject) => { child.once('error', reject).once('close', resolve) })
      return { status, output }
    } finally { this.#running.delete(child) }
  }

  /** Departments look at their registers and send what changed, in a process of their own. What they said has been judged then. */
  async issue (...ids: string[]): Promise<Issued> {
    const { status, output } = await this.command('connector', 'issue', ...ids, '--url', this.url)
    expect(status === 0, `the connector ended with ${status}: ${output}`)
    const all = [...output.matchAll(/签发 (\d+)，状态变更 (\d+)，未变 \d+，退回 (\d+)/g)].map(match => match.slice(1).map(Number))
    expect(all.length === ids.length, `the connector said: ${output}`)
    await this.exchange.settled()
    const sum = (index: number): number => all.reduce((total, numbers) => total + (numbers[index] ?? 0), 0)
    this.issued += sum(0)
    return { issued: sum(0), stateChanges: sum(1), rejected: sum(2) }
  }

  /** The files that a department's connector has written. */
  files (departmentId: string): LicenceFiles {
    return new LicenceFiles(join(departmentFolders(this.settings.data.directory, departmentId).issuing, 'licences'))
  }

  /** Departments go through these data sets and send what changed, in a process of their own. @returns how many rows changed */
  async publish (ids: readonly string[], names: readonly string[]): Promise<number> {
    const { status, output } = await this.command('connector', 'records', ...ids, '--only', names.join(','), '--url', this.url)
    expect(status === 0, `the connector ended with ${status}: ${output}`)
    const all = [...output.matchAll(/新增或变更 (\d+)，未变 \d+，删除 0，退回 0/g)].map(([, changed]) => Number(changed))
    expect(all.length === ids.length, `the connector said: ${output}`)
    await this.exchange.settled()
    return all.reduce((sum, changed) => sum + changed, 0)
  }

  recordsPath (departmentId: string, name: string): string {
    return join(departmentFolders(this.settings.data.directory, departmentId).records, name, 'records.csv')
  }

  resourceId (departmentId: string, name: string): string { return resourceId({ provider: this.department(departmentId).uscc, name }) }

  registerPath (departmentId: string, licenceType: string): string {
    return join(departmentFolders(this.settings.data.directory, departmentId).register, licenceType, 'register.csv')
  }

  /** Ends the exchange and starts it again on what is there. @returns seconds until it answered */
  async reopen (): Promise<number> {
    await this.exchange.close()
    const from = performance.now()
    this.exchange = await openExchange({ settings: this.settings, clock: systemClock, production: false })
    this.url = await this.exchange.listen()
    this.#clients.clear()
    const { status } = await this.send('GET', '/readyz')
    expect(status === 200, `it is not ready: ${status}`)
    return (performance.now() - from) / 1000
  }

  /** Ends the commands that are running. */
  stopCommands (): void { for (const child of this.#running) child.kill('SIGTERM') }

  async close (): Promise<void> {
    const ended = [...this.#running].map(async child => { await new Promise(resolve => child.once('close', resolve)) })
    this.stopCommands()
    await Promise.all(ended)
    await this.exchange.close()
  }
}

/** What the caller set stays set, except where the story must have its own: folder, port, and keys that are for development. */
function environmentOf (environment: NodeJS.ProcessEnv, directory: string): NodeJS.ProcessEnv {
  const { PORT: _port, HOST: _host, MIANZHENG_HTTP_PORT: _port2, MIANZHENG_HTTP_HOST: _host2, MIANZHENG_DATA_DIRECTORY: _directory, MIANZHENG_CONFIG: _config, ...rest } = environment
  return { ...rest, MIANZHENG_PROFILE: 'development', MIANZHENG_IDENTITY_SENDER_CONSTRAINED: 'required', HOST: '127.0.0.1', PORT: '0', DATA_DIR: directory }
}

export function removeFolder (dir: string): void { rmSync(dir, { recursive: true, force: true, maxRetries: 3 }) }
