import type { MatterForm } from '../../schemas/documents/matter-form.v1.js'
import type { Matter } from '../../schemas/documents/matter.v1.js'
import type { MatterList } from '../../schemas/http/matter-list.v1.js'
import type { MatterWithForm } from '../../schemas/http/matter-with-form.v1.js'
import { Failure } from '../core/failure.js'
import { doubtsOf } from './matters-lint.js'

/** Matters and their forms, as config/matters has them. */
export interface MatterSource { matters: readonly Matter[], forms: ReadonlyMap<string, MatterForm> }

/** The matters that can be handled here. They are configuration: what is read at the start stands until the next one. */
export function createMatters ({ matters, forms }: MatterSource) {
  const byId = new Map(matters.map(matter => [matter.id, matter]))
  return {
    list (): MatterList { return { items: matters.map(summary) } },
    /** @throws {Failure} MATTER_UNKNOWN */
    matter (matterId: string): MatterWithForm {
      const matter = byId.get(matterId)
      const form = matter === undefined ? undefined : forms.get(matter.form)
      if (matter === undefined || form === undefined) throw new Failure('MATTER_UNKNOWN', 'no matter has this identifier')
      return { matter, form }
    }
  }
}
export type MatterCatalogue = ReturnType<typeof createMatters>

function summary (matter: Matter): MatterList['items'][number] {
  const { id, version, name, batch, lead, applicants, summary } = matter
  return {
    id,
    version,
    name,
    batch,
    lead: lead.name,
    applicants,
    summary,
    counts: { subMatters: matter.subMatters.length, materials: matter.materials.length, questions: matter.questions.length, unknown: matter.unknown.length, unconfirmed: doubtsOf(matter).length }
  }
}
