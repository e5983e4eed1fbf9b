/* Made from delivery-list.v1.json by npm run generate. */

export interface DeliveryList {
  /**
   * RFC 3339 in UTC.
   */
  at: string
  items: GrantDelivery[]
  next?: string
}
/**
 * A grant, and how the sharing that was agreed to stands.
 */
export interface GrantDelivery {
  grantId: string
  demandId?: string
  /**
   * <USCC of the provider>.<name of the resource>
   */
  resourceId: string
  /**
   * 统一社会信用代码, GB 32100-2015. The check character is judged by intake.
   */
  provider: string
  /**
   * 统一社会信用代码, GB 32100-2015. The check character is judged by intake.
   */
  consumer: string
  /**
   * When it was granted. RFC 3339 in UTC.
   */
  agreedAt: string
  delivery: Delivery
  escalated?: Escalated
}
/**
 * How the sharing that was agreed to stands (Decree 809, article 22), worked out of the consenting reply and of what came in of the resource.
 */
export interface Delivery {
  /**
   * met, late or overdue: whether it could be used in time, or can be used yet; ended: over before it could.
   */
  state: 'met' | 'late' | 'not-yet-due' | 'overdue' | 'ended' | 'indeterminate'
  /**
   * From when it can be used; overdue: when the last day had ended; ended: when the grant was over. RFC 3339 in UTC.
   */
  since?: string
  ruleSet: string
  article?: string
  period?: {
    unit: 'working-day' | 'day'
    count: number
  }
  /**
   * A calendar day in China.
   */
  startsOn: string
  /**
   * A calendar day in China.
   */
  dueOn?: string
  lateWorkingDays?: number
  words: {
    zh: string
    en: string
  }
  code?: 'CALENDAR_YEAR_UNKNOWN' | 'RULE_SET_UNKNOWN'
  needs?: {
    zh: string
    en: string
  }
  /**
   * The first event of the resource: what came in can be shared.
   */
  proof?: {
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
  }
}
/**
 * The authority was told that nothing is shared though the time for it has run out.
 */
export interface Escalated {
  /**
   * RFC 3339 in UTC.
   */
  at: string
}
