import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { signInTicket } from '../../cli/commands/signin.js'
import { readClients } from '../../keys/index.js'
import { systemClock, type Clock } from '../../services/core/clock.js'
import type { Province } from './province.js'

export const PAGES_ORIGIN = 'http://localhost'

/** A ticket for a person of this client, as its organisation's own system would write it. */
export function ticketFor ({ settings }: Pick<Province, 'settings'>, clientId: string, { clock = systemClock, id = `${clientId}-07`, name = '李小测' }: { clock?: Clock, id?: string, name?: string } = {}): string {
  const client = readClients(settings.data.directory).find(client => client.id === clientId)
  if (client === undefined) throw new Error(`no client ${clientId}`)
  return signInTicket({ directory: settings.data.directory, issuer: settings.identity.issuer, client, clock, id, name })
}

/** Someone at a browser, without the browser: keeps the cookie, and sends forms as a page would. */
export class Person {
  readonly #app: FastifyInstance
  cookie = ''
  formToken = ''

  constructor (app: FastifyInstance) { this.#app = app }

  static async signedIn (province: Province, clientId: string, about: { clock?: Clock, id?: string, name?: string } = {}): Promise<Person> {
    const person = new Person(province.exchange.app)
    const response = await person.get(`/signin?ticket=${ticketFor(province, clientId, about)}`)
    if (response.statusCode !== 200) throw new Error(response.body)
    return person
  }

  async get (url: string): Promise<LightMyRequestResponse> { return await this.#ask({ method: 'GET', url }) }

  async post (url: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> {
    return await this.#ask({
      method: 'POST', url, headers: { 'content-type': 'application/x-www-form-urlencoded', origin: PAGES_ORIGIN, ...headers }, payload: new URLSearchParams({ formToken: this.formToken, ...form }).toString()
    })
  }

  async upload (url: string, files: Array<{ name: string, bytes: Uint8Array }>, { formToken = this.formToken, tokenFirst = true } = {}): Promise<LightMyRequestResponse> {
    const form = new FormData()
    if (tokenFirst) form.append('formToken', formToken)
    for (const { name, bytes } of files) form.append('file', new Blob([bytes as Uint8Array<ArrayBuffer>]), name)
    if (!tokenFirst) form.append('formToken', formToken)
    const encoded = new Response(form)
    return await this.#ask({ method: 'POST', url, headers: { 'content-type': encoded.headers.get('content-type') as string, origin: PAGES_ORIGIN }, payload: Buffer.from(await encoded.arrayBuffer()) })
  }

  async #ask (options: InjectOptions): Promise<LightMyRequestResponse> {
    const response = await this.#app.inject({ ...options, headers: { host: 'localhost', ...(this.cookie === '' ? {} : { cookie: this.cookie }), ...options.headers } })
    const set = response.headers['set-cookie']
    if (typeof set === 'string') this.cookie = set.split(';', 1)[0] as string
    this.formToken = /name="formToken" value="([^"]+)"/.exec(response.body)?.[1] ?? this.formToken
    return response
  }
}
