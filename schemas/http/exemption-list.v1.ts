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
    /**
     * What to do next, where something is not decided and that was asked for. answer: questions are left; recheck: a material can be asked for again; wait: what was flagged is not answered yet; begin-again: the matter reads otherwise now
     */
    step?: 'answer' | 'recheck' | 'wait' | 'begin-again'
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
