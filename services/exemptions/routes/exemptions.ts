import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { schemaRef, type AccessSubject, type Allow } from '../../../platform/http/port.js'
import type { CommitmentRequest } from '../../../schemas/http/commitment-request.v1.js'
import type { ExemptionListQuery } from '../../../schemas/http/exemption-list-query.v1.js'
import type { ExemptionRequest } from '../../../schemas/http/exemption-request.v1.js'
import type { MaterialRefusalRequest } from '../../../schemas/http/material-refusal-request.v1.js'
import type { RecheckRequest } from '../../../schemas/http/recheck-request.v1.js'
import type { ValueFlagRequest } from '../../../schemas/http/value-flag-request.v1.js'
import type { Answered, Exemptions, NoteUses } from '../index.js'

export interface ExemptionRoutesOptions { exemptions: Exemptions, allow: Allow }

type OnCase = { Params: { caseId: string } }
type OnMaterial<Body = undefined> = { Params: { caseId: string, materialId: string }, Body: Body }

const CASE = { 200: schemaRef('http/exemption-case'), '4xx': schemaRef('http/problem'), '5xx': schemaRef('http/problem') }
const TAGS = ['exemptions']

/** Which materials an applicant need not hand in, and what became of each. */
export const exemptionRoutes: FastifyPluginAsync<ExemptionRoutesOptions> = async (app, { exemptions, allow }) => {
  const onRequest = allow('exemptions:write')

  app.post<{ Body: ExemptionRequest }>('/exemptions', {
    onRequest,
    schema: {
      tags: TAGS,
      summary: '免于提交：哪些材料不用交 Which materials may be skipped',
      description: 'Opens a case. Each material comes out as skip, submit, commit or undecided, with a reason, its source and how fresh that is; where a licence spares it, with the receipt of its verdict.',
      body: schemaRef('http/exemption-request'),
      response: CASE
    }
  }, async request => {
    note(request, request.body)
    return answerOf(await exemptions.decide(request.body, request.caller, noteUses(request)))
  })

  app.get<{ Querystring: ExemptionListQuery }>('/exemptions', {
    onRequest,
    schema: {
      tags: TAGS,
      summary: '本单位的办件 Cases of one\'s own organisation, the latest first',
      querystring: schemaRef('http/exemption-list-query'),
      response: { 200: schemaRef('http/exemption-list'), '4xx': schemaRef('http/problem') }
    }
  }, async ({ caller, query: { only, limit = 50, after } }) => {
    const page = { limit, ...(after === undefined ? {} : { after }) }
    return only === 'unfinished' ? await exemptions.unfinished(caller, page) : await exemptions.list(caller, page)
  })

  app.get<OnCase>('/exemptions/:caseId', {
    onRequest,
    schema: { tags: TAGS, summary: '查看一次办理 One case', params: schemaRef('http/exemption-params'), response: CASE }
  }, async request => {
    await noteCase(request)
    return await exemptions.get(request.params.caseId, request.caller)
  })

  app.get<OnCase>('/exemptions/:caseId/explanation', {
    onRequest,
    schema: {
      tags: TAGS,
      summary: '为什么：完整的判断过程 Why: the whole tree, each leaf with a next step',
      params: schemaRef('http/exemption-params'),
      response: { 200: schemaRef('http/exemption-explanation'), '4xx': schemaRef('http/problem') }
    }
  }, async request => {
    await noteCase(request)
    return await exemptions.explain(request.params.caseId, request.caller)
  })

  app.post<OnMaterial<MaterialRefusalRequest>>('/exemptions/:caseId/materials/:materialId/refusals', {
    onRequest,
    schema: { tags: TAGS, summary: '申请人改为自己提交 The applicant hands in the original instead', params: schemaRef('http/exemption-material-params'), body: schemaRef('http/material-refusal-request'), response: CASE }
  }, async request => {
    await noteCase(request)
    const { params: { caseId, materialId }, body: { reason }, caller } = request
    return await exemptions.refuse(caseId, materialId, reason, caller)
  })

  app.get<OnMaterial>('/exemptions/:caseId/materials/:materialId/flaggable', {
    onRequest,
    schema: {
      tags: TAGS,
      summary: '哪些数据可以提出校核 What of a material can be flagged, by name',
      params: schemaRef('http/exemption-material-params'),
      response: { 200: schemaRef('http/flaggable-list'), '4xx': schemaRef('http/problem'), '5xx': schemaRef('http/problem') }
    }
  }, async request => {
    await noteCase(request)
    const { params: { caseId, materialId }, caller } = request
    return await exemptions.flaggable(caseId, materialId, caller, noteUses(request))
  })

  app.post<OnMaterial<ValueFlagRequest>>('/exemptions/:caseId/materials/:materialId/flags', {
    onRequest,
    schema: { tags: TAGS, summary: '数据不对，提出校核 The data is wrong: ask its provider to correct it', params: schemaRef('http/exemption-material-params'), body: schemaRef('http/value-flag-request'), response: CASE }
  }, async request => {
    await noteCase(request)
    const { params: { caseId, materialId }, body, caller } = request
    return await exemptions.flag(caseId, materialId, body, caller, noteUses(request))
  })

  app.post<OnMaterial<CommitmentRequest>>('/exemptions/:caseId/materials/:materialId/commitments', {
    onRequest,
    schema: { tags: TAGS, summary: '签署告知承诺或容缺承诺 A commitment, in the words that bind', params: schemaRef('http/exemption-material-params'), body: schemaRef('http/commitment-request'), response: CASE }
  }, async request => {
    await noteCase(request)
    const { params: { caseId, materialId }, body, caller } = request
    return await exemptions.commit(caseId, materialId, body, caller)
  })

  app.post<OnMaterial<RecheckRequest>>('/exemptions/:caseId/materials/:materialId/rechecks', {
    onRequest,
    schema: { tags: TAGS, summary: '重查 Ask its sources again', params: schemaRef('http/exemption-material-params'), body: schemaRef('http/recheck-request'), response: CASE }
  }, async request => {
    await noteCase(request)
    const { params: { caseId, materialId }, body: { reason = '重查' }, caller } = request
    return answerOf(await exemptions.recheck(caseId, materialId, reason, caller, noteUses(request)))
  })

  async function noteCase (request: FastifyRequest<OnCase>): Promise<void> {
    note(request, await exemptions.about(request.params.caseId, request.caller))
  }
}

export function note (request: FastifyRequest, { applicant, purpose, caseNumber, matterId }: { applicant: { kind: string, code: string }, purpose: string, caseNumber: string, matterId?: string }): void {
  const subject: AccessSubject = { kind: applicant.kind === 'natural' ? 'person' : 'organisation', id: applicant.code }
  Object.assign(request.access, { subject, purpose, caseNumber, ...(matterId === undefined ? {} : { matter: matterId }) })
}

/** Every source that was read stands in the record of the request, also where no answer came of it. */
export function noteUses ({ access }: FastifyRequest): NoteUses { return uses => { access.uses = uses } }
export function answerOf<T> ({ answer }: Answered<T>): T { return answer }
