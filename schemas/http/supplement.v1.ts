/* Made from supplement.v1.json by npm run generate. */

/**
 * Papers that were asked for.
 */
export interface Supplement {
  /**
   * What is handed in with it.
   *
   * @minItems 1
   * @maxItems 50
   */
  papers: {
    name: string
    /**
     * SHA-256 of the file, which goes its own way.
     */
    digest?: string
  }[]
  /**
   * For people to read.
   */
  why: string
}
