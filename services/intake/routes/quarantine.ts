import type { FastifyPluginAsync } from 'fastify'
import { schemaRef } from '../../../platform/http/port.js'
import type { QuarantineEntry as EntryAnswer } from '../../../schemas/http/quarantine-entry.v1.js'
import type { QuarantineList } from '../../../schemas/http/quarantine-list.v1.js'
import type { QuarantineReplayAnswer } from '../../../schemas/http/quarantine-replay-answer.v1.js'
import type { QuarantineReplayRequest } from '../../../schemas/http/quarantine-replay-request.v1.js'
import type { QuarantineReplayAllRequest } from '../../../schemas/http/quarantine-replay-all-request.v1.js'
import type { QuarantineDiscardRequest } from '../../../schemas/http/quarantine-discard-request.v1.js'
import type { Caller } from '../../core/caller.js'
import { Failure } from '../../core/failure.js'
import type { QuarantineEntry } from '../index.js'
import { REASONS } from '../reasons.js'
import type { IntakeRoutesOptions } from './index.js'

const COUNTED = 10_000

/** Refused events. Operators see why and where, and act; a source sees its own, and what they say. */
export const quarantineRoutes: FastifyPluginAsync<IntakeRoutesOptions> = async (app, { intake, allow }) => {
  app.get<{ Querystring: { cause?: string, limit?: number, after?: string } }>('/quarantine', {
    onRequest: allow('quarantine:manage', 'quarantine:read'),
    schema: {
      tags: ['quarantine'],
      summary: '列出被拒收的事件 List refused events',
      description: 'To operators: what stands open, oldest first, all or for one cause. To a source: its own, settled ones too, newest first; or what stands open for one cause, oldest first.',
      querystring: schemaRef('http/quarantine-query'),
      response: { 200: schemaRef('http/quarantine-list'), '4xx': schemaRef('http/problem') }
    }
  }, async ({ caller, query: { cause, limit = 100, after } }): Promise<QuarantineList> => {
    const from = { limit, ...(after === undefined ? {} : { after }) }
    const all = manages(caller)
    const owner = all ? {} : { owner: caller.organisation }
    const { items, next } = all || cause !== undefined
      ? await intake.quarantine.list({ ...from, ...owner, ...(cause === undefined ? {} : { cause }) })
      : await intake.quarantine.listOf(caller.organisation, from)
    return {
      items: items.map(shown),
      ...(next === undefined ? {} : { next }),
      ...(after === undefined ? { causes: await intake.quarantine.counts([...new Set([...Object.keys(REASONS), ...items.flatMap(({ causes }) => causes)])].filter(code => code !== '*'), COUNTED, owner.owner) } : {})
    }
  })

  app.get<{ Params: { id: string } }>('/quarantine/:id', {
    onRequest: allow('quarantine:manage', 'quarantine:read'),
    schema: {
      tags: ['quarantine'],
      summary: '查看拒收原因 Why one event was refused',
      params: schemaRef('http/quarantine-params'),
      response: { 200: schemaRef('http/quarantine-entry'), '4xx': schemaRef('http/problem') }
    }
  }, async (request): Promise<EntryAnswer> => {
    request.access.subject = { kind: 'event', id: request.params.id }
    const entry = await intake.entry(request.params.id)
    const own = entry.owner === request.caller.organisation
    // What is another's does not exist for him.
    if (!own && !manages(request.caller)) throw new Failure('NOT_FOUND', 'there is no such entry in quarantine')
    const neighbours = await intake.neighbours(entry)
    if (!own || !request.caller.scopes.includes('quarantine:read')) return { ...shown(entry), neighbours }
    const { value, signature } = await intake.original(entry)
    return { ...shown(entry), neighbours, event: Buffer.from(value).toString('base64url'), ...(signature === undefined ? {} : { signature }) }
  })

  app.post<{ Params: { id: string }, Body: QuarantineReplayRequest }>('/quarantine/:id/replay', {
    onRequest: allow('quarantine:manage', 'quarantine:replay-own'),
    schema: {
      tags: ['quarantine'],
      summary: '原因消除后重新检查 Judge one event anew',
      description: 'A source has its own judged again; only an operator takes reasons upon himself.',
      params: schemaRef('http/quarantine-params'),
      body: schemaRef('http/quarantine-replay-request'),
      response: { 202: schemaRef('http/quarantine-replay-answer'), '4xx': schemaRef('http/problem') }
    }
  }, async (request, reply): Promise<QuarantineReplayAnswer> => {
    const { reason, waive } = request.body
    request.access.subject = { kind: 'event', id: request.params.id }
    if (!manages(request.caller)) {
      const { owner } = await intake.entry(request.params.id)
      if (owner !== request.caller.organisation) throw new Failure('NOT_FOUND', 'there is no such entry in quarantine')
      if (waive !== undefined) throw new Failure('SCOPE_MISSING', 'only an operator takes a reason upon himself')
    }
    await intake.replay(request.params.id, { by: actor(request.caller), why: reason, ...(waive === undefined ? {} : { waive }) })
    reply.code(202)
    return { requested: 1, more: false }
  })

  app.post<{ Body: QuarantineReplayAllRequest }>('/quarantine/replay', {
    onRequest: allow('quarantine:manage', 'quarantine:replay-own'),
    schema: {
      tags: ['quarantine'],
      summary: '按原因批量重新检查 Judge anew all that stand open for one cause',
      description: 'To a source: its own.',
      body: schemaRef('http/quarantine-replay-all-request'),
      response: { 202: schemaRef('http/quarantine-replay-answer'), '4xx': schemaRef('http/problem') }
    }
  }, async (request, reply): Promise<QuarantineReplayAnswer> => {
    const { cause, reason } = request.body
    const answer = await intake.replayAll(cause, { by: actor(request.caller), why: reason, ...(manages(request.caller) ? {} : { owner: request.caller.organisation }) })
    reply.code(202)
    return answer
  })

  app.post<{ Params: { id: string }, Body: QuarantineDiscardRequest }>('/quarantine/:id/discard', {
    onRequest: allow('quarantine:manage'),
    schema: {
      tags: ['quarantine'],
      summary: '作废事件并说明理由 Put one event aside for good',
      params: schemaRef('http/quarantine-params'),
      body: schemaRef('http/quarantine-discard-request'),
      response: { 202: schemaRef('http/quarantine-replay-answer'), '4xx': schemaRef('http/problem') }
    }
  }, async (request, reply): Promise<QuarantineReplayAnswer> => {
    const { reason, skip } = request.body
    request.access.subject = { kind: 'event', id: request.params.id }
    await intake.discard(request.params.id, { by: actor(request.caller), why: reason, ...(skip === undefined ? {} : { skip }) })
    reply.code(202)
    return { requested: 1, more: false }
  })
}

function manages (caller: Caller): boolean { return caller.scopes.includes('quarantine:manage') }
function actor ({ client, organisation }: Caller): { client: string, organisation: string } { return { client, organisation } }

/** Without what serves the indexes alone. */
function shown ({ causes: _causes, owner: _owner, age: _age, through: _through, ...entry }: QuarantineEntry): EntryAnswer { return entry as EntryAnswer }
