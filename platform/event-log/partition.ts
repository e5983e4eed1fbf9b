const M = 0x5bd1e995
const SEED = 0x9747b28c

/**
 * The partition of a key. Every engine uses this one, so that a log can move from one to another and keep its order.
 * @see Apache Kafka, org.apache.kafka.common.utils.Utils.murmur2 and toPositive: the default of its producers
 */
export function partitionOf (key: string, partitions: number): number {
  return (murmur2(Buffer.from(key, 'utf8')) & 0x7fffffff) % partitions
}

/** @returns a signed 32-bit integer, as Java has it */
export function murmur2 (bytes: Uint8Array): number {
  const whole = bytes.length & ~3
  let h = SEED ^ bytes.length
  for (let at = 0; at < whole; at += 4) {
    let k = (bytes[at] as number) | (bytes[at + 1] as number) << 8 | (bytes[at + 2] as number) << 16 | (bytes[at + 3] as number) << 24
    k = Math.imul(k, M)
    k ^= k >>> 24
    h = Math.imul(h, M) ^ Math.imul(k, M)
  }
  const rest = bytes.length - whole
  if (rest > 2) h ^= (bytes[whole + 2] as number) << 16
  if (rest > 1) h ^= (bytes[whole + 1] as number) << 8
  if (rest > 0) h = Math.imul(h ^ (bytes[whole] as number), M)
  h ^= h >>> 13
  h = Math.imul(h, M)
  return h ^ h >>> 15
}
