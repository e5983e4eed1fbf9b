/* Made from subscription-params.v1.json by npm run generate. */

export interface SubscriptionParams {
  subscriptionId: string
}
