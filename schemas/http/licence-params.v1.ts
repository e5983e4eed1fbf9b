/* Made from licence-params.v1.json by npm run generate. */

export interface LicenceParams {
  /**
   * 证照标识, GB/T 36904-2018. The check character is judged by intake.
   */
  licenceId: string
}
