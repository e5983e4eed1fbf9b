/* Made from licence-list.v1.json by npm run generate. */

export interface LicenceList {
  items: LicenceStatus[]
  /**
   * Give it as after to get the next page; absent on the last one.
   */
  next?: string
}
/**
 * How a licence stands at an instant, as known at another.
 */
export interface LicenceStatus {
  /**
   * 证照标识, GB/T 36904-2018. The check character is judged by intake.
   */
  licenceId: string
  /**
   * For when it was asked.
   */
  at: string
  /**
   * By what had been recorded until then.
   */
  known: string
  /**
   * unknown: the register had no such licence then.
   */
  state: 'not-yet-valid' | 'valid' | 'suspended' | 'expired' | 'revoked' | 'cancelled' | 'replaced' | 'unknown'
  /**
   * From when it has stood so.
   */
  since?: string
  reason?: Reason
  /**
   * revoked 吊销, withdrawn 撤销
   */
  kind?: 'revoked' | 'withdrawn'
  /**
   * 证照标识, GB/T 36904-2018. The check character is judged by intake.
   */
  replacedBy?: string
  /**
   * 证照标识, GB/T 36904-2018. The check character is judged by intake.
   */
  replaces?: string
  /**
   * 证照类型代码: USCC of the body that defines the type, then three digits.
   */
  type?: string
  typeName?: string
  issuer?: Issuer
  number?: string
  /**
   * A calendar day in China.
   */
  issuedOn?: string
  /**
   * A calendar day in China.
   */
  validFrom?: string
  /**
   * A calendar day in China.
   */
  validUntil?: string
  /**
   * Division code, GB/T 2260, or with township and village.
   */
  region?: string
  /**
   * Masked, except to the issuer.
   */
  holder?: {
    name: string
    code: string
    codeType: string
  }
  /**
   * What the page says; to the issuer alone.
   */
  face?: {
    [k: string]: string
  }
  /**
   * Files issued for it, the latest last.
   */
  files?: File[]
  /**
   * What was said of it, in the order recorded; to the issuer alone.
   */
  history?: {
    move: 'issued' | 'changed' | 'suspended' | 'restored' | 'revoked' | 'cancelled' | 'expired' | 'replaced'
    effectiveAt: string
    recordedAt: string
    reason?: Reason
    /**
     * The law or decision that it rests on.
     */
    basis?: string
    kind?: 'revoked' | 'withdrawn'
    /**
     * 证照标识, GB/T 36904-2018. The check character is judged by intake.
     */
    replacedBy?: string
    /**
     * What changed.
     */
    changed?: string[]
  }[]
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
