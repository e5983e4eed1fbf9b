import type { FastifyPluginAsync } from 'fastify'
import { schemaRef, type Allow } from '../../../platform/http/port.js'
import type { Deadline } from '../../../schemas/http/deadline.v1.js'
import type { DeadlineQuery } from '../../../schemas/http/deadline-query.v1.js'
import type { RuleSetList } from '../../../schemas/http/rule-set-list.v1.js'
import { startOfDayInChina } from '../../core/clock.js'
import { Failure } from '../../core/failure.js'
import { FAULT } from '../../core/violations.js'
import { DEFAULT_RULE_SET, type Rules } from '../rule-sets.js'

export interface RuleRoutesOptions { rules: Rules, allow: Allow }

/** The deadlines that hold, and when one ends. */
export const ruleRoutes: FastifyPluginAsync<RuleRoutesOptions> = async (app, { rules, allow }) => {
  app.get('/catalogue/rule-sets', {
    onRequest: allow('catalogue:read'),
    schema: {
      tags: ['duties'],
      summary: '时限规则集和工作日数据 Rule sets of deadlines, and the years whose working days are known',
      response: { 200: schemaRef('http/rule-set-list'), '4xx': schemaRef('http/problem') }
    }
  }, async (): Promise<RuleSetList> => ({ items: rules.all, default: DEFAULT_RULE_SET, years: rules.calendar.years }))

  app.get<{ Querystring: DeadlineQuery }>('/catalogue/deadlines', {
    onRequest: allow('catalogue:read'),
    schema: {
      tags: ['duties'],
      summary: '某日起算的期限到哪一天 When a deadline ends that starts on a day',
      querystring: schemaRef('http/deadline-query'),
      response: { 200: schemaRef('http/deadline'), '4xx': schemaRef('http/problem') }
    }
  }, async ({ query: { from, limit: name, ruleSet: id = DEFAULT_RULE_SET } }): Promise<Deadline> => {
    if (startOfDayInChina(from) === undefined) throw new Failure('INPUT_INVALID', 'from is no day', { violations: [{ pointer: '/from', message: FAULT.noDay }] })
    const { dueOn, limit, ruleSet } = rules.deadline(from, id, name)
    return { from, dueOn, limit, ruleSet: ruleSet.id }
  })
}
