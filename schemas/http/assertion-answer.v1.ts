/* Made from assertion-answer.v1.json by npm run generate. */

/**
 * Yes or no; or that no single record could answer.
 */
export interface AssertionAnswer {
  /**
   * none: no such record that you may see, or no value that can be compared. several: more than one record.
   */
  answer: 'yes' | 'no' | 'none' | 'several'
  /**
   * The grant that it left under.
   */
  grantId: string
  /**
   * When the records were read.
   */
  asOf: string
  /**
   * When the record that answers was recorded; absent where there is not just one.
   */
  recordedAt?: string
}
