/* Made from deadline.v1.json by npm run generate. */

export interface Deadline {
  /**
   * A calendar day in China.
   */
  from: string
  /**
   * A calendar day in China.
   */
  dueOn: string
  limit: Limit
  ruleSet: string
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
