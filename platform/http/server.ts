import { randomUUID } from 'node:crypto'
import type { ServerOptions as HttpsOptions } from 'node:https'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest, type FastifyServerOptions } from 'fastify'
import type { Registry } from 'prom-client'
import type { Clock } from '../../services/core/clock.js'
import { Failure } from '../../services/core/failure.js'
import { accessControl, callerOf, type RouteAccess } from './allow.js'
import { answerProblems, answerSocket, answerUnrouted } from './answers.js'
import { compileSchemas, readBodies } from './bodies.js'
import { collectOpenApi, openApiRoute, type OpenApiInfo } from './openapi.js'
import { asyncApiRoute, operationsRoutes, type ReadinessCheck } from './operations.js'
import type { AccessRecorder, Allow, TokenVerifier } from './port.js'
import { isAnswering, recordAccess } from './recording.js'
import { coercingAjv, loadSchemas, strictAjv } from './schemas.js'

export interface ServerLimits {
  /** Largest body that is not a file, bytes. */
  bodyBytes: number
  /** Deepest nesting of JSON, levels. */
  jsonDepth: number
  /** Largest request head, bytes. */
  headerBytes: number
  /** Longest that a client may take to send a request. */
  requestTimeoutMs: number
  /** Longest that a request may be worked on; the answer is TIMED_OUT then. No limit where absent. */
  handlerTimeoutMs?: number
  /** Requests of one client in a minute, once its token was verified. */
  requestsPerMinute: number
  /** Requests from one network address in a minute, with or without a token; `requestsPerMinute` where absent. */
  addressRequestsPerMinute?: number
}

export interface HttpServerOptions {
  schemasDir: string
  limits: ServerLimits
  tokens: TokenVerifier
  access: AccessRecorder
  clock: Clock
  openapiInfo: OpenApiInfo
  /** A logger, or how to make one: JSON lines, to standard output where no stream is given. Nothing is logged where absent. */
  logger?: FastifyBaseLogger | { level: string, stream?: { write: (line: string) => void } }
  /** schemas/asyncapi.json; left out in tests that do not ask for it. */
  asyncapiFile?: string
  /** By name; may be added to until the server listens. */
  readiness?: Record<string, ReadinessCheck>
  https?: HttpsOptions
  /** Addresses or networks of proxies whose X-Forwarded-* headers are believed; none where absent or empty. */
  trustProxy?: string[]
}

declare module 'fastify' {
  interface FastifyInstance {
    allow: Allow
    /** What each route asks of its caller, in the order they were added. */
    routeTable: readonly RouteAccess[]
    metrics: Registry
    /** Whoever serves pages says here how one is told that there is none at an address; others get a problem document. */
    pages: { missing?: (error: unknown, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> }
  }
}

const PARAMETER_CHARACTERS = 256 // a licence identifier may have 130
const MINUTE_MS = 60_000

/**
 * The HTTP server with all that every route shares: reading and judging bodies, tokens and scopes, access records, problem
 * answers, limits, operations, OpenAPI. Routes are registered on it as plugins, then `listen` or `inject`.
 * @throws {Failure} CONFIG_INVALID a schema cannot be used; ROUTE_WITHOUT_SCOPE, when a route is added that names no scope
 */
export async function createServer (options: HttpServerOptions): Promise<FastifyInstance> {
  const { limits, clock } = options
  const schemas = loadSchemas(options.schemasDir)
  const recording: { record?: ReturnType<typeof recordAccess> } = {}
  const app = fastify({
    ...transport(options),
    // An address that cannot be decoded has no route, and fastify runs no hooks for it: the record is made here.
    frameworkErrors: (error, request, reply) => {
      answerUnrouted(error, request as FastifyRequest, reply as FastifyReply, async () => { await recording.record?.(request as FastifyRequest, 400) })
        .catch((error: unknown) => { request.log.error(error, 'no answer could be sent') })
    }
  })
  // Expectations that nobody knows may be left aside (RFC 9110 section 10.1.1); Node's own answer would leave no record.
  app.server.on('checkExpectation', (request, response) => { app.server.emit('request', request, response) })
  let closing = false
  app.addHook('preClose', async () => { closing = true })
  app.decorateRequest('rawBody', undefined)
  for (const schema of schemas) app.addSchema(schema)
  compileSchemas(app, strictAjv(schemas), coercingAjv(schemas))
  readBodies(app, limits)

  app.decorate('pages', {})
  recording.record = recordAccess(app, options.access, clock)
  answerProblems(app, () => app.routeTable)
  const guards: Array<[string, string]> = [['cache-control', 'no-store'], ...await securityHeaders()]
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) reply.header('connection', 'close') // else close() waits for connections that a client keeps alive
    for (const [name, value] of guards) if (!reply.hasHeader(name)) reply.header(name, value)
    done()
  })
  if (limits.handlerTimeoutMs !== undefined) limitHandling(app, limits.handlerTimeoutMs)
  const { perAddress, perClient } = await rateLimits(app, limits)
  app.addHook('onRequest', async (request, reply) => {
    if (OPERATIONS.has(request.routeOptions.url ?? '')) return
    if (closing) throw new Failure('SHUTTING_DOWN', 'the service is shutting down')
    await perAddress(request, reply)
    if (request.raw.httpVersion !== '1.0' && request.headers.host === undefined) throw new Failure('INPUT_INVALID', 'the Host header is missing') // RFC 9112 section 3.2
  })

  const { allow, routes } = accessControl(app, options.tokens, perClient)
  app.decorate('allow', allow)
  app.decorate('routeTable', routes)
  await collectOpenApi(app, options.openapiInfo, schemas, (method, url) => routes.find(route => route.method === method && route.url === url)?.access)
  app.decorate('metrics', operationsRoutes(app, { allow, readiness: options.readiness ?? {}, isClosing: () => closing }))
  openApiRoute(app, allow)
  if (options.asyncapiFile !== undefined) await asyncApiRoute(app, { allow, file: options.asyncapiFile })
  return app
}

/** What helmet sets is the same for every answer. It works it out anew each time, so it is asked once. */
async function securityHeaders (): Promise<Array<[string, string]>> {
  const asked = fastify()
  await asked.register(helmet)
  asked.get('/', async () => '')
  const { headers } = await asked.inject('/')
  await asked.close()
  return Object.entries(headers).flatMap(([name, value]) => OF_ANY_ANSWER.has(name) ? [] : [[name, String(value)]])
}
const OF_ANY_ANSWER = new Set(['connection', 'content-length', 'content-type', 'date', 'keep-alive'])

/**
 * Answers TIMED_OUT for a handler that takes too long. fastify's own `handlerTimeout` ends with the request's stream, that is once the
 * body was read, so it never ends the wait of a POST.
 */
function limitHandling (app: FastifyInstance, ms: number): void {
  const timers = new WeakMap<FastifyRequest, NodeJS.Timeout>()
  app.addHook('onRequest', (request, reply, done) => {
    timers.set(request, setTimeout(() => {
      if (reply.sent || isAnswering(request)) return
      const failure = new Failure('TIMED_OUT', 'the request did not end within its time limit')
      if (reply.raw.headersSent) reply.raw.destroy(failure) // an answer that has begun can only be broken off
      else reply.send(failure)
    }, ms))
    done()
  })
  app.addHook('onResponse', (request, _reply, done) => {
    clearTimeout(timers.get(request))
    done()
  })
}

/** Those who watch the service must not be turned away when it is busy or closing. */
const OPERATIONS = new Set(['/healthz', '/readyz', '/metrics'])

function transport ({ limits, https, logger, trustProxy }: HttpServerOptions): FastifyServerOptions {
  const timeouts = {
    requireHostHeader: false, // Node's own refusal would be no problem document and leave no record
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.requestTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: Math.max(100, Math.min(limits.requestTimeoutMs / 4, 5000))
  }
  const options = {
    ...(https === undefined ? { http: timeouts } : { https: { ...https, ...timeouts } }),
    ...(logger !== undefined && 'info' in logger ? { loggerInstance: logger } : { logger: logger ?? false }),
    logController: new LogController({ disableRequestLogging: true }), // the usual lines hold addresses, and so identifiers
    genReqId: () => randomUUID(), // our numbers, never a caller's
    requestIdHeader: false as const,
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    routerOptions: { maxParamLength: PARAMETER_CHARACTERS },
    exposeHeadRoutes: false,
    return503OnClosing: false, // its answer would be no problem document
    trustProxy: trustProxy === undefined || trustProxy.length === 0 ? false : trustProxy,
    clientErrorHandler: answerSocket
  }
  return options as FastifyServerOptions
}

type Limiter = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

async function rateLimits (app: FastifyInstance, limits: ServerLimits): Promise<{ perAddress: Limiter, perClient: Limiter }> {
  await app.register(rateLimit, { global: false, timeWindow: MINUTE_MS })
  const addressMax = limits.addressRequestsPerMinute ?? limits.requestsPerMinute
  const counter = (max: number, keyGenerator: (request: FastifyRequest) => string) => app.createRateLimit({ max, timeWindow: MINUTE_MS, keyGenerator })
  const [ofAddress, refusedOfAddress] = [counter(addressMax, ({ ip }) => ip), counter(addressMax, ({ ip }) => ip)]
  const ofClient = counter(limits.requestsPerMinute, request => callerOf(request)?.client ?? request.ip)
  const judge = (max: number, outcome: Awaited<ReturnType<typeof ofAddress>>, reply: FastifyReply): void => {
    if (outcome.isAllowed || !outcome.isExceeded) return
    reply.header('retry-after', String(outcome.ttlInSeconds))
    throw new Failure('RATE_LIMITED', `more than ${max} requests in a minute`)
  }
  return {
    async perAddress (request, reply) {
      const outcome = await ofAddress(request)
      if (!outcome.isAllowed && outcome.isExceeded) {
        // Each refusal leaves a record. Who goes on all the same would fill the disk with them: it gets no answer, so none is owed.
        const refused = await refusedOfAddress(request)
        if (!refused.isAllowed && refused.isExceeded) {
          reply.hijack()
          request.raw.destroy()
          return
        }
      }
      judge(addressMax, outcome, reply)
    },
    async perClient (request, reply) { judge(limits.requestsPerMinute, await ofClient(request), reply) }
  }
}
