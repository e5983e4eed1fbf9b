/* Made from list-findings.v1.json by npm run generate. */

/**
 * Where lists, matters and catalogue do not fit, each with what to do.
 */
export interface ListFindings {
  /**
   * @minItems 0
   * @maxItems 100
   */
  items: {
    code:
      | 'LICENCE_TYPE_UNKNOWN'
      | 'LICENCE_USED_NEVER_ISSUED'
      | 'LICENCE_ISSUED_NEVER_USED'
      | 'DATA_NOT_PUBLISHED'
      | 'PAPER_HELD'
    /**
     * A type of licence or a title, by name
     */
    subject: string
    /**
     * @minItems 0
     * @maxItems 1000
     *
     * Items: 证照类型代码: USCC of the body that defines the type, then three digits.
     */
    licenceTypes?: string[]
    /**
     * @minItems 0
     * @maxItems 1000
     */
    matters: string[]
    material?: {
      id: string
      name: string
    }
    say: {
      zh: string
      en: string
    }
    mend: {
      zh: string
      en: string
    }
  }[]
  /**
   * Where the next page begins; absent on the last one
   */
  next?: string
  total: number
}
