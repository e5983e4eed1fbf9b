/* Made from quarantine-params.v1.json by npm run generate. */

export interface QuarantineParams {
  /**
   * Of an entry in quarantine.
   */
  id: string
}
