import type { Demand as DemandAnswer } from '../../schemas/http/demand.v1.js'
import { dayInChina, type DayText, type InstantText } from '../core/clock.js'
import { addDays, isYearUnknown, type WorkingCalendar, type YearUnknown } from './calendar.js'
import { ruleSetNeeded, yearNeeded, type LimitName, type Rules, type Said } from './rule-sets.js'

export type ReplyClock = DemandAnswer['clock']

/** What a clock is worked out of: when it began, when it was stopped, and what was added. */
export interface ClockFacts {
  ruleSet: string
  limit: LimitName
  startedAt: InstantText
  /** In order; the last one may be still on. */
  pauses: Array<{ from: InstantText, until?: InstantText }>
  /** In the limit's unit; with the authority's consent. */
  extendedBy?: number
  ended?: { at: InstantText, how: 'answered' | 'withdrawn' }
}

/** How the time for an answer stands at an instant. Pure. */
export function replyClock (facts: ClockFacts, at: Date, rules: Rules): ReplyClock {
  const { limit: name, extendedBy, ended } = facts
  const ruleSet = rules.find(facts.ruleSet)
  const startsOn = dayInChina(new Date(facts.startedAt))
  const base = { limit: name, ruleSet: facts.ruleSet, startsOn }
  if (ruleSet === undefined) {
    const needs = ruleSetNeeded(facts.ruleSet)
    return { ...base, state: 'indeterminate', words: needs, code: 'RULE_SET_UNKNOWN', needs }
  }
  const { unit, count, article } = ruleSet.limits[name]
  const known = { ...base, article, period: { unit, count }, ...(extendedBy === undefined ? {} : { extendedBy }) }
  const instant = at.toISOString()
  const run = { calendar: rules.calendar, unit, firstDayCounts: ruleSet.firstDay.counts, pauseDayCounts: ruleSet.pauseDay.counts }
  const reached = runDown(startsOn, count + (extendedBy ?? 0), facts.pauses.filter(({ from }) => from <= instant && (ended === undefined || from <= ended.at)), run)
  const indeterminate = (unknown: YearUnknown): ReplyClock => {
    const needs = yearNeeded(unknown)
    return { ...known, state: 'indeterminate', words: { zh: `无法计算期限：${needs.zh}`, en: `the deadline cannot be worked out: ${needs.en}` }, code: 'CALENDAR_YEAR_UNKNOWN', needs }
  }
  if (ended?.how === 'withdrawn') return { ...known, state: 'withdrawn', words: { zh: '申请已撤回', en: 'withdrawn' } }
  if ('left' in reached) {
    const left = amount(reached.left, unit)
    return { ...known, state: 'paused', words: { zh: `已暂停，等待补充材料（剩余 ${left.zh}）`, en: `paused until the missing papers come (${left.en} left)` } }
  }
  const { due } = reached
  const day = ended === undefined ? dayInChina(at) : dayInChina(new Date(ended.at))
  if (isYearUnknown(due)) {
    if (day >= `${due.unknownYear}-01-01`) return indeterminate(due)
    const words = { zh: `期限在 ${due.unknownYear} 年，该年工作日尚未公布`, en: `ends in ${due.unknownYear}, whose working days are not known` }
    return ended === undefined
      ? { ...known, state: 'running', words, code: 'CALENDAR_YEAR_UNKNOWN', needs: yearNeeded(due) }
      : { ...known, state: 'answered', words: { zh: '已在期限内答复', en: 'answered in time' } }
  }
  const late = day > due ? run.calendar.workingDaysAfter(due, day) : undefined
  const behind: Said | undefined = late === undefined ? undefined : typeof late === 'number' ? amount(late, 'working-day') : { zh: '若干工作日', en: 'some working days' }
  const lateBy = typeof late === 'number' ? { lateWorkingDays: late } : {}
  if (ended !== undefined) {
    return behind === undefined
      ? { ...known, state: 'answered', dueOn: due, words: { zh: '已在期限内答复', en: 'answered in time' } }
      : { ...known, state: 'answered-late', dueOn: due, ...lateBy, words: { zh: `答复迟了 ${behind.zh}`, en: `answered ${behind.en} late` } }
  }
  if (behind !== undefined) return { ...known, state: 'overdue', dueOn: due, ...lateBy, words: { zh: `已迟 ${behind.zh}，应于 ${due} 前答复`, en: `${behind.en} late, due by ${due}` } }
  const left = run.calendar.workingDaysAfter(day, due)
  const ahead = typeof left === 'number' ? amount(left, 'working-day') : undefined
  return { ...known, state: 'running', dueOn: due, words: { zh: `最迟 ${due} 答复${ahead === undefined ? '' : `（还有 ${ahead.zh}）`}`, en: `due by ${due}${ahead === undefined ? '' : ` (${ahead.en} left)`}` } }
}

interface Run { calendar: WorkingCalendar, unit: 'working-day' | 'day', firstDayCounts: boolean, pauseDayCounts: boolean }

/** Lets the period run from pause to pause. One that had run out before a pause stays so: a clock cannot be stopped after its end. */
function runDown (startsOn: DayText, count: number, pauses: ClockFacts['pauses'], run: Run): { due: DayText | YearUnknown } | { left: number } {
  let [from, left] = [startsOn, count]
  for (const pause of pauses) {
    const pausedOn = dayInChina(new Date(pause.from))
    const through = run.pauseDayCounts ? pausedOn : addDays(pausedOn, -1)
    const ran = counted(from, through, run)
    if (isYearUnknown(ran)) return { due: ran }
    if (ran >= left) break
    left -= ran
    if (pause.until === undefined) return { left }
    from = dayInChina(new Date(pause.until))
  }
  return { due: run.calendar.end(from, { unit: run.unit, count: left }, run.firstDayCounts) }
}

/** How many days of the period lie from its first day up to and with another. */
function counted (from: DayText, through: DayText, { calendar, unit, firstDayCounts }: Run): number | YearUnknown {
  if (through < from) return 0
  const before = firstDayCounts ? addDays(from, -1) : from
  return unit === 'day' ? Math.max(0, (Date.parse(through) - Date.parse(before)) / 86_400_000) : calendar.workingDaysAfter(before, through)
}

function amount (count: number, unit: 'working-day' | 'day'): Said {
  const [zh, en] = unit === 'day' ? ['日', 'day'] : ['个工作日', 'working day']
  return count === 0 && unit === 'working-day' ? { zh: '不足 1 个工作日', en: 'less than a working day' } : { zh: `${count} ${zh}`, en: `${count} ${en}${count === 1 ? '' : 's'}` }
}
