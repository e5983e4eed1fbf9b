/* Made from suspension-request.v1.json by npm run generate. */

/**
 * Why a system is stopped.
 */
export interface SuspensionRequest {
  reason: string
}
