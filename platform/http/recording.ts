import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../../services/core/clock.js'
import { Failure, type FailureCode } from '../../services/core/failure.js'
import { callerOf } from './allow.js'
import type { AccessNotes, AccessRecorder } from './port.js'
import { problem, PROBLEM_MEDIA_TYPE } from './problem.js'

interface State { notes: AccessNotes, code?: FailureCode, recorded: boolean, answering: boolean, contested: boolean }
const states = new WeakMap<FastifyRequest, State>()
function stateOf (request: FastifyRequest): State {
  let state = states.get(request)
  if (state === undefined) states.set(request, state = { notes: {}, recorded: false, answering: false, contested: false })
  return state
}

/** Keeps the code of a refusal for the record of this request. */
export function noteRefusal (request: FastifyRequest, code: FailureCode): void { stateOf(request).code = code }

/** Is an answer on its way, held up by its record alone? */
export function isAnswering (request: FastifyRequest): boolean { return stateOf(request).answering }

/** No release without a record: what a request to /v1 was and how it ended is durable before a byte of the answer leaves. */
export function recordAccess (app: FastifyInstance, recorder: AccessRecorder, clock: Clock): (request: FastifyRequest, status: number) => Promise<void> {
  const record = async (request: FastifyRequest, status: number): Promise<void> => {
    const state = stateOf(request)
    if (state.recorded || !concerns(request, status)) return
    const [caller, { notes }] = [callerOf(request), state]
    await recorder.record({
      requestId: request.id,
      at: clock.now(),
      method: request.method,
      route: patternOf(request),
      status,
      code: state.code ?? notes.code,
      address: request.ip,
      client: caller?.client ?? notes.client,
      organisation: caller?.organisation ?? notes.organisation,
      person: caller?.person?.id ?? notes.person,
      subject: notes.subject,
      purpose: notes.purpose,
      matter: notes.matter,
      caseNumber: notes.caseNumber,
      uses: notes.uses
    })
    state.recorded = true
  }

  app.decorateRequest('access', { getter (this: FastifyRequest) { return stateOf(this).notes } })
  app.addHook('onSend', async (request, reply, payload) => {
    const state = stateOf(request)
    if (state.answering) { // what leaves is being written down already: there is no second answer
      state.contested = true
      return await new Promise(() => {})
    }
    state.answering = true
    const [status, headers] = [reply.statusCode, reply.getHeaders()]
    try {
      await record(request, status)
      if (state.contested) { // whoever came second has set his own
        reply.code(status)
        for (const name of Object.keys(reply.getHeaders())) if (!Object.hasOwn(headers, name)) reply.removeHeader(name)
      }
      return payload
    } catch (cause) {
      request.log.error(cause, 'the access record could not be kept')
      return withhold(request, reply, payload)
    } finally { state.answering = false }
  })
  return record
}

/** Takes back an answer that was ready: its body, and its headers, which may tell as much. */
function withhold (request: FastifyRequest, reply: FastifyReply, payload: unknown): string {
  if (isStream(payload)) payload.destroy()
  for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name)
  const failure = new Failure('ACCESS_RECORD_UNAVAILABLE', 'the answer was withheld, since its record could not be kept')
  const document = problem(failure, request.id)
  reply.code(document.status).headers({
    'content-type': PROBLEM_MEDIA_TYPE, 'cache-control': 'no-store', 'retry-after': '5', 'x-content-type-options': 'nosniff'
  })
  return JSON.stringify(document)
}

function isStream (payload: unknown): payload is Readable {
  return typeof (payload as Partial<Readable> | null)?.destroy === 'function'
}

export function patternOf (request: FastifyRequest): string { return request.routeOptions.url ?? 'unmatched' }

/**
 * The pattern decides where there is one: an address may spell /v1 with percent signs. What a page shows it asks of /v1, where that
 * is recorded; a page that was refused asked nothing, and is recorded itself.
 */
function concerns (request: FastifyRequest, status: number): boolean {
  if (request.routeOptions.config?.page === true) return status >= 400
  return /^\/v1(?:[/?]|$)/.test(request.routeOptions.url ?? request.url)
}
