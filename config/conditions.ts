import type { Condition, Matter, Question } from '../schemas/documents/matter.v1.js'

/** A condition that has to hold, or that must not. */
export type Goal = [condition: Condition, holds: boolean]

type Value = string | number | boolean
/** What each thing that conditions ask about may still be; `undefined` stands for no answer. */
type World = ReadonlyMap<string, ReadonlyArray<Value | undefined>>
type Literal = Exclude<Condition, { allOf: Condition[] } | { anyOf: Condition[] } | { not: Condition }>

/** Far more than any real matter needs; beyond it nothing is said, since a condition is only refused on proof. */
const STEPS = 100_000

/**
 * Can all of these hold at once in some case of this matter? A question has at most one answer, is answered only where it is asked, and a
 * sub-matter takes part only where its own condition holds. Neither questions nor sub-matters may depend on one another in a circle.
 */
export function canHold (goals: readonly Goal[], matter: Pick<Matter, 'applicants' | 'questions' | 'subMatters'>): boolean {
  const questions = new Map(matter.questions.map(question => [question.id, question]))
  const subMatters = new Map(matter.subMatters.map(subMatter => [subMatter.id, subMatter]))
  const points = numbersCompared(matter, goals)
  let steps = 0

  const possible = ([goal, ...rest]: readonly Goal[], world: World): boolean => {
    if (goal === undefined || ++steps > STEPS) return true
    const [condition, holds] = goal
    if ('not' in condition) return possible([[condition.not, !holds], ...rest], world)
    if ('allOf' in condition || 'anyOf' in condition) {
      const all = 'allOf' in condition
      const parts = (all ? condition.allOf : condition.anyOf).map((part): Goal => [part, holds])
      return all === holds ? possible([...parts, ...rest], world) : parts.some(part => possible([part, ...rest], world))
    }
    const [key, domain] = place(condition)
    const left = (world.get(key) ?? domain).filter(value => holdsOf(condition, value) === holds)
    if (left.length === 0) return false
    const when = holds ? asked(condition) : undefined
    return possible(when === undefined ? rest : [[when, true], ...rest], new Map(world).set(key, left))
  }

  /** What a condition asks about, and all that this can be. */
  const place = (literal: Literal): [key: string, domain: ReadonlyArray<Value | undefined>] => {
    if ('applicant' in literal) return ['applicant', matter.applicants]
    if ('agent' in literal) return ['agent', [true, false]]
    if ('subMatter' in literal) return [`sub-matter ${literal.subMatter}`, [true, false]]
    const key = `answer ${literal.answer}`
    if (literal.includes !== undefined) return [`${key} ${String(literal.includes)}`, [literal.includes, undefined]]
    const question = questions.get(literal.answer)
    return [key, question === undefined ? [] : [...answers(question, points), undefined]]
  }

  const asked = (literal: Literal): Condition | undefined => {
    if ('answer' in literal) return questions.get(literal.answer)?.when
    return 'subMatter' in literal ? subMatters.get(literal.subMatter)?.when : undefined
  }
  return possible(goals, new Map())
}

function holdsOf (literal: Literal, value: Value | undefined): boolean {
  if ('applicant' in literal) return value === literal.applicant
  if ('agent' in literal) return value === literal.agent
  if ('subMatter' in literal) return value === true
  if (value === undefined) return false
  const { is, oneOf, includes, atLeast, atMost } = literal
  if (is !== undefined) return value === is
  if (oneOf !== undefined) return oneOf.includes(value)
  if (includes !== undefined) return value === includes
  if (typeof value !== 'number') return false
  return atLeast !== undefined ? value >= atLeast : atMost !== undefined && value <= atMost
}

function answers ({ type, options = [] }: Question, points: readonly number[]): Value[] {
  switch (type) {
    case 'yes-no': return [true, false]
    case 'number': return [...points]
    default: return options.map(({ id }) => id)
  }
}

/** Numbers that tell all comparisons of the matter apart: each one that is named, one between any two, one below and one above. */
function numbersCompared (matter: Pick<Matter, 'questions' | 'subMatters'>, goals: readonly Goal[]): number[] {
  const named = new Set<number>()
  const visit = (condition: Condition): void => {
    eachLiteral(condition, literal => {
      if (!('answer' in literal)) return
      for (const value of [literal.is, literal.atLeast, literal.atMost, ...literal.oneOf ?? []]) if (typeof value === 'number') named.add(value)
    })
  }
  for (const [condition] of goals) visit(condition)
  for (const { when } of [...matter.questions, ...matter.subMatters]) if (when !== undefined) visit(when)
  const sorted = [...named].sort((a, b) => a - b)
  const [first, last] = [sorted[0] ?? 0, sorted.at(-1) ?? 0]
  return [first - 1, ...sorted.flatMap((value, i) => i === 0 ? [value] : [((sorted[i - 1] as number) + value) / 2, value]), last + 1]
}

/** Every comparison inside a condition, with its pointer. */
export function eachLiteral (condition: Condition, visit: (literal: Literal, pointer: string) => void, pointer = ''): void {
  if ('allOf' in condition) condition.allOf.forEach((part, i) => { eachLiteral(part, visit, `${pointer}/allOf/${i}`) })
  else if ('anyOf' in condition) condition.anyOf.forEach((part, i) => { eachLiteral(part, visit, `${pointer}/anyOf/${i}`) })
  else if ('not' in condition) eachLiteral(condition.not, visit, `${pointer}/not`)
  else visit(condition, pointer)
}
