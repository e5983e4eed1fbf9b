import type { FastifyPluginAsync } from 'fastify'
import { schemaRef, type Allow } from '../../../platform/http/port.js'
import type { IssuingList } from '../../../schemas/http/issuing-list.v1.js'
import type { ListFindings } from '../../../schemas/http/list-findings.v1.js'
import type { UsingList } from '../../../schemas/http/using-list.v1.js'
import { Failure } from '../../core/failure.js'
import { FAULT } from '../../core/violations.js'
import type { Lists } from '../lists.js'

export interface ListRoutesOptions { lists: Lists, allow: Allow }
interface Paged { Querystring: { limit?: number, after?: string } }

const PAGE = 50
const problems = { '4xx': schemaRef('http/problem'), '5xx': schemaRef('http/problem') }

/** 发证清单 and 用证清单, and where they do not fit. Registered below /v1. */
export const listRoutes: FastifyPluginAsync<ListRoutesOptions> = async (app, { lists, allow }) => {
  app.get<Paged>('/catalogue/lists/issuing', {
    onRequest: allow('catalogue:read'),
    schema: {
      tags: ['catalogue'],
      summary: '发证清单：谁可以签发、实际签发了什么 What may be issued, and what is',
      querystring: schemaRef('http/history-query'),
      response: { 200: schemaRef('http/issuing-list'), ...problems }
    }
  }, async ({ query }): Promise<IssuingList> => page(await lists.issuing(), query))

  app.get<Paged>('/catalogue/lists/using', {
    onRequest: allow('catalogue:read'),
    schema: {
      tags: ['catalogue'],
      summary: '用证清单：谁在使用、哪些事项要求 Who uses which licences, and which matters ask for them',
      querystring: schemaRef('http/history-query'),
      response: { 200: schemaRef('http/using-list'), ...problems }
    }
  }, async ({ query }): Promise<UsingList> => page(await lists.using(), query))

  app.get<Paged>('/catalogue/lists/findings', {
    onRequest: allow('catalogue:read'),
    schema: {
      tags: ['catalogue'],
      summary: '清单核对：用而未发、发而未用、仍收纸质件 Where lists, matters and catalogue do not fit',
      querystring: schemaRef('http/history-query'),
      response: { 200: schemaRef('http/list-findings'), ...problems }
    }
  }, async ({ query }): Promise<ListFindings> => page(await lists.findings(), query))
}

/** Lists are short and made anew each time; a page is told by where it begins. */
function page <T> (all: readonly T[], { limit = PAGE, after = '0' }: { limit?: number, after?: string }): { items: T[], next?: string, total: number } {
  const from = /^\d{1,9}$/.test(after) ? Number(after) : undefined
  if (from === undefined) throw new Failure('INPUT_INVALID', 'after is of no page', { violations: [{ pointer: '/after', message: FAULT.noPage }] })
  return { items: all.slice(from, from + limit), ...(from + limit < all.length ? { next: String(from + limit) } : {}), total: all.length }
}
