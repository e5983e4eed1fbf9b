import type { Documents } from '../../platform/documents/port.js'
import type { Resource } from '../../schemas/documents/resource.v1.js'
import type { Caller } from '../core/caller.js'
import { dayInChina, type Clock, type DayText, type InstantText } from '../core/clock.js'
import { Failure, type FailureCode, type Violation } from '../core/failure.js'
import { parseResourceId, type ResourceId, type Uscc } from '../core/identifiers.js'
import { told, type Bilingual } from '../core/words.js'
import { authorOf, type Author, type CatalogueLog, type Dated, type DatedDocument, type Fold, type FoldView, type Refusal } from './catalogue-log.js'
import { ResourceSearch, type SearchQuestion } from './search.js'

export type { Resource }
export type SharingClass = Resource['sharing']['class']

interface Decided { at: InstantText, by: Author, why: string }

/** A resource and all that was last decided on it. `published` is what others may rely on; a draft waits beside it. */
export interface ResourceDocument extends DatedDocument {
  provider: Uscc
  providerName: string
  /** Counts the decisions on it. */
  version: number
  published?: { resource: Resource, at: InstantText, by: Author, describedAt: InstantText }
  draft?: Decided & { resource: Resource, returned?: Decided }
  /** It was published, and is no more; `published` stays for the record. */
  withdrawn?: Decided
  last: Decided & { type: 'described' | 'published' | 'returned' | 'withdrawn' }
  // What the indexes need
  queue: ResourceQueue
}
export type ResourceQueue = 'waiting' | 'returned' | 'withdrawn' | 'none'
interface TitleDocument { id: string, /** Empty where it is free again. */ resourceId: ResourceId | '' }

/** How it stands for those who may not see drafts. */
export type ResourceState = 'described' | 'published' | 'withdrawn'
export function stateOf ({ published, withdrawn }: Pick<ResourceDocument, 'published' | 'withdrawn'>): ResourceState {
  return withdrawn !== undefined ? 'withdrawn' : published === undefined ? 'described' : 'published'
}

export const RESOURCES = 'catalogue-resources'
const TITLES = 'catalogue-titles'

interface DescribedData { replaces: number, providerName: string, resource: Resource }
interface RepliesData { replaces: number }

/** Providers describe, reviewers publish or send back, providers withdraw. Times of each stay in the versions: limits are counted from them. */
export const resourceFold: Fold = {
  name: 'resources',
  version: 1,
  decides: ['resource.described.v1', 'resource.published.v1', 'resource.returned.v1', 'resource.withdrawn.v1'],
  collections: { [RESOURCES]: { dated: true, atHand: true, indexes: { byQueue: { on: ['queue', 'changedAt'] }, byOwnQueue: { on: ['provider', 'queue', 'changedAt'] } } }, [TITLES]: { atHand: true } },
  async apply ({ event, at }, view) {
    const { subject: id, type, by, why } = event
    const { replaces } = event.data as RepliesData
    const before = await view.get<ResourceDocument>(RESOURCES, id)
    if ((before?.version ?? 0) !== replaces) return { detail: `it is at version ${before?.version ?? 0} now, and was decided on at ${replaces}` }
    const decided = { at, by, why }
    if (type === 'resource.described.v1') return described(view, id, before, event.data as DescribedData, decided)
    if (before === undefined) return { detail: 'it was never described' }
    const version = replaces + 1
    switch (type) {
      case 'resource.published.v1': {
        if (before.draft === undefined || before.draft.returned !== undefined) return { detail: 'nothing waits for review' }
        const { draft: { resource, at: describedAt }, withdrawn: _withdrawn, ...rest } = before
        const refusal = await holdTitle(view, resource, before)
        if (refusal !== undefined) return refusal
        const published = { resource, at, by, describedAt }
        set(view, { ...rest, version, published, last: { type: 'published', ...decided }, queue: 'none' })
        return undefined
      }
      case 'resource.returned.v1': {
        if (before.draft === undefined || before.draft.returned !== undefined) return { detail: 'nothing waits for review' }
        set(view, { ...before, version, draft: { ...before.draft, returned: decided }, last: { type: 'returned', ...decided }, queue: 'returned' })
        return undefined
      }
      default: {
        if (stateOf(before) !== 'published') return { detail: 'it is not published' }
        const { draft: _draft, ...rest } = before
        view.set(TITLES, { id: titleKey((before.published as { resource: Resource }).resource.title), resourceId: '' } as TitleDocument)
        set(view, { ...rest, version, withdrawn: decided, last: { type: 'withdrawn', ...decided }, queue: 'withdrawn' })
        return undefined
      }
    }
  }
}

function described (view: FoldView, id: ResourceId, before: ResourceDocument | undefined, { providerName, resource }: DescribedData, decided: Decided): undefined {
  set(view, {
    ...before, id, provider: resource.provider, providerName, version: (before?.version ?? 0) + 1, draft: { resource, ...decided }, last: { type: 'described', ...decided }, queue: 'waiting'
  } as ResourceDocument)
  return undefined
}

function set (view: FoldView, document: ResourceDocument): void { view.set(RESOURCES, document) }

/** Takes the title for this resource and frees the one that it had. */
async function holdTitle (view: FoldView, { title }: Resource, { id, published, withdrawn }: ResourceDocument): Promise<Refusal | undefined> {
  const key = titleKey(title)
  const holder = await view.get<TitleDocument>(TITLES, key)
  if (holder !== undefined && holder.resourceId !== '' && holder.resourceId !== id) return { detail: 'another published resource has this title' }
  const old = withdrawn === undefined ? published?.resource.title : undefined
  if (old !== undefined && titleKey(old) !== key) view.set(TITLES, { id: titleKey(old), resourceId: '' } as TitleDocument)
  view.set(TITLES, { id: key, resourceId: id } as TitleDocument)
  return undefined
}

/** Titles that people would take for one another are one. */
export function titleKey (title: string): string { return title.normalize('NFKC').replace(/\s+/gu, '').toLowerCase() }

/** The section `catalogue` of the settings. */
export interface ResourceSettings {
  resources: number
  resourceBytes: number
  classificationPattern: string
}

export interface ResourcePorts {
  documents: Documents
  clock: Clock
  settings: ResourceSettings
  /** Name of an organisation that is registered. */
  organisationName: (uscc: Uscc) => Promise<string | undefined>
  /** Is this a division on that day? */
  isDivision: (code: string, on: DayText) => boolean
}

export interface Page<T> { items: T[], next?: string }
export interface ListQuestion extends SearchQuestion { /** As it was published then. */ at?: Date }

/** The catalogue's resources: described by those who hold them, published after review, found by anyone who may read. */
export class Resources {
  readonly #log: CatalogueLog
  readonly #ports: ResourcePorts
  readonly #resources: Dated<ResourceDocument>
  readonly #search: ResourceSearch
  readonly #classification: RegExp

  /** @throws {Failure} CONFIG_INVALID the pattern of classification codes is none */
  constructor (log: CatalogueLog, ports: ResourcePorts) {
    this.#log = log
    this.#ports = ports
    this.#resources = log.dated<ResourceDocument>(RESOURCES)
    this.#search = new ResourceSearch(this.#resources)
    try { this.#classification = new RegExp(`^(?:${ports.settings.classificationPattern})$`, 'u') } catch (cause) {
      throw new Failure('CONFIG_INVALID', 'catalogue.classificationPattern is no pattern', { cause })
    }
  }

  get search (): ResourceSearch { return this.#search }

  /**
   * What its provider says of a resource; it waits for review.
   * @param replaces - version that was read before, 0 where there was none; the present one where absent
   * @throws {Failure} RESOURCE_NOT_YOURS, INPUT_INVALID, ITEM_TWICE, FIELD_UNKNOWN, REGION_UNKNOWN, SHARING_INCONSISTENT, REFUSAL_INCOMPLETE,
   * CLASSIFICATION_INVALID, TITLE_TAKEN, RECORD_TOO_LARGE, CATALOGUE_FULL, VERSION_CONFLICT
   */
  async describe (resource: Resource, { caller, why, replaces }: { caller: Caller, why: string, replaces?: number }): Promise<ResourceDocument> {
    const { settings, clock } = this.#ports
    const { resourceId: id, provider } = resource
    if (parseResourceId(id)?.provider !== provider) throw invalid('/resource/provider', told('不是标识里写明的提供方', 'is not the provider that the identifier names'))
    if (provider !== caller.organisation) throw new Failure('RESOURCE_NOT_YOURS', 'a resource is described by its provider')
    this.#check(resource, dayInChina(clock.now()))
    if (Buffer.byteLength(JSON.stringify(resource)) > settings.resourceBytes) throw new Failure('RECORD_TOO_LARGE', `a description holds at most ${settings.resourceBytes} bytes`)
    const before = await this.#current(id)
    await this.#requireFree(resource.title, id)
    if (before === undefined && await this.#resources.count({ index: 'id' }, settings.resources) >= settings.resources) throw new Failure('CATALOGUE_FULL', `the catalogue holds at most ${settings.resources} resources`)
    const providerName = await this.#ports.organisationName(provider) ?? provider
    const data: DescribedData = { replaces: replaces ?? before?.version ?? 0, providerName, resource }
    return await this.#decide('resource.described.v1', id, data, { caller, why })
  }

  /**
   * Publishes what waits, or sends it back. Nobody reviews what their own organisation describes.
   * @throws {Failure} RESOURCE_UNKNOWN, REVIEW_OWN, RESOURCE_STATE nothing waits, TITLE_TAKEN, VERSION_CONFLICT something else waits by now
   */
  async review (id: ResourceId, { caller, outcome, version, why }: { caller: Caller, outcome: 'publish' | 'return', version: number, why: string }): Promise<ResourceDocument> {
    const before = await this.#known(id)
    if (before.provider === caller.organisation) throw new Failure('REVIEW_OWN', 'another organisation than the provider reviews')
    if (before.draft === undefined || before.draft.returned !== undefined) throw new Failure('RESOURCE_STATE', 'nothing waits for review')
    if (outcome === 'publish') await this.#requireFree(before.draft.resource.title, id)
    return await this.#decide(outcome === 'publish' ? 'resource.published.v1' : 'resource.returned.v1', id, { replaces: version }, { caller, why })
  }

  /** @throws {Failure} RESOURCE_UNKNOWN, RESOURCE_NOT_YOURS, RESOURCE_STATE it is not published, VERSION_CONFLICT */
  async withdraw (id: ResourceId, { caller, why }: { caller: Caller, why: string }): Promise<ResourceDocument> {
    const before = await this.#known(id)
    if (before.provider !== caller.organisation) throw new Failure('RESOURCE_NOT_YOURS', 'a resource is withdrawn by its provider')
    if (stateOf(before) !== 'published') throw new Failure('RESOURCE_STATE', 'it is not published')
    return await this.#decide('resource.withdrawn.v1', id, { replaces: before.version }, { caller, why })
  }

  /** Now, or as it stood then. @throws {Failure} RESOURCE_UNKNOWN */
  async get (id: ResourceId, at?: Date): Promise<ResourceDocument> {
    const found = at === undefined ? (await this.#resources.get(id))?.document : await this.#resources.asOf(id, at)
    if (found === undefined) throw unknown()
    return found
  }

  /** Every version, the latest first. @throws {Failure} RESOURCE_UNKNOWN */
  async history (id: ResourceId, from: { limit: number, after?: string }): Promise<Page<ResourceDocument>> {
    await this.get(id)
    return await this.#resources.versions(id, from)
  }

  /** The resource as published at the instant, or now; undefined where it was not. */
  async published (id: ResourceId, at?: Date): Promise<Resource | undefined> {
    const found = at === undefined ? (await this.#resources.get(id))?.document : await this.#resources.asOf(id, at)
    return found === undefined || stateOf(found) !== 'published' ? undefined : found.published?.resource
  }

  /** The one published resource of this title. */
  async byTitle (title: string): Promise<ResourceId | undefined> {
    const holder = await this.#log.collection<TitleDocument>(TITLES).get(titleKey(title))
    return holder === undefined || holder.document.resourceId === '' ? undefined : holder.document.resourceId
  }

  /** What waits for review, was sent back, or was withdrawn, the longest since first; all, or one provider's. */
  async queue (queue: Exclude<ResourceQueue, 'none'>, { provider, limit, after }: { provider?: Uscc, limit: number, after?: string }): Promise<Page<ResourceDocument>> {
    const { items, next } = await this.#resources.find({
      ...(provider === undefined ? { index: 'byQueue', equals: [queue] } : { index: 'byOwnQueue', equals: [provider, queue] }), limit, ...(after === undefined ? {} : { after })
    })
    return { items: items.map(({ document }) => document), ...(next === undefined ? {} : { next }) }
  }

  /** What is published, or was then: best hits first, or by identifier where no words are asked for. */
  async list ({ at, ...asked }: ListQuestion): Promise<Page<ResourceDocument> & { total?: number }> {
    const { ids, ...found } = await this.#search.find(asked, at)
    const items = at === undefined ? (await this.#resources.getMany(ids)).map(({ document }) => document) : await this.#resources.manyAsOf(ids, at)
    return { ...found, items }
  }

  /** Everything that is wrong of one kind is told at once, with where it stands. */
  #check ({ items, keyItems = [], subjectItem, regionItem, region, sharing, ways, classification }: Resource, today: DayText): void {
    const fail = (code: FailureCode, message: string, violations: Violation[]): void => { if (violations.length > 0) throw new Failure(code, message, { violations }) }
    const names = items.map(({ name }) => name)
    fail('ITEM_TWICE', 'an information item stands once', names.flatMap((name, i) => names.indexOf(name) < i ? [at(`/items/${i}/name`, told(`与 items/${names.indexOf(name)} 重名`, `is the name of items/${names.indexOf(name)} too`))] : []))
    const named: Array<[string, string | undefined]> = [...keyItems.map((name, i): [string, string] => [`/keyItems/${i}`, name]), ['/subjectItem', subjectItem], ['/regionItem', regionItem]]
    fail('FIELD_UNKNOWN', 'these are none of its information items', named.flatMap(([pointer, name]) => name === undefined || names.includes(name) ? [] : [at(pointer, told('不是它的信息项', 'is none of items'))]))
    if (!this.#ports.isDivision(region, today)) fail('REGION_UNKNOWN', 'the division is not in the table of divisions', [at('/region', told('不是现行的行政区划', 'is no division at present'))])
    if (!this.#classification.test(classification)) fail('CLASSIFICATION_INVALID', 'the code does not have the form that is set', [at('/classification', told('不符合这里设定的分类代码形式', 'does not have the form of a classification code here'))])
    fail('SHARING_INCONSISTENT', 'what is said of sharing does not fit its class', inconsistencies(sharing, ways))
    if (sharing.class !== 'not-shared') return
    const { article, reviewOn } = sharing.refusal ?? {}
    fail('REFUSAL_INCOMPLETE', 'who does not share says by which article, and when that is looked at again', [
      ...article === undefined ? [at('/sharing/refusal/article', told('没有填写：请写明法律、行政法规或国务院决定', 'is missing: name the law, administrative regulation or decision of the State Council'))] : [],
      ...reviewOn === undefined ? [at('/sharing/refusal/reviewOn', told('没有填写：请写明日期', 'is missing: name the day'))] : reviewOn <= today ? [at('/sharing/refusal/reviewOn', told('不是以后的日期', 'is not a day to come'))] : []
    ])
  }

  async #requireFree (title: string, id: ResourceId): Promise<void> {
    const holder = await this.byTitle(title)
    if (holder !== undefined && holder !== id) throw new Failure('TITLE_TAKEN', `${holder} is published under this title`)
  }

  /** As of all that was decided before. */
  async #current (id: ResourceId): Promise<ResourceDocument | undefined> {
    await this.#log.idle()
    return (await this.#resources.get(id))?.document
  }

  async #known (id: ResourceId): Promise<ResourceDocument> {
    const found = await this.#current(id)
    if (found === undefined) throw unknown()
    return found
  }

  async #decide (type: string, subject: ResourceId, data: object, { caller, why }: { caller: Caller, why: string }): Promise<ResourceDocument> {
    const { offset } = await this.#log.decide({ type, subject, by: authorOf(caller), why, data })
    const { items: [version] } = await this.#resources.versions(subject, { limit: 1 })
    assertThrough(version, offset)
    return version
  }
}

function assertThrough (version: ResourceDocument | undefined, offset: number): asserts version is ResourceDocument {
  if (version === undefined || version.through < offset) throw new Error('the view does not hold what it has just folded')
}

function inconsistencies ({ class: sharing, conditions, refusal }: Resource['sharing'], ways: Resource['ways']): Violation[] {
  return [
    ...sharing === 'conditional' && conditions === undefined ? [at('/sharing/conditions', told('没有填写：请写明共享条件', 'is missing: say on which conditions'))] : [],
    ...sharing !== 'conditional' && conditions !== undefined ? [at('/sharing/conditions', told('只在有条件共享时填写', 'may stand only where sharing is conditional'))] : [],
    ...sharing !== 'not-shared' && refusal !== undefined ? [at('/sharing/refusal', told('只在不予共享时填写', 'may stand only where it is not shared'))] : [],
    ...sharing !== 'not-shared' && ways.length === 0 ? [at('/ways', told('没有写明共享方式', 'names no way to share it'))] : [],
    ...sharing === 'not-shared' && ways.length > 0 ? [at('/ways', told('不予共享时不填', 'may name none where it is not shared'))] : []
  ]
}

function at (pointer: string, message: Bilingual): Violation { return { pointer: `/resource${pointer}`, message } }
function invalid (pointer: string, message: Bilingual): Failure { return new Failure('INPUT_INVALID', 'the description contradicts itself', { violations: [{ pointer, message }] }) }
function unknown (): Failure { return new Failure('RESOURCE_UNKNOWN', 'the catalogue holds no such resource, or it is not for you to see yet') }
