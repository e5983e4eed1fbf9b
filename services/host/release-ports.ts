import type { Divisions } from '../../config/divisions.js'
import type { Catalogue } from '../catalogue/index.js'
import type { ReleasePorts } from '../exchange/index.js'

/** What release of data asks of the catalogue and of the grants. Nothing is released of what neither knows. */
export function releasePorts ({ resources, grants }: Pick<Catalogue, 'resources' | 'grants'>, divisions: Divisions): ReleasePorts {
  return {
    resource: async resourceId => {
      const published = await resources.published(resourceId)
      return published === undefined ? undefined : { ...published, state: 'published' }
    },
    grantsFor: async question => await grants.grantsFor(question),
    grant: async question => await grants.view(question),
    isDivision: (code, on) => divisions.isDivision(code, on)
  }
}
