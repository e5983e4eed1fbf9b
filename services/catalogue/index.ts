import type { Documents } from '../../platform/documents/port.js'
import type { EventLog } from '../../platform/event-log/port.js'
import type { Clock, DayText } from '../core/clock.js'
import type { Uscc } from '../core/identifiers.js'
import { CatalogueLog } from './catalogue-log.js'
import { resourceFold, Resources, type ResourceSettings } from './resources.js'
import { createSharing, SHARING_FOLDS, type SharingOptions } from './sharing.js'

export { CatalogueLog, authorOf, type Author, type CatalogueEvent, type Dated, type DatedDocument, type Fold, type FoldView, type Refusal, type Told } from './catalogue-log.js'
export { dcatCatalogue } from './dcat.js'
export { stateOf, titleKey, type Resource, type ResourceDocument, type Resources, type ResourceSettings } from './resources.js'
export { resourceRoutes, type ResourceRoutesOptions } from './routes/resources.js'

export interface CatalogueOptions {
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
  onError?: (error: unknown) => void
}

export type Catalogue = Awaited<ReturnType<typeof createCatalogue>>

/** What is held and owed. */
export async function createCatalogue (options: CatalogueOptions) {
  const log = await CatalogueLog.open({ ...options, folds: [resourceFold, ...SHARING_FOLDS] })
  const resources = new Resources(log, options)
  const sharing = await createSharing({ ...options, log, published: async id => await resources.published(id) })
  const { arrivals } = sharing

  return {
    resources,
    ...sharing,
    start (): void {
      log.start()
      arrivals.start()
    },
    async stop (): Promise<void> { await Promise.all([log.stop(), arrivals.stop()]) },
    /** Resolves when the views know all that was decided, and came in, before. */
    async idle (): Promise<void> { await Promise.all([log.idle(), arrivals.idle()]) },
    async lag (): Promise<number> { return await log.lag() },
    /** Throws the view away and reads it off the topic again. Answers once it has caught up, if it was running. */
    async rebuild (): Promise<void> {
      resources.search.clear()
      await log.rebuild()
      await arrivals.rebuild()
      resources.search.clear()
    }
  }
}

export { ledgerRoutes, type LedgerRoutesOptions } from './routes/ledger.js'
export { recomputeDuties, type ReadableLog } from './duty-recompute.js'
export { Rules } from './rule-sets.js'
export { WorkingCalendar } from './calendar.js'
export type { GrantView } from './grants.js'
export type { Correction } from './corrections.js'
