/* Made from grant-params.v1.json by npm run generate. */

export interface GrantParams {
  grantId: string
}
