/* Made from http-source.v1.json by npm run generate. */

/**
 * Where the secret stands; never the secret itself
 */
export type Secret = SecretInFile | SecretInEnvironment

/**
 * What an HTTP connector publishes of an interface that answers JSON: one resource, its key and its members. Members that are not named stay in the department.
 */
export interface HttpSource {
  /**
   * Name of the resource, within the department
   */
  resource: string
  /**
   * First page; https, unless it is on this machine
   */
  url: string
  authorization?: BearerToken | BasicPassword
  /**
   * PEM of the CAs that are believed; relative to this document, those of the system unless given
   */
  caFile?: string
  /**
   * JSON Pointer to the list of rows in a page; empty where the page itself is the list
   */
  items: string
  /**
   * How the next page is found; there is one page unless given
   */
  pages?: PagesByLink | PagesByLinkHeader | PagesByCursor
  /**
   * The interface tells changes since a cursor, and ends with an empty page or the cursor of before; needs pages by cursor. Otherwise it hands over every row, and one that is missing was deleted
   */
  changes?: boolean
  /**
   * Members that tell rows apart: text or whole numbers
   *
   * @minItems 1
   * @maxItems 8
   */
  key: string[]
  /**
   * @minItems 1
   * @maxItems 200
   */
  columns: {
    member: string
    /**
     * Name of the information item; the member's unless given
     */
    name?: string
    /**
     * text unless given
     */
    type?: 'text' | 'number' | 'day' | 'instant' | 'boolean'
    /**
     * Must it have a value? Neither null nor an empty text is one
     */
    required?: boolean
    /**
     * Is the member left out where it has no value? Otherwise a row without it means that the interface has changed, and all is refused
     */
    mayBeAbsent?: boolean
  }[]
  /**
   * Member that is true in rows that count as deleted
   */
  deleted?: string
  /**
   * Longest that one page may take; 30 unless given
   */
  timeoutSeconds?: number
  /**
   * How often a page is asked for; 4 unless given
   */
  attempts?: number
  /**
   * Largest page; 8 MiB unless given
   */
  pageBytes?: number
  /**
   * Most pages of one pass; 10,000 unless given
   */
  pagesAtMost?: number
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
export interface BearerToken {
  bearer: Secret
}
export interface SecretInFile {
  /**
   * File of one line; relative to this document
   */
  file: string
}
export interface SecretInEnvironment {
  /**
   * Environment variable
   */
  env: string
}
export interface BasicPassword {
  user: string
  password: Secret
}
export interface PagesByLink {
  /**
   * JSON Pointer to the address of the next page; null or absent on the last
   */
  link: string
}
export interface PagesByLinkHeader {
  /**
   * The Link header with rel="next"
   */
  linkHeader: true
}
export interface PagesByCursor {
  /**
   * JSON Pointer to what is handed back for the next page; null or absent on the last
   */
  cursor: string
  /**
   * Query parameter in which it is handed back
   */
  parameter: string
}
