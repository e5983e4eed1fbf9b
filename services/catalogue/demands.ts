import type { DemandAsked } from '../../schemas/documents/demand-asked.v1.js'
import type { DecisionRequest } from '../../schemas/http/decision-request.v1.js'
import type { Demand as DemandAnswer } from '../../schemas/http/demand.v1.js'
import type { DemandRequest } from '../../schemas/http/demand-request.v1.js'
import { dayInChina, startOfDayInChina, type Clock, type DayText, type InstantText } from '../core/clock.js'
import { Failure, type FailureCode, type Violation } from '../core/failure.js'
import { divisionContains, parseResourceId, type ResourceId, type Uscc } from '../core/identifiers.js'
import { FAULT } from '../core/violations.js'
import { told, type Bilingual } from '../core/words.js'
import type { Author, CatalogueLog, Dated, DatedDocument, Fold, Told } from './catalogue-log.js'
import { GRANTS, newGrant, type Act, type Grant } from './grants.js'
import { replyClock, type ReplyClock } from './reply-clock.js'
import { DEFAULT_RULE_SET, type LimitName, type Rules } from './rule-sets.js'

export type { DemandAsked }
type Papers = NonNullable<DemandAsked['papers']>
type SharingClass = 'unconditional' | 'conditional'
export type DemandState = 'open' | 'paused' | 'decided' | 'withdrawn'

/** A demand and every step of it, in the order in which they may be taken. */
export interface DemandDocument extends DatedDocument {
  asked: DemandAsked
  sharingClass: SharingClass
  ruleSet: string
  /** Counts the steps. */
  version: number
  made: Act
  papersAsked?: Act & { missing: string[] }
  papersHandedIn?: Act & { papers: Papers }
  extension?: Act & { count: number, consent?: Act & { agreed: boolean } }
  escalated?: { at: InstantText }
  decided?: Act & { outcome: 'granted' | 'partly-granted' | 'refused', grantId?: string, article?: string, reviewOn?: DayText }
  withdrawn?: Act
  // What the indexes need
  consumer: Uscc
  provider: Uscc
  state: DemandState
  escalation: 'told' | 'none'
}

interface MadeData { asked: DemandAsked, consumer: Uscc, provider: Uscc, sharingClass: SharingClass, ruleSet: string }
interface StepData { replaces: number }
type DecidedData = StepData & { outcome: 'granted' | 'partly-granted' | 'refused', grant?: Grant, article?: string, reviewOn?: DayText }

const DEMANDS = 'catalogue-demands'

/** Steps of a demand. Each names the version that it was decided on, so of two who decide at once the second changes nothing. */
export const demandFold: Fold = {
  name: 'demands',
  version: 1,
  decides: [
    'demand.made.v1', 'demand.papers-asked.v1', 'demand.papers-handed-in.v1', 'demand.extension-asked.v1', 'demand.extension-answered.v1', 'demand.escalated.v1', 'demand.decided.v1', 'demand.withdrawn.v1'
  ],
  collections: {
    [DEMANDS]: {
      dated: true,
      indexes: {
        byConsumer: { on: ['consumer', 'madeAt'] },
        byConsumerState: { on: ['consumer', 'state', 'madeAt'] },
        byProvider: { on: ['provider', 'madeAt'] },
        byProviderState: { on: ['provider', 'state', 'madeAt'] },
        byState: { on: ['state', 'madeAt'] },
        byEscalation: { on: ['escalation', 'state', 'madeAt'] },
        byMade: { on: ['madeAt'] }
      }
    }
  },
  async apply (told, view) {
    const { event: { type, subject }, at } = told
    const known = await view.get<DemandDocument>(DEMANDS, subject)
    if (type === 'demand.made.v1') {
      if (known !== undefined) return { detail: 'there is a demand of this identifier' }
      view.set(DEMANDS, newDemand(told as Told<MadeData>))
      return undefined
    }
    const { replaces } = told.event.data as StepData
    if (known === undefined || known.version !== replaces) return { detail: `the demand is at version ${known?.version ?? 0} now, and this was decided on at ${replaces}` }
    const next = stepped(known, told as Told<StepData>)
    if (typeof next === 'string') return { detail: next }
    const { grant } = told.event.data as DecidedData
    if (grant !== undefined && await view.get(GRANTS, grant.grantId) !== undefined) return { detail: 'there is a grant of this identifier' }
    view.set(DEMANDS, next)
    if (grant !== undefined) view.set(GRANTS, newGrant(grant, { at, by: told.event.by, why: told.event.why }, known.ruleSet))
    return undefined
  }
}

function newDemand ({ event: { subject, by, why, data: { asked, consumer, provider, sharingClass, ruleSet } }, at }: Told<MadeData>): DemandDocument {
  return {
    id: subject, asked, sharingClass, ruleSet, version: 1, made: { at, by, why }, consumer, provider, state: 'open', escalation: 'none', madeAt: at, changedAt: at, through: 0
  }
}

/** @returns the demand after the step, or why it cannot be taken any more */
function stepped (known: DemandDocument, { event: { type, by, why, data }, at }: Told<StepData>): DemandDocument | string {
  const act: Act = { at, by, why }
  const next = { ...known, version: known.version + 1 }
  if (known.state === 'decided' || known.state === 'withdrawn') return 'the demand is settled'
  switch (type) {
    case 'demand.papers-asked.v1': return known.papersAsked !== undefined ? 'papers were asked for before' : { ...next, papersAsked: { ...act, missing: (data as unknown as { missing: string[] }).missing }, state: 'paused' }
    case 'demand.papers-handed-in.v1': return known.state !== 'paused' ? 'no papers are waited for' : { ...next, papersHandedIn: { ...act, papers: (data as unknown as { papers: Papers }).papers }, state: 'open' }
    case 'demand.extension-asked.v1': return known.extension !== undefined ? 'more time was asked for before' : { ...next, extension: { ...act, count: (data as unknown as { count: number }).count } }
    case 'demand.extension-answered.v1':
      if (known.extension === undefined || known.extension.consent !== undefined) return 'no request for more time waits'
      return { ...next, extension: { ...known.extension, consent: { ...act, agreed: (data as unknown as { agreed: boolean }).agreed } } }
    case 'demand.escalated.v1': return known.escalated !== undefined ? 'it was told before' : { ...next, escalated: { at }, escalation: 'told' }
    case 'demand.decided.v1': {
      if (known.state === 'paused') return 'papers are waited for'
      const { outcome, grant, article, reviewOn } = data as DecidedData
      return {
        ...next, state: 'decided', decided: { ...act, outcome, ...(grant === undefined ? {} : { grantId: grant.grantId }), ...(article === undefined ? {} : { article }), ...(reviewOn === undefined ? {} : { reviewOn }) }
      }
    }
    default: return { ...next, withdrawn: act, state: 'withdrawn' }
  }
}

/** What deciding has to know of a resource. */
export interface DemandedResource {
  items: ReadonlyArray<{ name: string }>
  regionItem?: string
  sharing: { class: 'unconditional' | 'conditional' | 'not-shared', refusal?: { article?: string, reviewOn?: DayText } }
}

export interface DemandsOptions {
  log: CatalogueLog
  rules: Rules
  clock: Clock
  newId: () => string
  /** The resource as it is published now. */
  published: (resourceId: ResourceId) => Promise<DemandedResource | undefined>
  isDivision: (code: string, on: DayText) => boolean
  hasMatter: (matterId: string) => boolean
}

/** As whom one asks. */
export type Side = 'consumer' | 'provider' | 'manager'
export interface DemandQuestion { side: Side, organisation: Uscc, state?: DemandState, escalated?: boolean, limit: number, after?: string }

const PAGE = 200

const PASSED = told('已经过去', 'has passed')
const AFTER_LAST_DAY = told('晚于最后一天', 'is after the last day')
const NOWHERE = told('要订阅，但该资源没有标明记录属于哪个地区', 'names a subscription, and the resource does not say where a record belongs')
const NOT_ASKED = told('没有申请过', 'was not asked for')

/** Demand, review, grant: every step through the log, the time for an answer worked out of the steps. */
export class Demands {
  readonly #options: DemandsOptions
  readonly #demands: Dated<DemandDocument>
  constructor (options: DemandsOptions) {
    this.#options = options
    this.#demands = options.log.dated<DemandDocument>(DEMANDS)
  }

  /**
   * Asks for data.
   * @throws {Failure} RESOURCE_UNKNOWN, NOT_SHARED, SELF_APPROVAL, FIELD_UNKNOWN, REGION_UNKNOWN, MATTER_UNKNOWN, INPUT_INVALID, RULE_SET_UNKNOWN
   */
  async make (request: DemandRequest, by: Author): Promise<DemandAnswer> {
    const { log, rules, clock, newId } = this.#options
    await log.idle()
    const { ruleSet = DEFAULT_RULE_SET, ...asked } = request
    rules.get(ruleSet)
    const { resource, provider } = await this.#shared(asked.resourceId)
    const today = dayInChina(clock.now())
    if (provider === by.organisation) throw new Failure('SELF_APPROVAL', 'the resource is your own organisation\'s: no demand is needed, and nobody could decide on it')
    this.#requireFields(resource, asked.fields)
    this.#requireRegions(resource, asked.regions, today)
    const unknown = asked.matters.flatMap((matter, index) => this.#options.hasMatter(matter) ? [] : [{ pointer: `/matters/${index}`, message: told('目录里没有这个事项', 'is no matter here') }])
    if (unknown.length > 0) throw new Failure('MATTER_UNKNOWN', 'there is no such matter', { violations: unknown })
    const violations: Violation[] = []
    if (startOfDayInChina(asked.until) === undefined) violations.push({ pointer: '/until', message: FAULT.noDay })
    else if (asked.until < today) violations.push({ pointer: '/until', message: PASSED })
    if (asked.from !== undefined && startOfDayInChina(asked.from) === undefined) violations.push({ pointer: '/from', message: FAULT.noDay })
    else if (asked.from !== undefined && asked.from > asked.until) violations.push({ pointer: '/from', message: AFTER_LAST_DAY })
    if (asked.forms.includes('subscription') && resource.regionItem === undefined) violations.push({ pointer: '/forms', message: NOWHERE })
    if (violations.length > 0) throw new Failure('INPUT_INVALID', 'the demand contradicts itself', { violations })
    const demandId = newId()
    const data: MadeData = { asked, consumer: by.organisation, provider, sharingClass: resource.sharing.class as SharingClass, ruleSet }
    await log.decide({ type: 'demand.made.v1', subject: demandId, by, why: asked.purpose, data })
    return await this.#shown(demandId)
  }

  /** Its two sides and the authority see it. @throws {Failure} NOT_FOUND */
  async get (demandId: string, reader: { organisation: Uscc, all: boolean }): Promise<DemandAnswer> {
    return this.#answer(await this.#of(demandId, ({ consumer, provider }) => reader.all || consumer === reader.organisation || provider === reader.organisation))
  }

  /** The newest first. */
  async list ({ side, organisation, state, escalated, limit, after }: DemandQuestion): Promise<{ items: DemandAnswer[], next?: string }> {
    const where = escalated === true && side === 'manager'
      ? { index: 'byEscalation', equals: state === undefined ? ['told'] : ['told', state] }
      : side === 'manager'
        ? state === undefined ? { index: 'byMade' } : { index: 'byState', equals: [state] }
        : state === undefined ? { index: side === 'consumer' ? 'byConsumer' : 'byProvider', equals: [organisation] } : { index: side === 'consumer' ? 'byConsumerState' : 'byProviderState', equals: [organisation, state] }
    const { items, next } = await this.#demands.find({ ...where, order: 'descending', limit, ...(after === undefined ? {} : { after }) })
    const shown = items.map(({ document }) => this.#answer(document)).filter(({ escalated: told }) => escalated === undefined || escalated === (told !== undefined))
    return { items: shown, ...(next === undefined ? {} : { next }) }
  }

  /** The provider tells all papers that are missing, at once; the clock stops. @throws {Failure} NOT_FOUND, DEMAND_SETTLED, PAPERS_TOLD_ALREADY */
  async askPapers (demandId: string, missing: string[], why: string, by: Author): Promise<DemandAnswer> {
    const known = await this.#open(demandId, by, 'provider')
    if (known.papersAsked !== undefined) throw new Failure('PAPERS_TOLD_ALREADY', `papers were asked for at ${known.papersAsked.at}`)
    return await this.#step('demand.papers-asked.v1', known, { missing }, why, by)
  }

  /** The demander hands them in; the clock goes on. @throws {Failure} NOT_FOUND, DEMAND_SETTLED, PAPERS_NOT_ASKED */
  async handInPapers (demandId: string, papers: Papers, why: string, by: Author): Promise<DemandAnswer> {
    const known = await this.#open(demandId, by, 'consumer')
    if (known.state !== 'paused') throw new Failure('PAPERS_NOT_ASKED', 'no papers are waited for')
    return await this.#step('demand.papers-handed-in.v1', known, { papers }, why, by)
  }

  /** The provider asks for more time, once and before the clock has run out. @throws {Failure} NOT_FOUND, DEMAND_SETTLED, EXTENSION_REFUSED */
  async askExtension (demandId: string, count: number, why: string, by: Author): Promise<DemandAnswer> {
    const { rules, clock } = this.#options
    const known = await this.#open(demandId, by, 'provider')
    const bound = rules.get(known.ruleSet).limits[limitOf(known)].extension
    if (bound === undefined) throw new Failure('EXTENSION_REFUSED', 'the rule set knows no extension of this deadline')
    if (count > bound.count) throw new Failure('EXTENSION_REFUSED', `at most ${bound.count}, by article ${bound.article}`)
    if (known.extension !== undefined) throw new Failure('EXTENSION_REFUSED', 'more time was asked for before')
    if (this.#clockOf(known, clock.now()).state === 'overdue') throw new Failure('EXTENSION_REFUSED', 'the time has run out already')
    return await this.#step('demand.extension-asked.v1', known, { count }, why, by)
  }

  /** The authority agrees, or not. @throws {Failure} NOT_FOUND, DEMAND_SETTLED, SELF_APPROVAL, EXTENSION_REFUSED nothing waits for its word */
  async answerExtension (demandId: string, agreed: boolean, why: string, by: Author): Promise<DemandAnswer> {
    const known = await this.#open(demandId, by, 'manager')
    if (known.provider === by.organisation || samePerson(known.extension?.by, by)) throw new Failure('SELF_APPROVAL', 'who asks for more time does not agree to it')
    if (known.extension === undefined || known.extension.consent !== undefined) throw new Failure('EXTENSION_REFUSED', 'no request for more time waits for an answer')
    return await this.#step('demand.extension-answered.v1', known, { agreed }, why, by)
  }

  /** @throws {Failure} NOT_FOUND, DEMAND_SETTLED */
  async withdraw (demandId: string, why: string, by: Author): Promise<DemandAnswer> {
    return await this.#step('demand.withdrawn.v1', await this.#open(demandId, by, 'consumer'), {}, why, by)
  }

  /**
   * The provider grants, whole or in part, or refuses with article and review date.
   * @throws {Failure} NOT_FOUND, SELF_APPROVAL, DEMAND_SETTLED, DEMAND_PAUSED, GRANT_WITHOUT_END, GRANT_BEYOND_DEMAND, GRANT_CONTRADICTORY,
   * FIELD_UNKNOWN, REGION_UNKNOWN, RESOURCE_UNKNOWN, NOT_SHARED, INPUT_INVALID, VERSION_CONFLICT another decided at the same time
   */
  async decide (demandId: string, request: DecisionRequest, by: Author): Promise<DemandAnswer> {
    const known = await this.#open(demandId, by, 'provider')
    if (samePerson(known.made.by, by)) throw new Failure('SELF_APPROVAL', 'who asked does not decide')
    if (known.state === 'paused') throw new Failure('DEMAND_PAUSED', 'the papers that were asked for are not here yet')
    const { outcome, why, article, reviewOn } = request
    if (outcome === 'refuse') return await this.#step('demand.decided.v1', known, { outcome: 'refused', ...this.#refusal(request) }, why, by)
    const beside: Violation[] = [['article', article], ['reviewOn', reviewOn]].flatMap(([name, value]) => value === undefined ? [] : [{ pointer: `/${name}`, message: told('只在不予共享时填写', 'goes with a refusal') }])
    if (beside.length > 0) throw new Failure('GRANT_CONTRADICTORY', 'a grant is no refusal', { violations: beside })
    const grant = await this.#grant(known, request.grant ?? {})
    const whole = grant.fields.length === known.asked.fields.length && grant.forms.length === known.asked.forms.length && grant.until === known.asked.until &&
      (grant.matters?.length ?? 0) === known.asked.matters.length && same(grant.regions, known.asked.regions)
    return await this.#step('demand.decided.v1', known, { outcome: whole ? 'granted' : 'partly-granted', grant }, why, by)
  }

  /**
   * Tells the authority of each demand whose time has run out, once: an event, made from what the clock says.
   * @returns how many were told
   */
  async escalate (): Promise<number> {
    const { log, clock } = this.#options
    await log.idle()
    let told = 0
    for (let after: string | undefined; ;) {
      const { items, next } = await this.#demands.find({ index: 'byEscalation', equals: ['none', 'open'], limit: PAGE, ...(after === undefined ? {} : { after }) })
      for (const { document } of items) {
        const { state, words } = this.#clockOf(document, clock.now())
        if (state !== 'overdue') continue
        // The exchange itself says so, on account of the provider's clock.
        const by: Author = { client: 'exchange', organisation: document.provider }
        try {
          await log.decide({ type: 'demand.escalated.v1', subject: document.id, by, why: words.zh, data: { replaces: document.version } })
          told++
        } catch (error) { if (!(error instanceof Failure && error.code === 'VERSION_CONFLICT')) throw error } // decided just now
      }
      if (next === undefined) return told
      after = next
    }
  }

  #refusal ({ grant, article, reviewOn }: DecisionRequest): { article: string, reviewOn: DayText } {
    if (grant !== undefined) throw new Failure('GRANT_CONTRADICTORY', 'a refusal grants nothing', { violations: [{ pointer: '/grant', message: told('只在同意时填写', 'goes with a grant') }] })
    const today = dayInChina(this.#options.clock.now())
    const violations: Violation[] = []
    if (article === undefined) violations.push({ pointer: '/article', message: told('没有填写：不予共享须写明法律依据', 'is missing: a refusal cites the law that it rests on') })
    if (reviewOn === undefined) violations.push({ pointer: '/reviewOn', message: told('没有填写：不予共享须写明何时复核', 'is missing: a refusal says when it is looked at again') })
    else if (startOfDayInChina(reviewOn) === undefined || reviewOn <= today) violations.push({ pointer: '/reviewOn', message: told('不是以后的日期', 'is no day to come') })
    if (article === undefined || reviewOn === undefined || violations.length > 0) throw new Failure('INPUT_INVALID', 'the refusal is not complete', { violations })
    return { article, reviewOn }
  }

  async #grant ({ id: demandId, asked, consumer, provider }: DemandDocument, part: NonNullable<DecisionRequest['grant']>): Promise<Grant> {
    const { clock, newId } = this.#options
    const today = dayInChina(clock.now())
    const { until, conditions } = part
    if (until === undefined) throw new Failure('GRANT_WITHOUT_END', 'grant.until is missing', { violations: [{ pointer: '/grant/until', message: told('没有填写：请写明最后一天', 'is missing: name the last day') }] })
    const fields = part.fields ?? asked.fields
    const forms = part.forms ?? asked.forms
    const matters = part.matters ?? (asked.matters.length === 0 ? undefined : asked.matters)
    const regions = part.regions ?? asked.regions
    const from = part.from ?? (asked.from !== undefined && asked.from > today ? asked.from : today)
    const { resource } = await this.#shared(asked.resourceId)

    const fail = (code: FailureCode, message: string, faults: Array<[member: string, message: Bilingual] | undefined>): void => {
      const violations = faults.flatMap(fault => fault === undefined ? [] : [{ pointer: `/grant/${fault[0]}`, message: fault[1] }])
      if (violations.length > 0) throw new Failure(code, message, { violations })
    }
    this.#requireFields(resource, fields, '/grant')
    this.#requireRegions(resource, regions, today, '/grant')
    fail('GRANT_CONTRADICTORY', 'these conditions cannot hold together', [
      startOfDayInChina(until) === undefined ? ['until', FAULT.noDay] : until < today ? ['until', PASSED] : undefined,
      startOfDayInChina(from) === undefined ? ['from', FAULT.noDay] : from > until ? ['from', AFTER_LAST_DAY] : undefined,
      forms.includes('subscription') && resource.regionItem === undefined ? ['forms', NOWHERE] : undefined
    ])
    fail('GRANT_BEYOND_DEMAND', 'more than was asked for', [
      ...fields.map((field, index): [string, Bilingual] | undefined => asked.fields.includes(field) ? undefined : [`fields/${index}`, NOT_ASKED]),
      ...forms.map((form, index): [string, Bilingual] | undefined => asked.forms.includes(form) ? undefined : [`forms/${index}`, NOT_ASKED]),
      ...(matters ?? []).map((matter, index): [string, Bilingual] | undefined => asked.matters.includes(matter) ? undefined : [`matters/${index}`, NOT_ASKED]),
      ...(regions ?? []).map((region, index): [string, Bilingual] | undefined => asked.regions === undefined || asked.regions.some(holder => divisionContains(holder, region)) ? undefined : [`regions/${index}`, NOT_ASKED]),
      until > asked.until ? ['until', told(`晚于申请的 ${asked.until}`, `is after ${asked.until}, which was asked for`)] : undefined,
      asked.from !== undefined && from < asked.from ? ['from', told(`早于申请的 ${asked.from}`, `is before ${asked.from}, which was asked for`)] : undefined
    ])
    return {
      grantId: newId(),
      demandId,
      resourceId: asked.resourceId,
      provider,
      consumer,
      fields,
      forms,
      purpose: asked.purpose,
      ...(matters === undefined ? {} : { matters }),
      ...(regions === undefined ? {} : { regions }),
      from,
      until,
      legalBasis: asked.legalBasis,
      ...(conditions === undefined ? {} : { conditions })
    }
  }

  async #shared (resourceId: ResourceId): Promise<{ resource: DemandedResource, provider: Uscc }> {
    const provider = parseResourceId(resourceId)?.provider
    const resource = provider === undefined ? undefined : await this.#options.published(resourceId)
    if (resource === undefined || provider === undefined) throw new Failure('RESOURCE_UNKNOWN', 'no such resource is published')
    const { class: sharing, refusal } = resource.sharing
    if (sharing === 'not-shared') throw new Failure('NOT_SHARED', `not shared by ${refusal?.article ?? 'the catalogue'}; looked at again on ${refusal?.reviewOn ?? 'a day that is not said'}`)
    return { resource, provider }
  }

  #requireFields ({ items }: DemandedResource, fields: readonly string[], at = ''): void {
    const violations = fields.flatMap((field, index) => items.some(({ name }) => name === field) ? [] : [{ pointer: `${at}/fields/${index}`, message: told('不是该资源的信息项', 'is no information item of the resource') }])
    if (violations.length > 0) throw new Failure('FIELD_UNKNOWN', 'the resource has no such information item', { violations })
  }

  #requireRegions ({ regionItem }: DemandedResource, regions: readonly string[] | undefined, today: DayText, at = ''): void {
    if (regions === undefined) return
    const violations = regions.flatMap((region, index) => this.#options.isDivision(region, today) ? [] : [{ pointer: `${at}/regions/${index}`, message: told('不是有效的行政区划', 'is no division') }])
    if (regionItem === undefined) violations.push({ pointer: `${at}/regions`, message: told('无法判断：该资源没有标明记录属于哪个地区', 'cannot be told: the resource does not say where a record belongs') })
    if (violations.length > 0) throw new Failure('REGION_UNKNOWN', 'these regions cannot be told apart', { violations })
  }

  /** As of all that was decided before; for one side alone. */
  async #open (demandId: string, by: Author, side: Side): Promise<DemandDocument> {
    await this.#options.log.idle()
    const known = await this.#of(demandId, ({ consumer, provider }) => side === 'manager' || consumer === by.organisation || provider === by.organisation)
    if (side === 'provider' && known.consumer === by.organisation) throw new Failure('SELF_APPROVAL', 'the demand is your own organisation\'s')
    if (side !== 'manager' && known[side] !== by.organisation) throw new Failure('NOT_FOUND', 'there is no such demand of yours')
    if (known.state === 'decided' || known.state === 'withdrawn') throw new Failure('DEMAND_SETTLED', `the demand was ${known.state} already`)
    return known
  }

  async #of (demandId: string, mayKnow: (demand: DemandDocument) => boolean): Promise<DemandDocument> {
    const known = (await this.#demands.get(demandId))?.document
    if (known === undefined || !mayKnow(known)) throw new Failure('NOT_FOUND', 'there is no such demand of yours')
    return known
  }

  async #step (type: string, { id, version }: DemandDocument, data: object, why: string, by: Author): Promise<DemandAnswer> {
    await this.#options.log.decide({ type, subject: id, by, why, data: { replaces: version, ...data } })
    return await this.#shown(id)
  }

  async #shown (demandId: string): Promise<DemandAnswer> { return this.#answer(await this.#of(demandId, () => true)) }

  #answer (demand: DemandDocument): DemandAnswer {
    const { id, asked, escalation: _escalation, madeAt: _made, changedAt: _changed, through: _through, ...rest } = demand
    return { demandId: id, ...asked, ...rest, clock: this.#clockOf(demand, this.#options.clock.now()) }
  }

  #clockOf (demand: DemandDocument, at: Date): ReplyClock {
    const { ruleSet, made, papersAsked, papersHandedIn, extension, decided, withdrawn } = demand
    return replyClock({
      ruleSet,
      limit: limitOf(demand),
      startedAt: made.at,
      pauses: papersAsked === undefined ? [] : [{ from: papersAsked.at, ...(papersHandedIn === undefined ? {} : { until: papersHandedIn.at }) }],
      ...(extension?.consent?.agreed === true ? { extendedBy: extension.count } : {}),
      ...(decided !== undefined ? { ended: { at: decided.at, how: 'answered' as const } } : withdrawn !== undefined ? { ended: { at: withdrawn.at, how: 'withdrawn' as const } } : {})
    }, at, this.#options.rules)
  }
}

function limitOf ({ sharingClass }: DemandDocument): LimitName { return sharingClass === 'unconditional' ? 'reply-unconditional' : 'reply-conditional' }
function same (a: readonly string[] | undefined, b: readonly string[] | undefined): boolean { return JSON.stringify(a) === JSON.stringify(b) }
/** Were both signed in as one person? */
function samePerson (a: Author | undefined, b: Author): boolean { return a?.person !== undefined && a.person.id === b.person?.id }
