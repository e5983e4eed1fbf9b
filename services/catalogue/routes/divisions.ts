import type { FastifyPluginAsync } from 'fastify'
import { schemaRef, type Allow } from '../../../platform/http/port.js'
import type { DivisionList } from '../../../schemas/http/division-list.v1.js'
import type { DivisionListQuery } from '../../../schemas/http/division-list-query.v1.js'
import { dayInChina, type Clock, type DayText } from '../../core/clock.js'

export interface DivisionRoutesOptions {
  /** Name of the division on that day, from the province down. */
  divisionName: (code: string, on: DayText) => string | undefined
  clock: Clock
  allow: Allow
}

/** Names beside the division codes that resources, demands and grants carry. Registered below /v1. */
export const divisionRoutes: FastifyPluginAsync<DivisionRoutesOptions> = async (app, { divisionName, clock, allow }) => {
  app.get<{ Querystring: DivisionListQuery }>('/catalogue/divisions', {
    onRequest: allow('catalogue:read'),
    schema: {
      tags: ['catalogue'],
      summary: '区划名称 Names of divisions',
      description: 'As they hold today. A code that is no division is left out.',
      querystring: schemaRef('http/division-list-query'),
      response: { 200: schemaRef('http/division-list'), '4xx': schemaRef('http/problem'), '5xx': schemaRef('http/problem') }
    }
  }, async ({ query }): Promise<DivisionList> => {
    const today = dayInChina(clock.now())
    return {
      items: [...new Set(query.code.split(','))].sort().flatMap(code => {
        const name = divisionName(code, today)
        return name === undefined ? [] : [{ code, name }]
      })
    }
  })
}
