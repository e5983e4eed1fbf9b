import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { schemaRef, type Allow } from '../../../platform/http/port.js'
import type { SubscriptionComparison } from '../../../schemas/http/subscription-comparison.v1.js'
import type { SubscriptionComparisonRequest } from '../../../schemas/http/subscription-comparison-request.v1.js'
import type { SubscriptionRequest } from '../../../schemas/http/subscription-request.v1.js'
import { Failure } from '../../core/failure.js'
import { told } from '../../core/words.js'
import type { DaySummary, DeliveryPage, Noted, Subscribing } from '../subscribing.js'
import type { Subscription } from '../subscription-log.js'

export interface SubscriptionRoutesOptions { sharing: Subscribing, allow: Allow }

const PAGE = 50

/** Receiving a region's records (回流), and finding out whether all arrived. Registered below /v1. */
export const subscriptionRoutes: FastifyPluginAsync<SubscriptionRoutesOptions> = async (app, { sharing, allow }) => {
  const schema = { tags: ['exchange'], params: schemaRef('http/subscription-params') }

  app.post<{ Body: SubscriptionRequest }>('/subscriptions', {
    onRequest: allow('subscriptions:read'),
    schema: {
      tags: ['exchange'],
      summary: '订阅一地数据回流 Receive the records of a region',
      description: 'The same terms make the same subscription, however often they are sent.',
      body: schemaRef('http/subscription-request'),
      response: { 201: schemaRef('http/subscription'), '4xx': schemaRef('http/problem') }
    }
  }, async (request, reply): Promise<Subscription> => {
    const { purpose, matter } = request.body
    Object.assign(request.access, { purpose, ...(matter === undefined ? {} : { matter }) })
    const subscription = await sharing.subscribe(request.body, request.caller, noted(request))
    reply.code(201)
    return subscription
  })

  app.get<{ Querystring: { after?: string, limit?: number } }>('/subscriptions', {
    onRequest: allow('subscriptions:read'),
    schema: {
      tags: ['exchange'],
      summary: '本单位的订阅 Subscriptions of your organisation',
      querystring: schemaRef('http/page-query'),
      response: { 200: schemaRef('http/subscription-list'), '4xx': schemaRef('http/problem') }
    }
  }, async ({ caller, query: { limit = PAGE, after } }) => await sharing.subscriptionsOf(caller, { limit, ...(after === undefined ? {} : { after }) }))

  app.delete<{ Params: { subscriptionId: string } }>('/subscriptions/:subscriptionId', {
    onRequest: allow('subscriptions:read'),
    schema: { ...schema, summary: '停止订阅 End a subscription', response: { 204: { type: 'null' }, '4xx': schemaRef('http/problem') } }
  }, async (request, reply) => {
    await sharing.unsubscribe(request.params.subscriptionId, request.caller)
    return await reply.code(204).send()
  })

  app.get<{ Params: { subscriptionId: string }, Querystring: { after?: string, limit?: number } }>('/subscriptions/:subscriptionId/rows', {
    onRequest: allow('subscriptions:read'),
    schema: {
      ...schema,
      summary: '按序领取数据 Records of the region, from a position on',
      querystring: schemaRef('http/subscription-rows-query'),
      response: { 200: schemaRef('http/subscription-rows'), '4xx': schemaRef('http/problem') }
    }
  }, async (request): Promise<DeliveryPage> => await sharing.rows(request.params.subscriptionId, request.query, request.caller, noted(request)))

  app.get<{ Params: { subscriptionId: string, day: string } }>('/subscriptions/:subscriptionId/days/:day', {
    onRequest: allow('subscriptions:read'),
    schema: {
      ...schema,
      summary: '一日的条数和默克尔根 Count and Merkle root of a day',
      params: schemaRef('http/subscription-day-params'),
      response: { 200: schemaRef('http/subscription-day'), '4xx': schemaRef('http/problem') }
    }
  }, async (request): Promise<DaySummary> => await sharing.day(request.params.subscriptionId, request.params.day, request.caller, noted(request)))

  app.post<{ Params: { subscriptionId: string }, Body: SubscriptionComparisonRequest }>('/subscriptions/:subscriptionId/comparisons', {
    onRequest: allow('subscriptions:read'),
    schema: {
      ...schema,
      summary: '对账：缺少、多出、不同的记录 Compare: which records are missing, surplus or different',
      body: schemaRef('http/subscription-comparison-request'),
      response: { 200: schemaRef('http/subscription-comparison'), '4xx': schemaRef('http/problem') }
    }
  }, async (request): Promise<SubscriptionComparison> => {
    const { params: { subscriptionId }, body: { rows, ranges, ...rest }, caller } = request
    if (rows !== undefined && ranges === undefined) return await sharing.compareRows(subscriptionId, { ...rest, rows }, caller, noted(request))
    if (ranges !== undefined && rows === undefined) return await sharing.compareRanges(subscriptionId, { ...rest, ranges }, caller, noted(request))
    throw new Failure('INPUT_INVALID', 'either rows or ranges are compared', { violations: [{ pointer: '/rows', message: told('与 /ranges 须填且只填一个', 'or /ranges has to be given, and not both') }] })
  })
}

function noted ({ access }: FastifyRequest): Noted {
  return (use, subscription) => {
    access.uses = [use]
    if (subscription === undefined) return
    const { purpose, matter } = subscription
    Object.assign(access, { purpose, ...(matter === undefined ? {} : { matter }) })
  }
}
