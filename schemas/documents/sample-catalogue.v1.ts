/* Made from sample-catalogue.v1.json by npm run generate. */

/**
 * What the departments of the made-up province hold. config/sample-catalogue.json.
 */
export interface SampleCatalogue {
  about: string
  /**
   * Data sets, each of them a resource of the catalogue
   *
   * @minItems 1
   * @maxItems 200
   */
  resources: {
    /**
     * Id of who provides it
     */
    department: string
    /**
     * Name in its events
     */
    name: string
    title: string
    summary: string
    /**
     * Information items, in the order of the columns
     *
     * @minItems 1
     * @maxItems 100
     */
    items: {
      name: string
      type: 'text' | 'number' | 'day' | 'code'
      required?: boolean
      /**
       * About a natural person
       */
      personal?: boolean
    }[]
    /**
     * @minItems 1
     * @maxItems 8
     */
    keyItems: string[]
    subjectItem: string
    regionItem?: string
    legalBasis: string
    updateCycle: 'realtime' | 'daily' | 'weekly' | 'monthly' | 'quarterly' | 'yearly' | 'once'
    sharing: {
      class: 'unconditional' | 'conditional'
      conditions?: string
    }
    /**
     * @minItems 1
     * @maxItems 3
     */
    ways: ('service-interface' | 'batch-exchange' | 'file-download')[]
    classification: string
    /**
     * Which office of the department answers for it
     */
    office: string
  }[]
}
