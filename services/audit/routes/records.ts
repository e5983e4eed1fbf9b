import type { FastifyPluginAsync } from 'fastify'
import { schemaRef, type Allow } from '../../../platform/http/port.js'
import type { AccessRecordList } from '../../../schemas/http/access-record-list.v1.js'
import type { AccessRecords } from '../access-records.js'

/** Reading access records, in the order of the log; that they were read is recorded too. */
export const auditRoutes: FastifyPluginAsync<{ records: AccessRecords, allow: Allow }> = async (app, { records, allow }) => {
  app.get<{ Querystring: { from?: number, limit?: number } }>('/audit/records', {
    onRequest: allow('audit:read'),
    schema: {
      tags: ['audit'],
      summary: '访问记录 Access records, denied requests among them',
      querystring: schemaRef('http/access-record-query'),
      response: { 200: schemaRef('http/access-record-list'), '4xx': schemaRef('http/problem') }
    }
  }, async ({ query: { from = 0, limit = 100 } }): Promise<AccessRecordList> => await records.list({ from, limit }))
}
