/* Made from form-check-request.v1.json by npm run generate. */

/**
 * A filled form. With an applicant, what it says is compared with the registers, too.
 */
export interface FormCheckRequest {
  form: {
    [k: string]: unknown
  }
  applicant?: {
    kind: 'natural' | 'legal' | 'individual-business'
    /**
     * 公民身份号码 or 统一社会信用代码
     */
    code: string
    name: string
  }
  /**
   * Who acts for the applicant. Without an authorisation that has not ended nothing is asked about anybody but the agent.
   */
  agent?: {
    /**
     * 公民身份号码 or 统一社会信用代码
     */
    code: string
    name: string
    authorisation?: {
      /**
       * Number or place of the 授权委托书
       */
      reference: string
      until?: string
    }
  }
  /**
   * The parties that the matter names, by id
   */
  parties?: {
    [k: string]: {
      /**
       * 公民身份号码 or 统一社会信用代码
       */
      code: string
      name: string
    }
  }
  /**
   * Which of the parties that are natural persons consented to being asked about
   */
  consent?: {
    /**
     * @minItems 1
     * @maxItems 10
     */
    parties: string[]
    /**
     * How it was given, e.g. 当面签字
     */
    how: string
  }
  caseNumber: string
  purpose: string
}
