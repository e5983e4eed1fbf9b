/* Made from common.v1.json by npm run generate. */

/**
 * The words that all events share. Text that a person will read holds no control character and none that turns the direction of reading.
 */
export interface CommonPartsOfEvents {
  [k: string]: unknown
}
