/* Made from subscription-recorded.v1.json by npm run generate. */

/**
 * A subscription was made or ended: one record of the topic subscriptions, in canonical form (RFC 8785).
 */
export interface SubscriptionRecorded {
  id: string
  type: 'subscription.made.v1' | 'subscription.ended.v1'
  /**
   * The subscription.
   */
  subject: string
  /**
   * RFC 3339 in UTC.
   */
  time: string
  by: {
    client: string
    organisation: string
    /**
     * Staff number of the person who was signed in.
     */
    person?: string
  }
  /**
   * What is received; with subscription.made.v1.
   */
  data?: {
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
  }
}
