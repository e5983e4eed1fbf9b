/* Made from resource-describe-request.v1.json by npm run generate. */

/**
 * What a provider says of its resource. It waits for review; what was published stays until then.
 */
export interface ResourceDescribeRequest {
  /**
   * Why, for people to read; stays in the history
   */
  why: string
  /**
   * The version that was read before, 0 where there was none; the present one where absent
   */
  replaces?: number
  resource: Resource
}
/**
 * One resource of the catalogue: what it holds, who provides it, and on which terms it is shared. 政务数据目录的一个条目.
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
   * 提供方代码
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
