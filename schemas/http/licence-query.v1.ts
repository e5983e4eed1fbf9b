/* Made from licence-query.v1.json by npm run generate. */

export interface LicenceQuery {
  /**
   * For when it is asked; now where left out.
   */
  at?: string
  /**
   * By what had been recorded until then; now where left out.
   */
  known?: string
}
