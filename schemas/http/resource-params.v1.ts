/* Made from resource-params.v1.json by npm run generate. */

export interface ResourceParams {
  /**
   * <USCC of the provider>.<name of the resource in its events>
   */
  resourceId: string
}
