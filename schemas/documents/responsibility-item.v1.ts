/* Made from responsibility-item.v1.json by npm run generate. */

/**
 * An item of the responsibility list (数据共享责任清单): who owes which resource to whom, from when, refreshed how often.
 */
export interface ResponsibilityItem {
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
}
