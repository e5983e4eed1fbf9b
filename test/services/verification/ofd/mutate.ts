/** Numbers from 0 to 1 that are the same for the same seed. @see mulberry32 */
export function seeded (seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

const TELLING = ['<', '>', '&', '"', "'", '/', ':', '=', ' ', '\n', '\r', ']]>', '<!--', '-->', '<![CDATA[', '<?', '&#', ';', 'xmlns', 'PK', '\u0000', '\u00ff', '\u0001\u0000', '../']

/** One to three small changes: a byte set, bytes cut out, bytes said twice, or something that a parser looks for put in. */
export function mutate (source: Buffer, random: () => number): Buffer {
  let bytes: Buffer = Buffer.from(source)
  for (let n = 1 + Math.floor(random() * 3); n > 0; n--) {
    const at = Math.floor(random() * bytes.length)
    const to = Math.min(bytes.length, at + 1 + Math.floor(random() * 8))
    const [before, part, after] = [bytes.subarray(0, at), bytes.subarray(at, to), bytes.subarray(to)]
    switch (Math.floor(random() * 5)) {
      case 0: bytes[at] = Math.floor(random() * 256); break
      case 1: bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8)); break
      case 2: bytes = Buffer.concat([before, after]); break
      case 3: bytes = Buffer.concat([before, part, part, after]); break
      default: bytes = Buffer.concat([before, Buffer.from(TELLING[Math.floor(random() * TELLING.length)] as string, 'latin1'), part, after])
    }
  }
  return bytes
}
