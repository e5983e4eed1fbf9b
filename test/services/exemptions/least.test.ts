import fc from 'fast-check'
import t from 'tap'
import type { Condition, Requirement } from '../../../schemas/documents/matter.v1.js'
import { holds, type Situation } from '../../../services/exemptions/conditions.js'
import { fulfils as meets, leastSet, weigh, type Standing } from '../../../services/exemptions/least.js'
import { neededMaterials, resolve, type Need } from '../../../services/exemptions/requirements.js'

const MATERIALS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
const INSTANTS = ['2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z', '2026-03-03T00:00:00.000Z']
const QUESTIONS = ['p', 'q']
const RUNS = { seed: 20260301, numRuns: 3000 }

const situation = (answers: Record<string, boolean>): Situation => ({
  applicant: 'legal',
  agent: false,
  questions: new Map(QUESTIONS.map(id => [id, { id, ask: { zh: '问', en: 'ask' }, type: 'yes-no', source: { tag: 'N' } }])),
  answers: new Map(Object.entries(answers)),
  takesPart: () => ({ truth: true, questions: new Set() })
})

const condition = fc.oneof(
  fc.record({ answer: fc.constantFrom(...QUESTIONS), is: fc.boolean() }), fc.constant<Condition>({ applicant: 'legal' }), fc.constant<Condition>({ applicant: 'natural' })
)
const requirement = fc.letrec<{ node: Requirement }>(tie => ({
  node: fc.oneof({ maxDepth: 4, withCrossShrink: true },
    fc.record({ material: fc.constantFrom(...MATERIALS) }),
    fc.record({ allOf: fc.array(tie('node'), { maxLength: 4 }) }),
    fc.record({ anyOf: fc.array(tie('node'), { minLength: 1, maxLength: 4 }) }),
    fc.record({ if: condition, then: tie('node') }),
    fc.record({ if: condition, then: tie('node'), else: tie('node') }))
})).node
const standing: fc.Arbitrary<Standing> = fc.oneof(
  fc.constantFrom(...INSTANTS).map(asOf => ({ outcome: 'skip' as const, asOf })),
  fc.constantFrom<Standing>({ outcome: 'submit' }, { outcome: 'commit' }, { outcome: 'undecided' })
)
const standings = fc.array(standing, { minLength: MATERIALS.length, maxLength: MATERIALS.length }).map(list => new Map(MATERIALS.map((material, index) => [material, list[index] as Standing])))
const answers = fc.record({ p: fc.boolean(), q: fc.boolean() })

/** Said anew, without what the service does: does this set fulfil the requirement? */
function fulfils (node: Requirement, set: ReadonlySet<string>, at: Situation): boolean {
  if ('material' in node) return set.has(node.material)
  if ('allOf' in node) return node.allOf.every(part => fulfils(part, set, at))
  if ('anyOf' in node) return node.anyOf.some(part => !fulfils(part, new Set(), at) && fulfils(part, set, at))
  if (holds(node.if, at).truth === true) return fulfils(node.then, set, at)
  return node.else === undefined || fulfils(node.else, set, at)
}

function subsets (): Array<Set<string>> {
  return Array.from({ length: 2 ** MATERIALS.length }, (_, bits) => new Set(MATERIALS.filter((_, index) => (bits >> index & 1) === 1)))
}
const ALL_SETS = subsets()

/** Least to hand in, fewest undecided, fewest commitments, freshest, then the matter's order. Negative where the first is better. */
function compare (first: ReadonlySet<string>, second: ReadonlySet<string>, standings: ReadonlyMap<string, Standing>): number {
  const count = (set: ReadonlySet<string>, outcome: string): number => [...set].filter(material => standings.get(material)?.outcome === outcome).length
  for (const outcome of ['submit', 'undecided', 'commit']) {
    const difference = count(first, outcome) - count(second, outcome)
    if (difference !== 0) return difference
  }
  const ages = (set: ReadonlySet<string>): string[] => [...set].map(material => standings.get(material)).filter(found => found?.outcome === 'skip').map(found => found?.asOf ?? '').sort()
  const [a, b] = [ages(first), ages(second)]
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [x, y] = [a[index], b[index]]
    if (x === y) continue
    if (x === undefined) return -1
    if (y === undefined) return 1
    return x > y ? -1 : 1 // the oldest evidence counts first, and the younger it is the better
  }
  for (const material of MATERIALS.slice().reverse()) {
    if (first.has(material) !== second.has(material)) return first.has(material) ? 1 : -1
  }
  return 0
}

const chosen = (need: Need, standings: ReadonlyMap<string, Standing>, steps = 100_000): Set<string> => leastSet(need, weigh(MATERIALS, material => standings.get(material) as Standing), steps)

t.test('over random requirements with shared materials the set is the one that trying all of them finds', async t => {
  let choices = 0
  fc.assert(fc.property(requirement, standings, answers, (node, standings, given) => {
    const at = situation(given)
    const { need, open, fits } = resolve(node, at)
    if (open.size > 0) return false
    if (fits !== fulfils(node, new Set(MATERIALS), at)) return false
    if (!fits) return true
    const best = ALL_SETS.filter(set => fulfils(node, set, at)).reduce((best, set) => compare(set, best, standings) < 0 ? set : best)
    if (best.size > 1) choices++
    const found = chosen(need, standings)
    return found.size === best.size && [...best].every(material => found.has(material))
  }), RUNS)
  t.ok(choices > 300, `${choices} of them had something to choose`)
})

t.test('whatever the open questions are answered, what is certain is asked for, and nothing is that is neither certain nor open', async t => {
  let open = 0
  fc.assert(fc.property(requirement, standings, fc.subarray(['p', 'q']), answers, (node, standings, told, given) => {
    const partly = resolve(node, situation(Object.fromEntries(told.map(id => [id, given[id as 'p' | 'q']]))))
    const whole = resolve(node, situation(given))
    if (!whole.fits || !partly.fits) return true
    if (partly.open.size > 0) open++
    const known = new Set([...neededMaterials(partly.need), ...partly.open.keys()])
    return ALL_SETS.every(set => !fulfils(node, set, situation(given)) || meets(partly.need, set)) && [...chosen(whole.need, standings)].every(material => known.has(material))
  }), { ...RUNS, numRuns: 1000 })
  t.ok(open > 100, `${open} of them waited for an answer`)
})

t.test('an alternative whose condition does not hold does not stand for the others', async t => {
  const node: Requirement = { anyOf: [{ if: { answer: 'p', is: true }, then: { material: 'a' } }, { material: 'b' }] }
  t.same(resolve(node, situation({ p: false })).need, { any: [{ material: 'b' }] })
  t.same(resolve(node, situation({ p: true })).need, { any: [{ material: 'a' }, { material: 'b' }] })
  const nested: Requirement = { anyOf: [{ allOf: [node, { if: { applicant: 'natural' }, then: { material: 'c' } }] }] }
  t.same(resolve(nested, situation({ p: false })).need, { any: [{ all: [{ any: [{ material: 'b' }] }, { all: [] }] }] })
})

t.test('a choice in which no alternative fits is not taken for fulfilled', async t => {
  const node: Requirement = { anyOf: [{ if: { applicant: 'natural' }, then: { material: 'a' } }, { if: { answer: 'p', is: true }, then: { material: 'b' } }] }
  t.same([...resolve(node, situation({ p: false })).unfit], ['a', 'b'])
  t.same([...resolve({ anyOf: [{ allOf: [{ material: 'c' }, node] }, { material: 'd' }] }, situation({ p: false })).unfit], [])
  t.same(resolve({ anyOf: [{ allOf: [{ material: 'c' }, node] }, { material: 'd' }] }, situation({ p: false })).need, { any: [{ material: 'd' }] })
})

t.test('a branch that waits for an answer says for which, and keeps what both sides ask for', async t => {
  const node: Requirement = { if: { answer: 'p', is: true }, then: { allOf: [{ material: 'a' }, { material: 'b' }] }, else: { material: 'a' } }
  const { need, open } = resolve(node, situation({}))
  t.same(need, { all: [{ material: 'a' }] })
  t.same([...open].map(([material, questions]) => [material, [...questions]]), [['a', ['p']], ['b', ['p']]])
  const settled: Requirement = { if: { allOf: [{ answer: 'p', is: true }, { applicant: 'natural' }] }, then: { material: 'a' } }
  t.equal(resolve(settled, situation({})).open.size, 0, 'an answer that cannot matter is not waited for')
})

t.test('equal sets are settled by the order of the matter, the same each time', async t => {
  const standings = new Map<string, Standing>(MATERIALS.map(material => [material, { outcome: 'submit' }]))
  const pick = (...materials: string[]): Need => ({ any: materials.map(material => ({ material })) })
  t.same([...chosen({ all: [pick('c', 'b'), pick('h', 'g')] }, standings)].sort(), ['b', 'g'])
  t.same([...chosen({ all: [pick('b', 'c'), pick('c', 'd')] }, standings)], ['c'], 'one material serves two')
})

t.test('work beyond the limit is refused, never answered with a guess', async t => {
  // Each choice shares materials with the next, and all weigh the same: there is no short way.
  const standings = new Map<string, Standing>(MATERIALS.map(material => [material, { outcome: 'submit' }]))
  const need: Need = { all: MATERIALS.flatMap((first, index) => MATERIALS.slice(index + 1).map(second => ({ any: [{ material: first }, { material: second }] }))) }
  t.equal(chosen(need, standings, 1000).size, MATERIALS.length - 1)
  t.throws(() => chosen(need, standings, 2), { code: 'REQUIREMENTS_TOO_COMPLEX' })
})

t.test('two hundred materials in a hundred choices are settled at once', async t => {
  const order = Array.from({ length: 200 }, (_, index) => `m${index}`)
  const need: Need = { all: Array.from({ length: 100 }, (_, index) => ({ any: [{ material: `m${2 * index}` }, { material: `m${2 * index + 1}` }] })) }
  const weights = weigh(order, material => Number(material.slice(1)) % 2 === 0 ? { outcome: 'submit' } : { outcome: 'commit' })
  t.ok([...leastSet(need, weights, 300)].every(material => Number(material.slice(1)) % 2 === 1))
})
