import type { RuleSet } from '../../schemas/documents/rule-set.v1.js'
import type { DayText } from '../core/clock.js'
import { Failure } from '../core/failure.js'
import { isYearUnknown, type WorkingCalendar, type YearUnknown } from './calendar.js'

export type { RuleSet }
export type LimitName = keyof RuleSet['limits']
export type Limit = RuleSet['limits'][LimitName]
export interface Said { zh: string, en: string }

export const DEFAULT_RULE_SET = 'decree-809'

/** The deadlines and the days that they are counted by, as configured. */
export class Rules {
  readonly calendar: WorkingCalendar
  readonly #sets: Map<string, RuleSet>

  constructor ({ calendar, ruleSets }: { calendar: WorkingCalendar, ruleSets: readonly RuleSet[] }) {
    this.calendar = calendar
    this.#sets = new Map(ruleSets.map(set => [set.id, set]))
  }

  get all (): RuleSet[] { return [...this.#sets.values()] }
  find (id: string): RuleSet | undefined { return this.#sets.get(id) }

  /** @throws {Failure} RULE_SET_UNKNOWN */
  get (id: string): RuleSet {
    const set = this.#sets.get(id)
    if (set === undefined) throw new Failure('RULE_SET_UNKNOWN', `there is no rule set of this name; there are ${[...this.#sets.keys()].join(', ')}`)
    return set
  }

  /**
   * When a period of this rule set ends that begins on `from`.
   * @throws {Failure} RULE_SET_UNKNOWN; CALENDAR_YEAR_UNKNOWN the days of a year are not known: who only shows a clock asks `calendar`
   */
  deadline (from: DayText, id: string, name: LimitName): { dueOn: DayText, limit: Limit, ruleSet: RuleSet } {
    const ruleSet = this.get(id)
    const limit = ruleSet.limits[name]
    const dueOn = this.calendar.end(from, limit, ruleSet.firstDay.counts)
    if (isYearUnknown(dueOn)) throw new Failure('CALENDAR_YEAR_UNKNOWN', yearNeeded(dueOn).en)
    return { dueOn, limit, ruleSet }
  }
}

/** What would settle it. */
export function yearNeeded ({ unknownYear }: YearUnknown): Said {
  return { zh: `缺少 ${unknownYear} 年的工作日数据，请补充 config/calendar/${unknownYear}.json`, en: `the working days of ${unknownYear} are missing: add config/calendar/${unknownYear}.json` }
}
export function ruleSetNeeded (id: string): Said { return { zh: `配置中没有规则集 ${id}`, en: `there is no rule set ${id} in the configuration` } }
