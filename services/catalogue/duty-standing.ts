import type { ResponsibilityItem } from '../../schemas/documents/responsibility-item.v1.js'
import { dayInChina, startOfDayInChina, type DayText, type InstantText } from '../core/clock.js'
import { addDays, isYearUnknown, type WorkingCalendar, type YearUnknown } from './calendar.js'
import type { Advance, Arrivals } from './duty-arrivals.js'
import { ruleSetNeeded, yearNeeded, type Rules, type Said } from './rule-sets.js'

export type { ResponsibilityItem }
export const DUTY_STATES = ['met', 'late', 'not-yet-due', 'overdue', 'indeterminate', 'ended'] as const
export type DutyState = typeof DUTY_STATES[number]

/** How a duty stands at an instant, worked out of what came in until then. */
export interface DutyStanding {
  state: DutyState
  /** Overdue: when the day on which it was due had ended. Met or late: when what met it came in. */
  since?: InstantText
  /** The day by whose end something has to come in next. */
  dueOn?: DayText
  /** Working days that it is late now, or was. */
  lateWorkingDays?: number
  clock: Said
  /** The rule that the next day is worked out by. */
  rule: { ruleSet: string, version?: number, words: Said, article?: string }
  proofs: Array<{ href: string, eventId: string, type: string, recordedAt: InstantText, asOf: DayText }>
  /** Of an indeterminate one: why, and what would settle it. */
  code?: 'CALENDAR_YEAR_UNKNOWN' | 'RULE_SET_UNKNOWN' | 'ARRIVALS_NOT_KEPT'
  needs?: Said
}

type Due = DayText | YearUnknown

/**
 * Pure: of the item as it was, what had come in, and the rules. The first supply is due on the item's own day; each refresh sets the
 * day of the next by the update cycle, counted from the day as of which the data are.
 */
export function dutyStanding (item: ResponsibilityItem, arrivals: Arrivals | undefined, at: Date, rules: Rules): DutyStanding {
  const instant = at.toISOString()
  const ruleSet = rules.find(item.ruleSet)
  const cycle = item.updateCycle === 'once' ? undefined : ruleSet?.cycles[item.updateCycle]
  const rule: DutyStanding['rule'] = {
    ruleSet: item.ruleSet,
    ...(ruleSet === undefined ? {} : { version: ruleSet.version }),
    words: cycle?.what ?? { zh: '一次性提供', en: 'supplied once' },
    ...(cycle?.article === undefined ? {} : { article: cycle.article })
  }
  if (ruleSet === undefined) {
    const needs = ruleSetNeeded(item.ruleSet)
    return { state: 'indeterminate', clock: needs, rule, proofs: [], code: 'RULE_SET_UNKNOWN', needs }
  }
  if (arrivals !== undefined && arrivals.dropped > 0 && arrivals.advances.filter(({ recordedAt }) => recordedAt <= instant).length < 2) return forgotten(rule)

  const { calendar } = rules
  const visible = (arrivals?.advances ?? []).filter(({ recordedAt }) => recordedAt <= instant)
  const [latest, before] = item.updateCycle === 'once' ? [arrivals?.first.recordedAt as string <= instant ? arrivals?.first : undefined, undefined] : [visible.at(-1), visible.at(-2)]
  const after = (advance: Advance | undefined): Due | undefined => {
    if (advance === undefined) return item.dueOn
    if (cycle === undefined) return undefined
    const next = calendar.end(advance.asOf, cycle, ruleSet.firstDay.counts)
    return isYearUnknown(next) ? next : next > item.dueOn ? next : item.dueOn
  }
  const today = dayInChina(at)
  const due = after(latest)
  const proofs = latest === undefined ? [] : [proofOf(item.resourceId, latest)]
  const known = { rule, proofs }

  const passed = due === undefined ? false : isPast(due, today)
  if (passed === undefined) return indeterminate(known, due as YearUnknown)
  const dueOn = due === undefined || isYearUnknown(due) ? {} : { dueOn: due }
  const ahead = due === undefined ? { zh: '无须再次提供', en: 'nothing more is due' } : aheadWords(due, today, calendar)
  if (passed) {
    const late = calendar.workingDaysAfter(due as DayText, today)
    const words = lateWords(late)
    return {
      state: 'overdue',
      since: (startOfDayInChina(addDays(due as DayText, 1)) as Date).toISOString(),
      ...dueOn,
      ...(typeof late === 'number' ? { lateWorkingDays: late } : {}),
      clock: { zh: `已迟 ${words.zh}，应于 ${due as string} 前到达`, en: `${words.en} late, due by ${due as string}` },
      ...known
    }
  }
  if (latest === undefined) return { state: 'not-yet-due', ...dueOn, clock: { zh: `尚未到期，${ahead.zh}`, en: `not yet due, ${ahead.en}` }, ...known }
  const wasDue = after(before)
  const arrivedOn = dayInChina(new Date(latest.recordedAt))
  const wasLate = wasDue === undefined ? false : isPast(wasDue, arrivedOn)
  if (wasLate === undefined) return indeterminate(known, wasDue as YearUnknown)
  const next = 'dueOn' in dueOn ? { zh: `下一次${ahead.zh}`, en: `the next is ${ahead.en}` } : ahead
  if (!wasLate) return { state: 'met', since: latest.recordedAt, ...dueOn, clock: { zh: `按期，${next.zh}`, en: `on time, ${next.en}` }, ...known }
  const late = calendar.workingDaysAfter(wasDue as DayText, arrivedOn)
  const words = lateWords(late)
  return {
    state: 'late',
    since: latest.recordedAt,
    ...dueOn,
    ...(typeof late === 'number' ? { lateWorkingDays: late } : {}),
    clock: {
      zh: `最近一次数据最迟应于 ${wasDue as DayText} 到达，${arrivedOn} 才到，迟了 ${words.zh}；${next.zh}`,
      en: `the latest data were due by ${wasDue as DayText} and came on ${arrivedOn}, ${words.en} late; ${next.en}`
    },
    ...known
  }
}

/** Has the day passed? Undefined where nobody can tell: a period that runs into a year without working days ends there or later. */
export function isPast (due: Due, today: DayText): boolean | undefined {
  if (!isYearUnknown(due)) return today > due
  return today < `${due.unknownYear}-01-01` ? false : undefined
}

export function proofOf (resourceId: string, { sequence, eventId, type, recordedAt, asOf }: Advance): DutyStanding['proofs'][number] {
  return { href: `/v1/events/${resourceId.slice(0, resourceId.indexOf('.'))}/${sequence}`, eventId, type, recordedAt, asOf }
}

export function aheadWords (due: Due, today: DayText, calendar: WorkingCalendar): Said {
  if (isYearUnknown(due)) return { zh: `下次期限在 ${due.unknownYear} 年，该年工作日尚未公布`, en: `the next day lies in ${due.unknownYear}, whose working days are not known` }
  const left = calendar.workingDaysAfter(today, due)
  return typeof left === 'number'
    ? { zh: `最迟 ${due}（还有 ${left} 个工作日）`, en: `due by ${due} (${count(left)} left)` }
    : { zh: `最迟 ${due}`, en: `due by ${due}` }
}

export function lateWords (late: number | YearUnknown): Said {
  if (typeof late !== 'number') return { zh: `若干工作日（${late.unknownYear} 年工作日未知）`, en: `some working days (those of ${late.unknownYear} are not known)` }
  return late === 0 ? { zh: '不足 1 个工作日', en: 'less than a working day' } : { zh: `${late} 个工作日`, en: count(late) }
}
function count (days: number): string { return `${days} working day${days === 1 ? '' : 's'}` }

function indeterminate (known: Pick<DutyStanding, 'rule' | 'proofs'>, due: YearUnknown): DutyStanding {
  const needs = yearNeeded(due)
  return { state: 'indeterminate', clock: { zh: `无法计算：${needs.zh}`, en: `cannot be worked out: ${needs.en}` }, ...known, code: 'CALENDAR_YEAR_UNKNOWN', needs }
}

function forgotten (rule: DutyStanding['rule']): DutyStanding {
  const needs = { zh: '所问日期早于保留的到达记录，请从日志重新计算', en: 'the day asked about is before the arrivals that are kept; the log still holds them' }
  return { state: 'indeterminate', clock: { zh: `无法计算：${needs.zh}`, en: `cannot be worked out: ${needs.en}` }, rule, proofs: [], code: 'ARRIVALS_NOT_KEPT', needs }
}
