/* Made from using-list.v1.json by npm run generate. */

/**
 * 用证清单: by type, who uses it, and which matters ask for it.
 */
export interface UsingList {
  /**
   * @minItems 0
   * @maxItems 100
   */
  items: {
    licenceTypeName: string
    /**
     * @minItems 0
     * @maxItems 1000
     *
     * Items: 证照类型代码: USCC of the body that defines the type, then three digits.
     */
    licenceTypes: string[]
    /**
     * @minItems 0
     * @maxItems 100000
     */
    usedBy: {
      /**
       * 统一社会信用代码, GB 32100-2015. The check character is judged by intake.
       */
      organisation: string
      name?: string
      /**
       * A calendar day in China.
       */
      first: string
      /**
       * A calendar day in China.
       */
      last: string
      /**
       * On how many days
       */
      days: number
      /**
       * @minItems 0
       * @maxItems 200
       */
      matters: string[]
    }[]
    /**
     * @minItems 0
     * @maxItems 1000
     */
    askedBy: {
      matter: string
      name: string
      /**
       * @minItems 0
       * @maxItems 200
       */
      materials: string[]
    }[]
  }[]
  /**
   * Where the next page begins; absent on the last one
   */
  next?: string
  total: number
}
