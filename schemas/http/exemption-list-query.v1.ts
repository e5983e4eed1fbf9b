/* Made from exemption-list-query.v1.json by npm run generate. */

export interface ExemptionListQuery {
  /**
   * unfinished: those of which something is not decided, each with its next step; left out are those that a later case of the same number took the place of
   */
  only?: 'unfinished'
  limit?: number
  after?: string
}
