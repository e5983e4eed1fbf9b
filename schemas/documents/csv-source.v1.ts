/* Made from csv-source.v1.json by npm run generate. */

/**
 * What a CSV connector publishes of a folder of files: one resource, its key and its columns. Columns that are not named stay in the department.
 */
export interface CsvSource {
  /**
   * Name of the resource, within the department
   */
  resource: string
  /**
   * Folder of .csv files that together hold every row; relative to this file
   */
  dir: string
  /**
   * utf-8 unless given
   */
  encoding?: 'utf-8' | 'gb18030'
  /**
   * Headings that tell rows apart
   *
   * @minItems 1
   * @maxItems 8
   */
  key: string[]
  /**
   * @minItems 1
   * @maxItems 256
   */
  columns: {
    heading: string
    /**
     * Name of the information item; the heading unless given
     */
    name?: string
    /**
     * text unless given; a day is YYYY-MM-DD, an instant RFC 3339 in UTC, a boolean true or false
     */
    type?: 'text' | 'number' | 'day' | 'instant' | 'boolean'
    /**
     * Must it have a value?
     */
    required?: boolean
  }[]
  /**
   * How much of what is published one pass may delete without asking; a pass that exceeds both is held until a person confirms. The settings decide unless given
   */
  deletions?: {
    /**
     * Percent of the rows that are published; at 100 nobody is ever asked
     */
    holdAbovePercent: number
    /**
     * Rows; it does not count where nothing would be left, or where place or key of the source changed
     */
    holdAboveRows: number
  }
}
