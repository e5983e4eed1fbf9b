/* Made from assertion-request.v1.json by npm run generate. */

/**
 * What has to hold, of whom, and what for.
 */
export interface AssertionRequest {
  /**
   * Identifier in the catalogue: USCC of the provider, a dot, name of the resource.
   */
  resourceId: string
  /**
   * USCC or citizen number of whom the record is about. Either this or key.
   */
  subject?: string
  /**
   * Key of one record, as its provider names it.
   */
  key?: string
  /**
   * What is asked of one item; without item, whether there is a record. All that is named has to hold.
   */
  ask: {
    /**
     * Name of an information item.
     */
    item?: string
    is?: string | number | boolean
    /**
     * @minItems 1
     * @maxItems 50
     */
    oneOf?: (string | number | boolean)[]
    not?: string | number | boolean
    /**
     * A number, or a day as YYYY-MM-DD.
     */
    atLeast?: number | string
    /**
     * A number, or a day as YYYY-MM-DD.
     */
    atMost?: number | string
    /**
     * Is there a record, or with item a value; false asks that there be none.
     */
    exists?: boolean
  }
  /**
   * Exactly as the grant names it.
   */
  purpose: string
  /**
   * The matter that it is needed for.
   */
  matter: string
  /**
   * Number of the case; goes into the access record.
   */
  caseNumber: string
  /**
   * Under this grant alone; else under whichever of yours allows it.
   */
  grantId?: string
}
