/* Made from resource-list.v1.json by npm run generate. */

export interface ResourceList {
  /**
   * @minItems 0
   * @maxItems 100
   */
  items: ResourceSummary[]
  /**
   * Where the next page begins; absent on the last one
   */
  next?: string
  /**
   * How many were found, counted no further than 1,000; told where words were asked for
   */
  total?: number
  /**
   * RFC 3339 in UTC, at most milliseconds, no leap second.
   */
  at?: string
}
export interface ResourceSummary {
  /**
   * <USCC of the provider>.<name of the resource in its events>
   */
  resourceId: string
  title: string
  summary: string
  /**
   * 统一社会信用代码, GB 32100-2015. The check character is judged by intake.
   */
  provider: string
  providerName: string
  /**
   * Division code, GB/T 2260, or with township and village.
   */
  region: string
  updateCycle: 'realtime' | 'daily' | 'weekly' | 'monthly' | 'quarterly' | 'yearly' | 'once'
  sharing: 'unconditional' | 'conditional' | 'not-shared'
  state: 'described' | 'returned' | 'published' | 'withdrawn'
  /**
   * Counts the decisions on this resource
   */
  version: number
  /**
   * RFC 3339 in UTC, at most milliseconds, no leap second.
   */
  changedAt: string
}
