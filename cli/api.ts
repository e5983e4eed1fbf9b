import type { Settings } from '../config/settings.js'
import type { Exchange } from '../connectors/sdk/index.js'
import { Failure } from '../services/core/failure.js'
import { told } from '../services/core/words.js'
import { clientOf } from './department.js'

export interface ApiAnswer<Body = unknown> { status: number, body: Body }

const REQUEST_MS = 30_000

/** The published API, as several clients of one data directory call it. */
export class Api {
  readonly #options: { settings: Settings, url: string, signal?: AbortSignal }
  readonly #clients = new Map<string, Exchange>()
  constructor (options: { settings: Settings, url: string, signal?: AbortSignal }) { this.#options = options }

  /**
   * One request, tried once: an answer may be lost on the way, and whether what was asked for was done then only looking tells.
   * @throws {Failure} EXCHANGE_UNAVAILABLE busy, silent or gone; SHUTTING_DOWN; as Exchange.authorize
   */
  async call<Body = unknown> (clientId: string, method: string, path: string, json?: unknown): Promise<ApiAnswer<Body>> {
    const { url, signal } = this.#options
    if (signal?.aborted === true) throw new Failure('SHUTTING_DOWN', told('已要求停止', 'asked to stop'))
    const headers = { ...await this.#client(clientId).authorize(method, path), ...(json === undefined ? {} : { 'content-type': 'application/json' }) }
    let answer: ApiAnswer<Body>
    try {
      const response = await fetch(new URL(path, url), {
        method, headers, ...(json === undefined ? {} : { body: JSON.stringify(json) }), redirect: 'error', signal: AbortSignal.timeout(REQUEST_MS)
      })
      answer = { status: response.status, body: await response.json() as Body }
    } catch (cause) { throw new Failure('EXCHANGE_UNAVAILABLE', `${url}: ${told('没有答复', 'does not answer')}: ${method} ${path}`, { cause }) }
    if (answer.status >= 500 || answer.status === 429) throw new Failure('EXCHANGE_UNAVAILABLE', `${url}: ${told(`答复 ${answer.status}`, `answered ${answer.status}`)}: ${method} ${path}`)
    return answer
  }

  #client (clientId: string): Exchange {
    let client = this.#clients.get(clientId)
    if (client === undefined) this.#clients.set(clientId, client = clientOf({ ...this.#options, clientId }))
    return client
  }
}
