import { digest } from './digest.js'

const LEAF = Buffer.of(0)
const NODE = Buffer.of(1)

/** @see RFC 6962 section 2.1 */
export function merkleLeaf (data: Uint8Array): Buffer { return digest('sha256', LEAF, data) }

/**
 * Root of the tree over these leaves, in their order; of no leaf, the digest of nothing. Takes them one at a time and keeps no more
 * than one hash for each level.
 * @param leaves - what the leaves hold, not yet hashed
 * @see RFC 6962 section 2.1
 */
export function merkleRoot (leaves: Iterable<Uint8Array>): Buffer {
  const whole: Array<{ leaves: number, hash: Buffer }> = [] // complete subtrees from left to right, each larger than the next
  for (const data of leaves) {
    let right = { leaves: 1, hash: merkleLeaf(data) }
    while (whole.at(-1)?.leaves === right.leaves) {
      const left = whole.pop() as typeof right
      right = { leaves: left.leaves * 2, hash: digest('sha256', NODE, left.hash, right.hash) }
    }
    whole.push(right)
  }
  const last = whole.pop()
  return last === undefined ? digest('sha256', Buffer.alloc(0)) : whole.reduceRight((right, left) => digest('sha256', NODE, left.hash, right), last.hash)
}
