import assert from 'node:assert/strict'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import type { Caller, Scope } from '../../services/core/caller.js'
import { Failure } from '../../services/core/failure.js'
import type { AccessHook, Allow, PresentedToken, TokenVerifier } from './port.js'

/** One line of the route table: what is asked of a caller there. */
export interface RouteAccess { method: string, url: string, access: Access }
/** One of these scopes by a token, none, or a page for people by their session. */
export type Access = readonly Scope[] | 'public' | { page: readonly Scope[] }

/** The hooks made here, and what each asks for; a WeakMap, so that no hook from elsewhere can pass for one of them. */
const asked = new WeakMap<object, Access>()
const callers = new WeakMap<FastifyRequest, Caller>()

/** The caller that a token proved, or undefined where none did (yet). */
export function callerOf (request: FastifyRequest): Caller | undefined { return callers.get(request) }

/**
 * Makes `allow` and keeps the table of routes. A route without it throws while it is being added, so start-up fails.
 * @param admit - runs once the caller is known, e.g. to count requests
 */
export function accessControl (
  app: FastifyInstance, tokens: TokenVerifier, admit: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
): { allow: Allow, routes: RouteAccess[] } {
  const routes: RouteAccess[] = []
  app.decorateRequest('caller', {
    getter (this: FastifyRequest) {
      const caller = callers.get(this)
      assert(caller !== undefined, 'a public route has no caller')
      return caller
    }
  })
  app.addHook('onRoute', route => {
    const access = accessOf(route)
    if (access === undefined) {
      throw new Failure('ROUTE_WITHOUT_SCOPE', `${String(route.method)} ${route.url} names no scope and does not say that it is public`)
    }
    // Cookies come with requests that other sites start, tokens do not: so the two never meet.
    if (isPageAccess(access) && API.test(route.url)) throw new Failure('ROUTE_WITHOUT_SCOPE', `${String(route.method)} ${route.url} is below /v1, where sessions of pages count for nothing`)
    if (isPageAccess(access)) route.config = { ...route.config, page: true }
    for (const method of [route.method].flat()) routes.push({ method, url: route.url, access })
  })

  const hook = (access: Access, run: AccessHook): AccessHook => {
    asked.set(run, access)
    return run
  }
  const allow = (...anyOf: [Scope, ...Scope[]]): AccessHook => hook(anyOf, async (request, reply) => {
    const caller = await tokens.verify(presented(request))
    callers.set(request, caller)
    await admit(request, reply)
    if (!anyOf.some(scope => caller.scopes.includes(scope))) throw new Failure('SCOPE_MISSING', `this needs the scope ${anyOf.join(' or ')}`)
  })
  return {
    allow: Object.assign(allow, {
      public: () => hook('public', async () => {}),
      page: (anyOf: readonly Scope[], admit: AccessHook) => hook({ page: anyOf }, async (request, reply) => { await admit(request, reply) }) // one hook may serve many pages
    }),
    routes
  }
}

const API = /^\/v1(?:\/|$)/

export function isPageAccess (access: Access): access is { page: readonly Scope[] } { return typeof access === 'object' && 'page' in access }

function accessOf (route: RouteOptions): Access | undefined {
  // The first hook decides: nothing of the route may run before the caller was let in.
  const [first] = [route.onRequest ?? []].flat() as object[]
  return first === undefined ? undefined : asked.get(first)
}

// b64token of RFC 6750 section 2.1
const AUTHORIZATION = /^(Bearer|DPoP) ([A-Za-z0-9\-._~+/]+=*)$/i
const TOKEN_LENGTH = 8192

function presented (request: FastifyRequest): PresentedToken {
  const { authorization, dpop } = request.headers
  if (authorization === undefined) throw new Failure('TOKEN_MISSING', 'the Authorization header is missing')
  const match = authorization.length > TOKEN_LENGTH ? null : AUTHORIZATION.exec(authorization)
  if (match === null) throw new Failure('TOKEN_INVALID', 'the Authorization header does not carry a token')
  // Node joins repeated headers with a comma, which no proof holds; so two proofs are never one.
  return {
    token: match[2] as string,
    scheme: (match[1] as string).toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer',
    ...(typeof dpop === 'string' ? { proof: dpop } : {}),
    method: request.method,
    get url () { return requestUrl(request) } // asked for where there is a proof
  }
}

/** The address that the client asked for, without its query: what a DPoP proof names as `htu`. */
function requestUrl (request: FastifyRequest): string {
  return `${request.protocol}://${request.host}${request.url.split('?', 1)[0] as string}`
}
