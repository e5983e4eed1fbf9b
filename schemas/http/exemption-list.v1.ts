/* Made from exemption-list.v1.json by npm run generate. */

export interface ExemptionList {
  /**
   * @minItems 0
   * @maxItems 100
   */
  items: {
    caseId: string
    caseNumber: string
    matterId: string
    applicant: string
    state: 'decided' | 'open' | 'ended'
    openedAt: string
    counts: {
      skip: number
      submit: number
      commit: number
      undecided: number
    }
  }[]
  next?: string
}
