import type { Grant } from '../../schemas/documents/grant.v1.js'
import type { GrantDelivery } from '../../schemas/http/delivery.v1.js'
import type { DeliveryList } from '../../schemas/http/delivery-list.v1.js'
import type { GrantAnswer } from '../../schemas/http/grant.v1.js'
import { dayInChina, startOfDayInChina, type Clock, type InstantText } from '../core/clock.js'
import { Failure } from '../core/failure.js'
import type { ResourceId, Uscc } from '../core/identifiers.js'
import { scanned } from '../core/scan.js'
import { addDays } from './calendar.js'
import type { Author, CatalogueLog, Dated, DatedDocument, Fold } from './catalogue-log.js'
import { deliveryStanding, type Agreement, type Delivery } from './delivery.js'
import { arrivalsFor, type Arrivals, type ArrivalsView } from './duty-arrivals.js'
import type { Rules } from './rule-sets.js'

export type { Grant }
export interface Act { at: InstantText, by: Author, why: string }

/** A grant and what was done to it since. */
export interface GrantDocument extends DatedDocument {
  grant: Grant
  version: number
  given: Act
  /** The deadlines that the demand was answered by, and that what was granted is delivered by. */
  ruleSet: string
  /** For good, by the provider. */
  pulled?: Act
  /** Until it is lifted, by the authority. */
  suspended?: Act
  /** When the authority was told that what was agreed to is not shared, and its time has run out. */
  escalated?: { at: InstantText }
  // What the indexes need
  consumer: Uscc
  provider: Uscc
  resourceId: ResourceId
  escalation: 'told' | 'none'
}
export type GrantState = GrantAnswer['state']

/** A grant as it stands at an instant, for whoever releases by it. */
export interface GrantView extends Omit<Grant, 'matters' | 'regions'> {
  state: Exclude<GrantState, 'suspended'>
  matters?: string[]
  regions?: string[]
}

export const GRANTS = 'catalogue-grants'
const PAGE = 1000

/** What becomes of grants once they are given; they are given by decisions on demands. */
export const grantFold: Fold = {
  name: 'grants',
  version: 3,
  decides: ['grant.pulled.v1', 'grant.suspended.v1', 'grant.resumed.v1', 'grant.escalated.v1'],
  collections: {
    [GRANTS]: { dated: true, indexes: { byConsumer: { on: ['consumer', 'resourceId', 'madeAt'] }, byTaker: { on: ['consumer', 'madeAt'] }, byProvider: { on: ['provider', 'madeAt'] }, byResource: { on: ['provider', 'resourceId', 'madeAt'] }, byMade: { on: ['madeAt'] }, byEscalation: { on: ['escalation', 'madeAt'] } } }
  },
  async apply ({ event: { type, subject, by, why, data }, at }, view) {
    const known = await view.get<GrantDocument>(GRANTS, subject)
    if (known === undefined || known.version !== (data as { replaces: number }).replaces) return { detail: 'the grant was changed meanwhile' }
    if (known.pulled !== undefined) return { detail: 'the grant was pulled' }
    const act: Act = { at, by, why }
    const { suspended, ...rest } = known
    const version = known.version + 1
    switch (type) {
      case 'grant.pulled.v1': view.set(GRANTS, { ...known, version, pulled: act } as GrantDocument); return undefined
      case 'grant.suspended.v1':
        if (suspended !== undefined) return { detail: 'the grant is suspended already' }
        view.set(GRANTS, { ...known, version, suspended: act } as GrantDocument)
        return undefined
      case 'grant.escalated.v1': // what the two sides decide on stays the version that they read
        if (known.escalated !== undefined) return { detail: 'it was told before' }
        view.set(GRANTS, { ...known, escalated: { at }, escalation: 'told' } as GrantDocument)
        return undefined
      default:
        if (suspended === undefined) return { detail: 'the grant is not suspended' }
        view.set(GRANTS, { ...rest, version } as GrantDocument)
        return undefined
    }
  }
}

/** A new grant, as the view holds it. The log sets the members that say when. */
export function newGrant (grant: Grant, given: Act, ruleSet: string): GrantDocument {
  const { grantId, consumer, provider, resourceId } = grant
  return { id: grantId, grant, version: 1, given, ruleSet, consumer, provider, resourceId, escalation: 'none', madeAt: given.at, changedAt: given.at, through: 0 }
}

/** How a grant stands at an instant: pulled and suspended at once, the rest by China's days. */
export function grantState ({ grant: { from, until }, pulled, suspended }: GrantDocument, at: Date): GrantState {
  const [instant, today] = [at.toISOString(), dayInChina(at)]
  if (pulled !== undefined && pulled.at <= instant) return 'pulled'
  if (today > until) return 'ended'
  if (suspended !== undefined && suspended.at <= instant) return 'suspended'
  return today < from ? 'not-yet' : 'active'
}

export interface DeliveryFilter { owner?: Uscc, consumer?: Uscc, state?: Delivery['state'] }

/** How what was granted stood; the same whether it was kept in a view or worked out again from the log. */
export function deliveryAnswer (document: GrantDocument, arrivals: Arrivals | undefined, at: Date, rules: Rules): GrantDelivery {
  const { grant: { grantId, demandId, resourceId, provider, consumer }, given, escalated } = document
  return { grantId, ...(demandId === undefined ? {} : { demandId }), resourceId, provider, consumer, agreedAt: given.at, delivery: deliveryStanding(agreementOf(document), arrivals, at, rules), ...(escalated === undefined ? {} : { escalated }) }
}

export function isDeliveryOf ({ provider, consumer: to, delivery }: GrantDelivery, { owner, consumer, state }: { [Name in keyof DeliveryFilter]: DeliveryFilter[Name] | undefined }): boolean {
  return (owner === undefined || provider === owner) && (consumer === undefined || to === consumer) && (state === undefined || delivery.state === state)
}

export interface GrantsOptions { log: CatalogueLog, arrivals: Pick<ArrivalsView, 'arrivals' | 'view'>, rules: Rules, clock: Clock }

export class Grants {
  readonly #log: CatalogueLog
  readonly #arrivals: GrantsOptions['arrivals']
  readonly #rules: Rules
  readonly #clock: Clock
  readonly #grants: Dated<GrantDocument>
  /** Of what was granted until then nothing can become overdue any more, or it was told. */
  #settledTo: InstantText | undefined
  constructor ({ log, arrivals, rules, clock }: GrantsOptions) {
    this.#log = log
    this.#arrivals = arrivals
    this.#rules = rules
    this.#clock = clock
    this.#grants = log.dated<GrantDocument>(GRANTS)
  }

  /**
   * All that this consumer was ever granted on it, each with how it stands; the port of whoever releases data. A suspended one counts as
   * pulled there: nothing leaves by it.
   */
  async grantsFor ({ consumer, resourceId, at }: { consumer: Uscc, resourceId: ResourceId, at: Date }): Promise<GrantView[]> {
    const views: GrantView[] = []
    for (let after: string | undefined; ;) {
      const page = await this.#grants.find({ index: 'byConsumer', equals: [consumer, resourceId], limit: PAGE, ...(after === undefined ? {} : { after }) })
      views.push(...page.items.map(({ document }) => viewOf(document, at)))
      if (page.next === undefined) return views
      after = page.next
    }
  }

  /** One of them, by its identifier; whose it is the caller looks at. */
  async view ({ grantId, at }: { grantId: string, at: Date }): Promise<GrantView | undefined> {
    const known = (await this.#grants.get(grantId))?.document
    return known === undefined ? undefined : viewOf(known, at)
  }

  /** @throws {Failure} NOT_FOUND there is none, or it is between others */
  async get (grantId: string, reader: GrantReader): Promise<GrantAnswer> { return await this.#shown(await this.#of(grantId, reader)) }

  /** Of a consumer or a provider; the newest first. */
  async list ({ organisation, as, resourceId, limit, after }: { organisation: Uscc, as: 'consumer' | 'provider', resourceId?: ResourceId, limit: number, after?: string }): Promise<{ items: GrantAnswer[], next?: string }> {
    const index = as === 'consumer' ? resourceId === undefined ? 'byTaker' : 'byConsumer' : resourceId === undefined ? 'byProvider' : 'byResource'
    const { items, next } = await this.#grants.find({
      index, equals: resourceId === undefined ? [organisation] : [organisation, resourceId], order: 'descending', limit, ...(after === undefined ? {} : { after })
    })
    return { items: await this.#allShown(items.map(({ document }) => document)), ...(next === undefined ? {} : { next }) }
  }

  /**
   * How what was granted stood at an instant, in the order in which it was granted. A page may hold fewer than asked for and still not be the last.
   * @param reader - one side of all that is asked for: whether there is a next page tells it nothing of what is between others
   */
  async deliveries ({ at, limit, after, reader, ...filter }: DeliveryFilter & { at: Date, limit: number, after?: string, reader?: Uscc }): Promise<DeliveryList> {
    const { owner, consumer } = filter
    const asTaker = consumer !== undefined && (owner === undefined || consumer === reader)
    const index = asTaker ? { index: 'byTaker', equals: [consumer] } : owner !== undefined ? { index: 'byProvider', equals: [owner] } : { index: 'byMade' }
    const found = await scanned({ limit, after }, async page => {
      const { items, next } = await this.#grants.find({ ...index, range: { to: at.toISOString() }, ...page })
      const then = await this.#grants.manyAsOf(items.map(({ document: { id } }) => id), at)
      const arrivals = await arrivalsFor(then.map(({ resourceId }) => resourceId), this.#arrivals)
      return { items: then.map(grant => deliveryAnswer(grant, arrivals.get(grant.resourceId), at, this.#rules)).filter(answer => isDeliveryOf(answer, { owner: undefined, consumer: undefined, state: undefined, ...filter })), looked: items.length, next }
    })
    return { at: at.toISOString(), ...found }
  }

  /**
   * Tells the authority of each grant by which nothing is shared though its time has run out, once: an event, made from what the clock says.
   * @returns how many were told
   */
  async escalate (): Promise<number> {
    await Promise.all([this.#log.idle(), this.#arrivals.view.idle()]) // what has come in is not called missing
    const now = this.#clock.now()
    let told = 0
    let settled = true
    const from = this.#settledTo
    for (let after: string | undefined; ;) {
      const { items, next } = await this.#grants.find({ index: 'byEscalation', equals: ['none'], ...(from === undefined ? {} : { range: { from } }), limit: PAGE, ...(after === undefined ? {} : { after }) })
      const arrivals = await arrivalsFor(items.map(({ document: { resourceId } }) => resourceId), this.#arrivals)
      for (const { document } of items) {
        const { state, words } = deliveryStanding(agreementOf(document), arrivals.get(document.resourceId), now, this.#rules)
        if (state === 'overdue' && await this.#tell(document, words.zh)) told++
        else if (state === 'overdue' || state === 'not-yet-due' || state === 'indeterminate') settled = false // met, late or ended is so for good
        if (settled) this.#settledTo = document.madeAt
      }
      if (next === undefined) return told
      after = next
    }
  }

  /** The exchange itself says so, on account of the provider's clock. @returns false where something else was decided just now */
  async #tell ({ id, version, provider }: GrantDocument, why: string): Promise<boolean> {
    try {
      await this.#log.decide({ type: 'grant.escalated.v1', subject: id, by: { client: 'exchange', organisation: provider }, why, data: { replaces: version } })
      return true
    } catch (error) {
      if (error instanceof Failure && error.code === 'VERSION_CONFLICT') return false
      throw error
    }
  }

  /** Takes it back for good. @throws {Failure} NOT_FOUND it is none of the provider's; GRANT_OVER; VERSION_CONFLICT */
  async pull (grantId: string, why: string, by: Author): Promise<GrantAnswer> {
    await this.#log.idle()
    const known = await this.#of(grantId, { organisation: by.organisation, all: false })
    if (known.provider !== by.organisation) throw new Failure('NOT_FOUND', 'there is no such grant of yours')
    this.#requireRunning(known)
    return await this.#decide('grant.pulled.v1', known, why, by)
  }

  /** The authority stops it, and lifts that again. @throws {Failure} NOT_FOUND; SELF_APPROVAL; GRANT_OVER; VERSION_CONFLICT */
  async suspend (grantId: string, suspended: boolean, why: string, by: Author): Promise<GrantAnswer> {
    await this.#log.idle()
    const known = await this.#of(grantId, { organisation: by.organisation, all: true })
    if (!suspended && known.consumer === by.organisation) throw new Failure('SELF_APPROVAL', 'the grant is your own')
    this.#requireRunning(known)
    return await this.#decide(suspended ? 'grant.suspended.v1' : 'grant.resumed.v1', known, why, by)
  }

  #requireRunning (known: GrantDocument): void {
    const state = grantState(known, this.#clock.now())
    if (state === 'pulled' || state === 'ended') throw new Failure('GRANT_OVER', state === 'pulled' ? 'the grant was pulled' : `its last day was ${known.grant.until}`)
  }

  async #decide (type: string, { id, version }: GrantDocument, why: string, by: Author): Promise<GrantAnswer> {
    await this.#log.decide({ type, subject: id, by, why, data: { replaces: version } })
    return await this.#shown(await this.#of(id, { organisation: by.organisation, all: true }))
  }

  async #of (grantId: string, { organisation, all }: GrantReader): Promise<GrantDocument> {
    const known = (await this.#grants.get(grantId))?.document
    if (known === undefined || !(all || known.consumer === organisation || known.provider === organisation)) throw new Failure('NOT_FOUND', 'there is no such grant of yours')
    return known
  }

  async #shown (document: GrantDocument): Promise<GrantAnswer> {
    const [shown] = await this.#allShown([document])
    return shown as GrantAnswer
  }

  async #allShown (documents: readonly GrantDocument[]): Promise<GrantAnswer[]> {
    const arrivals = await arrivalsFor(documents.map(({ resourceId }) => resourceId), this.#arrivals)
    const now = this.#clock.now()
    return documents.map(document => {
      const { grant, given, pulled, suspended, escalated } = document
      const delivery = deliveryStanding(agreementOf(document), arrivals.get(document.resourceId), now, this.#rules)
      return { ...grant, state: grantState(document, now), delivery, given, ...(pulled === undefined ? {} : { pulled }), ...(suspended === undefined ? {} : { suspended }), ...(escalated === undefined ? {} : { escalated }) }
    })
  }
}

function agreementOf ({ grant: { until }, resourceId, ruleSet, given, pulled }: GrantDocument): Agreement {
  const lastOver = (startOfDayInChina(addDays(until, 1)) as Date).toISOString()
  return { resourceId, ruleSet, agreedAt: given.at, endedAt: pulled !== undefined && pulled.at < lastOver ? pulled.at : lastOver }
}

function viewOf (document: GrantDocument, at: Date): GrantView {
  const state = grantState(document, at)
  return { ...document.grant, state: state === 'suspended' ? 'pulled' : state }
}

/** Who asks: one of its two sides, or someone who may see all. */
export interface GrantReader { organisation: Uscc, all: boolean }
