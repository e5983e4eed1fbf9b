/* Made from organisation-list-query.v1.json by npm run generate. */

export interface OrganisationListQuery {
  /**
   * 1 to 100 USCCs, apart by commas: those of them that are registered are answered at once. All, page by page, where absent.
   */
  uscc?: string
  limit?: number
  /**
   * `next` of the page before
   */
  after?: string
}
