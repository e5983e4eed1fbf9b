import type { Correction as CorrectionDocumentAnswer } from '../../schemas/http/correction.v1.js'
import type { CorrectionRequest } from '../../schemas/http/correction-request.v1.js'
import type { Clock, InstantText } from '../core/clock.js'
import { Failure } from '../core/failure.js'
import { mask, parseResourceId, type ResourceId, type Uscc } from '../core/identifiers.js'
import type { Author, CatalogueLog, Dated, DatedDocument, Fold } from './catalogue-log.js'
import type { DemandedResource } from './demands.js'
import type { Act } from './grants.js'
import { replyClock } from './reply-clock.js'
import { DEFAULT_RULE_SET, type Rules } from './rule-sets.js'

export type Correction = CorrectionDocumentAnswer
type Asked = Omit<CorrectionRequest, 'subject' | 'ruleSet'> & { subjectMasked: string }
type Outcome = NonNullable<Correction['answered']>['outcome']

interface CorrectionDocument extends DatedDocument {
  asked: Asked
  askedBy: { at: InstantText, by: Author }
  ruleSet: string
  answered?: Act & { outcome: Outcome }
  // What the indexes need
  asker: Uscc
  provider: Uscc
  state: 'open' | 'answered'
}
interface AskedData { asked: Asked, asker: Uscc, provider: Uscc, ruleSet: string }

const CORRECTIONS = 'catalogue-corrections'

/** 校核: who uses data asks its provider to verify an item, and the provider answers once. */
export const correctionFold: Fold = {
  name: 'corrections',
  version: 1,
  decides: ['correction.asked.v1', 'correction.answered.v1'],
  collections: {
    [CORRECTIONS]: {
      dated: true,
      indexes: {
        byAsker: { on: ['asker', 'madeAt'] },
        byAskerState: { on: ['asker', 'state', 'madeAt'] },
        byProvider: { on: ['provider', 'madeAt'] },
        byProviderState: { on: ['provider', 'state', 'madeAt'] },
        byState: { on: ['state', 'madeAt'] },
        byMade: { on: ['madeAt'] }
      }
    }
  },
  async apply ({ event: { type, subject, by, why, data }, at }, view) {
    const known = await view.get<CorrectionDocument>(CORRECTIONS, subject)
    if (type === 'correction.asked.v1') {
      if (known !== undefined) return { detail: 'there is a request of this identifier' }
      const { asked, asker, provider, ruleSet } = data as AskedData
      view.set(CORRECTIONS, { id: subject, asked, askedBy: { at, by }, ruleSet, asker, provider, state: 'open', madeAt: at, changedAt: at, through: 0 } as CorrectionDocument)
      return undefined
    }
    if (known === undefined || known.answered !== undefined) return { detail: 'there is no such request, or it was answered' }
    view.set(CORRECTIONS, { ...known, state: 'answered', answered: { at, by, why, outcome: (data as { outcome: Outcome }).outcome } } as CorrectionDocument)
    return undefined
  }
}

export interface CorrectionsOptions {
  log: CatalogueLog
  rules: Rules
  clock: Clock
  newId: () => string
  published: (resourceId: ResourceId) => Promise<DemandedResource | undefined>
}
export interface CorrectionQuestion { side: 'asker' | 'provider' | 'manager', organisation: Uscc, state?: 'open' | 'answered', limit: number, after?: string }

/** No value of a record comes in here, and of whom it is about only a masked form is kept. */
export class Corrections {
  readonly #options: CorrectionsOptions
  readonly #corrections: Dated<CorrectionDocument>
  constructor (options: CorrectionsOptions) {
    this.#options = options
    this.#corrections = options.log.dated<CorrectionDocument>(CORRECTIONS)
  }

  /** Asks; also for what an applicant flags in a case. @throws {Failure} RESOURCE_UNKNOWN, FIELD_UNKNOWN, RULE_SET_UNKNOWN */
  async ask ({ subject, ruleSet = DEFAULT_RULE_SET, ...request }: CorrectionRequest, by: Author): Promise<Correction> {
    const { log, rules, newId } = this.#options
    rules.get(ruleSet)
    const provider = parseResourceId(request.resourceId)?.provider
    const resource = provider === undefined ? undefined : await this.#options.published(request.resourceId)
    if (provider === undefined || resource === undefined) throw new Failure('RESOURCE_UNKNOWN', 'no such resource is published')
    if (!resource.items.some(({ name }) => name === request.item)) throw new Failure('FIELD_UNKNOWN', 'the resource has no such information item', { violations: [{ pointer: '/item', message: 'is no information item of the resource' }] })
    const correctionId = newId()
    const data: AskedData = { asked: { ...request, subjectMasked: mask(subject) }, asker: by.organisation, provider, ruleSet }
    await log.decide({ type: 'correction.asked.v1', subject: correctionId, by, why: `校核申请：${KINDS[request.kind]}`, data })
    return this.#answer(await this.#of(correctionId, { organisation: by.organisation, all: false }))
  }

  /** @throws {Failure} NOT_FOUND it is none of the provider's; CORRECTION_ANSWERED; VERSION_CONFLICT */
  async reply (correctionId: string, outcome: Outcome, why: string, by: Author): Promise<Correction> {
    const { log } = this.#options
    await log.idle()
    const known = await this.#of(correctionId, { organisation: by.organisation, all: false })
    if (known.provider !== by.organisation) throw unknown()
    if (known.answered !== undefined) throw new Failure('CORRECTION_ANSWERED', `it was answered at ${known.answered.at}`)
    await log.decide({ type: 'correction.answered.v1', subject: correctionId, by, why, data: { outcome } })
    return this.#answer(await this.#of(correctionId, { organisation: by.organisation, all: false }))
  }

  /** @throws {Failure} NOT_FOUND there is none, or it is between others */
  async get (correctionId: string, reader: { organisation: Uscc, all: boolean }): Promise<Correction> { return this.#answer(await this.#of(correctionId, reader)) }

  /** The newest first. */
  async list ({ side, organisation, state, limit, after }: CorrectionQuestion): Promise<{ items: Correction[], next?: string }> {
    const where = side === 'manager'
      ? state === undefined ? { index: 'byMade' } : { index: 'byState', equals: [state] }
      : state === undefined ? { index: side === 'asker' ? 'byAsker' : 'byProvider', equals: [organisation] } : { index: side === 'asker' ? 'byAskerState' : 'byProviderState', equals: [organisation, state] }
    const { items, next } = await this.#corrections.find({ ...where, order: 'descending', limit, ...(after === undefined ? {} : { after }) })
    return { items: items.map(({ document }) => this.#answer(document)), ...(next === undefined ? {} : { next }) }
  }

  async #of (correctionId: string, { organisation, all }: { organisation: Uscc, all: boolean }): Promise<CorrectionDocument> {
    const known = (await this.#corrections.get(correctionId))?.document
    if (known === undefined || !(all || known.asker === organisation || known.provider === organisation)) throw unknown()
    return known
  }

  #answer ({ id, asked, askedBy, ruleSet, answered, asker, provider, state }: CorrectionDocument): Correction {
    const { rules, clock } = this.#options
    const stopped = answered === undefined ? {} : { ended: { at: answered.at, how: 'answered' as const } }
    return {
      correctionId: id,
      ...asked,
      provider,
      asker,
      ruleSet,
      state,
      asked: askedBy,
      ...(answered === undefined ? {} : { answered }),
      clock: replyClock({ ruleSet, limit: 'correction', startedAt: askedBy.at, pauses: [], ...stopped }, clock.now(), rules)
    }
  }
}

const KINDS: Record<CorrectionRequest['kind'], string> = { wrong: '数据有误', outdated: '数据过时', missing: '缺少数据', 'not-this-subject': '非本人（本单位）数据' }

function unknown (): Failure { return new Failure('NOT_FOUND', 'there is no such request of yours') }
