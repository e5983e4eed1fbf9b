import { createHash } from 'node:crypto'

/**
 * Chance that comes out the same for the same seed, on every machine: SHA-256 over seed and counter. For made-up data alone,
 * never for a key.
 */
export class Random {
  readonly #seed: string
  #counter = 0
  #block = Buffer.alloc(0)
  #at = 0
  constructor (seed: string) { this.#seed = seed }

  /** Another stream, which stays the same however much is drawn from this one. */
  child (label: string): Random { return new Random(`${this.#seed}/${label}`) }

  /** A whole number from 0 up to, not including, `below`; 1 to 2^32. */
  integer (below: number): number {
    if (!(Number.isInteger(below) && below >= 1 && below <= 2 ** 32)) throw new RangeError('a draw needs 1 to 2^32 outcomes')
    const fair = 2 ** 32 - 2 ** 32 % below // what lies beyond would favour the low numbers
    for (;;) {
      const word = this.#word()
      if (word < fair) return word % below
    }
  }

  between (lowest: number, highest: number): number { return lowest + this.integer(highest - lowest + 1) }

  /** True `perMille` times in a thousand. */
  chance (perMille: number): boolean { return this.integer(1000) < perMille }

  pick<T> (items: ArrayLike<T>): T { return items[this.integer(items.length)] as T }

  /** The same items in another order. */
  shuffle<T> (items: readonly T[]): T[] {
    const shuffled = [...items]
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [shuffled[i], shuffled[j]] = [shuffled[j] as T, shuffled[i] as T]
    }
    return shuffled
  }

  #word (): number {
    if (this.#at === this.#block.length) {
      this.#block = createHash('sha256').update(`${this.#seed}#${this.#counter++}`).digest()
      this.#at = 0
    }
    const word = this.#block.readUInt32BE(this.#at)
    this.#at += 4
    return word
  }
}
