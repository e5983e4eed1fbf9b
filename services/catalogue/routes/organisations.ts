import type { FastifyPluginAsync } from 'fastify'
import { schemaRef, type Allow } from '../../../platform/http/port.js'
import type { OrganisationList } from '../../../schemas/http/organisation-list.v1.js'
import type { OrganisationListQuery } from '../../../schemas/http/organisation-list-query.v1.js'
import { Failure } from '../../core/failure.js'
import type { Uscc } from '../../core/identifiers.js'
import { told } from '../../core/words.js'

/** Who is registered, as whoever registers them knows it. */
export interface Organisations {
  /** Those of these that are registered, by USCC. */
  named: (usccs: readonly Uscc[]) => Promise<OrganisationList['items']>
  /** All of them, by USCC. */
  page: (page: { limit: number, after?: string }) => Promise<OrganisationList>
}

export interface OrganisationRoutesOptions { organisations: Organisations, allow: Allow }

const PAGE = 100

/** Names beside the USCCs that duties, demands, grants and cases carry; both are public. Registered below /v1. */
export const organisationRoutes: FastifyPluginAsync<OrganisationRoutesOptions> = async (app, { organisations, allow }) => {
  app.get<{ Querystring: OrganisationListQuery }>('/catalogue/organisations', {
    onRequest: allow('catalogue:read', 'quarantine:manage'), // an operator has to know whom to call about a refused event
    schema: {
      tags: ['catalogue'],
      summary: '单位名称 Names of registered organisations',
      description: 'Of those asked for, or all page by page. One that is not registered is left out.',
      querystring: schemaRef('http/organisation-list-query'),
      response: { 200: schemaRef('http/organisation-list'), '4xx': schemaRef('http/problem'), '5xx': schemaRef('http/problem') }
    }
  }, async ({ query: { uscc, limit, after } }): Promise<OrganisationList> => {
    if (uscc === undefined) return await organisations.page({ limit: limit ?? PAGE, ...(after === undefined ? {} : { after }) })
    if (limit !== undefined || after !== undefined) throw new Failure('INPUT_INVALID', 'those that are named are answered at once, not by pages', { violations: [{ pointer: '/uscc', message: told('不能与 limit、after 同用', 'does not go with limit or after') }] })
    return { items: await organisations.named([...new Set(uscc.split(','))].sort() as Uscc[]) }
  })
}
