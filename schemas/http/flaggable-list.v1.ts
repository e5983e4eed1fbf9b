/* Made from flaggable-list.v1.json by npm run generate. */

/**
 * What was told for a material and can be flagged as wrong, what decided first; no value.
 */
export interface FlaggableList {
  /**
   * @maxItems 3
   */
  items: {
    way: 'assertion' | 'data' | 'licence'
    /**
     * Title of the resource, or type of the licence
     */
    source: string
    resourceId?: string
    /**
     * Information items by name; none where only was asked whether there is a record
     *
     * @maxItems 100
     */
    items: string[]
  }[]
}
