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
