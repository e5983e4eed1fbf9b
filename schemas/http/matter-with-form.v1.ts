/* Made from matter-with-form.v1.json by npm run generate. */

/**
 * Where a fact comes from, and so how far it can be trusted. Whoever claims a text (S, I, 2) names it.
 */
export type Source = {
  /**
   * S read in the text of the law or rule, I public implementation, 2 secondary source, N not confirmed: our own assumption, to be settled by the province
   */
  tag: 'S' | 'I' | '2' | 'N'
  /**
   * Law and article, or the secondary source
   */
  cite?: string
  note?: string
}
/**
 * Holds or does not, by the answers of the case. A question that is not asked has no answer, and no comparison with it holds.
 */
export type Condition =
  | {
      answer: string
      is?: string | number | boolean
      /**
       * @minItems 1
       * @maxItems 50
       */
      oneOf?: (string | number | boolean)[]
      includes?: string | number | boolean
      atLeast?: number
      atMost?: number
    }
  | {
      applicant: 'natural' | 'legal' | 'individual-business'
    }
  | {
      agent: boolean
    }
  | {
      subMatter: string
    }
  | {
      /**
       * @minItems 1
       * @maxItems 50
       */
      allOf: Condition[]
    }
  | {
      /**
       * @minItems 1
       * @maxItems 50
       */
      anyOf: Condition[]
    }
  | {
      not: Condition
    }
/**
 * What a sub-matter asks for: one material, all of a list, any one of a list, or by the scenario. {"allOf": []} asks for nothing.
 */
export type Requirement =
  | {
      material: string
    }
  | {
      /**
       * @minItems 0
       * @maxItems 100
       */
      allOf: Requirement[]
    }
  | {
      /**
       * @minItems 1
       * @maxItems 50
       */
      anyOf: Requirement[]
    }
  | {
      if: Condition
      then: Requirement
      else?: Requirement
    }
export type Test =
  | {
      field: string
      is?: string | number | boolean
      /**
       * @minItems 1
       * @maxItems 50
       */
      oneOf?: (string | number | boolean)[]
      atLeast?: number
      atMost?: number
      filled?: boolean
      equalsField?: string
      valid?: 'uscc' | 'citizen-id' | 'day' | 'phone'
      /**
       * Both are days: this one is not after the other
       */
      noLaterThanField?: string
      withinLast?: Period1
    }
  | {
      /**
       * @minItems 1
       * @maxItems 50
       */
      allOf: Test[]
    }
  | {
      /**
       * @minItems 1
       * @maxItems 50
       */
      anyOf: Test[]
    }
  | {
      not: Test
    }

/**
 * One matter whole, and the form that goes with it.
 */
export interface MatterWithForm {
  matter: Matter
  form: MatterForm
}
/**
 * One matter (一件事): what it joins, whom it is for, what it asks for and how the paper can be spared, as data. Each fact says where it comes from. Names of data are titles of catalogued resources, names of licences are 证照类型名称: the catalogue and the authority list of the province bind them to identifiers.
 */
export interface Matter {
  id: string
  version: number
  name: Words
  batch: string
  lead: {
    name: string
    source: Source
  }
  /**
   * Departments that take part (配合)
   *
   * @minItems 0
   * @maxItems 40
   */
  cooperating?: {
    name: string
    source: Source
  }[]
  /**
   * @minItems 1
   * @maxItems 3
   */
  applicants: ('natural' | 'legal' | 'individual-business')[]
  summary: Words
  /**
   * @minItems 1
   * @maxItems 40
   */
  legalBasis: Basis[]
  /**
   * @minItems 0
   * @maxItems 60
   */
  conditions: Stated[]
  /**
   * @minItems 0
   * @maxItems 10
   */
  parties: Party[]
  /**
   * @minItems 0
   * @maxItems 60
   */
  questions: Question[]
  /**
   * Answers with which this matter does not apply: what to do instead.
   *
   * @minItems 0
   * @maxItems 20
   */
  ends: {
    when: Condition
    say: Words
    source: Source
  }[]
  /**
   * @minItems 0
   * @maxItems 200
   */
  materials: Material[]
  /**
   * @minItems 0
   * @maxItems 40
   */
  commitments: Commitment[]
  /**
   * @minItems 1
   * @maxItems 60
   */
  subMatters: SubMatter[]
  /**
   * @minItems 0
   * @maxItems 60
   */
  limits: Limit[]
  fee: Fee
  /**
   * @minItems 0
   * @maxItems 40
   */
  results: Result[]
  /**
   * Name of the form beside this file: <name>.form.json
   */
  form: string
  /**
   * @minItems 1
   * @maxItems 40
   */
  flow: Step[]
  /**
   * What is not known, said as such.
   *
   * @minItems 0
   * @maxItems 40
   */
  unknown: Words[]
  source: Source
}
/**
 * What people read, Chinese first.
 */
export interface Words {
  zh: string
  en: string
}
export interface Basis {
  title: string
  source: Source
}
/**
 * What has to hold, for people to read; `when` says in which scenario.
 */
export interface Stated {
  say: Words
  when?: Condition
  source: Source
}
export interface Party {
  id: string
  name: Words
  kind: 'natural' | 'legal'
  /**
   * Where a register names this party's identifier; else the case does.
   */
  from?: {
    data: string
    /**
     * Whom a way or question is about: applicant, agent, or one of the matter's parties.
     */
    subject: string
    item: string
  }
  /**
   * It may have no identifier yet, as a newborn child: a case may leave it out, and what then needs its name is undecided.
   */
  mayBeUnnamed?: boolean
}
/**
 * A scenario question. one-of and some-of have options, number has a unit, yes-no neither. Values are true or false, an option's id, or a number.
 */
export interface Question {
  id: string
  ask: Words
  type: 'yes-no' | 'one-of' | 'some-of' | 'number'
  /**
   * Of a number
   */
  unit?: string
  /**
   * @minItems 2
   * @maxItems 50
   */
  options?: {
    id: string
    name: Words
    source?: Source
  }[]
  when?: Condition
  /**
   * A register that can answer: `value` where what is asked is so, `otherwise` where it is not, the item's own value where neither is given. Tried in order; only where none answers is a person asked.
   *
   * @minItems 0
   * @maxItems 10
   */
  answeredBy?: {
    data: string
    /**
     * Whom a way or question is about: applicant, agent, or one of the matter's parties.
     */
    subject: string
    ask: Ask
    value?: string | number | boolean
    otherwise?: string | number | boolean
    source?: Source
  }[]
  source: Source
}
/**
 * What is asked of one information item (at most one comparison); without any: is there such a record.
 */
export interface Ask {
  item?: string
  is?: string | number | boolean
  /**
   * @minItems 1
   * @maxItems 50
   */
  oneOf?: (string | number | boolean)[]
  not?: string | number | boolean
  atLeast?: number
  atMost?: number
  /**
   * false: that there is no such record
   */
  exists?: boolean
}
export interface Material {
  id: string
  name: Words
  kind: 'form' | 'licence' | 'identity' | 'proof' | 'document' | 'drawing' | 'photo' | 'data'
  /**
   * What is handed in where nothing spares it
   */
  original?: 'original' | 'copy' | 'either' | 'electronic'
  copies?: number
  /**
   * The organ of state that makes or keeps it; absent where the applicant or a private body does. What has an issuer should have a way.
   */
  issuer?: string
  /**
   * @minItems 0
   * @maxItems 12
   *
   * Items: A lawful way to do without the paper.
   */
  ways: (
    | {
        way: 'assertion'
        /**
         * Title of the catalogued resource
         */
        data: string
        /**
         * Whom a way or question is about: applicant, agent, or one of the matter's parties.
         */
        subject: string
        ask: Ask
        source?: Source
      }
    | {
        way: 'data'
        data: string
        /**
         * Whom a way or question is about: applicant, agent, or one of the matter's parties.
         */
        subject: string
        /**
         * @minItems 1
         * @maxItems 50
         */
        items: string[]
        source?: Source
      }
    | {
        way: 'licence'
        /**
         * 证照类型名称, as the authority list has it
         */
        licenceType: string
        /**
         * Whom a way or question is about: applicant, agent, or one of the matter's parties.
         */
        holder: string
        source?: Source
      }
    | {
        way: 'commitment'
        commitment: string
        source?: Source
      }
    | {
        way: 'result'
        subMatter: string
        source?: Source
      }
  )[]
  note?: Words
  source: Source
}
export interface Commitment {
  id: string
  /**
   * 告知承诺, or 容缺: handed in later
   */
  kind: 'notify-commit' | 'submit-later'
  name: Words
  text: Words
  consequences: Words
  followUp: {
    period: Period
    /**
     * Who checks
     */
    by: string
    source: Source
  }
  when?: Condition
  source: Source
}
export interface Period {
  count: number
  unit: 'working-day' | 'day' | 'month' | 'year'
}
export interface SubMatter {
  id: string
  name: Words
  department: string
  /**
   * Only where the applicant chooses it
   */
  optional?: boolean
  when?: Condition
  /**
   * Sub-matters whose results come first
   *
   * @minItems 0
   * @maxItems 20
   */
  after?: string[]
  /**
   * @minItems 0
   * @maxItems 20
   */
  legalBasis?: Basis[]
  /**
   * @minItems 0
   * @maxItems 30
   */
  conditions?: Stated[]
  requires: Requirement
  /**
   * @minItems 0
   * @maxItems 10
   */
  results: Result[]
  /**
   * @minItems 0
   * @maxItems 20
   */
  limits: Limit[]
  fee: Fee
  source: Source
}
/**
 * What comes of it; licenceType where it is an electronic licence, by its 证照类型名称.
 */
export interface Result {
  name: Words
  licenceType?: string
  source: Source
}
/**
 * A time limit: how long for what, from when; `when` says in which scenario.
 */
export interface Limit {
  what: Words
  period: Period
  from?: Words
  source: Source
  when?: Condition
}
export interface Fee {
  say: Words
  source: Source
}
export interface Step {
  name: Words
  who: string
  limit?: Period
  source?: Source
  /**
   * Sub-matters that this step carries out, side by side
   *
   * @minItems 1
   * @maxItems 60
   */
  subMatters?: string[]
  when?: Condition
}
/**
 * The form of a matter: its shape as a JSON Schema, where each field can be filled in from (智能预填), and what is checked before it is handed in (预审).
 */
export interface MatterForm {
  id: string
  version: number
  name: Words
  /**
   * JSON Schema 2020-12 of the filled form; each property has title (zh) and description (en).
   */
  schema: {
    [k: string]: unknown
  }
  /**
   * @minItems 0
   * @maxItems 200
   */
  prefill: {
    /**
     * JSON pointer into the form
     */
    field: string
    /**
     * @minItems 1
     * @maxItems 5
     *
     * Items: Every origin that answers is compared: two that differ are a conflict, never a guess.
     */
    from: (
      | {
          data: string
          /**
           * Whom a way or question is about: applicant, agent, or one of the matter's parties.
           */
          subject: string
          item: string
        }
      | {
          licenceType: string
          /**
           * Whom a way or question is about: applicant, agent, or one of the matter's parties.
           */
          holder: string
          /**
           * 证照字段名, as printed
           */
          item: string
        }
      | {
          applicant: 'name' | 'code'
        }
    )[]
  }[]
  /**
   * @minItems 0
   * @maxItems 100
   */
  checks: {
    id: string
    say: Words
    when?: Test
    must: Test
    source?: Source
  }[]
}
/**
 * A day that is not to come and lies no further back than this
 */
export interface Period1 {
  count: number
  unit: 'working-day' | 'day' | 'month' | 'year'
}
