/* Made from matter-form.v1.json by npm run generate. */

export type Id = string
/**
 * Every origin that answers is compared: two that differ are a conflict, never a guess.
 */
export type Origin =
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
      withinLast?: Period
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
 * The form of a matter: its shape as a JSON Schema, where each field can be filled in from (智能预填), and what is checked before it is handed in (预审).
 */
export interface MatterForm {
  id: Id
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
     */
    from: Origin[]
  }[]
  /**
   * @minItems 0
   * @maxItems 100
   */
  checks: {
    id: Id
    say: Words
    when?: Test
    must: Test
    source?: Source
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
 * A day that is not to come and lies no further back than this
 */
export interface Period {
  count: number
  unit: 'working-day' | 'day' | 'month' | 'year'
}
