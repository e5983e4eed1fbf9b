import { Failure } from '../core/failure.js'
import type { Need } from './requirements.js'

/** How a material comes out, and how fresh the evidence is that spares it. */
export interface Standing { outcome: 'skip' | 'submit' | 'commit' | 'undecided', asOf?: string }

/** All of `materials`, and of each choice in `choices` one. */
interface Clause { materials: Set<string>, choices: Clause[][] }

/**
 * One number for each material, such that the set with the smallest sum is the one with the least to hand in, then the fewest undecided,
 * the fewest commitments, then the freshest: the oldest evidence is compared first, then the second oldest, and so on. What is left
 * is settled by the matter's order, so that two sets never weigh the same. As the sum is all that counts, parts of a requirement that
 * share no material can be weighed apart.
 * @param order - materials as the matter lists them
 */
export function weigh (order: readonly string[], standingOf: (material: string) => Standing): Map<string, bigint> {
  const instants = [...new Set(order.map(material => standingOf(material).asOf ?? ''))].sort().reverse() // the freshest first
  const digit = bitsFor(order.length)
  const ranks = new Map(instants.map((instant, rank) => [instant, BigInt(order.length + rank * digit)]))
  const above = BigInt(order.length + instants.length * digit)
  const units = { skip: 0n, commit: 1n << above, undecided: 1n << (above + BigInt(digit)), submit: 1n << (above + BigInt(2 * digit)) }
  return new Map(order.map((material, index) => {
    const { outcome, asOf } = standingOf(material)
    const freshness = outcome === 'skip' ? 1n << (ranks.get(asOf ?? '') as bigint) : 0n
    return [material, units[outcome] + freshness + (1n << BigInt(index))]
  }))
}

/** Bits that hold any count up to `most`. */
function bitsFor (most: number): number { return most.toString(2).length }

/**
 * The lightest set of materials that fulfils the need. Exact: branches are left out only where their lower bound shows that they cannot win.
 * @param steps - most choices that are tried
 * @throws {Failure} REQUIREMENTS_TOO_COMPLEX the steps did not suffice: never an answer that may not be the least
 */
export function leastSet (need: Need, weights: ReadonlyMap<string, bigint>, steps: number): Set<string> {
  let left = steps
  const weight = (materials: Iterable<string>): bigint => {
    let sum = 0n
    for (const material of materials) sum += weights.get(material) as bigint
    return sum
  }
  const lower = ({ materials, choices }: Clause): bigint => {
    const seen = new Set(materials)
    let bound = weight(materials)
    for (const choice of choices) {
      const held = choice.flatMap(branch => [...materialsIn(branch)])
      if (held.some(material => seen.has(material))) continue // it may be paid for already
      for (const material of held) seen.add(material)
      bound += choice.map(lower).reduce((least, cost) => cost < least ? cost : least)
    }
    return bound
  }

  /** @returns undefined where nothing is lighter than `below` */
  function solve (clause: Clause, below: bigint | undefined): { cost: bigint, set: Set<string> } | undefined {
    const { materials, choices } = propagate(clause)
    let cost = weight(materials)
    const set = new Set(materials)
    if (below !== undefined && cost >= below) return undefined
    for (const part of components(choices)) {
      const best = lightest(part, below === undefined ? undefined : below - cost)
      if (best === undefined) return undefined
      cost += best.cost
      for (const material of best.set) set.add(material)
      if (below !== undefined && cost >= below) return undefined
    }
    return { cost, set }
  }

  function lightest (choices: readonly Clause[][], below: bigint | undefined): { cost: bigint, set: Set<string> } | undefined {
    const [first, ...others] = choices.slice().sort((a, b) => a.length - b.length) as [Clause[], ...Clause[][]]
    const tries = first.map(branch => ({ materials: branch.materials, choices: [...branch.choices, ...others] })).map(clause => ({ clause, bound: lower(clause) }))
    tries.sort((a, b) => a.bound < b.bound ? -1 : a.bound > b.bound ? 1 : 0)
    let best: { cost: bigint, set: Set<string> } | undefined
    let limit = below
    for (const { clause, bound } of tries) {
      if (limit !== undefined && bound >= limit) continue
      if (--left < 0) throw new Failure('REQUIREMENTS_TOO_COMPLEX', `the least set was not found within ${steps} steps`)
      const found = solve(clause, limit)
      if (found === undefined) continue
      best = found
      limit = found.cost
    }
    return best
  }

  return (solve(clauseOf(need), undefined) as { set: Set<string> }).set
}

function clauseOf (need: Need): Clause {
  if ('material' in need) return { materials: new Set([need.material]), choices: [] }
  if ('any' in need) {
    if (need.any.length === 1) return clauseOf(need.any[0] as Need)
    return { materials: new Set(), choices: [need.any.map(clauseOf)] }
  }
  const parts = need.all.map(clauseOf)
  return { materials: new Set(parts.flatMap(({ materials }) => [...materials])), choices: parts.flatMap(({ choices }) => choices) }
}

function materialsIn ({ materials, choices }: Clause): Set<string> {
  return new Set([...materials, ...choices.flatMap(choice => choice.flatMap(branch => [...materialsIn(branch)]))])
}

/** Takes out of the choices what is handed in anyway; a choice that is fulfilled by it goes, one with a single way left joins the rest. */
function propagate (clause: Clause): Clause {
  const materials = new Set(clause.materials)
  let choices = clause.choices
  for (;;) {
    const before = materials.size
    const open: Clause[][] = []
    for (const choice of choices) {
      const branches = choice.map(branch => reduce(branch, materials))
      if (branches.some(isEmpty)) continue
      const [only] = branches
      if (branches.length > 1 || only === undefined) { open.push(branches); continue }
      for (const material of only.materials) materials.add(material)
      open.push(...only.choices)
    }
    choices = open
    if (materials.size === before && choices.every(choice => choice.length > 1)) return { materials, choices }
  }
}

function reduce ({ materials, choices }: Clause, given: ReadonlySet<string>): Clause {
  const open = choices.map(choice => choice.map(branch => reduce(branch, given))).filter(choice => !choice.some(isEmpty))
  return { materials: new Set([...materials].filter(material => !given.has(material))), choices: open }
}

function isEmpty ({ materials, choices }: Clause): boolean { return materials.size === 0 && choices.length === 0 }

/** Groups of choices that share no material with those of another group. */
function components (choices: readonly Clause[][]): Clause[][][] {
  const groups: Array<{ choices: Clause[][], held: Set<string> }> = []
  for (const choice of choices) {
    const held = new Set(choice.flatMap(branch => [...materialsIn(branch)]))
    const touching = groups.filter(group => [...held].some(material => group.held.has(material)))
    const merged = { choices: [...touching.flatMap(group => group.choices), choice], held: new Set([...held, ...touching.flatMap(group => [...group.held])]) }
    groups.splice(0, groups.length, ...groups.filter(group => !touching.includes(group)), merged)
  }
  return groups.map(group => group.choices)
}

/** Does this set fulfil the need? */
export function fulfils (need: Need, set: ReadonlySet<string>): boolean {
  if ('material' in need) return set.has(need.material)
  return 'all' in need ? need.all.every(part => fulfils(part, set)) : need.any.some(part => fulfils(part, set))
}
