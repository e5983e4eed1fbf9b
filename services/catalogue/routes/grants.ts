import type { FastifyPluginAsync } from 'fastify'
import { schemaRef, type Allow } from '../../../platform/http/port.js'
import type { DeliveryListQuery } from '../../../schemas/http/delivery-list-query.v1.js'
import type { GrantAnswer } from '../../../schemas/http/grant.v1.js'
import type { GrantList } from '../../../schemas/http/grant-list.v1.js'
import type { GrantListQuery } from '../../../schemas/http/grant-list-query.v1.js'
import type { GrantParams } from '../../../schemas/http/grant-params.v1.js'
import type { WhyRequest } from '../../../schemas/http/why-request.v1.js'
import type { Clock } from '../../core/clock.js'
import { canonicalJson } from '../../core/json.js'
import { authorOf } from '../catalogue-log.js'
import type { Grants } from '../grants.js'
import { readerOf, requireScope } from './demands.js'
import { instantOf, JSON_TYPE } from './duties.js'

export interface GrantRoutesOptions { grants: Grants, clock: Clock, allow: Allow }

const PAGE = 50
const DELIVERIES = 100

/** What was granted: seen by both sides, pulled by the provider, suspended by the authority. */
export const grantRoutes: FastifyPluginAsync<GrantRoutesOptions> = async (app, { grants, clock, allow }) => {
  app.get<{ Querystring: GrantListQuery }>('/catalogue/grants', {
    onRequest: allow('demands:write', 'demands:decide'),
    schema: {
      tags: ['grants'],
      summary: '本单位的授权 Grants that one has, or gave',
      querystring: schemaRef('http/grant-list-query'),
      response: { 200: schemaRef('http/grant-list'), '4xx': schemaRef('http/problem') }
    }
  }, async ({ caller: { organisation }, query: { as = 'consumer', limit = PAGE, ...question } }): Promise<GrantList> => await grants.list({ ...question, organisation, as, limit }))

  app.get<{ Querystring: DeliveryListQuery }>('/catalogue/deliveries', {
    onRequest: allow('demands:write', 'demands:decide', 'catalogue:review'),
    schema: {
      tags: ['grants'],
      summary: '授权后是否按期提供共享 Whether what was granted was shared in time, now or then',
      description: 'Worked out of the events that came in, in canonical form. A page may hold fewer items than asked for where it is filtered by state.',
      querystring: schemaRef('http/delivery-list-query'),
      response: { 200: schemaRef('http/delivery-list'), '4xx': schemaRef('http/problem') }
    }
  }, async ({ caller, query: { at, limit = DELIVERIES, ...question } }, reply) => {
    const { organisation, all } = readerOf(caller)
    const own = question.owner === undefined && question.consumer === undefined && !all ? { consumer: organisation } : question
    if (own.owner !== organisation && own.consumer !== organisation) requireScope(caller, 'catalogue:review')
    return await reply.type(JSON_TYPE).send(canonicalJson(await grants.deliveries({ ...question, ...own, reader: organisation, limit, at: instantOf(at, clock) })))
  })

  app.get<{ Params: GrantParams }>('/catalogue/grants/:grantId', {
    onRequest: allow('demands:write', 'demands:decide', 'catalogue:review'),
    schema: {
      tags: ['grants'],
      summary: '授权及其状态 One grant and how it stands',
      params: schemaRef('http/grant-params'),
      response: { 200: schemaRef('http/grant'), '4xx': schemaRef('http/problem') }
    }
  }, async ({ caller, params: { grantId } }): Promise<GrantAnswer> => await grants.get(grantId, readerOf(caller)))

  const act = (summary: string): { schema: object } => ({
    schema: { tags: ['grants'], summary, params: schemaRef('http/grant-params'), body: schemaRef('http/why-request'), response: { 200: schemaRef('http/grant'), '4xx': schemaRef('http/problem') } }
  })

  app.post<{ Params: GrantParams, Body: WhyRequest }>('/catalogue/grants/:grantId/pull', {
    onRequest: allow('demands:decide'), ...act('收回授权，立即生效 Pull a grant; nothing leaves by it from now on')
  }, async ({ caller, params: { grantId }, body: { why } }) => await grants.pull(grantId, why, authorOf(caller)))

  app.post<{ Params: GrantParams, Body: WhyRequest }>('/catalogue/grants/:grantId/suspension', {
    onRequest: allow('catalogue:review'), ...act('暂停授权 Suspend a grant')
  }, async ({ caller, params: { grantId }, body: { why } }) => await grants.suspend(grantId, true, why, authorOf(caller)))

  app.post<{ Params: GrantParams, Body: WhyRequest }>('/catalogue/grants/:grantId/resumption', {
    onRequest: allow('catalogue:review'), ...act('恢复授权 Let a suspended grant go on')
  }, async ({ caller, params: { grantId }, body: { why } }) => await grants.suspend(grantId, false, why, authorOf(caller)))
}
