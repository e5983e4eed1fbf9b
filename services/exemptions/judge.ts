import { rankOf, type ReasonCode } from './reasons.js'

/** Who said it: a resource, a licence, a step of the matter or a commitment. */
export interface SourceRef {
  kind: 'data' | 'licence' | 'sub-matter' | 'commitment'
  /** Title of the resource, type of the licence, name of the step or commitment: Chinese, as it is read out. */
  name: string
  resourceId?: string
  /** Who holds the data or issued the licence. */
  organisation?: string
  grantId?: string
}

/**
 * What became of one way to do without the paper.
 * `proved`: it stands for the paper. `against`: the source says that it is not so. `open`: asked, or to be asked, but nobody can tell yet.
 * `allowed`: a commitment may be made. `closed`: this way does not exist here. `not-asked`: another sufficed.
 */
export interface Tried {
  /** Place in the material's list of ways. */
  index: number
  way: 'assertion' | 'data' | 'licence' | 'result' | 'commitment'
  result: 'proved' | 'against' | 'open' | 'allowed' | 'closed' | 'not-asked'
  code: ReasonCode
  source: SourceRef
  /** How fresh the answer is: when the source last told us. */
  asOf?: string
  receiptId?: string
  /** Digest of the row, by which the receiver can check it. */
  digest?: string
  /** Questions that it waits for. */
  questions?: string[]
}

export interface Decision {
  outcome: 'skip' | 'submit' | 'commit' | 'undecided'
  code: ReasonCode
  way?: Tried['way']
  source?: SourceRef
  asOf?: string
  receiptId?: string
  digest?: string
  questions?: string[]
}

/**
 * What all ways add up to; pure. Which failure of one way another one heals stands in docs/decisions/0130-what-heals-what.md: what is
 * merely not known is healed by any proof, and by a commitment where the matter allows one; what a source denies is healed by nothing.
 */
export function judge (tried: readonly Tried[]): Decision {
  const proved = tried.filter(({ result }) => result === 'proved')
  const against = tried.filter(({ result }) => result === 'against')
  if (against.length > 0) {
    if (proved.length > 0) return { outcome: 'undecided', code: 'SOURCES_CONFLICT', source: { ...(against[0] as Tried).source, name: `${names(proved)}；${names(against)}` } }
    const worst = first(against)
    return { outcome: worst.code === 'REGISTER_SAYS_NO' ? 'submit' : 'undecided', ...toldBy(worst) }
  }
  if (proved.length > 0) return { outcome: 'skip', ...toldBy(first(proved)) }
  const allowed = tried.find(({ result }) => result === 'allowed')
  if (allowed !== undefined) return { outcome: 'commit', ...toldBy(allowed) }
  const open = tried.filter(({ result }) => result === 'open')
  if (open.length > 0) return { outcome: 'undecided', ...toldBy(first(open)) }
  const closed = tried.filter(({ result }) => result === 'closed')
  return closed.length === 0 ? { outcome: 'submit', code: 'NOTHING_HELD' } : { outcome: 'submit', ...toldBy(first(closed)) }
}

/** The one whose reason is said; of several with the same the one listed first. */
function first (tried: readonly Tried[]): Tried {
  return tried.reduce((best, other) => (rankOf(other.code) - rankOf(best.code) || other.index - best.index) < 0 ? other : best)
}
function names (tried: readonly Tried[]): string { return [...new Set(tried.map(({ source }) => source.name))].join('、') }
function toldBy ({ index: _index, result: _result, ...told }: Tried): Omit<Decision, 'outcome'> { return told }
