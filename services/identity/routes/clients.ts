import type { FastifyPluginAsync } from 'fastify'
import { schemaRef, type Allow } from '../../../platform/http/port.js'
import type { ClientList, Client as ClientAnswer } from '../../../schemas/http/client-list.v1.js'
import type { SuspensionRequest } from '../../../schemas/http/suspension-request.v1.js'
import { scopesOf } from '../roles.js'
import type { Client, Registry } from '../registry.js'

/** The operator's view of systems: who they are, what they may do, and stopping one. No key material leaves. */
export const clientRoutes: FastifyPluginAsync<{ registry: Registry, allow: Allow }> = async (app, { registry, allow }) => {
  app.get<{ Querystring: { limit?: number, after?: string } }>('/identity/clients', {
    onRequest: allow('identity:manage'),
    schema: {
      tags: ['identity'],
      summary: '列出各系统 List client systems',
      querystring: schemaRef('http/page-query'),
      response: { 200: schemaRef('http/client-list'), '4xx': schemaRef('http/problem') }
    }
  }, async ({ query: { limit = 100, after } }): Promise<ClientList> => {
    const { items, next } = await registry.clients({ limit, ...(after === undefined ? {} : { after }) })
    return { items: items.map(({ document }) => shown(document)), ...(next === undefined ? {} : { next }) }
  })

  app.post<{ Params: { clientId: string }, Body: SuspensionRequest }>('/identity/clients/:clientId/suspension', {
    onRequest: allow('identity:manage'),
    schema: {
      tags: ['identity'],
      summary: '停用系统，已发令牌立即失效 Suspend a client; its tokens end at once',
      params: schemaRef('http/client-params'),
      body: schemaRef('http/suspension-request'),
      response: { 200: schemaRef('http/client'), '4xx': schemaRef('http/problem') }
    }
  }, async request => {
    request.access.subject = { kind: 'client', id: request.params.clientId }
    return shown(await registry.suspendClient(request.params.clientId, { reason: request.body.reason, by: request.caller.client }))
  })

  app.delete<{ Params: { clientId: string } }>('/identity/clients/:clientId/suspension', {
    onRequest: allow('identity:manage'),
    schema: {
      tags: ['identity'],
      summary: '恢复系统 Lift a suspension',
      params: schemaRef('http/client-params'),
      response: { 200: schemaRef('http/client'), '4xx': schemaRef('http/problem') }
    }
  }, async request => {
    request.access.subject = { kind: 'client', id: request.params.clientId }
    return shown(await registry.restoreClient(request.params.clientId))
  })
}

function shown ({ id, organisation, name, roles, keys, registeredAt, suspended }: Client): ClientAnswer {
  return {
    id,
    organisation,
    name,
    roles,
    scopes: scopesOf(roles),
    keys: keys.map(({ kid, from, to }) => ({ kid, from, ...(to === undefined ? {} : { to }) })),
    registeredAt,
    ...(suspended === undefined ? {} : { suspended })
  }
}
