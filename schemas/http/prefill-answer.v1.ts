/* Made from prefill-answer.v1.json by npm run generate. */

/**
 * What could be filled in, each field with its sources; two that differ are a conflict and leave the field empty.
 */
export interface PrefillAnswer {
  formId: string
  version: number
  at: string
  form: {
    [k: string]: unknown
  }
  /**
   * @minItems 0
   * @maxItems 200
   */
  fields: {
    pointer: string
    outcome: 'filled' | 'conflict' | 'empty'
    code: string
    reason: Words
    needs: Words
    value?: string | number | boolean
    /**
     * @minItems 0
     * @maxItems 5
     */
    sources: {
      /**
       * Where it comes from
       */
      source: {
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
      value?: string | number | boolean
      asOf?: string
      receiptId?: string
    }[]
  }[]
}
/**
 * What people read, Chinese first.
 */
export interface Words {
  zh: string
  en: string
}
