/* Made from access-record-list.v1.json by npm run generate. */

export interface AccessRecordList {
  items: {
    /**
     * Leaf index in the transparency log.
     */
    index: number
    /**
     * Of version 2, or of version 1 where it was kept before.
     */
    record: AccessRecordV2 | AccessRecord
  }[]
  /**
   * Where to go on.
   */
  next: number
  /**
   * Number of records kept so far.
   */
  end: number
}
/**
 * Who asked what about whom, and how it ended: one record of the topic access, in canonical form (RFC 8785). It holds no personal identifier in the clear. Records without version are of version 1, and keep their place on the topic.
 */
export interface AccessRecordV2 {
  /**
   * Records of version 1 have none.
   */
  version: 2
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
  subject?: About
  /**
   * Everybody whose data were read or asked for, each once, in the order of uses; nobody else. How that ended stands in the uses.
   *
   * @minItems 1
   * @maxItems 1000
   */
  parties?: About1[]
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
     * Whose data: the place in parties. Absent where it was about nobody in particular.
     */
    about?: number
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
    /**
     * Of rows of a subscription: whose they were, by places in parties. A row that names nobody is not among them.
     *
     * @minItems 1
     * @maxItems 1000
     */
    rowsAbout?: number[]
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
/**
 * Whom or what the request was about.
 */
export interface About {
  kind: 'licence' | 'person' | 'organisation' | 'event' | 'client' | 'document'
  masked: string
  /**
   * Keyed digest of the identifier, the same for the same subject.
   */
  digest: string
}
/**
 * A person, an organisation or a thing, by a masked form and a keyed digest.
 */
export interface About1 {
  kind: 'licence' | 'person' | 'organisation' | 'event' | 'client' | 'document'
  masked: string
  /**
   * Keyed digest of the identifier, the same for the same subject.
   */
  digest: string
}
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
