import type { Clock, InstantText } from '../services/core/clock.js'
import { Failure } from '../services/core/failure.js'
import type { Keeper } from './ports.js'

/** A file name beside the receipt that it got: the API is not told it. For its organisation alone. */
export interface NamedFile { id: string, organisation: string, name: string, until: InstantText }

const KEPT_MS = 90 * 24 * 3_600_000
const SWEPT_AT_ONCE = 20

/** People name files after people, so a name is kept for ninety days, where the verdict stays. */
export class FileNames {
  readonly #kept: Keeper<NamedFile>
  readonly #clock: Clock
  constructor (kept: Keeper<NamedFile>, clock: Clock) {
    this.#kept = kept
    this.#clock = clock
  }

  async keep ({ receiptId, organisation, name }: { receiptId: string, organisation: string, name: string }): Promise<void> {
    const now = this.#clock.now()
    await this.#kept.set([{ id: receiptId, organisation, name, until: new Date(now.getTime() + KEPT_MS).toISOString() }])
    const { items } = await this.#kept.find({ index: 'until', range: { to: now.toISOString() }, limit: SWEPT_AT_ONCE })
    for (const { document, version } of items) {
      await this.#kept.delete(document.id, version).catch((error: unknown) => { if (!(error instanceof Failure && error.code === 'VERSION_CONFLICT')) throw error }) // another one swept it
    }
  }

  /** @returns undefined where it is another organisation's, or too long ago */
  async of (receiptId: string, organisation: string): Promise<string | undefined> {
    const found = (await this.#kept.get(receiptId))?.document
    return found?.organisation === organisation && this.#clock.now() < new Date(found.until) ? found.name : undefined
  }
}
