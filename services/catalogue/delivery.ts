import type { GrantAnswer } from '../../schemas/http/grant.v1.js'
import { dayInChina, startOfDayInChina, type InstantText } from '../core/clock.js'
import type { ResourceId } from '../core/identifiers.js'
import { addDays, isYearUnknown, type YearUnknown } from './calendar.js'
import type { Arrivals } from './duty-arrivals.js'
import { aheadWords, isPast, lateWords, proofOf } from './duty-standing.js'
import { ruleSetNeeded, yearNeeded, type Rules, type Said } from './rule-sets.js'

export type Delivery = GrantAnswer['delivery']

/** What was agreed to, by which rules, and since when it is over. */
export interface Agreement {
  resourceId: ResourceId
  ruleSet: string
  /** The consenting reply. */
  agreedAt: InstantText
  /** Pulled, or its last day over. */
  endedAt?: InstantText
}

/**
 * How the sharing that was agreed to stands at an instant. Pure: of the reply, what had come in of the resource, and the rules. Every form
 * of sharing is served here out of what came in, so the first event of the resource is when it can be used.
 */
export function deliveryStanding ({ resourceId, ruleSet: id, agreedAt, endedAt }: Agreement, arrivals: Arrivals | undefined, at: Date, rules: Rules): Delivery {
  const startsOn = dayInChina(new Date(agreedAt))
  const base = { ruleSet: id, startsOn }
  const ruleSet = rules.find(id)
  if (ruleSet === undefined) {
    const needs = ruleSetNeeded(id)
    return { ...base, state: 'indeterminate', words: needs, code: 'RULE_SET_UNKNOWN', needs }
  }
  const { calendar } = rules
  const { unit, count, article } = ruleSet.limits.delivery
  const due = calendar.end(startsOn, { unit, count }, ruleSet.firstDay.counts)
  const over = endedAt !== undefined && endedAt <= at.toISOString() ? endedAt : undefined
  const until = over ?? at.toISOString()
  const first = arrivals !== undefined && arrivals.first.recordedAt <= until ? arrivals.first : undefined
  const usableAt = first === undefined ? undefined : first.recordedAt > agreedAt ? first.recordedAt : agreedAt
  const known = {
    ...base, article, period: { unit, count }, ...(isYearUnknown(due) ? {} : { dueOn: due }), ...(first === undefined ? {} : { proof: proofOf(resourceId, first) })
  }

  const day = dayInChina(new Date(usableAt ?? until))
  const passed = isPast(due, day)
  if (passed === undefined) {
    const needs = yearNeeded(due as YearUnknown)
    return { ...known, state: 'indeterminate', words: { zh: `无法计算期限：${needs.zh}`, en: `the deadline cannot be worked out: ${needs.en}` }, code: 'CALENDAR_YEAR_UNKNOWN', needs }
  }
  const late = passed ? calendar.workingDaysAfter(due as string, day) : undefined
  const lateBy = typeof late === 'number' ? { lateWorkingDays: late } : {}
  const behind: Said | undefined = late === undefined ? undefined : lateWords(late)
  if (usableAt !== undefined) {
    return behind === undefined
      ? { ...known, state: 'met', since: usableAt, words: { zh: '已在期限内提供共享', en: 'shared in time' } }
      : { ...known, state: 'late', since: usableAt, ...lateBy, words: { zh: `提供共享迟了 ${behind.zh}`, en: `shared ${behind.en} late` } }
  }
  if (over !== undefined) {
    return { ...known, state: 'ended', since: over, ...lateBy, words: behind === undefined ? { zh: '授权已终止，不再需要提供', en: 'the grant is over, nothing is owed' } : { zh: `授权已终止，终止时已迟 ${behind.zh}`, en: `the grant is over, ${behind.en} late by then` } }
  }
  if (behind !== undefined) {
    const since = (startOfDayInChina(addDays(due as string, 1)) as Date).toISOString()
    return { ...known, state: 'overdue', since, ...lateBy, words: { zh: `已迟 ${behind.zh}，应于 ${due as string} 前提供共享`, en: `${behind.en} late, to be shared by ${due as string}` } }
  }
  const ahead = aheadWords(due, day, calendar)
  return { ...known, state: 'not-yet-due', words: { zh: `尚未提供共享，${ahead.zh}`, en: `not shared yet, ${ahead.en}` } }
}
