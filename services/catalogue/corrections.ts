import type { Correction as CorrectionDocumentAnswer } from '../../schemas/http/correction.v1.js'
import type { CorrectionRequest } from '../../schemas/http/correction-request.v1.js'
import type { Clock, InstantText } from '../core/clock.js'
import { Failure } from '../core/failure.js'
import { mask, parseResourceId, type LicenceId, type ResourceId, type Uscc } from '../core/identifiers.js'
import { CORRECTION_KINDS, told } from '../core/words.js'
import type { Author, CatalogueLog, Dated, DatedDocument, Fold } from './catalogue-log.js'
import type { DemandedResource } from './demands.js'
import type { Act } from './grants.js'
import { replyClock } from './reply-clock.js'
import { DEFAULT_RULE_SET, type Rules } from './rule-sets.js'

export type Correction = CorrectionDocumentAnswer
/** What is to be verified: an item of a resource, or a licence and, if known, what on it. */
type About = { resourceId: ResourceId, item: string } | { licenceId: LicenceId, item?: string }
type Asked = About & Omit<CorrectionRequest, 'subject' | 'ruleSet' | 'resourceId' | 'item'> & { subjectMasked: string }
type Outcome = NonNullable<Correction['answered']>['outcome']

interface CorrectionDocument extends DatedDocument {
  asked: Asked
  askedBy: { at: InstantText, by: Author }
  ruleSet: string
  answered?: Act & { outcome: Outcome }
  withdrawn?: Act
  // What the indexes need
  asker: Uscc
  provider: Uscc
  state: 'open' | 'answered' | 'withdrawn'
  /** Resource or licence; absent, as the others below, where nobody flagged it in a case. */
  source?: string
  /** Empty where it is all of a licence. */
  item?: string
  /** Keyed digest of whom it is about. */
  who?: string
  /** The same, as long as what was flagged stands for nothing in any case. */
  disputes?: string
  /** The same, once it was answered that what was flagged is so. */
  spoken?: string
}
interface AskedData { asked: Asked, asker: Uscc, provider: Uscc, ruleSet: string, who?: string, disputes?: boolean }

/** What an applicant flagged in a case. */
export interface Flag {
  about: { resourceId: ResourceId, item: string } | { licenceId: LicenceId, issuer: Uscc, item?: string }
  kind: CorrectionRequest['kind']
  /** Code of whom it is about. */
  subject: string
  caseNumber: string
  rowDigest?: string
  note?: string
  /** Did it stand for paper? Only then is there anything that must stand for nothing elsewhere. */
  spared: boolean
  /** When the source said what was flagged. */
  toldAt?: InstantText
}
/** Resources and licences whose word about somebody is disputed; `all` where there are more than are looked through. */
export type Disputed = ReadonlySet<string> | 'all'

const CORRECTIONS = 'catalogue-corrections'

/** 校核: who uses data asks its provider to verify an item, and the provider answers once. */
export const correctionFold: Fold = {
  name: 'corrections',
  version: 4,
  decides: ['correction.asked.v1', 'correction.answered.v1', 'correction.withdrawn.v1'],
  collections: {
    [CORRECTIONS]: {
      dated: true,
      indexes: {
        byAsker: { on: ['asker', 'madeAt'] },
        byAskerState: { on: ['asker', 'state', 'madeAt'] },
        byProvider: { on: ['provider', 'madeAt'] },
        byProviderState: { on: ['provider', 'state', 'madeAt'] },
        byState: { on: ['state', 'madeAt'] },
        byMade: { on: ['madeAt'] },
        byDisputes: { on: ['disputes', 'source', 'asker', 'item'] },
        bySpoken: { on: ['spoken', 'source', 'changedAt'] }
      }
    }
  },
  async apply ({ event: { type, subject, by, why, data }, at }, view) {
    const known = await view.get<CorrectionDocument>(CORRECTIONS, subject)
    if (type === 'correction.asked.v1') {
      if (known !== undefined) return { detail: 'there is a request of this identifier' }
      const { asked, asker, provider, ruleSet, who, disputes = false } = data as AskedData
      const about = who === undefined ? {} : { source: sourceOf(asked), item: asked.item ?? '', who, ...(disputes ? { disputes: who } : {}) }
      view.set(CORRECTIONS, { id: subject, asked, askedBy: { at, by }, ruleSet, asker, provider, state: 'open', ...about, madeAt: at, changedAt: at, through: 0 } as CorrectionDocument)
      return undefined
    }
    if (known === undefined || known.state !== 'open') return { detail: 'there is no such request, or it was answered or withdrawn' }
    const { disputes: _over, ...rest } = known
    if (type === 'correction.withdrawn.v1') {
      view.set(CORRECTIONS, { ...rest, state: 'withdrawn', withdrawn: { at, by, why } } as CorrectionDocument)
      return undefined
    }
    const { outcome } = data as { outcome: Outcome }
    const spoken = known.who === undefined || outcome === 'corrected' ? {} : { spoken: known.who }
    view.set(CORRECTIONS, { ...rest, ...spoken, state: 'answered', answered: { at, by, why, outcome } } as CorrectionDocument)
    return undefined
  }
}

export interface CorrectionsOptions {
  log: CatalogueLog
  rules: Rules
  clock: Clock
  newId: () => string
  published: (resourceId: ResourceId) => Promise<DemandedResource | undefined>
  /** Stands for the code of a person or organisation, so that no identifier is kept. */
  subjectDigest: (code: string) => string
}
export interface CorrectionQuestion { side: 'asker' | 'provider' | 'manager', organisation: Uscc, state?: CorrectionDocument['state'], order?: 'newest' | 'oldest', limit: number, after?: string }
interface Reader { organisation: Uscc, all: boolean }

/** Most sources about one person or organisation that are told apart. */
const SOURCES = 200

/** No value of a record comes in here, and of whom it is about only a masked form is kept. */
export class Corrections {
  readonly #options: CorrectionsOptions
  readonly #corrections: Dated<CorrectionDocument>
  #flagging: Promise<unknown> = Promise.resolve()

  constructor (options: CorrectionsOptions) {
    this.#options = options
    this.#corrections = options.log.dated<CorrectionDocument>(CORRECTIONS)
  }

  /** Asks about an item of a resource. @throws {Failure} RESOURCE_UNKNOWN, FIELD_UNKNOWN, RULE_SET_UNKNOWN */
  async ask ({ subject, ruleSet = DEFAULT_RULE_SET, ...request }: CorrectionRequest, by: Author): Promise<Correction> {
    const provider = await this.#providerOf(request)
    return await this.#put({ asked: { ...request, subjectMasked: mask(subject) }, asker: by.organisation, provider, ruleSet }, by)
  }

  /**
   * Asks for what an applicant flagged in a case; of a licence its issuer is asked. Until this ends, what stood for paper stands for
   * nothing in new cases either, unless its provider has already spoken on what was said then. An item that one office
   * disputes already it does not dispute again: one answer ends it. @throws {Failure} as `ask`
   * @returns `answeredBefore`: it would have disputed that word, and does not, since its provider has spoken on it
   */
  async flag (flag: Flag, by: Author): Promise<Correction & { answeredBefore: boolean }> {
    // One after another: of two that come at once, the second knows of the first.
    const flagged = this.#flagging.then(async () => await this.#flag(flag, by))
    this.#flagging = flagged.catch(() => {})
    return await flagged
  }

  async #flag ({ about, subject, spared, toldAt, ...request }: Flag, by: Author): Promise<Correction & { answeredBefore: boolean }> {
    let [provider, what]: [Uscc, About] = ['', about]
    if ('resourceId' in about) provider = await this.#providerOf(about)
    else ({ issuer: provider, ...what } = about)
    await this.#options.log.idle()
    const who = this.#options.subjectDigest(subject)
    const spoken = await this.#corrections.count({ index: 'bySpoken', equals: [who, sourceOf(what)], ...(toldAt === undefined ? {} : { range: { from: toldAt } }) }, 1) > 0
    const disputed = await this.#corrections.count({ index: 'byDisputes', equals: [who, sourceOf(what), by.organisation, about.item ?? ''] }, 1) > 0
    const correction = await this.#put({ asked: { ...request, ...what, subjectMasked: mask(subject) }, asker: by.organisation, provider, ruleSet: DEFAULT_RULE_SET, who, disputes: spared && !spoken && !disputed }, by)
    return { ...correction, answeredBefore: spared && spoken }
  }

  /**
   * What about this person or organisation was flagged as wrong and is not answered. Nothing else is told of the cases that it was flagged in.
   * However often one source is flagged, it is one: no other is disputed for it.
   */
  async disputed (subject: string): Promise<Disputed> {
    const who = this.#options.subjectDigest(subject)
    const sources = new Set<string>()
    for (let last: string | undefined; ;) {
      const { items, next } = await this.#corrections.find({ index: 'byDisputes', equals: [who], ...(last === undefined ? {} : { range: { from: last, fromExclusive: true } }), limit: SOURCES })
      for (const { document } of items) sources.add(last = sourceOf(document.asked))
      if (sources.size > SOURCES) return 'all'
      if (next === undefined) return sources
    }
  }

  /**
   * The provider's word; that of the authority, who stands in for a provider that let its time run out.
   * @throws {Failure} NOT_FOUND it is neither's; CORRECTION_ANSWERED, CORRECTION_NOT_OVERDUE, SELF_APPROVAL, VERSION_CONFLICT
   */
  async reply (correctionId: string, outcome: Outcome, why: string, by: Author, { standsIn = false } = {}): Promise<Correction> {
    const reader = { organisation: by.organisation, all: standsIn }
    const known = await this.#open(correctionId, reader)
    if (known.provider !== by.organisation) {
      if (!standsIn) throw unknown()
      if (known.asker === by.organisation) throw new Failure('SELF_APPROVAL', 'it was asked by the same organisation')
      if (this.#answer(known, reader).clock.state !== 'overdue') throw new Failure('CORRECTION_NOT_OVERDUE', 'its provider still has time to answer')
    }
    return await this.#decide('correction.answered.v1', correctionId, why, by, { outcome }, reader)
  }

  /** Who asked asks no longer, and what was flagged counts again. @throws {Failure} NOT_FOUND it is none of the asker's; CORRECTION_ANSWERED, VERSION_CONFLICT */
  async withdraw (correctionId: string, why: string, by: Author): Promise<Correction> {
    const reader = { organisation: by.organisation, all: false }
    if ((await this.#open(correctionId, reader)).asker !== by.organisation) throw unknown()
    return await this.#decide('correction.withdrawn.v1', correctionId, why, by, {}, reader)
  }

  /** @throws {Failure} NOT_FOUND there is none, or it is between others */
  async get (correctionId: string, reader: Reader): Promise<Correction> { return this.#answer(await this.#of(correctionId, reader), reader) }

  /** Was it answered or withdrawn? @throws {Failure} NOT_FOUND */
  async isSettled (correctionId: string): Promise<boolean> { return (await this.#of(correctionId, { organisation: '', all: true })).state !== 'open' }

  /** By when they were asked. */
  async list ({ side, organisation, state, order = 'newest', limit, after }: CorrectionQuestion): Promise<{ items: Correction[], next?: string }> {
    const where = side === 'manager'
      ? state === undefined ? { index: 'byMade' } : { index: 'byState', equals: [state] }
      : state === undefined ? { index: side === 'asker' ? 'byAsker' : 'byProvider', equals: [organisation] } : { index: side === 'asker' ? 'byAskerState' : 'byProviderState', equals: [organisation, state] }
    const { items, next } = await this.#corrections.find({ ...where, order: order === 'newest' ? 'descending' : 'ascending', limit, ...(after === undefined ? {} : { after }) })
    return { items: items.map(({ document }) => this.#answer(document, { organisation })), ...(next === undefined ? {} : { next }) }
  }

  async #providerOf ({ resourceId, item }: { resourceId: ResourceId, item: string }): Promise<Uscc> {
    const provider = parseResourceId(resourceId)?.provider
    const resource = provider === undefined ? undefined : await this.#options.published(resourceId)
    if (provider === undefined || resource === undefined) throw new Failure('RESOURCE_UNKNOWN', 'no such resource is published')
    if (!resource.items.some(({ name }) => name === item)) throw new Failure('FIELD_UNKNOWN', 'the resource has no such information item', { violations: [{ pointer: '/item', message: told('不是该资源的信息项', 'is no information item of the resource') }] })
    return provider
  }

  async #put (data: AskedData, by: Author): Promise<Correction> {
    const { log, rules, newId } = this.#options
    rules.get(data.ruleSet)
    const correctionId = newId()
    await log.decide({ type: 'correction.asked.v1', subject: correctionId, by, why: `校核申请：${CORRECTION_KINDS[data.asked.kind].zh}`, data })
    return await this.get(correctionId, { organisation: by.organisation, all: false })
  }

  async #decide (type: string, correctionId: string, why: string, by: Author, data: object, reader: Reader): Promise<Correction> {
    await this.#options.log.decide({ type, subject: correctionId, by, why, data })
    return await this.get(correctionId, reader)
  }

  async #open (correctionId: string, reader: Reader): Promise<CorrectionDocument> {
    await this.#options.log.idle()
    const known = await this.#of(correctionId, reader)
    if (known.state !== 'open') throw new Failure('CORRECTION_ANSWERED', `it was ${known.state} at ${known.changedAt}`)
    return known
  }

  async #of (correctionId: string, { organisation, all }: Reader): Promise<CorrectionDocument> {
    const known = (await this.#corrections.get(correctionId))?.document
    if (known === undefined || !(all || known.asker === organisation || known.provider === organisation)) throw unknown()
    return known
  }

  #answer ({ id, asked, askedBy, ruleSet, answered, withdrawn, asker, provider, state }: CorrectionDocument, { organisation }: Pick<Reader, 'organisation'>): Correction {
    const { rules, clock } = this.#options
    const ended = answered !== undefined ? { at: answered.at, how: 'answered' as const } : withdrawn !== undefined ? { at: withdrawn.at, how: 'withdrawn' as const } : undefined
    // Which licence it is concerns its issuer and who looked at it.
    const shown = 'licenceId' in asked && organisation !== asker && organisation !== provider ? { ...asked, licenceId: mask(asked.licenceId) } : asked
    return {
      correctionId: id,
      ...shown,
      provider,
      asker,
      ruleSet,
      state,
      asked: askedBy,
      ...(answered === undefined ? {} : { answered }),
      ...(withdrawn === undefined ? {} : { withdrawn }),
      clock: replyClock({ ruleSet, limit: 'correction', startedAt: askedBy.at, pauses: [], ...(ended === undefined ? {} : { ended }) }, clock.now(), rules)
    }
  }
}

function sourceOf (about: About | Flag['about']): string { return 'resourceId' in about ? about.resourceId : about.licenceId }

function unknown (): Failure { return new Failure('NOT_FOUND', 'there is no such request of yours') }
