import { merkleRoot } from '../../platform/crypto/index.js'
import { Failure } from '../core/failure.js'
import { compareKeys } from '../core/rows.js'
import { told } from '../core/words.js'

/** What both sides know of a record that was handed over. */
export interface Entry { key: string, digest: string }
/** How many records, and the root of the tree over their digests in the order of their keys. @see RFC 6962 */
export interface Summary { count: number, root: string }
/** Keys from `from` on and before `before`; without bound where absent. */
export interface KeyRange { from?: string, before?: string }
export interface Finding { key: string, finding: 'missing' | 'surplus' | 'different' }

/** Entries line up by key for all that follows. */
export function inOrder (entries: Entry[]): Entry[] { return entries.sort((a, b) => compareKeys(a.key, b.key)) }

export function summaryOf (ordered: readonly Entry[]): Summary {
  return { count: ordered.length, root: merkleRoot(ordered.map(({ digest }) => Buffer.from(digest, 'hex'))).toString('hex') }
}

export function within (ordered: readonly Entry[], { from, before }: KeyRange): readonly Entry[] {
  const first = from === undefined ? 0 : firstAtLeast(ordered, from)
  return ordered.slice(first, before === undefined ? undefined : Math.max(first, firstAtLeast(ordered, before)))
}

function firstAtLeast (ordered: readonly Entry[], key: string): number {
  let [low, high] = [0, ordered.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareKeys((ordered[middle] as Entry).key, key) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Where the receiver's records differ from ours, in the order of keys: `missing` are ours alone, `surplus` theirs alone.
 * @param theirs - in order, no key twice
 */
export function compare (ours: readonly Entry[], theirs: readonly Entry[]): Finding[] {
  const findings: Finding[] = []
  for (let [i, j] = [0, 0]; i < ours.length || j < theirs.length;) {
    const [mine, yours] = [ours[i], theirs[j]]
    const side = mine === undefined ? 1 : yours === undefined ? -1 : compareKeys(mine.key, yours.key)
    if (side < 0) findings.push({ key: (mine as Entry).key, finding: 'missing' })
    else if (side > 0) findings.push({ key: (yours as Entry).key, finding: 'surplus' })
    else if (mine?.digest !== yours?.digest) findings.push({ key: (mine as Entry).key, finding: 'different' })
    if (side <= 0) i++
    if (side >= 0) j++
  }
  return findings
}

/** One pass over our records has to do for all ranges. @throws {Failure} INPUT_INVALID they overlap or are not in order */
export function requireInOrder (ranges: readonly KeyRange[]): void {
  const violations = ranges.flatMap(({ from, before }, at) => {
    const last = at === 0 ? '' : ranges[at - 1]?.before
    const follows = at === 0 || (last !== undefined && from !== undefined && compareKeys(last, from) <= 0)
    const holds = from === undefined || before === undefined || compareKeys(from, before) <= 0
    return follows && holds ? [] : [{ pointer: `/ranges/${at}`, message: told('各段须首尾相接、互不重叠', 'ranges follow one another without overlap') }]
  })
  if (violations.length > 0) throw new Failure('INPUT_INVALID', 'ranges overlap or are not in order', { violations })
}

/** @throws {Failure} INPUT_INVALID a key stands twice, or outside the range */
export function requireTable (rows: readonly Entry[], { from, before }: KeyRange): Entry[] {
  const ordered = inOrder([...rows])
  const doubled = ordered.some(({ key }, at) => at > 0 && ordered[at - 1]?.key === key)
  const first = ordered[0]?.key
  const last = ordered.at(-1)?.key
  const outside = (from !== undefined && first !== undefined && compareKeys(first, from) < 0) || (before !== undefined && last !== undefined && compareKeys(last, before) >= 0)
  if (doubled || outside) {
    throw new Failure('INPUT_INVALID', 'a key stands twice or outside the range', { violations: [{ pointer: '/rows', message: doubled ? told('有主键出现了两次', 'a key stands twice') : told('有主键不在 from 与 before 之间', 'a key lies outside from and before') }] })
  }
  return ordered
}
