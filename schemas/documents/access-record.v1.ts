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
  caseNumber?: string
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
