/* Made from grant.v1.json by npm run generate. */

/**
 * What a consumer may have of a resource: items, forms, purpose, and from when to when.
 */
export interface Grant {
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
}
