/* Made from divisions.v1.json by npm run generate. */

/**
 * Division codes by GB/T 2260, each with the days on which it held; config/divisions.json.
 */
export interface Divisions {
  about?: string
  /**
   * @minItems 1
   * @maxItems 20000
   */
  divisions: {
    code: string
    name: string
    /**
     * First day; ever since where absent
     */
    from?: string
    /**
     * Last day; still where absent
     */
    to?: string
  }[]
}
