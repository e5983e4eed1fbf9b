/* Made from exemption-list-query.v1.json by npm run generate. */

export interface ExemptionListQuery {
  limit?: number
  after?: string
}
