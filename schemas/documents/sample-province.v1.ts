/* Made from sample-province.v1.json by npm run generate. */

/**
 * A made-up province: its departments, what they issue, and who calls the exchange. config/sample-province.json.
 */
export interface SampleProvince {
  about: string
  region: string
  operator: {
    uscc: string
    name: string
  }
  definer: {
    uscc: string
    name: string
  }
  /**
   * @minItems 1
   * @maxItems 100
   */
  districts: {
    code: string
    city: string
    name: string
  }[]
  /**
   * @minItems 1
   * @maxItems 100
   */
  departments: {
    id: string
    uscc: string
    name: string
    /**
     * Number of the seal, esID
     */
    sealId: string
    /**
     * @maxItems 100
     */
    licences: {
      /**
       * Names its sample in DATA_DIR/samples
       */
      id: string
      type: string
      name: string
      holder: 'person' | 'organisation'
      /**
       * 0 where it holds for good
       */
      validYears: number
      /**
       * Names on the face, and what kind of value stands there
       */
      extra: {
        [k: string]: string
      }
    }[]
  }[]
  /**
   * Organisations with a genuine seal and no right to issue anything
   *
   * @maxItems 20
   */
  outsiders: {
    id: string
    uscc: string
    name: string
    /**
     * Number of the seal, esID
     */
    sealId: string
  }[]
  /**
   * Seals of departments that must not be believed any more, for tests and the demonstration
   *
   * @maxItems 20
   */
  spoiltSeals: {
    id: string
    department: string
    /**
     * Number of the seal, esID
     */
    sealId: string
    why: 'expired' | 'revoked'
  }[]
  /**
   * Systems that call the exchange, besides each department's own
   *
   * @maxItems 100
   */
  clients: {
    id: string
    uscc: string
    name: string
    /**
     * @minItems 1
     */
    roles: ('provider' | 'approval' | 'auditor' | 'operator' | 'catalogue-manager' | 'console')[]
  }[]
}
