/* Made from matter-params.v1.json by npm run generate. */

export interface MatterParams {
  matterId: string
}
