import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { VNode } from 'preact'
import type { AccessHook, Allow } from '../../platform/http/port.js'
import type { Scope } from '../../services/core/caller.js'
import type { Clock } from '../../services/core/clock.js'
import { Failure } from '../../services/core/failure.js'
import { Api, ApiProblem, type Asking } from '../api.js'
import { requireFormToken, requireOurOrigin, sessionNumber, setPageHeaders } from '../browser.js'
import { toldOf } from '../codes.js'
import type { NamedFile } from '../file-names.js'
import { Names } from '../names.js'
import { render, type Frame, type Viewer } from '../pages/layout.js'
import { ProblemPage, SignInPage } from '../pages/plain.js'
import type { CodeWords, Credentials, Keeper, SendToApi } from '../ports.js'
import { Sessions, type KeptSession, type Session } from '../sessions.js'
import type { WordKey } from '../words/index.js'

export interface ConsoleOptions {
  send: SendToApi
  credentials: Credentials
  sessions: Keeper<KeptSession>
  fileNames: Keeper<NamedFile>
  codes: CodeWords
  /** What an error stands for: its code, HTTP status, and whether trying again may help. */
  explain: (error: unknown) => { code: string, status: number, retryable: boolean }
  clock: Clock
  newId: () => string
  allow: Allow
  /** A sample province on somebody's own machine: the page on signing in may say how. */
  development: boolean
  settings: { idleSeconds: number, filesAtOnce: number, fileBytes: number }
  assetsDir: string
  /** How long a form that takes long is waited for before the person sees it working. */
  answerWithinMs?: number
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its form may carry files; whoever reads them judges the form's token. Elsewhere such a form is none. */
    takesFiles?: boolean
  }
}

export type Form = Record<string, string | string[] | undefined>

/** What every route of the console stands on: sessions, the API, and pages. */
export class Desk {
  readonly api: Api
  readonly names: Names
  readonly sessions: Sessions
  readonly options: ConsoleOptions
  readonly assets: Frame['assets']
  readonly files: Record<string, { type: string, body: string }>
  readonly #found = new WeakMap<FastifyRequest, Session>()
  readonly #ended = new WeakSet<FastifyRequest>()

  constructor (options: ConsoleOptions) {
    this.options = options
    this.sessions = new Sessions({ kept: options.sessions, clock: options.clock, idleSeconds: options.settings.idleSeconds })
    this.api = new Api({ send: options.send, credentials: options.credentials, sessions: this.sessions, clock: options.clock })
    this.names = new Names(this.api, options.clock)
    const read = (name: string): string => readFileSync(join(options.assetsDir, name), 'utf8')
    this.files = {
      'console.css': { type: 'text/css; charset=utf-8', body: read('console.css') },
      'console.js': { type: 'text/javascript; charset=utf-8', body: read('console.js') },
      'icon.svg': { type: 'image/svg+xml', body: read('icon.svg') }
    }
    const address = (name: string): string => `/assets/${name}?v=${createHash('sha256').update(this.files[name]?.body ?? '').digest('base64url').slice(0, 12)}`
    this.assets = { css: address('console.css'), js: address('console.js'), icon: address('icon.svg') }
  }

  /** Who may open a page: whoever is signed in and holds one of these; anyone signed in where none is named. */
  page (...anyOf: Scope[]): { onRequest: AccessHook, schema: object } {
    return { onRequest: this.options.allow.page(anyOf, async request => { await this.#admit(request, anyOf) }), schema: { hide: true } }
  }

  async #admit (request: FastifyRequest, anyOf: readonly Scope[]): Promise<void> {
    if (request.method !== 'GET') requireOurOrigin(request)
    const number = sessionNumber(request)
    const session = number === undefined ? undefined : await this.sessions.find(number)
    if (session === undefined) {
      // What was typed into a form is shown again, so it is read before it is refused.
      if (request.method === 'GET' || request.headers['content-type']?.startsWith('multipart/') === true) throw new Failure('SESSION_ENDED', 'nobody is signed in')
      this.#ended.add(request)
      return
    }
    this.#found.set(request, session)
    Object.assign(request.access, { client: session.who.client, organisation: session.who.organisation, person: session.who.person.id })
    if (anyOf.length > 0 && !anyOf.some(scope => session.scopes.includes(scope))) throw new Failure('SCOPE_MISSING', 'this role does not open this page')
  }

  /** Before any form is acted upon. */
  judgeForm (request: FastifyRequest): void {
    if (request.method === 'GET' || request.routeOptions.config?.page !== true) return
    if (this.#ended.has(request)) throw new Failure('SESSION_ENDED', 'nobody is signed in')
    if (request.routeOptions.config?.takesFiles === true && request.isMultipart()) return // the token is looked for while the files are read
    requireFormToken(this.session(request).formToken, (request.body as Form | undefined)?.['formToken'])
  }

  session (request: FastifyRequest): Session {
    const session = this.#found.get(request)
    if (session === undefined) throw new Failure('SESSION_ENDED', 'nobody is signed in')
    return session
  }

  /** For pages that are open to all, and show who is signed in where someone is. */
  async lookedUp (request: FastifyRequest): Promise<Session | undefined> {
    const number = sessionNumber(request)
    return number === undefined ? undefined : await this.sessions.find(number)
  }

  asking (request: FastifyRequest): Asking { return { session: this.session(request), address: request.ip } }

  frame (request: FastifyRequest, session: Session | undefined = this.#found.get(request)): Frame {
    const viewer: Viewer | undefined = session === undefined ? undefined : { who: session.who, scopes: session.scopes, formToken: session.formToken }
    return {
      ...(viewer === undefined ? {} : { viewer }),
      path: request.url.split('?', 1)[0] as string,
      now: this.options.clock.now().toISOString(),
      assets: this.assets,
      print: (request.query as Record<string, unknown> | undefined)?.['print'] === '1'
    }
  }

  async show (reply: FastifyReply, page: VNode, status = 200): Promise<FastifyReply> {
    return await reply.code(status).type('text/html; charset=utf-8').send(render(page))
  }

  /** A refusal in words, whoever raised it. */
  async problem (error: unknown, request: FastifyRequest, reply: FastifyReply, { viewer = this.#found.get(request) }: { viewer?: Session | undefined } = {}): Promise<FastifyReply> {
    const { code, status, retryable } = error instanceof ApiProblem ? error : this.options.explain(error)
    if (status >= 500) request.log.error(error, 'a page could not be made')
    request.access.code = code as NonNullable<typeof request.access.code>
    const ended = code === 'SESSION_ENDED'
    if (ended && request.method === 'GET') return await this.show(reply, SignInPage({ ...this.frame(request, undefined), development: this.options.development }) as VNode, status)
    const isForm = request.method !== 'GET'
    const headline: WordKey | undefined = ended ? 'error.session' : code === 'SCOPE_MISSING' ? 'error.denied' : code === 'NOT_FOUND' ? 'error.missing' : undefined
    const page = ProblemPage({
      ...this.frame(request, ended ? undefined : viewer),
      words: toldOf(this.options.codes, code),
      code,
      ...(code === 'SCOPE_MISSING' ? {} : ended ? { undone: 'signin.how' as const } : isForm ? { undone: 'error.undone' as const } : {}),
      reference: error instanceof ApiProblem ? error.reference : request.id,
      ...(retryable && !isForm ? { again: request.url } : {}),
      ...(error instanceof ApiProblem ? { violations: error.violations } : {}),
      ...(ended && isForm ? { typed: typedIn(request.body) } : {}),
      ...(headline === undefined ? {} : { headline })
    })
    return await this.show(reply, page as VNode, status)
  }
}

const SECRET = /token|reason-discard|^act$/i
const TYPED_SHOWN = 200 // no form of ours has as many fields
function typedIn (body: unknown): Array<{ name: string, value: string }> {
  return Object.entries((body ?? {}) as Form).flatMap(([name, value]) => SECRET.test(name) ? [] : [value].flat().filter(item => item !== undefined && item !== '').map(item => ({ name, value: String(item) }))).slice(0, TYPED_SHOWN)
}

/** One value of a form, without spaces around it; what stands twice counts once, the first. */
export function field (request: FastifyRequest, name: string): string {
  const value = (request.body as Form | undefined)?.[name]
  return (Array.isArray(value) ? value[0] ?? '' : value ?? '').trim()
}

export function fields (request: FastifyRequest, name: string): string[] {
  const value = (request.body as Form | undefined)?.[name]
  return value === undefined ? [] : [value].flat()
}

export const FORM_BYTES = 65_536

/** Reads forms and sets what browsers are told, for all pages. */
export function serveForms (app: FastifyInstance, desk: Desk): void {
  app.addHook('onRequest', async (_request, reply) => { setPageHeaders(reply) })
  app.addHook('preHandler', async request => { desk.judgeForm(request) })
  app.setErrorHandler(async (error, request, reply) => await desk.problem(error, request, reply))
  app.pages.missing = async (error, request, reply) => {
    setPageHeaders(reply)
    return await desk.problem(error, request, reply, { viewer: await desk.lookedUp(request) })
  }
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: FORM_BYTES }, async (_request: unknown, body: string | Buffer) => {
    // What stands often is added to, never copied: anyone may send a form, and one of a single name would hold up everybody.
    const form = new Map<string, string[]>()
    for (const [name, value] of new URLSearchParams(String(body))) {
      const before = form.get(name)
      if (before === undefined) form.set(name, [value])
      else before.push(value)
    }
    return Object.fromEntries([...form].map(([name, values]) => [name, values.length === 1 ? values[0] : values])) satisfies Form
  })
}
