/* Made from exemption-params.v1.json by npm run generate. */

export interface ExemptionParams {
  caseId: string
}
