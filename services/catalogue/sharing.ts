import type { Documents } from '../../platform/documents/port.js'
import type { EventLog } from '../../platform/event-log/port.js'
import type { Clock, DayText } from '../core/clock.js'
import type { ResourceId } from '../core/identifiers.js'
import { WorkingCalendar, type CalendarYear } from './calendar.js'
import type { CatalogueLog, Fold } from './catalogue-log.js'
import { correctionFold, Corrections } from './corrections.js'
import { demandFold, Demands, type DemandedResource } from './demands.js'
import { dutyFold, Duties } from './duties.js'
import { ArrivalsView } from './duty-arrivals.js'
import { grantFold, Grants } from './grants.js'
import { Rules, type RuleSet } from './rule-sets.js'

/** What of the catalogue's log is decided here. */
export const SHARING_FOLDS: readonly Fold[] = [dutyFold, demandFold, grantFold, correctionFold]

export interface SharingOptions {
  log: CatalogueLog
  eventLog: EventLog
  documents: Documents
  clock: Clock
  newId: () => string
  /** Working days and deadlines, as configured. */
  deadlines: { calendar: readonly CalendarYear[], ruleSets: readonly RuleSet[] }
  published: (resourceId: ResourceId) => Promise<DemandedResource | undefined>
  isDivision: (code: string, on: DayText) => boolean
  /** Is there such a matter? */
  hasMatter: (matterId: string) => boolean
  /** Stands for the code of a person or organisation where none may be kept. */
  subjectDigest: (code: string) => string
  onError?: (error: unknown) => void
}

export type Sharing = Awaited<ReturnType<typeof createSharing>>

/** What is owed and what was granted: duties, demands, grants and requests to verify. */
export async function createSharing ({ log, eventLog, documents, clock, newId, deadlines, published, isDivision, hasMatter, subjectDigest, onError }: SharingOptions) {
  const rules = new Rules({ ...deadlines, calendar: new WorkingCalendar(deadlines.calendar) })
  const arrivals = await ArrivalsView.open({ eventLog, documents, ...(onError === undefined ? {} : { onError }) })
  return {
    rules,
    arrivals,
    duties: new Duties({ log, arrivals, rules, clock, published: async id => await published(id) !== undefined, hasMatter }),
    demands: new Demands({ log, rules, clock, newId, published, isDivision, hasMatter }),
    grants: new Grants({ log, arrivals, rules, clock }),
    corrections: new Corrections({ log, rules, clock, newId, published, subjectDigest })
  }
}
