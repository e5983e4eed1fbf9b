/** Those who wait, each asker's in the order in which they came, and a turn for each asker after the other. */
export class Turns<Waiting> {
  /** Whose turn is next comes first. Nobody stands here for whom nothing waits. */
  readonly #lines = new Map<string, Waiting[]>()
  #count = 0

  get count (): number { return this.#count }

  add (asker: string, waiting: Waiting): void {
    const line = this.#lines.get(asker)
    if (line === undefined) this.#lines.set(asker, [waiting])
    else line.push(waiting)
    this.#count++
  }

  /** The one whose turn it is. */
  next (): Waiting | undefined {
    const [first] = this.#lines
    if (first === undefined) return undefined
    const [asker, line] = first
    const waiting = line.shift()
    this.#count--
    this.#lines.delete(asker)
    if (line.length > 0) this.#lines.set(asker, line) // the others first
    return waiting
  }

  /** Makes room for one of this asker: the last one of whoever has most waiting gives way. @returns it; undefined where nobody has more waiting than the asker then would */
  giveWay (asker: string): Waiting | undefined {
    let longest: Waiting[] = []
    for (const line of this.#lines.values()) if (line.length > longest.length) longest = line
    if (longest.length <= (this.#lines.get(asker)?.length ?? 0) + 1) return undefined
    this.#count--
    return longest.pop()
  }

  /** All of them; nobody waits any more. */
  clear (): Waiting[] {
    const all = [...this.#lines.values()].flat()
    this.#lines.clear()
    this.#count = 0
    return all
  }
}
