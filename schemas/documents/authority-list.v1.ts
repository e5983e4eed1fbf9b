/* Made from authority-list.v1.json by npm run generate. */

/**
 * Who may issue which type of licence, where, from when to when; authorities.json of a trust directory. Each item is a positive right: what no item allows is not allowed.
 */
export interface AuthorityList {
  /**
   * Counts up with every change; a lower one than was seen before is refused
   */
  version: number
  /**
   * RFC 3339 in UTC
   */
  issuedAt: string
  /**
   * @maxItems 100000
   */
  items: {
    /**
     * USCC of the organisation that may issue
     */
    issuer: string
    issuerName: string
    /**
     * 证照类型代码
     */
    licenceType: string
    licenceTypeName: string
    /**
     * Division codes; each also stands for the divisions below it (990000 for the whole province 99)
     *
     * @minItems 1
     * @maxItems 1000
     */
    regions: string[]
    /**
     * First day, China's
     */
    from: string
    /**
     * Last day, China's; absent where no end is set
     */
    to?: string
    /**
     * The rule that gives the right
     */
    basis: string
  }[]
}
