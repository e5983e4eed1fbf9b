/* Made from subscription-request.v1.json by npm run generate. */

/**
 * Which region's records are to be received, and what for: matter or basis has to be given.
 */
export interface SubscriptionRequest {
  /**
   * The grant that it rests on.
   */
  grantId: string
  /**
   * Division code, GB/T 2260, or with township and village.
   */
  region: string
  /**
   * Information items; all that are granted where absent.
   *
   * @minItems 1
   * @maxItems 200
   *
   * Items: Name of an information item.
   */
  fields?: string[]
  /**
   * Exactly as the grant names it.
   */
  purpose: string
  /**
   * The matter that it is needed for.
   */
  matter?: string
  /**
   * The law or decision that it rests on.
   */
  basis?: string
}
