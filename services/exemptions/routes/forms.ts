import type { FastifyPluginAsync } from 'fastify'
import { schemaRef } from '../../../platform/http/port.js'
import type { FormCheckRequest } from '../../../schemas/http/form-check-request.v1.js'
import type { PrefillRequest } from '../../../schemas/http/prefill-request.v1.js'
import { answerOf, note, noteUses, type ExemptionRoutesOptions } from './exemptions.js'

/** Forms of matters: filled in from what the government holds, and checked before they are handed in. */
export const formRoutes: FastifyPluginAsync<ExemptionRoutesOptions> = async (app, { exemptions, allow }) => {
  const onRequest = allow('exemptions:write')
  const common = { tags: ['forms'], params: schemaRef('http/form-params') }
  const refusals = { '4xx': schemaRef('http/problem'), '5xx': schemaRef('http/problem') }

  app.post<{ Params: { matterId: string }, Body: PrefillRequest }>('/forms/:matterId/prefill', {
    onRequest,
    schema: {
      ...common,
      summary: '智能预填 Fill in a form from shared data and verified licences',
      description: 'Each field with its source and its time. Two origins that differ are a conflict: the field stays empty and both are shown.',
      body: schemaRef('http/prefill-request'),
      response: { 200: schemaRef('http/prefill-answer'), ...refusals }
    }
  }, async request => {
    const { params: { matterId }, body, caller } = request
    note(request, { ...body, matterId })
    return answerOf(await exemptions.prefill(matterId, body, caller, noteUses(request)))
  })

  app.post<{ Params: { matterId: string }, Body: FormCheckRequest }>('/forms/:matterId/checks', {
    onRequest,
    schema: {
      ...common,
      summary: '预审 Check a filled form: all findings at once, in words',
      description: 'Its shape, its rules and, where an applicant is given, what the registers say otherwise.',
      body: schemaRef('http/form-check-request'),
      response: { 200: schemaRef('http/form-check-answer'), ...refusals }
    }
  }, async request => {
    const { params: { matterId }, body, caller } = request
    const { applicant, purpose, caseNumber } = body
    if (applicant === undefined) Object.assign(request.access, { purpose, caseNumber, matter: matterId })
    else note(request, { applicant, purpose, caseNumber, matterId })
    return answerOf(await exemptions.checkForm(matterId, body, caller, noteUses(request)))
  })
}
