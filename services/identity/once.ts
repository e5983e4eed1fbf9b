import { createHash } from 'node:crypto'
import type { Collection, Documents } from '../../platform/documents/port.js'
import { Failure } from '../core/failure.js'

interface Used { id: string, until: number }
/** How many outdated marks one use clears away: more than it adds, so that they never pile up. */
const SWEPT_AT_ONCE = 20

/** Keeps what may be used once only until it could not be used anyway. Durable, so that a restart forgets nothing. */
export class Once {
  readonly #used: Collection<Used>
  private constructor (used: Collection<Used>) { this.#used = used }

  static async open (documents: Documents): Promise<Once> {
    return new Once(await documents.collection<Used>('identity-used', { indexes: { until: { on: ['until'] } } }))
  }

  /**
   * @param parts - together they name what is used; they may be of any length, since only a digest is kept
   * @param until - from then on it is refused for its age, so the mark may go
   * @returns false where it was used before
   */
  async use (parts: readonly string[], until: Date, now: Date): Promise<boolean> {
    const id = createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
    try {
      await this.#used.put({ id, until: until.getTime() }, 0)
    } catch (error) {
      if (error instanceof Failure && error.code === 'VERSION_CONFLICT') return false
      throw error
    }
    await this.#sweep(now)
    return true
  }

  async #sweep (now: Date): Promise<void> {
    const { items } = await this.#used.find({ index: 'until', range: { to: now.getTime(), toExclusive: true }, limit: SWEPT_AT_ONCE })
    for (const { document, version } of items) {
      try {
        await this.#used.delete(document.id, version)
      } catch (error) {
        // Another request swept it first.
        if (!(error instanceof Failure && error.code === 'VERSION_CONFLICT')) throw error
      }
    }
  }
}
