/* Made from licence-list-query.v1.json by npm run generate. */

export interface LicenceListQuery {
  /**
   * Code of the person or organisation.
   */
  holder: string
  /**
   * 证照类型代码: USCC of the body that defines the type, then three digits.
   */
  type?: string
  /**
   * What for; goes into the access record.
   */
  purpose: string
  /**
   * Number of the case; goes into the access record.
   */
  case: string
  /**
   * RFC 3339 in UTC.
   */
  at?: string
  /**
   * RFC 3339 in UTC.
   */
  known?: string
  limit?: number
  after?: string
}
