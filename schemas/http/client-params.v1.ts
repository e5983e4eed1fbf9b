/* Made from client-params.v1.json by npm run generate. */

export interface ClientParams {
  clientId: string
}
