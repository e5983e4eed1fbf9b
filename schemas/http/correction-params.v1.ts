/* Made from correction-params.v1.json by npm run generate. */

export interface CorrectionParams {
  correctionId: string
}
