import type { FastifyPluginAsync } from 'fastify'
import { schemaRef, type Allow } from '../../../platform/http/port.js'
import type { MatterList } from '../../../schemas/http/matter-list.v1.js'
import type { MatterWithForm } from '../../../schemas/http/matter-with-form.v1.js'
import type { MatterCatalogue } from '../matters.js'

export interface MatterRoutesOptions { matters: MatterCatalogue, allow: Allow }

/** What can be handled here, and all that each matter asks for. Registered below /v1. */
export const matterRoutes: FastifyPluginAsync<MatterRoutesOptions> = async (app, { matters, allow }) => {
  app.get('/catalogue/matters', {
    onRequest: allow('catalogue:read'),
    schema: {
      tags: ['catalogue'],
      summary: '事项清单 The matters that can be handled here',
      response: { 200: schemaRef('http/matter-list'), '4xx': schemaRef('http/problem') }
    }
  }, async (): Promise<MatterList> => matters.list())

  app.get<{ Params: { matterId: string } }>('/catalogue/matters/:matterId', {
    onRequest: allow('catalogue:read'),
    schema: {
      tags: ['catalogue'],
      summary: '一个事项的全部内容和表单 One matter whole, with its form',
      params: schemaRef('http/matter-params'),
      response: { 200: schemaRef('http/matter-with-form'), '4xx': schemaRef('http/problem') }
    }
  }, async (request): Promise<MatterWithForm> => matters.matter(request.params.matterId))
}
