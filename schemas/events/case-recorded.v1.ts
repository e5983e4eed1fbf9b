/* Made from case-recorded.v1.json by npm run generate. */

/**
 * One event of the topic cases, by case: what was decided for an applicant and what became of it. `after` is the number of events that the case had: an event that comes after another one is void. Of what registers hold it keeps answers to scenario questions alone.
 */
export interface CaseRecorded {
  id: string
  type:
    'exemption.decided.v1' | 'material.refused.v1' | 'value.flagged.v1' | 'commitment.made.v1' | 'material.rechecked.v1'
  /**
   * The case
   */
  subject: string
  time: string
  by: {
    client: string
    organisation: string
    person?: {
      id: string
      name: string
    }
  }
  why: string
  data:
    | {
        matterVersion: number
        /**
         * SHA-256 of the matter in canonical form (RFC 8785), by which the case is read
         */
        matterDigest?: string
        request: Request
        resolution: Resolution
      }
    | {
        material: string
        reason: string
        after: number
      }
    | {
        material: string
        /**
         * What is the matter with it
         */
        kind: 'wrong' | 'outdated' | 'missing' | 'not-this-subject'
        item: string
        /**
         * Where to look; the provider reads it. No personal value: no run of six digits or more
         */
        note?: string
        correctionId: string
        /**
         * Its source had answered before that what it said is so: the flag holds in this case alone
         */
        answeredBefore?: true
        after: number
      }
    | {
        material: string
        commitment: string
        signedBy: 'applicant' | 'agent'
        text: string
        consequences: Words
        followUpOn: string
        followUpBy: string
        after: number
      }
    | {
        material: string
        decidedAt: string
        /**
         * @minItems 0
         * @maxItems 200
         */
        materials: Assessed[]
        /**
         * Corrections that were answered since
         *
         * @minItems 0
         * @maxItems 100
         */
        settled: string[]
        after: number
      }
}
export interface Request {
  matterId: string
  applicant: {
    kind: 'natural' | 'legal' | 'individual-business'
    /**
     * 公民身份号码 or 统一社会信用代码
     */
    code: string
    name: string
  }
  /**
   * Who acts for the applicant. Without an authorisation that has not ended nothing is asked about anybody but the agent.
   */
  agent?: {
    /**
     * 公民身份号码 or 统一社会信用代码
     */
    code: string
    name: string
    authorisation?: {
      /**
       * Number or place of the 授权委托书
       */
      reference: string
      until?: string
    }
  }
  /**
   * The parties that the matter names, by id
   */
  parties?: {
    [k: string]: {
      /**
       * 公民身份号码 or 统一社会信用代码
       */
      code: string
      name: string
    }
  }
  /**
   * Answers to scenario questions, by id
   */
  answers?: {
    /**
     * `some-of` questions have a list of options
     */
    [k: string]: string | number | boolean | (string | number | boolean)[]
  }
  /**
   * Optional sub-matters that are chosen
   *
   * @minItems 0
   * @maxItems 60
   */
  subMatters?: string[]
  caseNumber: string
  purpose: string
  /**
   * Which of the parties that are natural persons consented to being asked about
   */
  consent?: {
    /**
     * @minItems 1
     * @maxItems 10
     */
    parties: string[]
    /**
     * How it was given, e.g. 当面签字
     */
    how: string
  }
}
export interface Resolution {
  decidedAt: string
  /**
   * Places in the list `ends` of the matter
   *
   * @minItems 0
   * @maxItems 20
   */
  ended: number[]
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
    source?: Source
    asOf?: string
    code?: string
  }[]
  /**
   * Open ones, with why no register could answer
   *
   * @minItems 0
   * @maxItems 60
   */
  questions: {
    question: string
    code?: string
    source?: Source
  }[]
  /**
   * @minItems 0
   * @maxItems 10
   */
  parties: {
    id: string
    from: 'case' | 'register' | 'nobody'
    problem?: string
  }[]
  /**
   * @minItems 0
   * @maxItems 200
   */
  materials: Assessed[]
}
/**
 * Where it comes from
 */
export interface Source {
  kind: 'data' | 'licence' | 'sub-matter' | 'commitment'
  name: string
  resourceId?: string
  organisation?: string
  grantId?: string
}
export interface Assessed {
  id: string
  /**
   * spare: of an alternative that was not chosen
   */
  need: 'needed' | 'open' | 'unfit' | 'spare'
  outcome: 'skip' | 'submit' | 'commit' | 'undecided'
  code: string
  way?: 'assertion' | 'data' | 'licence' | 'result' | 'commitment'
  source?: Source
  asOf?: string
  receiptId?: string
  digest?: string
  /**
   * @minItems 0
   * @maxItems 60
   */
  questions?: string[]
  /**
   * @minItems 0
   * @maxItems 12
   */
  tried: Tried[]
}
export interface Tried {
  index: number
  way: 'assertion' | 'data' | 'licence' | 'result' | 'commitment'
  result: 'proved' | 'against' | 'open' | 'allowed' | 'closed' | 'not-asked'
  code: string
  source: Source
  asOf?: string
  receiptId?: string
  digest?: string
  /**
   * @minItems 0
   * @maxItems 60
   */
  questions?: string[]
}
/**
 * What people read, Chinese first.
 */
export interface Words {
  zh: string
  en: string
}
