/* Made from receipt.v1.json by npm run generate. */

/**
 * A receipt that was given before.
 */
export interface KeptReceipt {
  receiptId: string
  receipt: string
}
