import type { Documents } from '../../platform/documents/port.js'
import type { EventLog } from '../../platform/event-log/port.js'
import type { Clock, DayText } from '../core/clock.js'
import type { Uscc } from '../core/identifiers.js'
import { CatalogueLog } from './catalogue-log.js'
import { resourceFold, Resources, type ResourceSettings } from './resources.js'

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
  onError?: (error: unknown) => void
}

export type Catalogue = Awaited<ReturnType<typeof createCatalogue>>

/** What is held and owed. */
export async function createCatalogue (options: CatalogueOptions) {
  const log = await CatalogueLog.open({ ...options, folds: [resourceFold] })
  const resources = new Resources(log, options)

  return {
    resources,
    start (): void { log.start() },
    async stop (): Promise<void> { await log.stop() },
    /** Resolves when the view knows all that was decided before. */
    async idle (): Promise<void> { await log.idle() },
    async lag (): Promise<number> { return await log.lag() },
    /** Throws the view away and reads it off the topic again. Answers once it has caught up, if it was running. */
    async rebuild (): Promise<void> {
      resources.search.clear()
      await log.rebuild()
      resources.search.clear()
    }
  }
}

export { createSharing, SHARING_FOLDS, type Sharing, type SharingOptions } from './sharing.js'
export { recomputeDuties, type ReadableLog } from './duty-recompute.js'
export { Rules } from './rule-sets.js'
export { WorkingCalendar } from './calendar.js'
export type { GrantView } from './grants.js'
export type { Correction } from './corrections.js'
