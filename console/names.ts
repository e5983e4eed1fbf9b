import type { Clock } from '../services/core/clock.js'
import { ApiProblem, type Api, type Asking } from './api.js'

/** Names of organisations, for pages: people read names, so that an identifier stands only where nobody knows one. */
export type NameOf = (uscc: string) => string

const KEPT_MS = 60_000
const KEPT = 10_000
const AT_ONCE = 100
const USCC = /^[0-9A-HJ-NPQRTUWXY]{18}$/

/** Asks the catalogue once for each page, and remembers for a minute: names are public, the same for whoever asks. */
export class Names {
  readonly #api: Pick<Api, 'organisations'>
  readonly #clock: Clock
  readonly #known = new Map<string, { name: string | undefined, until: number }>()

  constructor (api: Pick<Api, 'organisations'>, clock: Clock) {
    this.#api = api
    this.#clock = clock
  }

  /** What is no USCC, and what nobody registered, stays as it is; so do all where the catalogue may not or cannot be asked. */
  async of (by: Asking, mentioned: ReadonlyArray<string | undefined>): Promise<NameOf> {
    const { who, scopes } = by.session
    const names = new Map([[who.organisation, who.organisationName]])
    const now = this.#clock.now().getTime()
    const asked: string[] = []
    for (const uscc of new Set(mentioned)) {
      if (uscc === undefined || !USCC.test(uscc) || names.has(uscc)) continue
      const known = this.#known.get(uscc)
      if (known === undefined || known.until <= now) asked.push(uscc)
      else if (known.name !== undefined) names.set(uscc, known.name)
    }
    if (asked.length > 0 && scopes.includes('catalogue:read')) await this.#ask(by, asked, names, now + KEPT_MS)
    return uscc => names.get(uscc) ?? uscc
  }

  async #ask (by: Asking, usccs: readonly string[], names: Map<string, string>, until: number): Promise<void> {
    try {
      for (let from = 0; from < usccs.length; from += AT_ONCE) {
        const some = usccs.slice(from, from + AT_ONCE)
        const found = new Map((await this.#api.organisations(by, some)).items.map(({ uscc, name }) => [uscc, name]))
        for (const uscc of some) {
          const name = found.get(uscc)
          if (name !== undefined) names.set(uscc, name)
          if (this.#known.size >= KEPT) this.#known.clear()
          this.#known.set(uscc, { name, until })
        }
      }
    } catch (error) { if (!(error instanceof ApiProblem)) throw error } // a page without names is better than none
  }
}
