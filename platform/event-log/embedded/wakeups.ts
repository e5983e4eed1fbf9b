/** Wakes those who wait for a partition to grow. Nothing runs while nothing happens, unless other processes append too. */
export class Wakeups {
  readonly #waiting = new Map<number, Set<() => void>>()
  readonly #others: { everyMs: number, version: () => number } | undefined
  #timer: NodeJS.Timeout | undefined
  #seen = 0

  /** @param others - set where other processes write the same file: how often to ask for its version while someone waits */
  constructor (others?: { everyMs: number, version: () => number }) { this.#others = others }

  wake (lanes: Iterable<number>): void {
    for (const lane of lanes) for (const resume of this.#waiting.get(lane) ?? []) resume()
  }

  /** Until the partition has grown, or the signal aborts. */
  wait (lane: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve()
    return new Promise(resolve => {
      const waiting = this.#waiting.get(lane) ?? new Set()
      this.#waiting.set(lane, waiting)
      const resume = (): void => {
        waiting.delete(resume)
        signal.removeEventListener('abort', resume)
        resolve()
      }
      waiting.add(resume)
      signal.addEventListener('abort', resume, { once: true })
      this.#watchOthers()
    })
  }

  close (): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #watchOthers (): void {
    if (this.#others === undefined || this.#timer !== undefined) return
    const { everyMs, version } = this.#others
    this.#seen = version()
    this.#timer = setInterval(() => {
      if ([...this.#waiting.values()].every(waiting => waiting.size === 0)) {
        this.close()
        return
      }
      let now: number
      try { now = version() } catch { return } // a store that cannot be read for now is asked again at the next turn
      if (now !== this.#seen) this.wake([...this.#waiting.keys()])
      this.#seen = now
    }, everyMs)
    this.#timer.unref()
  }
}
