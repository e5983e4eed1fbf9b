import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { schemaRef, type Allow } from '../../../platform/http/port.js'
import type { AssertionRequest } from '../../../schemas/http/assertion-request.v1.js'
import type { QueryRequest } from '../../../schemas/http/query-request.v1.js'
import { aboutOf } from '../about.js'
import type { AssertionAnswer, Outcome, QueryAnswer, Question, SharedData } from '../types.js'

export interface QueryRoutesOptions { sharing: SharedData, allow: Allow }

/** Asking for shared data under a grant: values, or yes or no. Registered below /v1. */
export const queryRoutes: FastifyPluginAsync<QueryRoutesOptions> = async (app, { sharing, allow }) => {
  app.post<{ Body: QueryRequest }>('/queries', {
    onRequest: allow('queries:write'),
    schema: {
      tags: ['exchange'],
      summary: '按授权查询数据 Values under a grant',
      description: 'Only granted fields leave. Purpose, matter and case number go into the access record, which is durable before the answer leaves.',
      body: schemaRef('http/query-request'),
      response: { 200: schemaRef('http/query-answer'), '4xx': schemaRef('http/problem') }
    }
  }, async (request): Promise<QueryAnswer> => {
    note(request, request.body)
    return recorded(request, await sharing.query(request.body, request.caller))
  })

  app.post<{ Body: AssertionRequest }>('/assertions', {
    onRequest: allow('assertions:write'),
    schema: {
      tags: ['exchange'],
      summary: '按授权核验，只答是否 Yes or no under a grant',
      description: 'No value leaves: ask this where a yes or no will do.',
      body: schemaRef('http/assertion-request'),
      response: { 200: schemaRef('http/assertion-answer'), '4xx': schemaRef('http/problem') }
    }
  }, async (request): Promise<AssertionAnswer> => {
    note(request, request.body)
    return recorded(request, await sharing.assert(request.body, request.caller))
  })
}

function note ({ access }: FastifyRequest, question: Question): void {
  const { purpose, matter, caseNumber } = question
  Object.assign(access, { subject: aboutOf(question), purpose, matter, caseNumber })
}

function recorded <Answer> ({ access }: FastifyRequest, outcome: Outcome<Answer>): Answer {
  access.uses = [outcome.use]
  if ('refusal' in outcome) throw outcome.refusal
  return outcome.answer
}
