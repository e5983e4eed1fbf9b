/** A map that holds at most `limit` entries and forgets the one not asked for longest. */
export class Lru<K, V> {
  readonly #limit: number
  readonly #entries = new Map<K, V>()
  constructor (limit: number) { this.#limit = limit }

  get size (): number { return this.#entries.size }

  get (key: K): V | undefined {
    const value = this.#entries.get(key)
    if (value === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, value)
    return value
  }

  set (key: K, value: V): void {
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size > this.#limit) this.#entries.delete(this.#entries.keys().next().value as K)
  }

  clear (): void { this.#entries.clear() }
}
