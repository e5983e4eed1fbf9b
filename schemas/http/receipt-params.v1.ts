/* Made from receipt-params.v1.json by npm run generate. */

/**
 * Which receipt.
 */
export interface ReceiptParams {
  receiptId: string
}
