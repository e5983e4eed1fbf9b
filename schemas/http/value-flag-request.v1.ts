/* Made from value-flag-request.v1.json by npm run generate. */

export interface ValueFlagRequest {
  /**
   * Information item that is wrong; of data the one that was asked where absent
   */
  item?: string
  /**
   * What is the matter with it
   */
  kind: 'wrong' | 'outdated' | 'missing' | 'not-this-subject'
  /**
   * Where to look; the provider reads it. No personal value: no run of six digits or more
   */
  note?: string
  /**
   * Which of the answers is wrong; the one that decided where absent
   */
  way?: 'assertion' | 'data' | 'licence'
}
