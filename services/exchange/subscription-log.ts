import { hash } from 'node:crypto'
import type { Collection, Document, Documents } from '../../platform/documents/port.js'
import type { EventLog, EventRecord } from '../../platform/event-log/port.js'
import type { SubscriptionRecorded } from '../../schemas/events/subscription-recorded.v1.js'
import type { Caller } from '../core/caller.js'
import type { Clock, InstantText } from '../core/clock.js'
import { TOPICS } from '../core/event.js'
import { Failure } from '../core/failure.js'
import { canonicalJson } from '../core/json.js'
import type { ResourceId, Uscc } from '../core/identifiers.js'
import { View } from '../core/views.js'

/** What a consumer receives, of which region, and what for; whether it may still is asked of the grant at each reading. */
export interface SubscriptionTerms {
  grantId: string
  resourceId: ResourceId
  consumer: Uscc
  /** Division code. */
  region: string
  fields: string[]
  purpose: string
  matter?: string
  /** The law or decision that it rests on. */
  basis?: string
}
export interface Subscription extends SubscriptionTerms {
  subscriptionId: string
  madeAt: InstantText
  endedAt?: InstantText
}
interface SubscriptionDocument extends Document, Omit<Subscription, 'subscriptionId'> {
  /** The consumer, as long as it has not ended. */
  running?: Uscc
}

const GROUP = 'subscriptions'
/** Counted up when the rules or documents of the view change. */
const VERSION = 1

/** Subscriptions stand on a log: made and ended, by whom. Folding it twice makes the same. */
export class SubscriptionLog {
  readonly #log: EventLog
  readonly #clock: Clock
  readonly #newId: () => string
  readonly #subscriptions: Collection<SubscriptionDocument>
  readonly view: View<EventRecord>
  #making: Promise<unknown> = Promise.resolve()

  private constructor ({ eventLog, clock, newId }: SubscriptionLogOptions, view: View<EventRecord>, subscriptions: Collection<SubscriptionDocument>) {
    this.#log = eventLog
    this.#clock = clock
    this.#newId = newId
    this.view = view
    this.#subscriptions = subscriptions
  }

  static async open (options: SubscriptionLogOptions): Promise<SubscriptionLog> {
    const { eventLog, documents, onError } = options
    await eventLog.createTopic(TOPICS.subscriptions, { partitions: 1 })
    const subscriptions = await documents.collection<SubscriptionDocument>('subscriptions', { indexes: { byConsumer: { on: ['consumer', 'madeAt'] }, byRunning: { on: ['running'] } } })
    const view = await View.open<EventRecord>({
      eventLog,
      documents,
      group: GROUP,
      topic: TOPICS.subscriptions,
      version: VERSION,
      clear: async () => { await subscriptions.clear() },
      handle: async records => { for (const { value } of records) await fold(subscriptions, JSON.parse(Buffer.from(value).toString('utf8')) as SubscriptionRecorded) },
      batch: 100,
      onError
    })
    return new SubscriptionLog(options, view, subscriptions)
  }

  /**
   * The same terms make the same subscription, so that a repeated request makes no second one.
   * @param most - that run for one consumer
   * @throws {Failure} SUBSCRIPTIONS_TOO_MANY
   */
  async make (terms: SubscriptionTerms, caller: Author, most: number): Promise<Subscription> {
    // One after another: of two that are made at once, the second counts the first.
    const made = this.#making.then(async () => await this.#make(terms, caller, most))
    this.#making = made.catch(() => {})
    return await made
  }

  async #make (terms: SubscriptionTerms, caller: Author, most: number): Promise<Subscription> {
    const subscriptionId = `sub-${hash('sha256', canonicalJson(terms), 'base64url').slice(0, 22)}`
    const known = await this.get(subscriptionId)
    if (known !== undefined && known.endedAt === undefined) return known
    if (await this.#subscriptions.count({ index: 'byRunning', equals: [terms.consumer] }, most) >= most) throw new Failure('SUBSCRIPTIONS_TOO_MANY', `${most} subscriptions run for you already`)
    await this.#append({ ...this.#envelope(subscriptionId, caller), type: 'subscription.made.v1', data: terms })
    return await this.get(subscriptionId) as Subscription
  }

  async end (subscriptionId: string, caller: Author): Promise<void> {
    await this.#append({ ...this.#envelope(subscriptionId, caller), type: 'subscription.ended.v1' })
  }

  async get (subscriptionId: string): Promise<Subscription | undefined> {
    const found = await this.#subscriptions.get(subscriptionId)
    return found === undefined ? undefined : toSubscription(found.document)
  }

  async of (consumer: Uscc, { limit, after }: { limit: number, after?: string }): Promise<{ items: Subscription[], next?: string }> {
    const { items, next } = await this.#subscriptions.find({ index: 'byConsumer', equals: [consumer], limit, ...(after === undefined ? {} : { after }) })
    return { items: items.map(({ document }) => toSubscription(document)), ...(next === undefined ? {} : { next }) }
  }

  #envelope (subject: string, { client, organisation, person }: Author): Omit<SubscriptionRecorded, 'type' | 'data'> {
    return { id: this.#newId(), subject, time: this.#clock.now().toISOString(), by: { client, organisation, ...(person === undefined ? {} : { person: person.id }) } }
  }

  /** Resolves when the view knows of it. */
  async #append (event: SubscriptionRecorded): Promise<void> {
    await this.#log.append(TOPICS.subscriptions, [{ key: event.subject, value: Buffer.from(canonicalJson(event)) }])
    await this.view.idle()
  }
}

async function fold (subscriptions: Collection<SubscriptionDocument>, { subject, type, time, data }: SubscriptionRecorded): Promise<void> {
  const known = (await subscriptions.get(subject))?.document
  switch (type) {
    case 'subscription.made.v1':
      if (data !== undefined && (known === undefined || known.endedAt !== undefined)) await subscriptions.set([{ id: subject, ...data, madeAt: time, running: data.consumer }])
      break
    case 'subscription.ended.v1':
      if (known !== undefined && known.endedAt === undefined) {
        const { running: _over, ...rest } = known
        await subscriptions.set([{ ...rest, endedAt: time }])
      }
  }
}

export interface SubscriptionLogOptions { eventLog: EventLog, documents: Documents, clock: Clock, newId: () => string, onError?: (error: unknown) => void }
type Author = Pick<Caller, 'client' | 'organisation'> & { person?: { id: string } }

function toSubscription ({ id, running: _running, ...rest }: SubscriptionDocument): Subscription { return { subscriptionId: id, ...rest } }
