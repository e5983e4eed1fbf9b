import type { Scope } from '../services/core/caller.js'
import type { Clock } from '../services/core/clock.js'
import { ApiProblem, type Api, type Asking } from './api.js'

/** A name for pages: people read names, so that an identifier stands alone only where nobody knows one. */
export type NameOf = (identifier: string) => string

const KEPT_MS = 60_000
const KEPT = 10_000
const AT_ONCE = 100
/** Most resources that one page asks about. */
const TITLES = 50
const USCC = /^[0-9A-HJ-NPQRTUWXY]{18}$/
const DIVISION = /^\d{6}(?:\d{3}(?:\d{3})?)?$/

/** Asks the catalogue once for each page, and remembers for a minute: these names are public, the same for whoever asks. */
export class Names {
  readonly #organisations: KnownNames
  readonly #divisions: KnownNames

  constructor (api: Pick<Api, 'organisations' | 'divisions'>, clock: Clock) {
    this.#organisations = new KnownNames(clock, ['catalogue:read', 'quarantine:manage'], async (by, usccs) => (await api.organisations(by, usccs)).items.map(({ uscc, name }) => [uscc, name]))
    this.#divisions = new KnownNames(clock, ['catalogue:read'], async (by, codes) => (await api.divisions(by, codes)).items.map(({ code, name }) => [code, name]))
  }

  /** What is no USCC, and what nobody registered, stays as it is; so do all where the catalogue may not or cannot be asked. */
  async of (by: Asking, mentioned: ReadonlyArray<string | undefined>): Promise<NameOf> {
    const { organisation, organisationName } = by.session.who
    const names = await this.#organisations.of(by, mentioned.filter(uscc => uscc !== organisation && uscc !== undefined && USCC.test(uscc)) as string[])
    names.set(organisation, organisationName)
    return uscc => names.get(uscc) ?? uscc
  }

  /** 示例省云川市青泽县（990104）, or the code alone. */
  async ofDivisions (by: Asking, codes: readonly string[]): Promise<NameOf> {
    const names = await this.#divisions.of(by, codes.filter(code => DIVISION.test(code)))
    return code => names.has(code) ? `${names.get(code) as string}（${code}）` : code
  }
}

/** Titles of these resources, as far as whoever asks may read them. */
export async function resourceTitles (api: Pick<Api, 'resource'>, by: Asking, resourceIds: readonly string[]): Promise<NameOf> {
  const titles = new Map<string, string>()
  await Promise.all([...new Set(resourceIds)].slice(0, TITLES).map(async resourceId => {
    try {
      const { resource, draft } = await api.resource(by, resourceId)
      const title = (resource ?? draft?.resource)?.title
      if (title !== undefined) titles.set(resourceId, title)
    } catch (error) { if (!(error instanceof ApiProblem)) throw error }
  }))
  return resourceId => titles.get(resourceId) ?? resourceId
}

/** Names off a list of matters or rule sets; without the list the identifiers stand. */
export async function listedNames (listed: Promise<{ items: Array<{ id: string, name: { zh: string } }> }>): Promise<NameOf> {
  try {
    const names = new Map((await listed).items.map(({ id, name }) => [id, name.zh]))
    return id => names.get(id) ?? id
  } catch (error) {
    if (error instanceof ApiProblem) return id => id
    throw error
  }
}

/** Names of one kind, with who may ask for them. */
class KnownNames {
  readonly #clock: Clock
  readonly #anyOf: readonly Scope[]
  readonly #ask: (by: Asking, identifiers: readonly string[]) => Promise<Array<[string, string]>>
  readonly #known = new Map<string, { name: string | undefined, until: number }>()

  constructor (clock: Clock, anyOf: readonly Scope[], ask: (by: Asking, identifiers: readonly string[]) => Promise<Array<[string, string]>>) {
    this.#clock = clock
    this.#anyOf = anyOf
    this.#ask = ask
  }

  async of (by: Asking, identifiers: readonly string[]): Promise<Map<string, string>> {
    const names = new Map<string, string>()
    const now = this.#clock.now().getTime()
    const asked: string[] = []
    for (const identifier of new Set(identifiers)) {
      const known = this.#known.get(identifier)
      if (known === undefined || known.until <= now) asked.push(identifier)
      else if (known.name !== undefined) names.set(identifier, known.name)
    }
    if (!this.#anyOf.some(scope => by.session.scopes.includes(scope))) return names
    try {
      for (let from = 0; from < asked.length; from += AT_ONCE) {
        const some = asked.slice(from, from + AT_ONCE)
        const found = new Map(await this.#ask(by, some))
        for (const identifier of some) {
          const name = found.get(identifier)
          if (name !== undefined) names.set(identifier, name)
          if (this.#known.size >= KEPT) this.#known.clear()
          this.#known.set(identifier, { name, until: now + KEPT_MS })
        }
      }
    } catch (error) { if (!(error instanceof ApiProblem)) throw error } // a page without names is better than none
    return names
  }
}
