import type { FastifyPluginAsync } from 'fastify'
import { schemaRef, type Allow } from '../../../platform/http/port.js'
import type { Correction } from '../../../schemas/http/correction.v1.js'
import type { CorrectionAnswer } from '../../../schemas/http/correction-answer.v1.js'
import type { CorrectionList } from '../../../schemas/http/correction-list.v1.js'
import type { CorrectionListQuery } from '../../../schemas/http/correction-list-query.v1.js'
import type { CorrectionParams } from '../../../schemas/http/correction-params.v1.js'
import type { CorrectionRequest } from '../../../schemas/http/correction-request.v1.js'
import type { WhyRequest } from '../../../schemas/http/why-request.v1.js'
import { authorOf } from '../catalogue-log.js'
import type { Corrections } from '../corrections.js'
import { readerOf, requireScope } from './demands.js'

export interface CorrectionRoutesOptions { corrections: Corrections, allow: Allow }

const PAGE = 50

/** 校核: asking a provider to verify an item, and its answer. */
export const correctionRoutes: FastifyPluginAsync<CorrectionRoutesOptions> = async (app, { corrections, allow }) => {
  const reading = { onRequest: allow('demands:write', 'demands:decide', 'catalogue:review') }

  app.post<{ Body: CorrectionRequest }>('/catalogue/corrections', {
    onRequest: allow('demands:write'),
    schema: {
      tags: ['corrections'],
      summary: '提出数据校核申请 Ask a provider to verify an item',
      body: schemaRef('http/correction-request'),
      response: { 201: schemaRef('http/correction'), '4xx': schemaRef('http/problem') }
    }
  }, async (request, reply): Promise<Correction> => {
    const { subject, caseNumber } = request.body
    Object.assign(request.access, { subject: { kind: /^\d{17}[\dX]$/.test(subject) ? 'person' : 'organisation', id: subject }, ...(caseNumber === undefined ? {} : { caseNumber }) })
    const correction = await corrections.ask(request.body, authorOf(request.caller))
    reply.code(201).header('location', `/v1/catalogue/corrections/${correction.correctionId}`)
    return correction
  })

  app.get<{ Querystring: CorrectionListQuery }>('/catalogue/corrections', {
    ...reading,
    schema: {
      tags: ['corrections'],
      summary: '数据校核申请列表 Requests to verify',
      querystring: schemaRef('http/correction-list-query'),
      response: { 200: schemaRef('http/correction-list'), '4xx': schemaRef('http/problem') }
    }
  }, async ({ caller, query: { as, limit = PAGE, ...question } }): Promise<CorrectionList> => {
    const side = as ?? (caller.scopes.includes('demands:write') ? 'asker' : 'manager')
    if (side === 'manager') requireScope(caller, 'catalogue:review')
    return await corrections.list({ ...question, side, organisation: caller.organisation, limit })
  })

  app.get<{ Params: CorrectionParams }>('/catalogue/corrections/:correctionId', {
    ...reading,
    schema: {
      tags: ['corrections'],
      summary: '数据校核申请及时限 One request to verify and its clock',
      params: schemaRef('http/correction-params'),
      response: { 200: schemaRef('http/correction'), '4xx': schemaRef('http/problem') }
    }
  }, async ({ caller, params: { correctionId } }): Promise<Correction> => await corrections.get(correctionId, readerOf(caller)))

  app.post<{ Params: CorrectionParams, Body: CorrectionAnswer }>('/catalogue/corrections/:correctionId/answers', {
    onRequest: allow('demands:decide', 'catalogue:review'),
    schema: {
      tags: ['corrections'],
      summary: '答复数据校核申请 Answer a request to verify',
      description: 'By the provider or issuer; by the catalogue\'s authority once their time has run out.',
      params: schemaRef('http/correction-params'),
      body: schemaRef('http/correction-answer'),
      response: { 200: schemaRef('http/correction'), '4xx': schemaRef('http/problem') }
    }
  }, async ({ caller, params: { correctionId }, body: { outcome, why } }): Promise<Correction> => await corrections.reply(correctionId, outcome, why, authorOf(caller), { standsIn: caller.scopes.includes('catalogue:review') }))

  app.post<{ Params: CorrectionParams, Body: WhyRequest }>('/catalogue/corrections/:correctionId/withdrawal', {
    onRequest: allow('demands:write'),
    schema: {
      tags: ['corrections'],
      summary: '撤回数据校核申请 Withdraw a request to verify',
      description: 'By who asked. What was flagged counts again.',
      params: schemaRef('http/correction-params'),
      body: schemaRef('http/why-request'),
      response: { 200: schemaRef('http/correction'), '4xx': schemaRef('http/problem') }
    }
  }, async ({ caller, params: { correctionId }, body: { why } }): Promise<Correction> => await corrections.withdraw(correctionId, why, authorOf(caller)))
}
