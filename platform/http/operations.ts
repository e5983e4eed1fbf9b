import { readFile } from 'node:fs/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client'
import { Failure } from '../../services/core/failure.js'
import { mask } from '../../services/core/identifiers.js'
import { callerOf } from './allow.js'
import type { Allow } from './port.js'
import { patternOf } from './recording.js'

/** Is what this process stands on usable? Rejects or runs late where it is not. */
export type ReadinessCheck = () => Promise<void>
const READINESS_TIMEOUT_MS = 2000

/** What machines that look after this one ask: alive, ready, how busy. Open to all, so nothing here tells of anyone's data. */
export function operationsRoutes (app: FastifyInstance, { allow, readiness, isClosing }: {
  allow: Allow, readiness: Record<string, ReadinessCheck>, isClosing: () => boolean
}): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({ name: 'mianzheng_http_requests_total', help: 'Requests answered', labelNames: ['method', 'route', 'status'], registers: [registry] })
  const seconds = new Histogram({
    name: 'mianzheng_http_request_seconds',
    help: 'From request to the last byte of its answer',
    labelNames: ['method', 'route'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry]
  })
  app.addHook('onResponse', (request, reply, done) => {
    const route = patternOf(request) // the pattern: an address would make a label of every identifier
    requests.inc({ method: request.method, route, status: reply.statusCode })
    seconds.observe({ method: request.method, route }, reply.elapsedTime / 1000)
    request.log.info({
      requestId: request.id, method: request.method, route, status: reply.statusCode, client: callerOf(request)?.client, person: maskedPerson(request), elapsedMs: Math.round(reply.elapsedTime)
    }, 'answered')
    done()
  })

  app.get('/healthz', { onRequest: allow.public(), schema: { hide: true } }, async () => ({ status: 'ok' }))
  app.get('/readyz', { onRequest: allow.public(), schema: { hide: true } }, async (request, reply) => {
    const checks: Record<string, 'ok' | 'failed'> = isClosing() ? { closing: 'failed' } : {}
    await Promise.all(Object.entries(readiness).map(async ([name, check]) => {
      try {
        await within(READINESS_TIMEOUT_MS, check())
        checks[name] = 'ok'
      } catch (error) {
        request.log.warn(error, `not ready: ${name}`)
        checks[name] = 'failed'
      }
    }))
    const ready = Object.values(checks).every(outcome => outcome === 'ok')
    return await reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not-ready', checks })
  })
  app.get('/metrics', { onRequest: allow.public(), schema: { hide: true } }, async (_, reply) => {
    return await reply.type(registry.contentType).send(await registry.metrics())
  })
  return registry
}

/** Logs go further than access records: there a staff number is masked. */
function maskedPerson (request: FastifyRequest): string | undefined {
  const id = callerOf(request)?.person?.id ?? request.access.person
  return id === undefined ? undefined : mask(id)
}

async function within (timeoutMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  try {
    await Promise.race([work, new Promise<never>((_resolve, reject) => { timer = setTimeout(() => { reject(new Error(`no answer in ${timeoutMs} ms`)) }, timeoutMs) })])
  } finally { clearTimeout(timer) }
}

/** The topics' contract, as it stands in schemas/. @throws {Failure} CONFIG_INVALID it cannot be read */
export async function asyncApiRoute (app: FastifyInstance, { allow, file }: { allow: Allow, file: string }): Promise<void> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => { throw new Failure('CONFIG_INVALID', 'the AsyncAPI document cannot be read', { cause }) })
  app.get('/asyncapi.json', { onRequest: allow.public(), schema: { hide: true } }, async (_, reply) => await reply.type('application/json').send(text))
}
