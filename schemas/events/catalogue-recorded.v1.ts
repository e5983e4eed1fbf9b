/* Made from catalogue-recorded.v1.json by npm run generate. */

/**
 * What the topic catalogue says: one decision about what is held and owed, who made it and why. An event that was no longer lawful where it came to stand changes nothing; readers of the topic work that out as the catalogue does. `data` is told by `type`.
 */
export interface CatalogueRecorded {
  /**
   * Unique within the source.
   */
  id: string
  /**
   * resource.described.v1, duty.set.v1, demand.made.v1, grant.given.v1, …
   */
  type: string
  /**
   * Identifier of what was decided on.
   */
  subject: string
  /**
   * When it was decided, by the clock of who decided. It holds from when the topic took it in.
   */
  time: string
  by: Author
  /**
   * For people to read.
   */
  why: string
  data: {
    [k: string]: unknown
  }
}
export interface Author {
  /**
   * The system that it was decided with.
   */
  client: string
  /**
   * 统一社会信用代码, GB 32100-2015. The check character is judged by intake.
   */
  organisation: string
  /**
   * Who was signed in there.
   */
  person?: {
    id: string
    name: string
  }
}
