/* Made from division-list.v1.json by npm run generate. */

export interface DivisionList {
  /**
   * By code; one that is no division today is left out
   *
   * @maxItems 100
   */
  items: {
    /**
     * Division code, GB/T 2260, or with township and village.
     */
    code: string
    /**
     * From the province down, e.g. 示例省云川市青泽县
     */
    name: string
  }[]
}
