/* Made from decision-request.v1.json by npm run generate. */

/**
 * Grants a demand whole or in part, or refuses it. What a grant leaves out is as the demand asked, but for its last day, which is always said.
 */
export interface DecisionRequest {
  outcome: 'grant' | 'refuse'
  grant?: {
    /**
     * Information items, by name.
     *
     * @minItems 1
     * @maxItems 200
     */
    fields?: string[]
    /**
     * As what: values, yes or no, or the rows of a region.
     *
     * @minItems 1
     * @maxItems 3
     */
    forms?: ('query' | 'assertion' | 'subscription')[]
    /**
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
    from?: string
    /**
     * A calendar day in China.
     */
    until?: string
    /**
     * What the provider asks of whoever uses it.
     */
    conditions?: string
  }
  /**
   * Of a refusal: the law that it rests on.
   */
  article?: string
  /**
   * Of a refusal: when it is looked at again.
   */
  reviewOn?: string
  /**
   * For people to read.
   */
  why: string
}
