import type { Documents } from '../../platform/documents/port.js'
import type { EventLog } from '../../platform/event-log/port.js'
import type { Clock, DayText } from '../core/clock.js'
import type { Uscc } from '../core/identifiers.js'
import { CatalogueLog } from './catalogue-log.js'
import { IssuedTypes } from './issued-types.js'
import { Lists, type ListPorts } from './lists.js'
import { resourceFold, Resources, type ResourceSettings } from './resources.js'
import { createSharing, SHARING_FOLDS, type SharingOptions } from './sharing.js'
import { usedFold, UsedTypes, type LicenceUse } from './used-types.js'

export { CatalogueLog, authorOf, type Author, type CatalogueEvent, type Dated, type DatedDocument, type Fold, type FoldView, type Refusal, type Told } from './catalogue-log.js'
export { dcatCatalogue } from './dcat.js'
export { stateOf, titleKey, type Resource, type ResourceDocument, type Resources, type ResourceSettings } from './resources.js'
export type { Authority, ListFinding } from './lists.js'
export { listRoutes, type ListRoutesOptions } from './routes/lists.js'
export type { LicenceUse } from './used-types.js'
export { divisionRoutes, type DivisionRoutesOptions } from './routes/divisions.js'
export { organisationRoutes, type Organisations, type OrganisationRoutesOptions } from './routes/organisations.js'
export { resourceRoutes, type ResourceRoutesOptions } from './routes/resources.js'

export interface CatalogueOptions extends Pick<ListPorts, 'authorities' | 'matters'> {
  eventLog: EventLog
  documents: Documents
  clock: Clock
  newId: () => string
  settings: ResourceSettings
  /** Name of an organisation that is registered. */
  organisationName: (uscc: Uscc) => Promise<string | undefined>
  /** Is this a division on that day? */
  isDivision: (code: string, on: DayText) => boolean
  /** Working days and deadlines, as configured. */
  deadlines: SharingOptions['deadlines']
  /** Is there such a matter? */
  hasMatter: (matterId: string) => boolean
  subjectDigest: SharingOptions['subjectDigest']
  onError?: (error: unknown) => void
}

export type Catalogue = Awaited<ReturnType<typeof createCatalogue>>

/** What is held and owed. */
export async function createCatalogue (options: CatalogueOptions) {
  const log = await CatalogueLog.open({ ...options, folds: [resourceFold, usedFold, ...SHARING_FOLDS] })
  const resources = new Resources(log, options)
  const issued = await IssuedTypes.open(options)
  const used = new UsedTypes(log, options.clock)
  const lists = new Lists({ ...options, issued, used, resources })
  const sharing = await createSharing({ ...options, log, published: async id => await resources.published(id) })
  const views = [log, issued.view, sharing.arrivals.view]

  return {
    resources,
    lists,
    ...sharing,
    /** Somebody verified a licence of this type, or it spared an applicant its paper. */
    async licenceUsed (use: LicenceUse): Promise<void> { await used.licenceUsed(use) },
    /** After the topic `trusted` is there. */
    start (): void {
      for (const view of views) view.start()
    },
    async stop (): Promise<void> { await Promise.all(views.map(async view => { await view.stop() })) },
    /** Resolves when the views know all that was decided, issued and came in, before. */
    async idle (): Promise<void> { await Promise.all(views.map(async view => { await view.idle() })) },
    async lag (): Promise<number> { return await log.lag() },
    /** Throws the views away and reads them off the topics again. Answers once they have caught up, if they were running. */
    async rebuild (): Promise<void> {
      resources.search.clear()
      await Promise.all(views.map(async view => { await view.rebuild() }))
      resources.search.clear()
    }
  }
}

export { ledgerRoutes, type LedgerRoutesOptions } from './routes/ledger.js'
export { recomputeDeliveries, recomputeDuties, type ReadableLog } from './recompute.js'
export { Rules } from './rule-sets.js'
export { WorkingCalendar } from './calendar.js'
export type { GrantView } from './grants.js'
export type { Correction } from './corrections.js'
