/* Made from demand-params.v1.json by npm run generate. */

export interface DemandParams {
  demandId: string
}
