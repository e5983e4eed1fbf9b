/* Made from division-list-query.v1.json by npm run generate. */

export interface DivisionListQuery {
  /**
   * 1 to 100 division codes, apart by commas. One of nine or twelve digits names a township or village, and stands where its county does.
   */
  code: string
}
