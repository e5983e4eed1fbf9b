import type { Socket } from 'node:net'
import { randomUUID } from 'node:crypto'
import type { ConnectionError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Failure, type FailureCode } from '../../services/core/failure.js'
import type { RouteAccess } from './allow.js'
import { failureOf, problem, PROBLEM_MEDIA_TYPE, STATUS } from './problem.js'
import { noteRefusal } from './recording.js'

const RETRY_AFTER_SECONDS = 5

/** Every refusal is a problem document, whoever raised it. */
export function answerProblems (app: FastifyInstance, routeTable: () => readonly RouteAccess[]): void {
  app.setErrorHandler(async (error, request, reply) => await answer(error, request, reply))
  app.setNotFoundHandler(async (request, reply) => {
    const methods = methodsAt(routeTable(), request.url)
    if (methods.length > 0) reply.header('allow', methods.join(', '))
    const failure = methods.length === 0 ? new Failure('NOT_FOUND', 'there is nothing at this address') : new Failure('METHOD_NOT_ALLOWED', `this address answers ${methods.join(', ')}`)
    return await (isForAPerson(request) ? app.pages.missing ?? answer : answer)(failure, request, reply)
  })
}

/** Somebody opened an address in a browser; below /v1 programs ask. */
function isForAPerson ({ method, url, headers: { accept = '' } }: FastifyRequest): boolean {
  return method === 'GET' && !/^\/v1(?:[/?]|$)/.test(url) && /\btext\/html\b/.test(accept)
}

export async function answer (error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const failure = brokenOff(error, request) ?? failureOf(error)
  if (failure.code === 'INTERNAL') request.log.error(error, 'unexpected error')
  else if (STATUS[failure.code] >= 500) request.log.warn(error, failure.code)
  noteRefusal(request, failure.code)
  const document = { ...problem(failure, request.id), ...request.routeOptions.config?.problemMembers?.(failure.code) }
  const challenge = challengeOf(failure.code)
  if (challenge !== undefined) reply.header('www-authenticate', challenge)
  if (failure.retryable && !reply.hasHeader('retry-after')) reply.header('retry-after', String(RETRY_AFTER_SECONDS))
  // As text, so that no answer schema of the route is asked about it.
  return await reply.code(document.status).type(PROBLEM_MEDIA_TYPE).send(JSON.stringify(document))
}

/** Whose body ended before its end: nobody hears the answer, but the record must not say that we were at fault. */
function brokenOff (error: unknown, { raw }: FastifyRequest): Failure | undefined {
  return (error as { code?: unknown } | null)?.code === 'ECONNRESET' && raw.destroyed && !raw.complete
    ? new Failure('INPUT_INVALID', 'the request broke off', { cause: error })
    : undefined
}

/** For what fastify refuses before it looks for a route, where no hook runs that would make the access record. */
export async function answerUnrouted (error: unknown, request: FastifyRequest, reply: FastifyReply, record: () => Promise<void>): Promise<void> {
  noteRefusal(request, failureOf(error).code)
  try {
    await record()
    await answer(error, request, reply)
  } catch (cause) {
    await answer(new Failure('ACCESS_RECORD_UNAVAILABLE', 'the answer was withheld, since its record could not be kept', { cause }), request, reply)
  }
}

/** @see RFC 6750 section 3, RFC 9449 section 7.1 */
function challengeOf (code: FailureCode): string | undefined {
  switch (code) {
    case 'TOKEN_MISSING': return 'Bearer'
    case 'TOKEN_INVALID': case 'TOKEN_EXPIRED': return 'Bearer error="invalid_token"'
    case 'SCOPE_MISSING': return 'Bearer error="insufficient_scope"'
    case 'SENDER_PROOF_REQUIRED': case 'SENDER_PROOF_INVALID': case 'SENDER_PROOF_REPLAYED':
      return 'DPoP error="invalid_dpop_proof", algs="EdDSA ES256 PS256"'
    default: return undefined
  }
}

function methodsAt (routes: readonly RouteAccess[], url: string): string[] {
  const path = url.split('?', 1)[0] as string
  return [...new Set(routes.filter(route => fits(route.url, path)).map(({ method }) => method))].sort()
}

function fits (pattern: string, path: string): boolean {
  const literal = pattern.split(/(:[A-Za-z_]+|\*)/).map((part, i) => i % 2 === 0 ? part.replace(/[.+?^${}()|[\]\\]/g, '\\$&') : part === '*' ? '.*' : '[^/]+')
  return new RegExp(`^${literal.join('')}$`).test(path)
}

/** What could not even be read as HTTP has no request and no route: one answer on the socket, then it is closed. */
export function answerSocket (error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const failure = error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
    ? new Failure('TIMED_OUT', 'the request did not arrive within its time limit')
    : error.code === 'HPE_HEADER_OVERFLOW'
      ? new Failure('HEADER_TOO_LARGE', 'the request head is larger than the limit')
      : new Failure('INPUT_INVALID', 'this is not HTTP')
  // 408 says that the client was slow, where TIMED_OUT elsewhere says that we were.
  const status = failure.code === 'TIMED_OUT' ? 408 : STATUS[failure.code]
  const body = JSON.stringify({ ...problem(failure, randomUUID()), status })
  if (socket.writable) {
    socket.write(`HTTP/1.1 ${status} ${failure.code}\r\nContent-Type: ${PROBLEM_MEDIA_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`)
  }
  socket.destroySoon()
}
