/* Made from matter.v1.json by npm run generate. */

export type Id = string
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
      answer: Id
      is?: Value
      /**
       * @minItems 1
       * @maxItems 50
       */
      oneOf?: Value[]
      includes?: Value
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
      subMatter: Id
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
export type Value = string | number | boolean
/**
 * Whom a way or question is about: applicant, agent, or one of the matter's parties.
 */
export type Subject = string
/**
 * A lawful way to do without the paper.
 */
export type Way =
  | {
      way: 'assertion'
      /**
       * Title of the catalogued resource
       */
      data: string
      subject: Subject
      ask: Ask
      source?: Source
    }
  | {
      way: 'data'
      data: string
      subject: Subject
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
      holder: Subject
      source?: Source
    }
  | {
      way: 'commitment'
      commitment: Id
      source?: Source
    }
  | {
      way: 'result'
      subMatter: Id
      source?: Source
    }
/**
 * What a sub-matter asks for: one material, all of a list, any one of a list, or by the scenario. {"allOf": []} asks for nothing.
 */
export type Requirement =
  | {
      material: Id
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

/**
 * One matter (一件事): what it joins, whom it is for, what it asks for and how the paper can be spared, as data. Each fact says where it comes from. Names of data are titles of catalogued resources, names of licences are 证照类型名称: the catalogue and the authority list of the province bind them to identifiers.
 */
export interface Matter {
  id: Id
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
  id: Id
  name: Words
  kind: 'natural' | 'legal'
  /**
   * Where a register names this party's identifier; else the case does.
   */
  from?: {
    data: string
    subject: Subject
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
  id: Id
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
    id: Id
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
    subject: Subject
    ask: Ask
    value?: Value
    otherwise?: Value
    source?: Source
  }[]
  source: Source
}
/**
 * What is asked of one information item (at most one comparison); without any: is there such a record.
 */
export interface Ask {
  item?: string
  is?: Value
  /**
   * @minItems 1
   * @maxItems 50
   */
  oneOf?: Value[]
  not?: Value
  atLeast?: number
  atMost?: number
  /**
   * false: that there is no such record
   */
  exists?: boolean
}
export interface Material {
  id: Id
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
   */
  ways: Way[]
  note?: Words
  source: Source
}
export interface Commitment {
  id: Id
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
  id: Id
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
  after?: Id[]
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
  subMatters?: Id[]
  when?: Condition
}
