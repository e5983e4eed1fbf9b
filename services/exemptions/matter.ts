import { hash } from 'node:crypto'
import type { Matter, Question, Requirement } from '../../schemas/documents/matter.v1.js'
import { canonicalJson } from '../core/json.js'
import { told, type Bilingual } from '../core/words.js'
import { applies, holds, YES, NO, type Answer, type Finding, type Situation } from './conditions.js'
import { neededMaterials, resolve } from './requirements.js'

export interface Scenario {
  applicant: Situation['applicant']
  agent: boolean
  answers: ReadonlyMap<string, Answer>
  /** Optional sub-matters that the applicant chose. */
  chosen: ReadonlySet<string>
}

const digests = new WeakMap<Matter, string>()
/** SHA-256 over the matter's content, lower-case hex: two texts under one version are two matters. */
export function digestOf (matter: Matter): string {
  let digest = digests.get(matter)
  if (digest === undefined) digests.set(matter, digest = hash('sha256', canonicalJson(matter)))
  return digest
}

/** What the matter's conditions are asked against. */
export function situationOf (matter: Matter, { applicant, agent, answers, chosen }: Scenario): Situation {
  const subMatters = new Map(matter.subMatters.map(subMatter => [subMatter.id, subMatter]))
  const asked = new Set<string>() // the loader refuses circles; here one decides nothing
  const takesPart = (id: string): Finding => {
    const subMatter = subMatters.get(id)
    if (subMatter === undefined || (subMatter.optional === true && !chosen.has(id))) return NO
    if (subMatter.when === undefined) return YES
    if (asked.has(id)) return { truth: 'unknown', questions: new Set() }
    asked.add(id)
    try { return holds(subMatter.when, situation) } finally { asked.delete(id) }
  }
  const situation: Situation = { applicant, agent, questions: new Map(matter.questions.map(question => [question.id, question])), answers, takesPart }
  return situation
}

/** All that this case asks for, sub-matters that wait for an answer behind it. */
export function requirementOf (matter: Matter, situation: Situation): Requirement {
  return {
    allOf: matter.subMatters.filter(({ id }) => situation.takesPart(id).truth !== false)
      .map(({ when, requires }) => when === undefined ? requires : { if: when, then: requires })
  }
}

/** Sub-matters that may need each material, by what is known. */
export function usersOf (matter: Matter, situation: Situation): Map<string, string[]> {
  const users = new Map<string, string[]>()
  for (const { id, requires } of matter.subMatters) {
    if (situation.takesPart(id).truth === false) continue
    const { need, open, unfit } = resolve(requires, situation)
    for (const material of new Set([...neededMaterials(need), ...open.keys(), ...unfit])) users.set(material, [...users.get(material) ?? [], id])
  }
  return users
}

/** Questions whose answers still matter, in the matter's order: for where it ends, what it asks for, and which commitments it allows. */
export function openQuestions (matter: Matter, situation: Situation): Question[] {
  const open = new Set<string>()
  const wait = ({ truth, questions }: Finding): void => { if (truth === 'unknown') for (const question of questions) open.add(question) }
  for (const { when } of matter.ends) wait(holds(when, situation))
  const requirement = requirementOf(matter, situation)
  const resolved = resolve(requirement, situation)
  for (const questions of resolved.open.values()) for (const question of questions) open.add(question)
  const needed = new Set(neededMaterials(resolved.need))
  const ways = matter.materials.filter(({ id }) => needed.has(id)).flatMap(material => material.ways)
  for (const way of ways) {
    if (way.way === 'result') wait(situation.takesPart(way.subMatter))
    const when = way.way === 'commitment' ? matter.commitments.find(({ id }) => id === way.commitment)?.when : undefined
    if (when !== undefined) wait(holds(when, situation))
  }
  return matter.questions.filter(({ id }) => open.has(id))
}

export function endsOf (matter: Matter, situation: Situation): number[] {
  return matter.ends.flatMap(({ when }, index) => holds(when, situation).truth === true ? [index] : [])
}

/** Why this answer cannot be given to this question, or undefined where it can. */
export function faultOf (question: Question, answer: Answer): Bilingual | undefined {
  const options = new Set<unknown>(question.options?.map(({ id }) => id))
  switch (question.type) {
    case 'yes-no': return typeof answer === 'boolean' ? undefined : told('只能答是或否', 'is true or false')
    case 'number': return typeof answer === 'number' && Number.isFinite(answer) && answer >= 0 ? undefined : told('应为不小于 0 的数', 'is a number, 0 or more')
    case 'one-of': return options.has(answer) ? undefined : told('应为其中之一', `is one of: ${[...options].join(', ')}`)
    case 'some-of': return Array.isArray(answer) && new Set(answer).size === answer.length && answer.every(value => options.has(value)) ? undefined : told('应为其中几项，不重复', `is a list, each at most once, of: ${[...options].join(', ')}`)
  }
}

/** Answers to questions that do not arise with the other answers given. */
export function contradictions (matter: Matter, situation: Situation): string[] {
  return matter.questions.filter(question => situation.answers.has(question.id) && applies(question, situation).truth === false).map(({ id }) => id)
}

/** Parties that these requirements' materials are about. */
export function partiesAskedOf (matter: Matter, materials: ReadonlySet<string>): Set<string> {
  return new Set(matter.materials.filter(({ id }) => materials.has(id)).flatMap(({ ways }) => ways.flatMap(way => 'subject' in way ? [way.subject] : 'holder' in way ? [way.holder] : [])))
}
