/* Made from correction-request.v1.json by npm run generate. */

/**
 * Asks the provider to verify an item (校核). Says what is wrong, never the value.
 */
export interface CorrectionRequest {
  /**
   * <USCC of the provider>.<name of the resource>
   */
  resourceId: string
  /**
   * Information item, by name.
   */
  item: string
  /**
   * What is the matter with it.
   */
  kind: 'wrong' | 'outdated' | 'missing' | 'not-this-subject'
  /**
   * Code of the person or organisation; only a masked form is kept.
   */
  subject: string
  /**
   * Digest of the row as it was answered, by which the provider finds it.
   */
  rowDigest?: string
  /**
   * Number of the case that it was noticed in.
   */
  caseNumber?: string
  /**
   * Where to look; no personal value: no run of six digits or more.
   */
  note?: string
  ruleSet?: string
}
