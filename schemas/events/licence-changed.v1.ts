/* Made from licence-changed.v1.json by npm run generate. */

/**
 * What the licence says was changed, or its period extended, under the same identifier.
 */
export interface LicenceChanged {
  specversion: '1.0'
  /**
   * Unique within the source.
   */
  id: string
  /**
   * Who says so.
   */
  source: string
  type: 'licence.changed.v1'
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
     * RFC 3339 in UTC, at most milliseconds, no leap second.
     */
    effectiveAt: string
    reason: Reason
    /**
     * The law or decision that it rests on.
     */
    basis?: string
    /**
     * What is different from then on; what is left out stays.
     */
    changes: {
      /**
       * 证照编号
       */
      number?: string
      holder?: Holder
      /**
       * A calendar day in China.
       */
      validUntil?: string
      /**
       * Division code, GB/T 2260, or with township and village.
       */
      region?: string
      face?: Face
      file?: File
    }
  }
}
/**
 * Why, for the holder to read.
 */
export interface Reason {
  /**
   * In Chinese.
   */
  zh: string
  /**
   * In English.
   */
  en?: string
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
 * What the page says, by the names printed on it.
 */
export interface Face {
  [k: string]: string
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
