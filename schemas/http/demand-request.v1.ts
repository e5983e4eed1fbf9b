/* Made from demand-request.v1.json by npm run generate. */

/**
 * Asks for data.
 */
export interface DemandRequest {
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
  /**
   * Which deadlines hold; Decree 809 where absent.
   */
  ruleSet?: string
}
