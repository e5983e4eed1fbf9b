/* Made from issuing-list.v1.json by npm run generate. */

/**
 * 发证清单: by type, who may issue it by the authority list, and who has.
 */
export interface IssuingList {
  /**
   * @minItems 0
   * @maxItems 100
   */
  items: {
    /**
     * 证照类型代码: USCC of the body that defines the type, then three digits.
     */
    licenceType: string
    licenceTypeName: string
    /**
     * @minItems 0
     * @maxItems 100000
     */
    mayIssue: {
      /**
       * 统一社会信用代码, GB 32100-2015. The check character is judged by intake.
       */
      issuer: string
      issuerName: string
      /**
       * @minItems 0
       * @maxItems 1000
       */
      regions: string[]
      /**
       * A calendar day in China.
       */
      from: string
      /**
       * A calendar day in China.
       */
      to?: string
      atPresent: boolean
    }[]
    /**
     * @minItems 0
     * @maxItems 100000
     */
    issued: {
      /**
       * 统一社会信用代码, GB 32100-2015. The check character is judged by intake.
       */
      issuer: string
      issuerName: string
      count: number
      /**
       * A calendar day in China.
       */
      first: string
      /**
       * A calendar day in China.
       */
      last: string
      /**
       * How many came with a file
       */
      digital: number
      /**
       * A calendar day in China.
       */
      digitalSince?: string
    }[]
  }[]
  /**
   * Where the next page begins; absent on the last one
   */
  next?: string
  total: number
}
