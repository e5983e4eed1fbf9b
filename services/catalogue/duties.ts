import type { Duty as DutyAnswer } from '../../schemas/http/duty.v1.js'
import type { DutyList } from '../../schemas/http/duty-list.v1.js'
import type { DutyRequest } from '../../schemas/http/duty-request.v1.js'
import { startOfDayInChina, type Clock, type InstantText } from '../core/clock.js'
import { Failure, type Violation } from '../core/failure.js'
import { isUscc, parseResourceId, type ResourceId, type Uscc } from '../core/identifiers.js'
import { scanned } from '../core/scan.js'
import { FAULT } from '../core/violations.js'
import { told, type Bilingual } from '../core/words.js'
import type { Author, CatalogueLog, Dated, DatedDocument, Fold } from './catalogue-log.js'
import { arrivalsFor, type Arrivals, type ArrivalsView } from './duty-arrivals.js'
import { dutyStanding, type DutyState, type ResponsibilityItem } from './duty-standing.js'
import { DEFAULT_RULE_SET, type Rules } from './rule-sets.js'

/** A responsibility item as it was last set. */
export interface DutyDocument extends DatedDocument {
  item: ResponsibilityItem
  /** Counts the times that it was set or ended. */
  version: number
  set: Act
  ended?: Act
  // What the indexes need
  provider: Uscc
  /** All whom it was ever owed to. */
  consumers: Uscc[]
}
interface Act { at: InstantText, by: Author, why: string }
type SetData = ResponsibilityItem & { replaces: number }

export const DUTIES = 'catalogue-duties'

/** Sets and ends responsibility items. How they stand is nobody's to say: that is worked out of what came in. */
export const dutyFold: Fold = {
  name: 'duties',
  version: 1,
  decides: ['duty.set.v1', 'duty.ended.v1'],
  collections: { [DUTIES]: { dated: true, indexes: { byProvider: { on: ['provider'] }, byConsumer: { on: ['consumers'], array: 'consumers' } } } },
  async apply ({ event: { type, subject, by, why, data }, at }, view) {
    const { replaces, ...item } = data as SetData
    const known = await view.get<DutyDocument>(DUTIES, subject)
    if ((known?.version ?? 0) !== replaces) return { detail: 'the item was changed meanwhile' }
    const act: Act = { at, by, why }
    const version = replaces + 1
    if (type === 'duty.ended.v1') {
      if (known === undefined || known.ended !== undefined) return { detail: 'there is no such item, or it has ended' }
      view.set(DUTIES, { ...known, version, ended: act } as DutyDocument)
      return undefined
    }
    if (known !== undefined && known.item.resourceId !== item.resourceId) return { detail: 'an item keeps its resource' }
    const { madeAt, changedAt, through } = known ?? { madeAt: at, changedAt: at, through: 0 } // the log sets them
    const consumers = [...new Set([...known?.consumers ?? [], ...item.consumers])].slice(-MOST_CONSUMERS)
    view.set(DUTIES, { id: subject, item, version, set: act, provider: item.provider, consumers, madeAt, changedAt, through } satisfies DutyDocument as DutyDocument)
    return undefined
  }
}
/** What an index holds at most. */
const MOST_CONSUMERS = 1000

export interface DutyFilter { owner?: Uscc, consumer?: Uscc, state?: DutyState }
export interface DutyQuestion extends DutyFilter { at: Date, limit: number, after?: string }

export interface DutiesOptions {
  log: CatalogueLog
  arrivals: ArrivalsView
  rules: Rules
  clock: Clock
  /** Is there such a resource, published? */
  published: (resourceId: ResourceId) => Promise<boolean>
  hasMatter: (matterId: string) => boolean
}

/** The responsibility list as a running ledger: items are set, states are computed. */
export class Duties {
  readonly #options: DutiesOptions
  readonly #duties: Dated<DutyDocument>
  constructor (options: DutiesOptions) {
    this.#options = options
    this.#duties = options.log.dated<DutyDocument>(DUTIES)
  }

  /**
   * Sets an item, or changes it.
   * @throws {Failure} INPUT_INVALID with every fault; RULE_SET_UNKNOWN; VERSION_CONFLICT
   */
  async set (itemId: string, request: DutyRequest, by: Author): Promise<DutyAnswer> {
    const { log, rules, clock } = this.#options
    await log.idle()
    const { why, replaces: read, ruleSet = DEFAULT_RULE_SET, ...asked } = request
    const known = (await this.#duties.get(itemId))?.document
    const provider = parseResourceId(asked.resourceId)?.provider
    const violations = await this.#faults(request, known)
    if (violations.length > 0 || provider === undefined) throw new Failure('INPUT_INVALID', 'the responsibility item cannot be set so', { violations })
    rules.get(ruleSet)
    const replaces = known?.version ?? 0
    if (read !== undefined && read !== replaces) throw new Failure('VERSION_CONFLICT', `the item has version ${replaces}`)
    const data: SetData = { itemId, provider, ruleSet, ...asked, replaces }
    await log.decide({ type: 'duty.set.v1', subject: itemId, by, why, data })
    return await this.get(itemId, clock.now())
  }

  /** @throws {Failure} NOT_FOUND; VERSION_CONFLICT it has ended already, or was changed meanwhile */
  async end (itemId: string, why: string, by: Author): Promise<DutyAnswer> {
    const { log, clock } = this.#options
    await log.idle()
    const known = (await this.#duties.get(itemId))?.document
    if (known === undefined) throw unknownItem()
    await log.decide({ type: 'duty.ended.v1', subject: itemId, by, why, data: { replaces: known.version } })
    return await this.get(itemId, clock.now())
  }

  /** @throws {Failure} NOT_FOUND there was no such item then */
  async get (itemId: string, at: Date): Promise<DutyAnswer> {
    const [duty] = await this.#duties.manyAsOf([itemId], at)
    if (duty === undefined) throw unknownItem()
    return dutyAnswer(duty, (await this.#options.arrivals.arrivals.get(duty.item.resourceId))?.document, at, this.#options.rules)
  }

  /** In the order of their identifiers, as they were and stood at an instant. A page may hold fewer than asked for and still not be the last. */
  async list ({ owner, consumer, state, at, limit, after }: DutyQuestion): Promise<DutyList> {
    const index = owner !== undefined ? { index: 'byProvider', equals: [owner] } : consumer !== undefined ? { index: 'byConsumer', equals: [consumer] } : { index: 'id' }
    const found = await scanned({ limit, after }, async page => {
      const { items, next } = await this.#duties.find({ ...index, ...page })
      const then = await this.#duties.manyAsOf(items.map(({ document: { id } }) => id), at)
      const arrivals = await arrivalsFor(then.map(({ item }) => item.resourceId), this.#options.arrivals)
      return { items: then.map(duty => dutyAnswer(duty, arrivals.get(duty.item.resourceId), at, this.#options.rules)).filter(answer => fits(answer, { owner, consumer, state })), looked: items.length, next }
    })
    return { at: at.toISOString(), ...found }
  }

  async #faults ({ resourceId, consumers, dueOn, matters }: DutyRequest, known: DutyDocument | undefined): Promise<Violation[]> {
    const violations: Violation[] = []
    const fault = (pointer: string, message: Bilingual): void => { violations.push({ pointer, message }) }
    const provider = parseResourceId(resourceId)?.provider
    if (provider === undefined || !await this.#options.published(resourceId)) fault('/resourceId', told('不是目录里已发布的资源', 'is no published resource of the catalogue'))
    if (known !== undefined && known.item.resourceId !== resourceId) fault('/resourceId', told('与原来的资源不同：请结束这一项，另立新项', 'is another one than before: end this item and set a new one'))
    if (startOfDayInChina(dueOn) === undefined) fault('/dueOn', FAULT.noDay)
    matters.forEach((matter, index) => { if (!this.#options.hasMatter(matter)) fault(`/matters/${index}`, told('目录里没有这个事项', 'is no matter here')) })
    consumers.forEach((consumer, index) => {
      if (!isUscc(consumer)) fault(`/consumers/${index}`, FAULT.checkCharacter)
      else if (consumer === provider) fault(`/consumers/${index}`, told('自己就是提供方', 'owes it itself'))
    })
    return violations
  }
}

/** How an item stood; the same whether it was kept in a view or worked out again from the log. */
export function dutyAnswer (duty: DutyDocument, arrivals: Arrivals | undefined, at: Date, rules: Rules): DutyAnswer {
  const { item, version, set, ended } = duty
  const { dueOn: nextDueOn, ...standing } = dutyStanding(item, arrivals, at, rules)
  const shown: DutyAnswer = { ...item, version, set, ...standing, ...(nextDueOn === undefined ? {} : { nextDueOn }) }
  if (ended === undefined) return shown
  const { nextDueOn: _none, since: _since, lateWorkingDays: _late, code: _code, needs: _needs, ...kept } = shown
  return { ...kept, state: 'ended', since: ended.at, clock: { zh: `责任已终止：${ended.why}`, en: `ended: ${ended.why}` } }
}

export function fits (answer: DutyAnswer, { owner, consumer, state }: { [Name in keyof DutyFilter]: DutyFilter[Name] | undefined }): boolean {
  return (owner === undefined || answer.provider === owner) && (consumer === undefined || answer.consumers.includes(consumer)) && (state === undefined || answer.state === state)
}

function unknownItem (): Failure { return new Failure('NOT_FOUND', 'there is no responsibility item of this identifier then') }
