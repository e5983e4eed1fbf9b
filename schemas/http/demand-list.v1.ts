/* Made from demand-list.v1.json by npm run generate. */

export interface DemandList {
  items: Demand[]
  next?: string
}
/**
 * A demand, what was done about it, and how its clock stands.
 */
export interface Demand {
  demandId: string
  /**
   * 统一社会信用代码, GB 32100-2015. The check character is judged by intake.
   */
  provider: string
  /**
   * 统一社会信用代码, GB 32100-2015. The check character is judged by intake.
   */
  consumer: string
  /**
   * <USCC of the provider>.<name of the resource>
   */
  resourceId: string
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
   * For which matters (一件事); none where it is for something else.
   *
   * @maxItems 100
   */
  matters: string[]
  /**
   * 使用依据
   */
  legalBasis: string
  /**
   * 使用场景
   */
  scenario: string
  /**
   * 使用范围
   */
  scope: string
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
   * First day; that of the grant where absent.
   */
  from?: string
  /**
   * 使用时限: the last day.
   */
  until: string
  /**
   * What is handed in with it.
   *
   * @maxItems 50
   */
  papers?: {
    name: string
    /**
     * SHA-256 of the file, which goes its own way.
     */
    digest?: string
  }[]
  sharingClass: 'unconditional' | 'conditional'
  ruleSet: string
  version: number
  state: 'open' | 'paused' | 'decided' | 'withdrawn'
  /**
   * How the time for the answer stands, worked out of the steps.
   */
  clock: {
    state: 'running' | 'paused' | 'overdue' | 'answered' | 'answered-late' | 'withdrawn' | 'indeterminate'
    /**
     * Name of the deadline in its rule set.
     */
    limit: string
    ruleSet: string
    article?: string
    /**
     * A calendar day in China.
     */
    startsOn: string
    /**
     * A calendar day in China.
     */
    dueOn?: string
    period?: {
      unit: 'working-day' | 'day'
      count: number
    }
    extendedBy?: number
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
  }
  made: {
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
  papersAsked?: {
    /**
     * RFC 3339 in UTC.
     */
    at: string
    by: Author
    /**
     * For people to read.
     */
    why: string
    /**
     * All that is missing, at once.
     *
     * @minItems 1
     * @maxItems 50
     */
    missing: string[]
  }
  papersHandedIn?: {
    /**
     * RFC 3339 in UTC.
     */
    at: string
    by: Author
    /**
     * For people to read.
     */
    why: string
    /**
     * What is handed in with it.
     *
     * @maxItems 50
     */
    papers: {
      name: string
      /**
       * SHA-256 of the file, which goes its own way.
       */
      digest?: string
    }[]
  }
  extension?: {
    /**
     * RFC 3339 in UTC.
     */
    at: string
    by: Author
    /**
     * For people to read.
     */
    why: string
    count: number
    consent?: {
      /**
       * RFC 3339 in UTC.
       */
      at: string
      by: Author
      /**
       * For people to read.
       */
      why: string
      agreed: boolean
    }
  }
  escalated?: {
    /**
     * RFC 3339 in UTC.
     */
    at: string
  }
  decided?: {
    /**
     * RFC 3339 in UTC.
     */
    at: string
    by: Author
    /**
     * For people to read.
     */
    why: string
    outcome: 'granted' | 'partly-granted' | 'refused'
    grantId?: string
    /**
     * Of a refusal: the law that it rests on.
     */
    article?: string
    /**
     * Of a refusal: when it is looked at again.
     */
    reviewOn?: string
  }
  withdrawn?: {
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
