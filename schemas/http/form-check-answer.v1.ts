/* Made from form-check-answer.v1.json by npm run generate. */

/**
 * All that is wrong with a filled form, at once.
 */
export interface FormCheckAnswer {
  formId: string
  version: number
  passed: boolean
  /**
   * @minItems 0
   * @maxItems 1000
   */
  findings: {
    pointer: string
    code: string
    say: Words
    needs?: Words
    rule?: string
    /**
     * Where it comes from
     */
    source?: {
      kind: 'data' | 'licence' | 'sub-matter' | 'commitment' | 'applicant'
      name: string
      resourceId?: string
      /**
       * USCC of the provider of data; whoever issued a licence or does a step, by name
       */
      organisation?: string
      /**
       * Name of the organisation; absent where it is not registered
       */
      organisationName?: string
      grantId?: string
    }
    asOf?: string
  }[]
  /**
   * Whether the registers were asked, too
   */
  compared: boolean
}
/**
 * What people read, Chinese first.
 */
export interface Words {
  zh: string
  en: string
}
