/* Made from extension-consent.v1.json by npm run generate. */

/**
 * The authority's word on more time.
 */
export interface ExtensionConsent {
  agreed: boolean
  /**
   * For people to read.
   */
  why: string
}
