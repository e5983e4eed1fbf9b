import type { Certificate } from './certificate.js'
import type { PolicyInformation, PolicyMapping, PolicyQualifier } from './extensions.js'

const ANY = '2.5.29.32.0'

/** What the asker wants of policies. @see RFC 5280 section 6.1.1 (c) to (g) */
export interface PolicyInputs {
  /** OIDs; left out: any. */
  initialPolicySet?: readonly string[]
  requireExplicitPolicy?: boolean
  inhibitPolicyMapping?: boolean
  inhibitAnyPolicy?: boolean
}
/** One policy for which a path is valid: as the anchor's authority calls it, as the leaf calls it, and what is said about it. */
export interface ValidPolicy { policy: string, leafPolicy: string, qualifiers: readonly PolicyQualifier[] }

interface Node { policy: string, qualifiers: readonly PolicyQualifier[], expected: Set<string>, parents: Node[], children: number }
type Level = Map<string, Node>

/**
 * The policies that hold along a path, as a graph with one node per policy and depth: the tree of RFC 5280 grows
 * exponentially under hostile mappings. @see RFC 9618
 */
export class PolicyGraph {
  #levels: Level[] | undefined
  #explicit: number
  #mapping: number
  #any: number
  readonly #wanted: ReadonlySet<string> | undefined

  constructor (length: number, inputs: PolicyInputs = {}) {
    this.#levels = [new Map([[ANY, node(ANY, [], [ANY], [])]])]
    this.#explicit = inputs.requireExplicitPolicy === true ? 0 : length + 1
    this.#mapping = inputs.inhibitPolicyMapping === true ? 0 : length + 1
    this.#any = inputs.inhibitAnyPolicy === true ? 0 : length + 1
    const wanted = inputs.initialPolicySet
    this.#wanted = wanted === undefined || wanted.includes(ANY) ? undefined : new Set(wanted)
  }

  /** RFC 5280 section 6.1.3 (d) to (f). @returns whether the path may go on */
  enter (certificate: Certificate, isLast: boolean): boolean {
    const policies = certificate.certificatePolicies
    if (policies === undefined) this.#levels = undefined
    else if (this.#levels !== undefined) {
      const anyAllowed = this.#any > 0 || (!isLast && certificate.isSelfIssued)
      this.#levels.push(this.#next(this.#levels.at(-1) as Level, policies, anyAllowed))
      this.#prune()
    }
    return this.#explicit > 0 || this.#levels !== undefined
  }

  #next (above: Level, policies: readonly PolicyInformation[], anyAllowed: boolean): Level {
    const level: Level = new Map()
    for (const { policy, qualifiers } of policies) {
      if (policy === ANY) continue
      let parents = expecting(above, policy)
      if (parents.length === 0) parents = above.has(ANY) ? [above.get(ANY) as Node] : []
      if (parents.length > 0) level.set(policy, node(policy, qualifiers, [policy], parents))
    }
    const any = policies.find(({ policy }) => policy === ANY)
    if (any !== undefined && anyAllowed) {
      for (const policy of new Set([...above.values()].flatMap(({ expected }) => [...expected]))) {
        if (!level.has(policy)) level.set(policy, node(policy, any.qualifiers, [policy], expecting(above, policy)))
      }
    }
    return level
  }

  /** RFC 5280 section 6.1.4 (a), (b), (h) to (j). @returns whether the path may go on */
  leave (certificate: Certificate): boolean {
    const mappings = certificate.policyMappings ?? []
    if (mappings.some(({ issuerDomain, subjectDomain }) => issuerDomain === ANY || subjectDomain === ANY)) return false
    if (this.#levels !== undefined && mappings.length > 0) this.#map(this.#levels, mappings)
    if (!certificate.isSelfIssued) {
      this.#explicit = Math.max(0, this.#explicit - 1)
      this.#mapping = Math.max(0, this.#mapping - 1)
      this.#any = Math.max(0, this.#any - 1)
    }
    const { requireExplicitPolicy, inhibitPolicyMapping } = certificate.policyConstraints ?? {}
    if (requireExplicitPolicy !== undefined) this.#explicit = Math.min(this.#explicit, requireExplicitPolicy)
    if (inhibitPolicyMapping !== undefined) this.#mapping = Math.min(this.#mapping, inhibitPolicyMapping)
    if (certificate.inhibitAnyPolicy !== undefined) this.#any = Math.min(this.#any, certificate.inhibitAnyPolicy)
    return true
  }

  #map (levels: Level[], mappings: readonly PolicyMapping[]): void {
    const level = levels.at(-1) as Level
    const byIssuer = new Map<string, Set<string>>()
    for (const { issuerDomain, subjectDomain } of mappings) {
      byIssuer.set(issuerDomain, (byIssuer.get(issuerDomain) ?? new Set()).add(subjectDomain))
    }
    for (const [policy, mapped] of byIssuer) {
      const found = level.get(policy)
      if (this.#mapping === 0) {
        if (found !== undefined) { level.delete(policy); for (const parent of found.parents) parent.children-- }
      } else if (found !== undefined) found.expected = mapped
      else {
        const any = level.get(ANY)
        if (any !== undefined) level.set(policy, node(policy, any.qualifiers, mapped, any.parents))
      }
    }
    this.#prune()
  }

  /** Nodes that lead nowhere go; if none is left at the bottom, the graph is NULL. */
  #prune (): void {
    const levels = this.#levels as Level[]
    for (let i = levels.length - 2; i >= 0; i--) {
      for (const [policy, { children, parents }] of levels[i] as Level) {
        if (children > 0) continue
        ;(levels[i] as Level).delete(policy)
        for (const parent of parents) parent.children--
      }
    }
    if ((levels.at(-1) as Level).size === 0) this.#levels = undefined
  }

  /** RFC 5280 section 6.1.5 (a), (b), (g). @returns undefined where the policies wanted do not hold */
  finish (certificate: Certificate): readonly ValidPolicy[] | undefined {
    this.#explicit = Math.max(0, this.#explicit - 1)
    if (certificate.policyConstraints?.requireExplicitPolicy === 0) this.#explicit = 0
    const valid = this.#valid()
    return this.#explicit > 0 || valid.length > 0 ? valid : undefined
  }

  #valid (): ValidPolicy[] {
    const bottom = this.#levels?.at(-1)
    if (bottom === undefined) return []
    const found: ValidPolicy[] = []
    for (const leaf of bottom.values()) {
      for (const origin of origins(leaf)) {
        const { policy } = origin
        // Each may have something to say: who issued to the leaf, who first named the policy, and who above let any pass.
        const qualifiers = [...leaf.qualifiers, ...(origin === leaf ? [] : origin.qualifiers)]
        for (let [above] = origin.parents; above !== undefined; above = above.parents[0]) qualifiers.push(...above.qualifiers)
        if (policy === ANY && this.#wanted !== undefined) {
          for (const wanted of this.#wanted) found.push({ policy: wanted, leafPolicy: wanted, qualifiers: leaf.qualifiers })
        } else if (this.#wanted === undefined || this.#wanted.has(policy)) found.push({ policy, leafPolicy: leaf.policy, qualifiers })
      }
    }
    return found
  }
}

/** What the anchor's own domain calls this policy: the highest nodes above it that are not "any". */
function origins (leaf: Node): ReadonlySet<Node> {
  const found = new Set<Node>()
  const seen = new Set<Node>()
  const open = [leaf]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue
    seen.add(at)
    if (at.policy === ANY || at.parents.some(({ policy }) => policy === ANY)) found.add(at)
    else open.push(...at.parents)
  }
  return found
}

function expecting (level: Level, policy: string): Node[] { return [...level.values()].filter(({ expected }) => expected.has(policy)) }
function node (policy: string, qualifiers: readonly PolicyQualifier[], expected: Iterable<string>, parents: Node[]): Node {
  for (const parent of parents) parent.children++
  return { policy, qualifiers, expected: new Set(expected), parents, children: 0 }
}
