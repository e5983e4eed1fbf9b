/* Made from rule-set.v1.json by npm run generate. */

/**
 * The deadlines that bind departments, as data: each with unit, count and article. Decree 809 is the default; a place may have shorter ones.
 */
export interface RuleSet {
  id: string
  version: number
  name: Words
  basis: string
  /**
   * A calendar day in China.
   */
  inForceFrom: string
  source: Source
  /**
   * Does the day on which a period starts count?
   */
  firstDay: {
    counts: boolean
    source: Source
  }
  /**
   * Does the day on which a clock is paused count?
   */
  pauseDay: {
    counts: boolean
    source: Source
  }
  limits: {
    'catalogue-update': Limit
    'catalogue-publication': Limit
    'reply-unconditional': Limit
    'reply-conditional': Limit
    delivery: Limit
    correction: Limit
  }
  /**
   * How the update cycle of a resource becomes a due day. What is supplied once has none.
   */
  cycles: {
    realtime: Cycle
    daily: Cycle
    weekly: Cycle
    monthly: Cycle
    quarterly: Cycle
    yearly: Cycle
  }
}
/**
 * What people read, Chinese first.
 */
export interface Words {
  zh: string
  en: string
}
/**
 * Where a fact comes from, and so how far it can be trusted.
 */
export interface Source {
  /**
   * S read in the text of the law or rule, I public implementation, 2 secondary source, N not confirmed: to be settled by the province
   */
  tag: 'S' | 'I' | '2' | 'N'
  cite?: string
  note?: string
}
/**
 * One deadline: how long, by which article, what starts it and what stops the clock.
 */
export interface Limit {
  what: Words
  /**
   * working-day is 工作日, day is 日 by the calendar
   */
  unit: 'working-day' | 'day'
  count: number
  article: string
  starts: Words
  pauses?: Words
  extension?: {
    /**
     * At most so many more, in the same unit.
     */
    count: number
    article: string
    /**
     * Whose consent it needs.
     */
    consent: 'catalogue-manager'
  }
  source: Source
}
/**
 * After a refresh the next one is due so much later, by the end of that day.
 */
export interface Cycle {
  what: Words
  /**
   * working-day is 工作日, day is 日 by the calendar
   */
  unit: 'working-day' | 'day' | 'month'
  count: number
  article?: string
  source: Source
}
