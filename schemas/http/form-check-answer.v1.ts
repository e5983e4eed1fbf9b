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
       * Of data the USCC of its provider; of a licence or a step the name of whoever issued it or does it. For a name of each, organisationName
       */
      organisation?: string
      /**
       * Name of the organisation, told by USCC or by name; absent where its USCC is not registered
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
