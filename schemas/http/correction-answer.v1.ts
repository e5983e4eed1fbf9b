/* Made from correction-answer.v1.json by npm run generate. */

/**
 * The provider's word.
 */
export interface CorrectionAnswer {
  outcome: 'corrected' | 'confirmed' | 'not-ours'
  /**
   * For people to read.
   */
  why: string
}
