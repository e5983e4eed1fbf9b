/* Made from duty.v1.json by npm run generate. */

/**
 * A responsibility item as it was, and how it stood, at an instant.
 */
export interface Duty {
  itemId: string
  /**
   * <USCC of the provider>.<name of the resource>
   */
  resourceId: string
  /**
   * Who owes it.
   */
  provider: string
  /**
   * Whom it is owed to.
   *
   * @minItems 1
   * @maxItems 100
   *
   * Items: 统一社会信用代码, GB 32100-2015. The check character is judged by intake.
   */
  consumers: string[]
  /**
   * By the end of this day it is there for the first time.
   */
  dueOn: string
  /**
   * How often it is refreshed.
   */
  updateCycle: 'realtime' | 'daily' | 'weekly' | 'monthly' | 'quarterly' | 'yearly' | 'once'
  /**
   * Which matters need it.
   *
   * @maxItems 100
   */
  matters: string[]
  /**
   * Which deadlines hold.
   */
  ruleSet: string
  /**
   * The office that answers for it; no person.
   */
  contact: {
    office: string
    telephone?: string
  }
  version: number
  set: {
    /**
     * RFC 3339 in UTC.
     */
    at: string
    by: Author
    /**
     * For people to read.
     */
    why: string
  }
  /**
   * Worked out of the events that came in until `at`, never set.
   */
  state: 'met' | 'late' | 'not-yet-due' | 'overdue' | 'indeterminate' | 'ended'
  /**
   * RFC 3339 in UTC.
   */
  since?: string
  /**
   * By the end of this day something has to come in next.
   */
  nextDueOn?: string
  lateWorkingDays?: number
  clock: {
    zh: string
    en: string
  }
  rule: {
    ruleSet: string
    version?: number
    words: {
      zh: string
      en: string
    }
    article?: string
  }
  /**
   * Events that it was worked out of.
   *
   * @maxItems 10
   */
  proofs: {
    /**
     * Where whoever may read the event finds it.
     */
    href: string
    eventId: string
    type: string
    /**
     * RFC 3339 in UTC.
     */
    recordedAt: string
    /**
     * A calendar day in China.
     */
    asOf: string
  }[]
  code?: 'CALENDAR_YEAR_UNKNOWN' | 'RULE_SET_UNKNOWN' | 'ARRIVALS_NOT_KEPT'
  needs?: {
    zh: string
    en: string
  }
}
export interface Author {
  /**
   * The system that it was decided with.
   */
  client: string
  /**
   * 统一社会信用代码, GB 32100-2015. The check character is judged by intake.
   */
  organisation: string
  /**
   * Who was signed in there.
   */
  person?: {
    id: string
    name: string
  }
}
