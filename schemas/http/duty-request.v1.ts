/* Made from duty-request.v1.json by npm run generate. */

/**
 * Sets a responsibility item, or changes it.
 */
export interface DutyRequest {
  /**
   * <USCC of the provider>.<name of the resource>
   */
  resourceId: string
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
  ruleSet?: string
  /**
   * The office that answers for it; no person.
   */
  contact: {
    office: string
    telephone?: string
  }
  /**
   * For people to read.
   */
  why: string
  /**
   * Version that was read before; whoever changed it meanwhile is not overruled. Absent: whatever there is.
   */
  replaces?: number
}
