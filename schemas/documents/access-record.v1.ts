/* Made from access-record.v1.json by npm run generate. */

/**
 * Who asked what, and how it ended: one record of the topic access, in canonical form (RFC 8785). It holds no personal identifier in the clear.
 */
export interface AccessRecord {
  /**
   * Problem documents carry it as instance.
   */
  requestId: string
  /**
   * When the answer was ready, RFC 3339 in UTC.
   */
  at: string
  /**
   * The calling system; absent where nobody was proved to call.
   */
  client?: string
  /**
   * USCC of its organisation.
   */
  organisation?: string
  /**
   * Staff number of the person who was signed in; the organisation knows who that is. Absent where a system called by itself.
   */
  person?: string
  method: string
  /**
   * Pattern of the route; unmatched where none fits.
   */
  route: string
  /**
   * Whom or what it was about.
   */
  subject?: {
    kind: 'licence' | 'person' | 'organisation' | 'event' | 'client' | 'document'
    masked: string
    /**
     * Keyed digest of the identifier, the same for the same subject.
     */
    digest: string
  }
  purpose?: string
  /**
   * The matter that it was for.
   */
  matter?: string
  caseNumber?: string
  /**
   * What was read of data that others hold, and what of it was refused; never what it said.
   *
   * @maxItems 200
   */
  uses?: {
    /**
     * The catalogued resource, or the type of licence.
     */
    resource?: string
    grantId?: string
    /**
     * Information items.
     */
    fields?: string[]
    way: 'query' | 'assertion' | 'licence' | 'subscription'
    /**
     * nothing: asked, and there was none. failed: it did not answer.
     */
    outcome: 'answered' | 'nothing' | 'refused' | 'failed'
    /**
     * Why it was refused or failed.
     */
    code?: string
    /**
     * How many records left.
     */
    rows?: number
  }[]
  status: number
  /**
   * Why it was refused.
   */
  code?: string
  /**
   * Network address of the calling system.
   */
  address: string
}
