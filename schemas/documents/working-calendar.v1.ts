/* Made from working-calendar.v1.json by npm run generate. */

/**
 * Working days of one year in China: what the State Council's yearly notice closes, and which weekend days it makes working days. Every other Monday to Friday is a working day, every other Saturday and Sunday is none.
 */
export interface WorkingCalendar {
  year: number
  notice: {
    title: string
    /**
     * Absent where it is not confirmed.
     */
    number?: string
    /**
     * A calendar day in China.
     */
    issuedOn?: string
    source: Source
  }
  /**
   * @minItems 1
   * @maxItems 40
   *
   * Items: Closed from the first to the last day, weekends among them.
   */
  holidays: {
    name: Words
    /**
     * A calendar day in China.
     */
    from: string
    /**
     * A calendar day in China.
     */
    to: string
  }[]
  /**
   * Weekend days that are worked (调休上班).
   *
   * @maxItems 40
   *
   * Items: A calendar day in China.
   */
  workingDays: string[]
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
 * What people read, Chinese first.
 */
export interface Words {
  zh: string
  en: string
}
