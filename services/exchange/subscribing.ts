import { setImmediate } from 'node:timers/promises'
import type { DataUse } from '../../platform/http/port.js'
import type { Caller } from '../core/caller.js'
import { dayInChina, startOfDayInChina, type Clock, type DayText, type InstantText } from '../core/clock.js'
import { Failure } from '../core/failure.js'
import { compareKeys } from '../core/rows.js'
import { FAULT } from '../core/violations.js'
import { told } from '../core/words.js'
import { aboutRecord } from './about.js'
import { authorise, type Authorised } from './gate.js'
import type { ReleasePorts } from './ports.js'
import { compare, inOrder, requireInOrder, requireTable, summaryOf, within, type Entry, type Finding, type KeyRange, type Summary } from './reconciliation.js'
import { instantOf, leftAt, type PlacedRecord, type Records } from './records.js'
import { isDivision, isWithin } from './regions.js'
import { keyLeaves, release, valueOf } from './release.js'
import type { ReleaseSecrets } from './secrets.js'
import type { Subscription, SubscriptionLog, SubscriptionTerms } from './subscription-log.js'
import type { ReleasedRow } from './types.js'

export interface SubscribingOptions {
  records: Records
  subscriptions: SubscriptionLog
  ports: ReleasePorts
  clock: Clock
  secrets: ReleaseSecrets
  limits: { pageRows: number, dayRows: number, consumerSubscriptions: number }
}

export interface SubscriptionRequest { grantId: string, region: string, fields?: readonly string[], purpose: string, matter?: string, basis?: string }
/** A record of the region as it is now, or that it is gone from there. */
export type Delivery = ReleasedRow | { key: string, deleted: true, recordedAt: InstantText }
export interface DeliveryPage {
  items: Delivery[]
  /** Where to go on, now or later; always there. */
  next: string
  /** Is there more to be had at once? */
  more: boolean
  asOf: InstantText
}
export interface DaySummary extends Summary { day: DayText, asOf: InstantText }
export interface RowComparison extends KeyRange { day: DayText, rows: readonly Entry[], after?: string }
export interface RangeComparison { day: DayText, ranges: ReadonlyArray<KeyRange & Summary> }
export interface RowFindings { day: DayText, findings: Finding[], next?: string, asOf: InstantText }
export interface RangeFindings { day: DayText, ranges: Array<KeyRange & { agrees: boolean, count: number }>, asOf: InstantText }

/** Told as soon as it is known, so that a refusal is recorded with what it refused. */
export type Noted = (use: DataUse, subscription?: SubscriptionTerms) => void
type Reader = Pick<Caller, 'organisation'>
interface Opened extends Authorised { subscription: Subscription, use: DataUse, regionItem: string }

const SCAN = 1000
const DAY_MS = 86_400_000

/** Rows of a region under a grant, for as long as the grant allows: asked of it at every reading. */
export function createSubscribing (options: SubscribingOptions) {
  const { records, subscriptions, ports, clock, secrets, limits } = options

  async function allowed (terms: SubscriptionTerms): Promise<Authorised & { regionItem: string }> {
    const { grantId, resourceId, consumer, region, fields, purpose, matter } = terms
    const wanted = { resourceId, form: 'subscription' as const, purpose, fields: fields.map((name, at) => ({ name, pointer: `/fields/${at}` })), region, grantId }
    const authorised = await authorise(ports, clock, { ...wanted, ...(matter === undefined ? {} : { matter }) }, consumer)
    const { regionItem } = authorised.resource
    if (regionItem === undefined) throw new Failure('REGION_UNKNOWN', 'the resource does not say where a record belongs')
    return { ...authorised, regionItem }
  }

  /** @throws {Failure} SUBSCRIPTION_UNKNOWN, SUBSCRIPTION_ENDED, and those of `authorise` */
  async function reading <T> (subscriptionId: string, { organisation }: Reader, note: Noted, work: (opened: Opened) => Promise<T>): Promise<T> {
    const subscription = await subscriptions.get(subscriptionId)
    if (subscription === undefined || subscription.consumer !== organisation) throw new Failure('SUBSCRIPTION_UNKNOWN', 'you have no such subscription')
    const use: DataUse = { resource: subscription.resourceId, grantId: subscription.grantId, fields: subscription.fields, way: 'subscription', outcome: 'answered' }
    return await noting(use, note, subscription, async () => {
      if (subscription.endedAt !== undefined) throw new Failure('SUBSCRIPTION_ENDED', 'the subscription was ended')
      return await work({ subscription, use, ...await allowed(subscription) })
    })
  }

  function nameIn ({ grant, resource }: Authorised): (key: string) => string {
    const leaves = keyLeaves(grant, resource)
    return key => leaves ? key : secrets.nameOf(grant.grantId, resource.resourceId, key)
  }

  function released (record: PlacedRecord, { region, fields }: SubscriptionTerms, authorised: Authorised & { regionItem: string }): ReleasedRow | undefined {
    const { grant, resource, regionItem } = authorised
    if (record.values === undefined || !isWithin(valueOf(record.values, regionItem), region)) return undefined
    return release(record, grant, fields, resource, nameIn(authorised))
  }

  /** Records of the region that were last said that day and are still there, lined up by key. @throws {Failure} DAY_TOO_LARGE */
  async function entriesOf ({ subscription, ...authorised }: Opened, day: DayText): Promise<Entry[]> {
    const start = startOfDayInChina(day)
    if (start === undefined) throw new Failure('INPUT_INVALID', 'that is no day', { violations: [{ pointer: '/day', message: FAULT.noDay }] })
    const before = new Date(start.getTime() + DAY_MS).toISOString()
    const entries: Entry[] = []
    for (let after = start.toISOString(); ;) {
      const page = await records.inDivision(subscription.resourceId, authorised.regionItem, subscription.region, { after, before }, SCAN)
      for (const record of page) {
        const row = released(record, subscription, authorised)
        if (row !== undefined) entries.push({ key: row.key, digest: row.digest })
      }
      if (entries.length > limits.dayRows) throw new Failure('DAY_TOO_LARGE', `a day of at most ${limits.dayRows} records is counted`)
      if (page.length < SCAN) return inOrder(entries)
      after = (page.at(-1) as PlacedRecord).order
      await setImmediate() // a day may be long, and others want to be answered
    }
  }

  return {
    /** @throws {Failure} REGION_UNKNOWN, INPUT_INVALID, SUBSCRIPTIONS_TOO_MANY, and those of `authorise` */
    async subscribe ({ grantId, region, purpose, matter, basis, ...request }: SubscriptionRequest, caller: Caller, note: Noted): Promise<Subscription> {
      const use: DataUse = { grantId, way: 'subscription', outcome: 'answered', ...(request.fields === undefined ? {} : { fields: [...request.fields] }) }
      return await noting(use, note, undefined, async () => {
        if (matter === undefined && basis === undefined) {
          throw new Failure('INPUT_INVALID', 'what it is for is missing', { violations: [{ pointer: '/matter', message: told('或者填写 /basis', 'or /basis has to be given') }] })
        }
        if (!isDivision(region) || !ports.isDivision(region, dayInChina(clock.now()))) throw new Failure('REGION_UNKNOWN', 'that is no division code', { violations: [{ pointer: '/region', message: told('不是今天有效的 6、9 或 12 位行政区划代码', 'is no code of 6, 9 or 12 digits that stands for a division today') }] })
        const grant = await ports.grant({ grantId, at: clock.now() })
        if (grant === undefined || grant.consumer !== caller.organisation) throw new Failure('GRANT_MISSING', 'you have no such grant')
        const fields = [...new Set(request.fields ?? grant.fields)]
        const terms: SubscriptionTerms = {
          grantId, resourceId: grant.resourceId, consumer: caller.organisation, region, fields, purpose, ...(matter === undefined ? {} : { matter }), ...(basis === undefined ? {} : { basis })
        }
        Object.assign(use, { resource: grant.resourceId, fields })
        await allowed(terms)
        return await subscriptions.make(terms, caller, limits.consumerSubscriptions)
      })
    },

    /** @throws {Failure} SUBSCRIPTION_UNKNOWN */
    async unsubscribe (subscriptionId: string, caller: Caller): Promise<void> {
      const subscription = await subscriptions.get(subscriptionId)
      if (subscription === undefined || subscription.consumer !== caller.organisation) throw new Failure('SUBSCRIPTION_UNKNOWN', 'you have no such subscription')
      if (subscription.endedAt === undefined) await subscriptions.end(subscriptionId, caller)
    },

    async subscriptionsOf ({ organisation }: Reader, page: { limit: number, after?: string }): Promise<{ items: Subscription[], next?: string }> {
      return await subscriptions.of(organisation, page)
    },

    /**
     * What was said of the region's records since `after`, in the order of the log, each as it is now: at least once. What was gone
     * before the first page is not told of.
     */
    async rows (subscriptionId: string, { after, limit = limits.pageRows }: { after?: string, limit?: number }, reader: Reader, note: Noted): Promise<DeliveryPage> {
      return await reading(subscriptionId, reader, note, async ({ subscription, use, ...authorised }) => {
        const { resourceId, region } = subscription
        const position = after === undefined
          ? { after: '', since: await records.lastInDivision(resourceId, authorised.regionItem, region) }
          : readPosition(secrets.open(after, subscriptionId))
        const asOf = clock.now().toISOString()
        const page = await records.inDivision(resourceId, authorised.regionItem, region, { after: position.after }, Math.min(limit, limits.pageRows))
        const nameOf = nameIn(authorised)
        const delivered = page.flatMap((record): Array<{ record: PlacedRecord, item: Delivery }> => {
          const row = released(record, subscription, authorised)
          if (row !== undefined) return [{ record, item: row }]
          // Whoever left before the first page was never handed over, whatever is said of them elsewhere since.
          const left = leftAt(record, authorised.regionItem, region)
          return left > position.since ? [{ record, item: { key: nameOf(record.key), deleted: true, recordedAt: instantOf(left) } }] : []
        })
        const items = delivered.map(({ item }) => item)
        use.rows = items.length
        use.rowsAbout = delivered.flatMap(({ record }) => aboutRecord(record, authorised.resource) ?? [])
        if (items.length === 0) use.outcome = 'nothing'
        const next = secrets.seal(JSON.stringify({ after: page.at(-1)?.order ?? position.after, since: position.since }), subscriptionId)
        return { items, next, more: page.length === Math.min(limit, limits.pageRows), asOf }
      })
    },

    /** Records that were last said on a day and are still in the region: how many, and the root of the tree over their digests. */
    async day (subscriptionId: string, day: DayText, reader: Reader, note: Noted): Promise<DaySummary> {
      return await reading(subscriptionId, reader, note, async opened => {
        const asOf = clock.now().toISOString()
        return { day, ...summaryOf(await entriesOf(opened, day)), asOf }
      })
    },

    /** Where the receiver's records of a day differ from ours. @throws {Failure} INPUT_INVALID, DAY_TOO_LARGE */
    async compareRows (subscriptionId: string, { day, rows, after, ...range }: RowComparison, reader: Reader, note: Noted): Promise<RowFindings> {
      return await reading(subscriptionId, reader, note, async opened => {
        const theirs = requireTable(rows, range)
        const asOf = clock.now().toISOString()
        const all = compare(within(await entriesOf(opened, day), range), theirs)
        const rest = after === undefined ? all : all.filter(({ key }) => compareKeys(key, after) > 0)
        const findings = rest.slice(0, limits.pageRows)
        const last = findings.at(-1)
        return { day, findings, ...(findings.length < rest.length && last !== undefined ? { next: last.key } : {}), asOf }
      })
    },

    /** In which ranges of keys they differ, where sending all of a day would be too much. @throws {Failure} INPUT_INVALID, DAY_TOO_LARGE */
    async compareRanges (subscriptionId: string, { day, ranges }: RangeComparison, reader: Reader, note: Noted): Promise<RangeFindings> {
      return await reading(subscriptionId, reader, note, async opened => {
        requireInOrder(ranges)
        const asOf = clock.now().toISOString()
        const ours = await entriesOf(opened, day)
        return {
          day,
          ranges: ranges.map(({ count, root, ...range }) => {
            const summary = summaryOf(within(ours, range))
            return { ...range, agrees: summary.count === count && summary.root === root, count: summary.count }
          }),
          asOf
        }
      })
    }
  }
}
export type Subscribing = ReturnType<typeof createSubscribing>

async function noting <T> (use: DataUse, note: Noted, subscription: SubscriptionTerms | undefined, work: () => Promise<T>): Promise<T> {
  note(use, subscription)
  try {
    return await work()
  } catch (error) {
    if (error instanceof Failure) Object.assign(use, { outcome: error.retryable ? 'failed' : 'refused', code: error.code })
    throw error
  }
}

function readPosition (text: string | undefined): { after: string, since: string } {
  if (text === undefined) throw new Failure('INPUT_INVALID', 'after is no position of this subscription', { violations: [{ pointer: '/after', message: told('不是该订阅里的位置', 'is no position of this subscription') }] })
  return JSON.parse(text) as { after: string, since: string }
}
