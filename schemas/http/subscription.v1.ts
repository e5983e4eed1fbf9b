/* Made from subscription.v1.json by npm run generate. */

/**
 * What is received. Whether it may still be is asked of the grant at each reading.
 */
export interface Subscription {
  subscriptionId: string
  /**
   * The grant that it rests on.
   */
  grantId: string
  resourceId: string
  consumer: string
  /**
   * Division code, GB/T 2260, or with township and village.
   */
  region: string
  /**
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
  matter?: string
  /**
   * The law or decision that it rests on.
   */
  basis?: string
  madeAt: string
  endedAt?: string
}
