import type { FastifyPluginAsync } from 'fastify'
import { schemaRef, type Allow } from '../../../platform/http/port.js'
import type { DecisionRequest } from '../../../schemas/http/decision-request.v1.js'
import type { Demand } from '../../../schemas/http/demand.v1.js'
import type { DemandList } from '../../../schemas/http/demand-list.v1.js'
import type { DemandListQuery } from '../../../schemas/http/demand-list-query.v1.js'
import type { DemandParams } from '../../../schemas/http/demand-params.v1.js'
import type { DemandRequest } from '../../../schemas/http/demand-request.v1.js'
import type { ExtensionConsent } from '../../../schemas/http/extension-consent.v1.js'
import type { ExtensionRequest } from '../../../schemas/http/extension-request.v1.js'
import type { SupplementRequest } from '../../../schemas/http/supplement-request.v1.js'
import type { Supplement } from '../../../schemas/http/supplement.v1.js'
import type { WhyRequest } from '../../../schemas/http/why-request.v1.js'
import type { Caller, Scope } from '../../core/caller.js'
import { Failure } from '../../core/failure.js'
import { authorOf } from '../catalogue-log.js'
import type { Demands } from '../demands.js'

export interface DemandRoutesOptions { demands: Demands, allow: Allow }

const PAGE = 50

/** Asking for data, and what is done about it. Each step is for one side alone. */
export const demandRoutes: FastifyPluginAsync<DemandRoutesOptions> = async (app, { demands, allow }) => {
  const reading = { onRequest: allow('demands:write', 'demands:decide', 'catalogue:review') }

  app.post<{ Body: DemandRequest }>('/catalogue/demands', {
    onRequest: allow('demands:write'),
    schema: {
      tags: ['demands'],
      summary: '提出数据共享申请 Ask for data',
      body: schemaRef('http/demand-request'),
      response: { 201: schemaRef('http/demand'), '4xx': schemaRef('http/problem') }
    }
  }, async (request, reply): Promise<Demand> => {
    request.access.purpose = request.body.purpose
    const demand = await demands.make(request.body, authorOf(request.caller))
    reply.code(201).header('location', `/v1/catalogue/demands/${demand.demandId}`)
    return demand
  })

  app.get<{ Querystring: DemandListQuery }>('/catalogue/demands', {
    ...reading,
    schema: {
      tags: ['demands'],
      summary: '数据共享申请列表 Demands made, or made of one, or all for the authority',
      querystring: schemaRef('http/demand-list-query'),
      response: { 200: schemaRef('http/demand-list'), '4xx': schemaRef('http/problem') }
    }
  }, async ({ caller, query: { as, limit = PAGE, ...question } }): Promise<DemandList> => {
    const side = as ?? (caller.scopes.includes('demands:write') ? 'consumer' : 'manager')
    if (side === 'manager') requireScope(caller, 'catalogue:review')
    return await demands.list({ ...question, side, organisation: caller.organisation, limit })
  })

  app.get<{ Params: DemandParams }>('/catalogue/demands/:demandId', {
    ...reading,
    schema: {
      tags: ['demands'],
      summary: '数据共享申请及时限 One demand and its clock',
      params: schemaRef('http/demand-params'),
      response: { 200: schemaRef('http/demand'), '4xx': schemaRef('http/problem') }
    }
  }, async ({ caller, params: { demandId } }): Promise<Demand> => await demands.get(demandId, readerOf(caller)))

  const step = (summary: string, body: string): { schema: object } => ({
    schema: { tags: ['demands'], summary, params: schemaRef('http/demand-params'), body: schemaRef(body), response: { 200: schemaRef('http/demand'), '4xx': schemaRef('http/problem') } }
  })

  app.post<{ Params: DemandParams, Body: SupplementRequest }>('/catalogue/demands/:demandId/supplement-requests', {
    onRequest: allow('demands:decide'), ...step('一次性告知需补充的材料 Tell all papers that are missing', 'http/supplement-request')
  }, async ({ caller, params: { demandId }, body: { missing, why } }) => await demands.askPapers(demandId, missing, why, authorOf(caller)))

  app.post<{ Params: DemandParams, Body: Supplement }>('/catalogue/demands/:demandId/supplements', {
    onRequest: allow('demands:write'), ...step('补充材料 Hand in papers that were asked for', 'http/supplement')
  }, async ({ caller, params: { demandId }, body: { papers, why } }) => await demands.handInPapers(demandId, papers, why, authorOf(caller)))

  app.post<{ Params: DemandParams, Body: ExtensionRequest }>('/catalogue/demands/:demandId/extensions', {
    onRequest: allow('demands:decide'), ...step('申请延长答复期限 Ask the authority for more time', 'http/extension-request')
  }, async ({ caller, params: { demandId }, body: { count, why } }) => await demands.askExtension(demandId, count, why, authorOf(caller)))

  app.post<{ Params: DemandParams, Body: ExtensionConsent }>('/catalogue/demands/:demandId/extension-consents', {
    onRequest: allow('catalogue:review'), ...step('主管部门同意或不同意延长 The authority agrees to more time, or not', 'http/extension-consent')
  }, async ({ caller, params: { demandId }, body: { agreed, why } }) => await demands.answerExtension(demandId, agreed, why, authorOf(caller)))

  app.post<{ Params: DemandParams, Body: DecisionRequest }>('/catalogue/demands/:demandId/decisions', {
    onRequest: allow('demands:decide'), ...step('答复：全部或部分同意，或不予同意 Grant whole or in part, or refuse', 'http/decision-request')
  }, async ({ caller, params: { demandId }, body }) => await demands.decide(demandId, body, authorOf(caller)))

  app.post<{ Params: DemandParams, Body: WhyRequest }>('/catalogue/demands/:demandId/withdrawals', {
    onRequest: allow('demands:write'), ...step('撤回申请 Withdraw a demand', 'http/why-request')
  }, async ({ caller, params: { demandId }, body: { why } }) => await demands.withdraw(demandId, why, authorOf(caller)))
}

/** Either side, or the authority, which sees all. */
export function readerOf ({ organisation, scopes }: Caller): { organisation: string, all: boolean } { return { organisation, all: scopes.includes('catalogue:review') } }

/** @throws {Failure} SCOPE_MISSING */
export function requireScope ({ scopes }: Caller, scope: Scope): void { if (!scopes.includes(scope)) throw new Failure('SCOPE_MISSING', `this needs the scope ${scope}`) }
