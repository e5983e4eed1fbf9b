/* Made from query-request.v1.json by npm run generate. */

/**
 * What is asked, about whom, and what for.
 */
export interface QueryRequest {
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
   * Information items; no more than are needed.
   *
   * @minItems 1
   * @maxItems 200
   *
   * Items: Name of an information item.
   */
  fields: string[]
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
