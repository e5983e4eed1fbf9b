import type { Condition, Question, Value } from '../../schemas/documents/matter.v1.js'

/** A condition holds, does not, or waits for an answer that nobody gave. */
export type Truth = true | false | 'unknown'
/** `some-of` questions have lists. */
export type Answer = Value | Value[]
/** What came out, and the questions for whose answers it waits: none unless it is `unknown`. */
export interface Finding { truth: Truth, questions: ReadonlySet<string> }

/** All that conditions of a matter may ask about. */
export interface Situation {
  applicant: 'natural' | 'legal' | 'individual-business'
  agent: boolean
  questions: ReadonlyMap<string, Question>
  /** Those that count; a question without one is open. */
  answers: ReadonlyMap<string, Answer>
  /** Does this sub-matter take part? */
  takesPart: (subMatter: string) => Finding
}

const NONE: ReadonlySet<string> = new Set()
export const YES: Finding = { truth: true, questions: NONE }
export const NO: Finding = { truth: false, questions: NONE }

/** Kleene's logic of three values: a part that waits only matters where the rest does not settle it. */
export function holds (condition: Condition, situation: Situation): Finding {
  if ('answer' in condition) return answerHolds(condition, situation)
  if ('applicant' in condition) return condition.applicant === situation.applicant ? YES : NO
  if ('agent' in condition) return condition.agent === situation.agent ? YES : NO
  if ('subMatter' in condition) return situation.takesPart(condition.subMatter)
  if ('allOf' in condition) return together(condition.allOf, situation, false)
  if ('anyOf' in condition) return together(condition.anyOf, situation, true)
  return not(holds(condition.not, situation))
}

/** Does this question apply? One that does not is answered by nothing. */
export function applies (question: Question, situation: Situation): Finding {
  return question.when === undefined ? YES : holds(question.when, situation)
}

function not ({ truth, questions }: Finding): Finding { return truth === 'unknown' ? { truth, questions } : truth ? NO : YES }

/** @param settles - the value of one part that decides the whole */
function together (parts: readonly Condition[], situation: Situation, settles: boolean): Finding {
  const questions = new Set<string>()
  let unknown = false
  for (const part of parts) {
    const finding = holds(part, situation)
    if (finding.truth === settles) return settles ? YES : NO
    if (finding.truth !== 'unknown') continue
    unknown = true
    for (const question of finding.questions) questions.add(question)
  }
  return unknown ? { truth: 'unknown', questions } : settles ? NO : YES
}

function answerHolds ({ answer: id, ...comparison }: Extract<Condition, { answer: string }>, situation: Situation): Finding {
  const question = situation.questions.get(id)
  if (question === undefined) return { truth: 'unknown', questions: NONE } // the loader of matters refuses it; here it never decides
  const asked = applies(question, situation)
  if (asked.truth !== true) return asked
  const answer = situation.answers.get(id)
  if (answer === undefined) return { truth: 'unknown', questions: new Set([id]) }
  return compare(answer, comparison) ? YES : NO
}

interface Comparison { is?: Value, oneOf?: Value[], includes?: Value, atLeast?: number, atMost?: number }
/** Without any comparison nothing is said, so nothing holds. */
function compare (answer: Answer, { is, oneOf, includes, atLeast, atMost }: Comparison): boolean {
  const list = Array.isArray(answer) ? answer : [answer]
  const one = list.length === 1 ? list[0] : undefined
  const results: boolean[] = []
  if (is !== undefined) results.push(one === is)
  if (oneOf !== undefined) results.push(list.some(value => oneOf.includes(value)))
  if (includes !== undefined) results.push(list.includes(includes))
  if (atLeast !== undefined) results.push(typeof one === 'number' && one >= atLeast)
  if (atMost !== undefined) results.push(typeof one === 'number' && one <= atMost)
  return results.length > 0 && results.every(Boolean)
}
