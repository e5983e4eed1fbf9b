/* Made from material-refusal-request.v1.json by npm run generate. */

/**
 * The applicant hands in the original instead.
 */
export interface MaterialRefusalRequest {
  reason: string
}
