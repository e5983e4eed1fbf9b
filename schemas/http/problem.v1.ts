/* Made from problem.v1.json by npm run generate. */

/**
 * Why a request was not answered as asked (RFC 9457). title and mend are Chinese first, English beside it.
 */
export interface Problem {
  /**
   * The page that explains the code.
   */
  type: string
  title: string
  status: number
  /**
   * Stable; for programs.
   */
  code: string
  detail: string
  /**
   * urn:uuid: and the number of the request.
   */
  instance: string
  /**
   * What to do about it.
   */
  mend: string
  /**
   * May the same request succeed later?
   */
  retryable: boolean
  /**
   * The OAuth word for it, in answers of the token endpoint (RFC 6749 section 5.2).
   */
  error?: string
  violations?: {
    /**
     * JSON pointer to what is wrong.
     */
    pointer: string
    message: string
  }[]
  [k: string]: unknown
}
