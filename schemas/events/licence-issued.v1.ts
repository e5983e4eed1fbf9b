/* Made from licence-issued.v1.json by npm run generate. */

/**
 * A licence was issued. It may take the place of an earlier one of the same issuer.
 */
export interface LicenceIssued {
  specversion: '1.0'
  /**
   * Unique within the source.
   */
  id: string
  /**
   * Who says so.
   */
  source: string
  type: 'licence.issued.v1'
  /**
   * 证照标识, GB/T 36904-2018. The check character is judged by intake.
   */
  subject: string
  /**
   * RFC 3339 in UTC, at most milliseconds, no leap second.
   */
  time: string
  datacontenttype: 'application/json'
  /**
   * Counts per source from 1 without gaps.
   */
  sequence: number
  data: {
    /**
     * 证照标识, GB/T 36904-2018. The check character is judged by intake.
     */
    licenceId: string
    /**
     * 证照类型代码: USCC of the body that defines the type, then three digits.
     */
    licenceType: string
    /**
     * 证照类型名称
     */
    licenceTypeName: string
    /**
     * 证照编号, as printed.
     */
    number: string
    issuer: Issuer
    holder: Holder
    /**
     * A calendar day in China.
     */
    issuedOn: string
    /**
     * A calendar day in China.
     */
    validFrom: string
    /**
     * A calendar day in China.
     */
    validUntil?: string
    /**
     * Division code, GB/T 2260, or with township and village.
     */
    region: string
    /**
     * RFC 3339 in UTC, at most milliseconds, no leap second.
     */
    effectiveAt: string
    file?: File
    face: Face
    /**
     * 证照标识, GB/T 36904-2018. The check character is judged by intake.
     */
    replaces?: string
  }
}
export interface Issuer {
  /**
   * 统一社会信用代码, GB 32100-2015. The check character is judged by intake.
   */
  uscc: string
  /**
   * 证照颁发机构
   */
  name: string
}
export interface Holder {
  /**
   * 持证主体
   */
  name: string
  /**
   * 持证主体代码
   */
  code: string
  /**
   * 持证主体代码类型代码: 001 USCC, 111 citizen number, …
   */
  codeType: string
}
/**
 * The licence file as issued.
 */
export interface File {
  sha256: string
  sm3: string
  /**
   * Bytes.
   */
  size: number
  mediaType: 'application/ofd' | 'application/pdf'
}
/**
 * What the page says, by the names printed on it.
 */
export interface Face {
  [k: string]: string
}
