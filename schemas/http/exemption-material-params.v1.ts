/* Made from exemption-material-params.v1.json by npm run generate. */

export interface ExemptionMaterialParams {
  caseId: string
  materialId: string
}
