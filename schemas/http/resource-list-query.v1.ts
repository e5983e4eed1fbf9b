/* Made from resource-list-query.v1.json by npm run generate. */

export interface ResourceListQuery {
  /**
   * Words, apart by spaces; each is found as it stands. Hits in the title come first, then the newest.
   */
  q?: string
  /**
   * 统一社会信用代码, GB 32100-2015. The check character is judged by intake.
   */
  provider?: string
  sharing?: 'unconditional' | 'conditional' | 'not-shared'
  /**
   * Resources that cover this division, or one inside it
   */
  region?: string
  /**
   * `waiting` and `returned`: to a provider its own, to reviewers all. `published` where absent.
   */
  state?: 'published' | 'waiting' | 'returned' | 'withdrawn'
  /**
   * An instant (RFC 3339 in UTC), or a day: then as it stood at its end in China. The present where absent.
   */
  at?: string
  limit?: number
  /**
   * `next` of the page before
   */
  after?: string
}
