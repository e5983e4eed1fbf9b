/* Made from recheck-request.v1.json by npm run generate. */

export interface RecheckRequest {
  reason?: string
}
