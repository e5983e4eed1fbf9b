/* Made from correction.v1.json by npm run generate. */

/**
 * A request to verify an item of a resource or a licence, and what came of it.
 */
export interface Correction {
  correctionId: string
  /**
   * <USCC of the provider>.<name of the resource>; absent where it is about a licence.
   */
  resourceId?: string
  /**
   * Information item, by name; of a licence, what it shows, where one was named.
   */
  item?: string
  /**
   * The licence; masked for whoever neither issued it nor asked.
   */
  licenceId?: string
  /**
   * What is the matter with it.
   */
  kind: 'wrong' | 'outdated' | 'missing' | 'not-this-subject'
  /**
   * Digest of the row as it was answered, by which the provider finds it.
   */
  rowDigest?: string
  /**
   * Number of the case that it was noticed in.
   */
  caseNumber?: string
  /**
   * Where to look; no personal value: no run of six digits or more.
   */
  note?: string
  subjectMasked: string
  /**
   * 统一社会信用代码, GB 32100-2015. The check character is judged by intake.
   */
  provider: string
  /**
   * 统一社会信用代码, GB 32100-2015. The check character is judged by intake.
   */
  asker: string
  ruleSet: string
  state: 'open' | 'answered' | 'withdrawn'
  asked: {
    /**
     * RFC 3339 in UTC.
     */
    at: string
    by: Author
  }
  /**
   * By the provider or issuer, or by the authority in its place.
   */
  answered?: {
    /**
     * RFC 3339 in UTC.
     */
    at: string
    by: Author
    /**
     * For people to read.
     */
    why: string
    outcome: 'corrected' | 'confirmed' | 'not-ours'
  }
  /**
   * By who asked.
   */
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
  clock: Clock
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
/**
 * How the time for the answer stands, worked out of the steps.
 */
export interface Clock {
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
