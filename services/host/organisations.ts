import type { Organisations } from '../catalogue/index.js'
import type { Organisation, Registry } from '../identity/registry.js'

/** Names of the organisations that identity has registered; the rest of what it knows stays there. */
export function organisationsOf (registry: Pick<Registry, 'organisations' | 'organisationsNamed'>): Organisations {
  return {
    named: async usccs => (await registry.organisationsNamed(usccs)).map(shown),
    page: async page => {
      const { items, next } = await registry.organisations(page)
      return { items: items.map(({ document }) => shown(document)), ...(next === undefined ? {} : { next }) }
    }
  }
}

function shown ({ id: uscc, name }: Organisation): { uscc: string, name: string } { return { uscc, name } }

/** Names of all organisations, in memory: answers name them without a look into the store. Read anew where more may have been registered. */
export class OrganisationNames {
  #names = new Map<string, string>()

  nameOf (uscc: string): string | undefined { return this.#names.get(uscc) }

  async read (registry: Pick<Registry, 'organisations'>): Promise<void> {
    const names = new Map<string, string>()
    for (let after: string | undefined, more = true; more;) {
      const { items, next } = await registry.organisations({ limit: PAGE, ...(after === undefined ? {} : { after }) })
      for (const { document: { id, name } } of items) names.set(id, name)
      after = next
      more = next !== undefined
    }
    this.#names = names
  }
}
const PAGE = 500
