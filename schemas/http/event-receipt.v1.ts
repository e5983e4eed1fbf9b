/* Made from event-receipt.v1.json by npm run generate. */

/**
 * The events are kept and will be judged; where each came to stand.
 */
export interface EventReceipt {
  accepted: {
    partition: number
    offset: number
  }[]
}
