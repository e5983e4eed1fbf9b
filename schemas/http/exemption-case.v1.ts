/* Made from exemption-case.v1.json by npm run generate. */

/**
 * Which materials the applicant hands in, which not, and why.
 */
export interface ExemptionCase {
  caseId: string
  /**
   * open: questions are to be answered first, in a new request; ended: this matter does not apply
   */
  state: 'decided' | 'open' | 'ended'
  caseNumber: string
  purpose: string
  openedAt: string
  decidedAt: string
  matter: {
    id: string
    version: number
    name: Words
  }
  /**
   * A person's name and number are masked
   */
  applicant: {
    kind: 'natural' | 'legal' | 'individual-business'
    code: string
    name: string
  }
  agent?: {
    code: string
    name: string
    authorised: boolean
  }
  /**
   * @minItems 0
   * @maxItems 10
   */
  parties: {
    id: string
    name: Words
    code?: string
    from: 'case' | 'register' | 'nobody'
    problem?: string
  }[]
  /**
   * @minItems 0
   * @maxItems 20
   */
  ends: Words[]
  counts: {
    skip: number
    submit: number
    commit: number
    undecided: number
  }
  /**
   * @minItems 0
   * @maxItems 200
   */
  materials: {
    id: string
    name: Words
    /**
     * needed: part of the set that is asked for; open: only some answers ask for it; unfit: of a choice that fits no answer
     */
    need: 'needed' | 'open' | 'unfit'
    outcome: 'skip' | 'submit' | 'commit' | 'undecided'
    code: string
    reason: Words
    needs: Words1
    applicantNeeds?: Words2
    way?: 'assertion' | 'data' | 'licence' | 'result' | 'commitment'
    /**
     * Where it comes from
     */
    source?: {
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
    /**
     * How fresh the source's answer is
     */
    asOf?: string
    /**
     * Receipt of the verdict on the licence
     */
    receiptId?: string
    digest?: string
    /**
     * @minItems 0
     * @maxItems 60
     */
    questions?: string[]
    /**
     * What was read instead of the paper; in the answer to the question alone, never kept
     */
    fetched?: {
      [k: string]: unknown
    }
    original?: 'original' | 'copy' | 'either' | 'electronic'
    copies?: number
    /**
     * @minItems 0
     * @maxItems 60
     */
    forSubMatters: string[]
    commitment?: {
      id: string
      kind: 'notify-commit' | 'submit-later'
      name: Words
      text: Words
      consequences: Words
      followUpBy: string
      made?: {
        at: string
        signedBy: 'applicant' | 'agent'
        client: string
        text: string
        consequences: Words
        /**
         * By then it is checked or handed in
         */
        followUpOn: string
        followUpBy: string
      }
    }
    refused?: {
      at: string
      client: string
      why: string
      correctionId?: string
    }
    /**
     * @minItems 0
     * @maxItems 100
     */
    flags?: {
      at: string
      client: string
      why: string
      /**
       * Which item; of a licence 证照 where all of it is meant
       */
      item?: string
      /**
       * Its source had answered before that what it said is so: the flag holds in this case alone, and other cases go on by that word
       */
      answeredBefore?: true
      correctionId?: string
    }[]
  }[]
  /**
   * @minItems 0
   * @maxItems 60
   *
   * Items: To be answered still. The code says why no register could.
   */
  questions: {
    id: string
    ask: Words
    type: 'yes-no' | 'one-of' | 'some-of' | 'number'
    unit?: string
    /**
     * @minItems 0
     * @maxItems 50
     */
    options?: {
      id: string
      name: Words
    }[]
    code?: string
    reason?: Words
    needs?: Words
  }[]
  /**
   * @minItems 0
   * @maxItems 60
   */
  answers: {
    question: string
    from: 'applicant' | 'register'
    /**
     * `some-of` questions have a list of options
     */
    value: string | number | boolean | (string | number | boolean)[]
    /**
     * Where it comes from
     */
    source?: {
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
    code?: string
  }[]
  /**
   * @minItems 0
   * @maxItems 60
   */
  subMatters: {
    id: string
    name: Words
    department: string
    takesPart: 'yes' | 'no' | 'unknown'
  }[]
}
/**
 * What people read, Chinese first.
 */
export interface Words {
  zh: string
  en: string
}
/**
 * What people read, Chinese first.
 */
export interface Words1 {
  zh: string
  en: string
}
/**
 * What people read, Chinese first.
 */
export interface Words2 {
  zh: string
  en: string
}
