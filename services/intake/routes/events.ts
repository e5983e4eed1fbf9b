import type { FastifyPluginAsync } from 'fastify'
import { schemaRef } from '../../../platform/http/port.js'
import type { EventReceipt } from '../../../schemas/http/event-receipt.v1.js'
import { SIGNATURE_HTTP_HEADER } from '../../core/event.js'
import { Failure, type Violation } from '../../core/failure.js'
import { told } from '../../core/words.js'
import type { HandedIn } from '../index.js'
import type { IntakeRoutesOptions } from './index.js'

/** What one line of a batch may take: an event in base64url, its signature, and the names. */
const LINE = /^\{"event":"([A-Za-z0-9_-]+)","signature":"([\x21\x23-\x5b\x5d-\x7e]*)"\}\r?$/

/** Handing in events, one or many, and asking what became of one. */
export const eventRoutes: FastifyPluginAsync<IntakeRoutesOptions> = async (app, { intake, allow, batchBytes }) => {
  await app.register(async raw => {
    // Whatever it is, it is taken in as it came: what cannot be read goes to quarantine, where its source finds out why.
    raw.removeContentTypeParser(['application/json', 'application/cloudevents+json'])
    raw.addContentTypeParser(['application/json', 'application/cloudevents+json', 'application/jsonl'], { parseAs: 'buffer' }, async (_request: unknown, body: string | Buffer) => body)
    raw.post<{ Body: Buffer }>('/events', {
      onRequest: allow('events:write'),
      bodyLimit: batchBytes,
      schema: {
        tags: ['events'],
        summary: '提交已签名的事件 Hand in signed events',
        description: 'One event, its bytes as the body and the detached JWS over them in Event-Signature; or application/jsonl with one {"event":"<base64url>","signature":"<JWS>"} a line, written just so.',
        response: { 202: schemaRef('http/event-receipt'), '4xx': schemaRef('http/problem') }
      }
    }, async (request, reply): Promise<EventReceipt> => {
      request.access.organisation = request.caller.organisation
      const body = request.body ?? Buffer.alloc(0)
      const events = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() === 'application/jsonl'
        ? batchOf(body)
        : [{ value: body, signature: headerOf(request.headers[SIGNATURE_HTTP_HEADER]) }]
      const positions = await intake.receive(events, request.caller.organisation)
      reply.code(202)
      return { accepted: positions.map(({ partition, offset }) => ({ partition, offset })) }
    })
  })

  app.get<{ Params: { source: string, sequence: number } }>('/events/:source/:sequence', {
    onRequest: allow('events:read', 'quarantine:manage'),
    schema: {
      tags: ['events'],
      summary: '查询事件处理结果 What became of an event',
      params: schemaRef('http/event-params'),
      response: { 200: schemaRef('http/event-state'), '4xx': schemaRef('http/problem') }
    }
  }, async request => {
    const { sequence } = request.params
    const source = request.params.source.replace(/^urn:uscc:/, '')
    request.access.subject = { kind: 'event', id: `${source}/${sequence}` }
    const mayAskOfAll = request.caller.scopes.includes('quarantine:manage')
    const state = mayAskOfAll || source === request.caller.organisation ? await intake.stateOf(source, sequence) : undefined
    if (state === undefined) throw new Failure('NOT_FOUND', 'no such event of yours was taken in')
    return state
  })
}

function headerOf (value: string | string[] | undefined): string | undefined { return typeof value === 'string' ? value : undefined }

/**
 * A batch is written in one way only, so no line needs a JSON reader that might see it otherwise.
 * @throws {Failure} INPUT_INVALID with the lines that are not of that form
 */
function batchOf (body: Buffer): HandedIn[] {
  const lines = body.toString('latin1').split('\n')
  if (lines.at(-1) === '') lines.pop()
  const violations: Violation[] = []
  const events = lines.map((line, index): HandedIn => {
    const match = LINE.exec(line)
    const value = Buffer.from(match?.[1] ?? '', 'base64url')
    if (match === null || value.toString('base64url') !== match[1]) violations.push({ pointer: `/${index}`, message: told('不是 {"event":"<base64url>","signature":"<JWS>"}', 'is no {"event":"<base64url>","signature":"<JWS>"}') })
    return { value, signature: match?.[2] === '' ? undefined : match?.[2] }
  })
  if (events.length === 0) violations.push({ pointer: '', message: told('一个事件也没有', 'holds no event') })
  if (violations.length > 0) throw new Failure('INPUT_INVALID', 'the batch does not have the required shape', { violations })
  return events
}
