import type { FastifyPluginAsync } from 'fastify'
import { schemaRef, type Allow } from '../../../platform/http/port.js'
import type { Resource } from '../../../schemas/documents/resource.v1.js'
import type { ResourceAnswer } from '../../../schemas/http/resource-answer.v1.js'
import type { ResourceDescribeRequest } from '../../../schemas/http/resource-describe-request.v1.js'
import type { ResourceHistory } from '../../../schemas/http/resource-history.v1.js'
import type { ResourceList } from '../../../schemas/http/resource-list.v1.js'
import type { ResourceListQuery } from '../../../schemas/http/resource-list-query.v1.js'
import type { ResourceReviewRequest } from '../../../schemas/http/resource-review-request.v1.js'
import type { ResourceSummary } from '../../../schemas/http/resource-summary.v1.js'
import type { Caller } from '../../core/caller.js'
import type { Clock } from '../../core/clock.js'
import { Failure } from '../../core/failure.js'
import type { ResourceId } from '../../core/identifiers.js'
import { scanned } from '../../core/scan.js'
import { told } from '../../core/words.js'
import { dcatCatalogue } from '../dcat.js'
import { askedInstant } from '../instants.js'
import { stateOf, type ListQuestion, type ResourceDocument, type Resources } from '../resources.js'

export interface ResourceRoutesOptions { resources: Resources, clock: Clock, allow: Allow }
interface ById { Params: { resourceId: ResourceId } }

const PAGE = 50
const problems = { '4xx': schemaRef('http/problem'), '5xx': schemaRef('http/problem') }

/** The catalogue's resources: what is held, and on which terms it is shared. Registered below /v1. */
export const resourceRoutes: FastifyPluginAsync<ResourceRoutesOptions> = async (app, { resources, clock, allow }) => {
  app.get<{ Querystring: ResourceListQuery }>('/catalogue/resources', {
    onRequest: allow('catalogue:read'),
    schema: {
      tags: ['catalogue'],
      summary: '检索数据目录，可查任一过去日期 Find resources, now or as of a past day',
      description: 'With words: hits in the title first. Without: by identifier. What waits for review is listed to its provider, and to reviewers.',
      querystring: schemaRef('http/resource-list-query'),
      response: { 200: schemaRef('http/resource-list'), ...problems }
    }
  }, async ({ query, caller }): Promise<ResourceList> => {
    const { state = 'published', at: asked, limit = PAGE, ...question } = query
    const at = askedInstant(asked, clock.now())
    if (state === 'published') {
      const { items, ...page } = await resources.list({ ...question, limit, ...(at === undefined ? {} : { at }) } as ListQuestion)
      return { items: items.map(document => summaryOf(document, 'published')), ...page, ...(at === undefined ? {} : { at: at.toISOString() }) }
    }
    const { after, ...others } = question
    if (at !== undefined || Object.keys(others).some(name => name !== 'provider')) throw new Failure('INPUT_INVALID', 'what is not published is listed as it stands, all of it or one provider\'s')
    const provider = caller.scopes.includes('catalogue:review') ? question.provider : caller.organisation // others see their own alone
    const { items, next } = await resources.queue(state, { limit, ...(provider === undefined ? {} : { provider }), ...(after === undefined ? {} : { after }) })
    return { items: items.map(document => summaryOf(document, state === 'waiting' ? 'described' : state)), ...(next === undefined ? {} : { next }) }
  })

  app.get<{ Querystring: { limit?: number, after?: string } }>('/catalogue/dcat', {
    onRequest: allow('catalogue:read'),
    schema: {
      tags: ['catalogue'],
      summary: '以 DCAT 3（JSON-LD）导出已发布的目录 The published catalogue as DCAT 3 in JSON-LD',
      querystring: schemaRef('http/history-query'),
      response: { 200: { description: 'A dcat:Catalog; `Link` with rel="next" leads on.', content: { 'application/ld+json': { schema: schemaRef('http/dcat-catalogue') } } }, ...problems }
    }
  }, async ({ query: { limit = 100, after } }, reply) => {
    const { items, next } = await resources.list({ limit, ...(after === undefined ? {} : { after }) })
    const address = next === undefined ? undefined : `/v1/catalogue/dcat?limit=${limit}&after=${encodeURIComponent(next)}`
    if (address !== undefined) reply.header('link', `<${address}>; rel="next"`)
    reply.type('application/ld+json; charset=utf-8')
    return dcatCatalogue(items, address)
  })

  app.get<ById & { Querystring: { at?: string } }>('/catalogue/resources/:resourceId', {
    onRequest: allow('catalogue:read'),
    schema: {
      tags: ['catalogue'],
      summary: '查看一个数据资源，可查任一过去日期 One resource, now or as of a past day',
      params: schemaRef('http/resource-params'),
      querystring: schemaRef('http/resource-query'),
      response: { 200: schemaRef('http/resource-answer'), ...problems }
    }
  }, async ({ params, query, caller }): Promise<ResourceAnswer> => {
    const at = askedInstant(query.at, clock.now())
    const document = await resources.get(params.resourceId, at)
    return { ...shown(document, caller), ...(at === undefined ? {} : { at: at.toISOString() }) }
  })

  app.get<ById & { Querystring: { limit?: number, after?: string } }>('/catalogue/resources/:resourceId/history', {
    onRequest: allow('catalogue:read'),
    schema: {
      tags: ['catalogue'],
      summary: '查看变更历史：谁、何时、为何 Who changed it, when and why',
      params: schemaRef('http/resource-params'),
      querystring: schemaRef('http/history-query'),
      response: { 200: schemaRef('http/resource-history'), ...problems }
    }
  }, async ({ params: { resourceId }, query: { limit = PAGE, after }, caller }): Promise<ResourceHistory> => {
    shown(await resources.get(resourceId), caller)
    return await scanned({ limit, after }, async page => { // page by page, since an empty one would tell that there is a draft
      const { items, next } = await resources.history(resourceId, page)
      return { items: items.filter(({ last, provider }) => seesDrafts(caller, provider) || last.type === 'published' || last.type === 'withdrawn').map(line), looked: items.length, next }
    })
  })

  app.put<ById & { Body: ResourceDescribeRequest }>('/catalogue/resources/:resourceId', {
    onRequest: allow('catalogue:write'),
    schema: {
      tags: ['catalogue'],
      summary: '编制或变更本单位的数据资源，等待审核 Describe a resource of one\'s own; it waits for review',
      params: schemaRef('http/resource-params'),
      body: schemaRef('http/resource-describe-request'),
      response: { 200: schemaRef('http/resource-answer'), ...problems }
    }
  }, async ({ params: { resourceId }, body: { resource, why, replaces }, caller }): Promise<ResourceAnswer> => {
    if (resource.resourceId !== resourceId) throw new Failure('INPUT_INVALID', 'address and description name two resources', { violations: [{ pointer: '/resource/resourceId', message: told('与地址里的不一致', 'is not that of the address') }] })
    return shown(await resources.describe(resource, { caller, why, ...(replaces === undefined ? {} : { replaces }) }), caller)
  })

  app.post<ById & { Body: ResourceReviewRequest }>('/catalogue/resources/:resourceId/review', {
    onRequest: allow('catalogue:review'),
    schema: {
      tags: ['catalogue'],
      summary: '审核：发布或退回 Review: publish, or send back with the reason',
      params: schemaRef('http/resource-params'),
      body: schemaRef('http/resource-review-request'),
      response: { 200: schemaRef('http/resource-answer'), ...problems }
    }
  }, async ({ params, body, caller }): Promise<ResourceAnswer> => shown(await resources.review(params.resourceId, { caller, ...body }), caller))

  app.post<ById & { Body: { why: string } }>('/catalogue/resources/:resourceId/withdrawal', {
    onRequest: allow('catalogue:write'),
    schema: {
      tags: ['catalogue'],
      summary: '撤下本单位的数据资源 Withdraw a resource of one\'s own',
      params: schemaRef('http/resource-params'),
      body: schemaRef('http/resource-withdrawal-request'),
      response: { 200: schemaRef('http/resource-answer'), ...problems }
    }
  }, async ({ params, body, caller }): Promise<ResourceAnswer> => shown(await resources.withdraw(params.resourceId, { caller, ...body }), caller))
}

function seesDrafts (caller: Caller, provider: string): boolean { return provider === caller.organisation || caller.scopes.includes('catalogue:review') }

/** @throws {Failure} RESOURCE_UNKNOWN it was never published, and the caller may not see drafts */
function shown (document: ResourceDocument, caller: Caller): ResourceAnswer {
  const { id, version, providerName, provider, changedAt, published, draft, withdrawn } = document
  const all = seesDrafts(caller, provider)
  if (published === undefined && !all) throw new Failure('RESOURCE_UNKNOWN', 'the catalogue holds no such resource, or it is not for you to see yet')
  return {
    resourceId: id,
    standing: {
      version,
      providerName,
      state: stateOf(document),
      changedAt,
      ...(published === undefined ? {} : { published: { at: published.at, by: published.by, describedAt: published.describedAt } }),
      ...(withdrawn === undefined ? {} : { withdrawn })
    },
    ...(published === undefined ? {} : { resource: published.resource }),
    ...(draft === undefined || !all ? {} : { draft })
  }
}

function line ({ version, last, draft, published }: ResourceDocument): ResourceHistory['items'][number] {
  const resource = last.type === 'described' ? draft?.resource : last.type === 'published' ? published?.resource : undefined
  return { version, ...last, ...(resource === undefined ? {} : { resource }) }
}

function summaryOf ({ id, version, providerName, changedAt, published, draft }: ResourceDocument, state: ResourceSummary['state']): ResourceSummary {
  const { title, summary, provider, region, updateCycle, sharing } = (state === 'described' || state === 'returned' ? draft ?? published : published)?.resource as Resource
  return { resourceId: id, title, summary, provider, providerName, region, updateCycle, sharing: sharing.class, state, version, changedAt }
}
