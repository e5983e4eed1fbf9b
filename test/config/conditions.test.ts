import fc from 'fast-check'
import t from 'tap'
import { canHold, type Goal } from '../../config/conditions.js'
import type { Condition, Matter, Question } from '../../schemas/documents/matter.v1.js'

const words = { zh: '某', en: 'x' }
const source = { tag: 'N' } as const
const question = (id: string, rest: Partial<Question>): Question => ({ id, ask: words, type: 'yes-no', source, ...rest })
const option = (id: string) => ({ id, name: words })
/** Two questions that hang on one another, one of several options, one of many, a number, and a sub-matter with its own condition. */
const MATTER: Pick<Matter, 'applicants' | 'questions' | 'subMatters'> = {
  applicants: ['legal', 'natural'],
  questions: [
    question('first', {}),
    question('second', { when: { answer: 'first', is: true } }),
    question('kind', { type: 'one-of', options: [option('a'), option('b')], when: { not: { answer: 'second', is: true } } }),
    question('some', { type: 'some-of', options: [option('a'), option('b')] }),
    question('size', { type: 'number', unit: '个' })
  ],
  subMatters: [{ id: 'part', name: words, department: '某', when: { answer: 'kind', is: 'a' }, requires: { allOf: [] }, results: [], limits: [], fee: { say: words, source }, source }]
}

interface Case { applicant: string, agent: boolean, part: boolean, answers: Record<string, unknown> }

function holds (condition: Condition, at: Case): boolean {
  if ('allOf' in condition) return condition.allOf.every(part => holds(part, at))
  if ('anyOf' in condition) return condition.anyOf.some(part => holds(part, at))
  if ('not' in condition) return !holds(condition.not, at)
  if ('applicant' in condition) return at.applicant === condition.applicant
  if ('agent' in condition) return at.agent === condition.agent
  if ('subMatter' in condition) return at.part
  const answer = at.answers[condition.answer]
  if (condition.is !== undefined) return answer === condition.is
  if (condition.oneOf !== undefined) return condition.oneOf.includes(answer as string)
  if (condition.includes !== undefined) return Array.isArray(answer) && answer.includes(condition.includes)
  return typeof answer === 'number' && (condition.atLeast === undefined ? answer <= (condition.atMost as number) : answer >= condition.atLeast)
}

/** Every case there can be, numbers in halves; only what is asked is answered. */
function * cases (): Generator<Case> {
  const numbers = [undefined, ...Array.from({ length: 13 }, (_, i) => i / 2 - 1)]
  for (const applicant of MATTER.applicants) {
    for (const agent of [true, false]) {
      for (const part of [true, false]) {
        for (const first of [true, false, undefined]) {
          for (const second of [true, false, undefined]) {
            for (const kind of ['a', 'b', undefined]) {
              for (const some of [[], ['a'], ['b'], ['a', 'b']]) {
                for (const size of numbers) {
                  const at = { applicant, agent, part, answers: { first, second, kind, some, size } }
                  const asked = MATTER.questions.every(({ id, when }) => when === undefined || (at.answers as Record<string, unknown>)[id] === undefined || holds(when, at))
                  if (asked && (!part || holds(MATTER.subMatters[0]?.when as Condition, at))) yield at
                }
              }
            }
          }
        }
      }
    }
  }
}
const CASES = [...cases()]

const literal: fc.Arbitrary<Condition> = fc.oneof(
  fc.boolean().map(is => ({ answer: 'first', is })),
  fc.boolean().map(is => ({ answer: 'second', is })),
  fc.constantFrom('a', 'b').map(is => ({ answer: 'kind', is })),
  fc.constantFrom('a', 'b').map(includes => ({ answer: 'some', includes })),
  fc.integer({ min: 0, max: 4 }).map(atLeast => ({ answer: 'size', atLeast })),
  fc.integer({ min: 0, max: 4 }).map(atMost => ({ answer: 'size', atMost })),
  fc.constantFrom('legal' as const, 'natural' as const, 'individual-business' as const).map(applicant => ({ applicant })),
  fc.boolean().map(agent => ({ agent })),
  fc.constant({ subMatter: 'part' })
)
const condition = fc.letrec<{ node: Condition }>(tie => ({
  node: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    literal,
    fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map(allOf => ({ allOf })),
    fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map(anyOf => ({ anyOf })),
    tie('node').map(not => ({ not }))
  )
})).node

t.test('a condition can hold just where some case makes it hold', async t => {
  const seen = { can: 0, never: 0 }
  fc.assert(fc.property(fc.array(fc.tuple(condition, fc.boolean()), { minLength: 1, maxLength: 3 }), goals => {
    const said = canHold(goals as Goal[], MATTER)
    const so = CASES.some(at => goals.every(([condition, wanted]) => holds(condition, at) === wanted))
    seen[so ? 'can' : 'never']++
    return said === so
  }), { seed: 20261128, numRuns: 1000 })
  t.ok(seen.can > 100 && seen.never > 100, JSON.stringify(seen))
})
