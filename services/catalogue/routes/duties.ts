import type { FastifyPluginAsync } from 'fastify'
import { schemaRef, type Allow } from '../../../platform/http/port.js'
import type { DutyEndRequest } from '../../../schemas/http/duty-end-request.v1.js'
import type { DutyListQuery } from '../../../schemas/http/duty-list-query.v1.js'
import type { DutyRequest } from '../../../schemas/http/duty-request.v1.js'
import type { DutyParams } from '../../../schemas/http/duty-params.v1.js'
import type { DutyQuery } from '../../../schemas/http/duty-query.v1.js'
import { parseInstant, type Clock } from '../../core/clock.js'
import { Failure } from '../../core/failure.js'
import { canonicalJson } from '../../core/json.js'
import { FAULT } from '../../core/violations.js'
import { authorOf } from '../catalogue-log.js'
import type { Duties } from '../duties.js'

export interface DutyRoutesOptions { duties: Duties, clock: Clock, allow: Allow }

const PAGE = 100
export const JSON_TYPE = 'application/json; charset=utf-8'

/** 数据共享责任清单: who owes what to whom, and how each duty stands. Answers are in canonical form, as the log gives them again. */
export const dutyRoutes: FastifyPluginAsync<DutyRoutesOptions> = async (app, { duties, clock, allow }) => {
  app.get<{ Querystring: DutyListQuery }>('/catalogue/duties', {
    onRequest: allow('catalogue:read'),
    schema: {
      tags: ['duties'],
      summary: '数据共享责任清单及履行状态 Responsibility items and how each stands, now or then',
      description: 'States are worked out of the events that came in. A page may hold fewer items than asked for where it is filtered by state.',
      querystring: schemaRef('http/duty-list-query'),
      response: { 200: schemaRef('http/duty-list'), '4xx': schemaRef('http/problem') }
    }
  }, async (request, reply) => {
    const { at, limit = PAGE, ...question } = request.query
    return await reply.type(JSON_TYPE).send(canonicalJson(await duties.list({ ...question, limit, at: instantOf(at, clock) })))
  })

  app.get<{ Params: DutyParams, Querystring: DutyQuery }>('/catalogue/duties/:itemId', {
    onRequest: allow('catalogue:read'),
    schema: {
      tags: ['duties'],
      summary: '责任项及履行状态 One responsibility item',
      params: schemaRef('http/duty-params'),
      querystring: schemaRef('http/duty-query'),
      response: { 200: schemaRef('http/duty'), '4xx': schemaRef('http/problem') }
    }
  }, async (request, reply) => await reply.type(JSON_TYPE).send(canonicalJson(await duties.get(request.params.itemId, instantOf(request.query.at, clock)))))

  app.put<{ Params: DutyParams, Body: DutyRequest }>('/catalogue/duties/:itemId', {
    onRequest: allow('catalogue:review'),
    schema: {
      tags: ['duties'],
      summary: '设定责任项 Set a responsibility item',
      params: schemaRef('http/duty-params'),
      body: schemaRef('http/duty-request'),
      response: { 200: schemaRef('http/duty'), '4xx': schemaRef('http/problem') }
    }
  }, async request => await duties.set(request.params.itemId, request.body, authorOf(request.caller)))

  app.post<{ Params: DutyParams, Body: DutyEndRequest }>('/catalogue/duties/:itemId/end', {
    onRequest: allow('catalogue:review'),
    schema: {
      tags: ['duties'],
      summary: '终止责任项 End a responsibility item',
      params: schemaRef('http/duty-params'),
      body: schemaRef('http/duty-end-request'),
      response: { 200: schemaRef('http/duty'), '4xx': schemaRef('http/problem') }
    }
  }, async request => await duties.end(request.params.itemId, request.body.why, authorOf(request.caller)))
}

/** @throws {Failure} INPUT_INVALID the text is no instant */
export function instantOf (text: string | undefined, clock: Clock): Date {
  if (text === undefined) return clock.now()
  const at = parseInstant(text)
  if (at === undefined) throw new Failure('INPUT_INVALID', 'at is no instant', { violations: [{ pointer: '/at', message: FAULT.noInstant }] })
  return at
}
