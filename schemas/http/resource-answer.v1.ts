/* Made from resource-answer.v1.json by npm run generate. */

/**
 * A resource as it is or was published, and how it stands. To its provider and to reviewers also what waits for review.
 */
export interface ResourceAnswer {
  /**
   * <USCC of the provider>.<name of the resource in its events>
   */
  resourceId: string
  standing: ResourceStanding
  resource?: Resource
  draft?: ResourceDraft
  /**
   * RFC 3339 in UTC, at most milliseconds, no leap second.
   */
  at?: string
}
export interface ResourceStanding {
  /**
   * Counts the decisions on this resource
   */
  version: number
  providerName: string
  /**
   * Of what others may use
   */
  state: 'described' | 'published' | 'withdrawn'
  /**
   * RFC 3339 in UTC, at most milliseconds, no leap second.
   */
  changedAt: string
  /**
   * Since when it has stood as it stands
   */
  published?: {
    /**
     * RFC 3339 in UTC, at most milliseconds, no leap second.
     */
    at: string
    by: Author
    /**
     * RFC 3339 in UTC, at most milliseconds, no leap second.
     */
    describedAt: string
  }
  withdrawn?: {
    /**
     * RFC 3339 in UTC, at most milliseconds, no leap second.
     */
    at: string
    by: Author
    /**
     * Why, for people to read; stays in the history
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
/**
 * As published; absent before that. Of a withdrawn one, as it was last
 */
export interface Resource {
  /**
   * <USCC of the provider>.<name of the resource in its events>
   */
  resourceId: string
  /**
   * 名称; no other published resource has it
   */
  title: string
  /**
   * 摘要
   */
  summary: string
  /**
   * 统一社会信用代码, GB 32100-2015. The check character is judged by intake.
   */
  provider: string
  /**
   * 信息项
   *
   * @minItems 1
   * @maxItems 300
   */
  items: Item[]
  /**
   * The items that make up a record's key
   *
   * @minItems 1
   * @maxItems 8
   *
   * Items: Name of an information item, as records hold it
   */
  keyItems?: string[]
  /**
   * Name of an information item, as records hold it
   */
  subjectItem?: string
  /**
   * Name of an information item, as records hold it
   */
  regionItem?: string
  /**
   * The law that the provider keeps it under
   */
  legalBasis: string
  /**
   * The division that it covers
   */
  region: string
  /**
   * 更新周期
   */
  updateCycle: 'realtime' | 'daily' | 'weekly' | 'monthly' | 'quarterly' | 'yearly' | 'once'
  sharing: Sharing
  /**
   * 共享方式; none where it is not shared
   *
   * @minItems 0
   * @maxItems 3
   */
  ways: ('service-interface' | 'batch-exchange' | 'file-download')[]
  /**
   * 分类代码: 类, 项, 目, 细目, and perhaps a sequence; the form is a setting
   */
  classification: string
  /**
   * The office that answers for it, and how to reach it
   */
  contact?: string
}
export interface Item {
  /**
   * Name of an information item, as records hold it
   */
  name: string
  /**
   * Where the name is not what people read
   */
  title?: string
  type: 'text' | 'number' | 'boolean' | 'day' | 'code'
  /**
   * Every record has it
   */
  required?: boolean
  /**
   * It is about a natural person
   */
  personal?: boolean
  description?: string
}
export interface Sharing {
  /**
   * 无条件共享, 有条件共享, 不予共享
   */
  class: 'unconditional' | 'conditional' | 'not-shared'
  /**
   * 共享条件, where it is conditional
   */
  conditions?: string
  /**
   * Why it is not shared; both are asked for then
   */
  refusal?: {
    /**
     * The law, administrative regulation or decision of the State Council, with its article
     */
    article?: string
    /**
     * The day on which it is looked at again
     */
    reviewOn?: string
  }
}
/**
 * What its provider says and nobody has published yet
 */
export interface ResourceDraft {
  /**
   * RFC 3339 in UTC, at most milliseconds, no leap second.
   */
  at: string
  by: Author
  /**
   * Why, for people to read; stays in the history
   */
  why: string
  resource: Resource1
  /**
   * The reviewer sent it back
   */
  returned?: {
    /**
     * RFC 3339 in UTC, at most milliseconds, no leap second.
     */
    at: string
    by: Author
    /**
     * Why, for people to read; stays in the history
     */
    why: string
  }
}
/**
 * One resource of the catalogue: what it holds, who provides it, and on which terms it is shared. 政务数据目录的一个条目.
 */
export interface Resource1 {
  /**
   * <USCC of the provider>.<name of the resource in its events>
   */
  resourceId: string
  /**
   * 名称; no other published resource has it
   */
  title: string
  /**
   * 摘要
   */
  summary: string
  /**
   * 统一社会信用代码, GB 32100-2015. The check character is judged by intake.
   */
  provider: string
  /**
   * 信息项
   *
   * @minItems 1
   * @maxItems 300
   */
  items: Item[]
  /**
   * The items that make up a record's key
   *
   * @minItems 1
   * @maxItems 8
   *
   * Items: Name of an information item, as records hold it
   */
  keyItems?: string[]
  /**
   * Name of an information item, as records hold it
   */
  subjectItem?: string
  /**
   * Name of an information item, as records hold it
   */
  regionItem?: string
  /**
   * The law that the provider keeps it under
   */
  legalBasis: string
  /**
   * The division that it covers
   */
  region: string
  /**
   * 更新周期
   */
  updateCycle: 'realtime' | 'daily' | 'weekly' | 'monthly' | 'quarterly' | 'yearly' | 'once'
  sharing: Sharing
  /**
   * 共享方式; none where it is not shared
   *
   * @minItems 0
   * @maxItems 3
   */
  ways: ('service-interface' | 'batch-exchange' | 'file-download')[]
  /**
   * 分类代码: 类, 项, 目, 细目, and perhaps a sequence; the form is a setting
   */
  classification: string
  /**
   * The office that answers for it, and how to reach it
   */
  contact?: string
}
