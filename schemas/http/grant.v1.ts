/* Made from grant.v1.json by npm run generate. */

export interface GrantAnswer {
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
   * Information items, by name.
   *
   * @minItems 1
   * @maxItems 200
   */
  fields: string[]
  /**
   * As what: values, yes or no, or the rows of a region.
   *
   * @minItems 1
   * @maxItems 3
   */
  forms: ('query' | 'assertion' | 'subscription')[]
  /**
   * In few words; every call under the grant names exactly this.
   */
  purpose: string
  /**
   * Only for these; any where absent.
   *
   * @minItems 1
   * @maxItems 100
   */
  matters?: string[]
  /**
   * Only rows of these places; all where absent.
   *
   * @minItems 1
   * @maxItems 100
   *
   * Items: Division code, GB/T 2260.
   */
  regions?: string[]
  /**
   * A calendar day in China.
   */
  from: string
  /**
   * The last day.
   */
  until: string
  /**
   * 使用依据
   */
  legalBasis: string
  /**
   * What the provider asks of whoever uses it.
   */
  conditions?: string
  /**
   * At the instant asked about.
   */
  state: 'not-yet' | 'active' | 'suspended' | 'ended' | 'pulled'
  /**
   * How the sharing that was agreed to stands (Decree 809, article 22), worked out of the consenting reply and of what came in of the resource.
   */
  delivery: {
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
  escalated?: {
    /**
     * RFC 3339 in UTC.
     */
    at: string
  }
  given: {
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
  pulled?: {
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
  suspended?: {
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
