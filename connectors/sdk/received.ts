import { merkleRoot } from '../../platform/crypto/index.js'
import { compareKeys, digestOf } from '../../services/core/rows.js'

/** A record as it came from a query or a subscription. */
export interface ReceivedRow { key: string, values: Record<string, unknown>, digest: string }
export interface ReceivedEntry { key: string, digest: string }
export interface KeyRangeSummary { from?: string, before?: string, count: number, root: string }

/** Is the record what its digest says? One that is not is not to be kept, but asked for again. */
export function isWhole (row: ReceivedRow): boolean { return digestOf({ key: row.key, values: row.values }) === row.digest }

/** Count and Merkle root of what a receiver holds, as the exchange gives them for a day. @see RFC 6962 */
export function summaryOfReceived (rows: readonly ReceivedEntry[]): { count: number, root: string } {
  return { count: rows.length, root: rootOf(ordered(rows)) }
}

/** Ranges of keys that together hold all rows, some `size` in each; to find out where two sides differ without sending all. */
export function rangesOfReceived (rows: readonly ReceivedEntry[], size: number): KeyRangeSummary[] {
  const all = ordered(rows)
  const ranges: KeyRangeSummary[] = []
  for (let at = 0; at < Math.max(1, all.length); at += size) {
    const part = all.slice(at, at + size)
    const [first, next] = [all[at]?.key, all[at + size]?.key]
    // The first and the last are open, since the other side may hold keys beyond ours.
    ranges.push({ ...(at === 0 || first === undefined ? {} : { from: first }), ...(next === undefined ? {} : { before: next }), count: part.length, root: rootOf(part) })
  }
  return ranges
}

function ordered (rows: readonly ReceivedEntry[]): ReceivedEntry[] { return [...rows].sort((a, b) => compareKeys(a.key, b.key)) }
function rootOf (rows: readonly ReceivedEntry[]): string { return merkleRoot(rows.map(({ digest }) => Buffer.from(digest, 'hex'))).toString('hex') }
