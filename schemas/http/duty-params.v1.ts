/* Made from duty-params.v1.json by npm run generate. */

export interface DutyParams {
  itemId: string
}
