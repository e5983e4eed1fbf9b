/* Made from matter-list.v1.json by npm run generate. */

export interface MatterList {
  items: {
    id: string
    version: number
    name: Words
    batch: string
    /**
     * 牵头部门
     */
    lead: string
    applicants: ('natural' | 'legal' | 'individual-business')[]
    summary: Words
    counts: {
      subMatters: number
      materials: number
      questions: number
      /**
       * What is said not to be known
       */
      unknown: number
      /**
       * Facts with the tag N
       */
      unconfirmed: number
    }
  }[]
}
/**
 * What people read, Chinese first.
 */
export interface Words {
  zh: string
  en: string
}
