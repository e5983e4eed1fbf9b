import type { Documents } from '../../platform/documents/port.js'
import type { EventLog, EventRecord } from '../../platform/event-log/port.js'
import type { Clock } from '../core/clock.js'
import { TOPICS } from '../core/event.js'
import { View } from '../core/views.js'
import type { ReleasePorts } from './ports.js'
import { createReading, type Reading } from './reading.js'
import { Records } from './records.js'
import type { ReleaseSecrets } from './secrets.js'
import { createSubscribing, type Subscribing } from './subscribing.js'
import { SubscriptionLog } from './subscription-log.js'

export { FORMS, type Form, type GrantState, type GrantView, type ReleasePorts, type SharedResource } from './ports.js'
export { ReleaseSecrets, releaseSecretsFrom } from './secrets.js'
export { queryRoutes, type QueryRoutesOptions } from './routes/queries.js'
export { subscriptionRoutes, type SubscriptionRoutesOptions } from './routes/subscriptions.js'
export type { Ask, AssertionAnswer, AssertionQuestion, Outcome, QueryAnswer, QueryQuestion, Question, ReleasedRow, SharedData, Value } from './types.js'

const RECORDS_GROUP = 'shared-records'
/** Counted up when the rules or documents of records change. Before there was a number they did not know who left a region. */
const VERSION = 2

export interface SharingOptions {
  eventLog: EventLog
  documents: Documents
  clock: Clock
  ports: ReleasePorts
  newId: () => string
  secrets: ReleaseSecrets
  /** Most records in one answer, in one page of a subscription, and of one day and subscription; most subscriptions that run for one consumer. */
  limits: { answerRows: number, pageRows: number, dayRows: number, consumerSubscriptions: number }
  /** Most events that are told together; 500 if not said. */
  batch?: number
  onError?: (error: unknown) => void
}

export interface Sharing extends Reading, Subscribing {
  start: () => void
  stop: () => Promise<void>
  /** Resolves when the views know all that was said before. */
  idle: () => Promise<void>
  lag: () => Promise<number>
  /** Throws the views away and reads them off the log again. Answers once it has caught up, if it was running. */
  rebuild: () => Promise<void>
}

/** May this data be released, to whom, which fields. */
export async function createSharing (options: SharingOptions): Promise<Sharing> {
  const { eventLog, documents, batch, onError } = options
  const records = await Records.open(documents)
  const subscriptions = await SubscriptionLog.open(options)
  const view = await View.open<EventRecord>({
    eventLog,
    documents,
    group: RECORDS_GROUP,
    topic: TOPICS.trusted,
    version: VERSION,
    clear: async () => { await records.clear() },
    handle: async (told, partition) => { await records.handle(told, partition) },
    batch,
    onError
  })
  const views = [subscriptions.view, view]

  return {
    ...createReading({ ...options, records }),
    ...createSubscribing({ ...options, records, subscriptions }),
    start (): void { for (const view of views) view.start() },
    async stop (): Promise<void> { await Promise.all(views.map(async view => { await view.stop() })) },
    async idle (): Promise<void> { await Promise.all(views.map(async view => { await view.idle() })) },
    async lag (): Promise<number> { return await view.lag() },
    async rebuild (): Promise<void> { await Promise.all(views.map(async view => { await view.rebuild() })) }
  }
}
