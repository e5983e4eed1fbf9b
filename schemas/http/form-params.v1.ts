/* Made from form-params.v1.json by npm run generate. */

export interface FormParams {
  matterId: string
}
