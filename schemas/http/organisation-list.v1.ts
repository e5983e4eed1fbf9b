/* Made from organisation-list.v1.json by npm run generate. */

export interface OrganisationList {
  /**
   * By USCC
   *
   * @maxItems 100
   */
  items: {
    /**
     * 统一社会信用代码, GB 32100-2015. The check character is judged by intake.
     */
    uscc: string
    name: string
  }[]
  /**
   * Where the next page begins; absent on the last one
   */
  next?: string
}
