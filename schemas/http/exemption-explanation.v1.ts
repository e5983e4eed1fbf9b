/* Made from exemption-explanation.v1.json by npm run generate. */

/**
 * The whole tree: what each sub-matter asks for, what became of each way, and what to do next.
 */
export interface ExemptionExplanation {
  caseId: string
  matter: {
    id: string
    version: number
    name: Words
  }
  /**
   * @minItems 0
   * @maxItems 20
   */
  ends: Words[]
  /**
   * @minItems 0
   * @maxItems 60
   */
  subMatters: {
    id: string
    name: Words
    takesPart: 'yes' | 'no' | 'unknown'
    code?: string
    reason?: Words
    needs?: Words
    /**
     * @minItems 0
     * @maxItems 60
     */
    questions?: string[]
    requires: Node
  }[]
}
/**
 * What people read, Chinese first.
 */
export interface Words {
  zh: string
  en: string
}
export interface Node {
  kind: 'all' | 'any' | 'if' | 'material'
  applies: 'yes' | 'no' | 'unknown'
  chosen?: boolean
  when?: Words
  /**
   * @minItems 0
   * @maxItems 60
   */
  questions?: string[]
  material?: string
  name?: Words
  outcome?: 'skip' | 'submit' | 'commit' | 'undecided'
  code?: string
  reason?: Words
  needs?: Words
  /**
   * @minItems 0
   * @maxItems 12
   */
  ways?: {
    way: 'assertion' | 'data' | 'licence' | 'result' | 'commitment'
    result: 'proved' | 'against' | 'open' | 'allowed' | 'closed' | 'not-asked'
    code: string
    reason: Words
    needs: Words
    /**
     * Where it comes from
     */
    source: {
      kind: 'data' | 'licence' | 'sub-matter' | 'commitment'
      name: string
      resourceId?: string
      /**
       * Of data the USCC of its provider; of a licence or a step the name of whoever issued it or does it. For a name of each, organisationName
       */
      organisation?: string
      /**
       * Name of the organisation, told by USCC or by name; absent where its USCC is not registered
       */
      organisationName?: string
      grantId?: string
    }
    asOf?: string
    receiptId?: string
  }[]
  parts?: Node[]
}
