/* Made from sample-catalogue.v1.json by npm run generate. */

/**
 * What the departments of the made-up province hold, owe, and have granted. config/sample-catalogue.json.
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
  /**
   * Responsibility items that the data administration sets
   *
   * @maxItems 200
   */
  duties: {
    /**
     * Identifier of the item
     */
    id: string
    /**
     * Name of one of the resources
     */
    resource: string
    /**
     * @minItems 1
     * @maxItems 100
     *
     * Items: Id of a client of the province, whose organisation is meant
     */
    consumers: string[]
    /**
     * Due so many days after it is set; negative where it was due before
     */
    dueInDays: number
    /**
     * @maxItems 100
     */
    matters: string[]
  }[]
  /**
   * Of every resource that a matter names, what it names of it, by query and assertion
   *
   * @maxItems 200
   */
  matterGrants: {
    /**
     * Id of a client of the province, whose organisation is meant
     */
    consumer: string
    /**
     * Id of a matter in config/matters
     */
    matter: string
    days: number
  }[]
  /**
   * @maxItems 200
   */
  grants: {
    /**
     * Id of a client of the province, whose organisation is meant
     */
    consumer: string
    /**
     * Name of one of the resources
     */
    resource: string
    /**
     * @minItems 1
     * @maxItems 100
     */
    fields: string[]
    /**
     * @minItems 1
     * @maxItems 3
     */
    forms: ('query' | 'assertion' | 'subscription')[]
    purpose: string
    /**
     * @minItems 1
     * @maxItems 100
     */
    regions?: string[]
    legalBasis: string
    scenario: string
    scope: string
    days: number
  }[]
}
