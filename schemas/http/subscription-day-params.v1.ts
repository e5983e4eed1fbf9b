/* Made from subscription-day-params.v1.json by npm run generate. */

export interface SubscriptionDayParams {
  subscriptionId: string
  /**
   * A calendar day in China.
   */
  day: string
}
