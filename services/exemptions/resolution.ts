import type { Assessed, Resolution, Request } from '../../schemas/events/case-recorded.v1.js'
import type { Material, Matter, Question } from '../../schemas/documents/matter.v1.js'
import { Failure, type Violation } from '../core/failure.js'
import { isCitizenId, isUscc } from '../core/identifiers.js'
import { FAULT } from '../core/violations.js'
import { told, type Bilingual } from '../core/words.js'
import { applies, type Answer, type Situation } from './conditions.js'
import { isEmpty, isAuthorised, tryWays, type Fetched, type Subject, type WayContext } from './ways.js'
import type { Inquiry, Person, Reading } from './inquiry.js'
import { judge } from './judge.js'
import { leastSet, weigh } from './least.js'
import { contradictions, endsOf, faultOf, openQuestions, partiesAskedOf, requirementOf, situationOf, usersOf } from './matter.js'
import type { ReasonCode } from './reasons.js'
import { neededMaterials, resolve } from './requirements.js'

export type { Assessed, Request, Resolution }
type RegisterAnswer = Resolution['answers'][number]
type OpenQuestion = Resolution['questions'][number]

/** How a question came out: answered, and by whom, or open with why no register could. */
interface Answered { answers: Map<string, RegisterAnswer>, open: Map<string, OpenQuestion> }

export interface ResolveOptions { now: Date, steps: number }

/**
 * Is the request about something that there is, in a form that can be true?
 * @throws {Failure} APPLICANT_KIND_NOT_SERVED, APPLICANT_CODE_INVALID, QUESTION_UNKNOWN, ANSWER_INVALID, ANSWERS_CONTRADICT, PARTY_UNKNOWN, SUB_MATTER_UNKNOWN
 */
export function checkRequest (matter: Matter, request: Pick<Request, 'applicant' | 'agent' | 'parties' | 'answers' | 'subMatters' | 'consent'>): void {
  const { applicant, agent, parties = {}, answers = {}, subMatters = [], consent } = request
  if (!matter.applicants.includes(applicant.kind)) throw new Failure('APPLICANT_KIND_NOT_SERVED', `this matter serves ${matter.applicants.join(', ')}`, at('/applicant/kind', told('该事项不面向这类申请人', 'is not served')))
  const codes: Violation[] = []
  if (!(applicant.kind === 'natural' ? isCitizenId : isUscc)(applicant.code)) codes.push({ pointer: '/applicant/code', message: applicant.kind === 'natural' ? NO_CITIZEN : NO_USCC })
  if (agent !== undefined && !isCitizenId(agent.code)) codes.push({ pointer: '/agent/code', message: NO_CITIZEN })
  const known = new Map(matter.parties.map(party => [party.id, party]))
  const strangers = [...Object.keys(parties).map(id => ({ id, pointer: `/parties/${id}` })), ...(consent?.parties ?? []).map((id, index) => ({ id, pointer: `/consent/parties/${index}` }))].filter(({ id }) => !known.has(id))
  refuse('PARTY_UNKNOWN', 'the matter has no such party', strangers.map(({ pointer }) => ({ pointer, message: told('该事项没有这一方', 'is no party of this matter') })))
  for (const [id, { code }] of Object.entries(parties)) {
    if (!(known.get(id)?.kind === 'natural' ? isCitizenId : isUscc)(code)) codes.push({ pointer: `/parties/${id}/code`, message: known.get(id)?.kind === 'natural' ? NO_CITIZEN : NO_USCC })
  }
  refuse('APPLICANT_CODE_INVALID', 'an identifier has a wrong check character or form', codes)

  const questions = new Map(matter.questions.map(question => [question.id, question]))
  refuse('QUESTION_UNKNOWN', 'the matter asks no such question', Object.keys(answers).filter(id => !questions.has(id)).map(id => ({ pointer: `/answers/${id}`, message: told('该事项没有这个问题', 'is no question of this matter') })))
  refuse('ANSWER_INVALID', 'an answer is none that the question allows', Object.entries(answers).flatMap(([id, answer]) => {
    const fault = faultOf(questions.get(id) as Question, answer)
    return fault === undefined ? [] : [{ pointer: `/answers/${id}`, message: fault }]
  }))
  const optional = new Set(matter.subMatters.map(({ id }) => id))
  refuse('SUB_MATTER_UNKNOWN', 'the matter has no such sub-matter', subMatters.flatMap((id, index) => optional.has(id) ? [] : [{ pointer: `/subMatters/${index}`, message: told('该事项没有这个子事项', 'is no sub-matter of this matter') }]))
  const situation = situationFrom(matter, request, new Map(Object.entries(answers)))
  refuse('ANSWERS_CONTRADICT', 'an answer is given to a question that does not arise with the others', contradictions(matter, situation).map(id => ({ pointer: `/answers/${id}`, message: told('按其他回答，不会问到这个问题', 'the question does not arise') })))
}

const NO_CITIZEN = told('不是有效的公民身份号码', 'is no citizen identification number')
const NO_USCC = told('不是有效的统一社会信用代码', 'is no unified social credit code')
function at (pointer: string, message: Bilingual): { violations: Violation[] } { return { violations: [{ pointer, message }] } }
function refuse (code: 'PARTY_UNKNOWN' | 'APPLICANT_CODE_INVALID' | 'QUESTION_UNKNOWN' | 'ANSWER_INVALID' | 'SUB_MATTER_UNKNOWN' | 'ANSWERS_CONTRADICT' | 'PARTY_MISSING', message: string, violations: Violation[]): void {
  if (violations.length > 0) throw new Failure(code, message, { violations })
}

function situationFrom (matter: Matter, { applicant, agent, subMatters = [] }: Pick<Request, 'applicant' | 'agent' | 'subMatters'>, answers: ReadonlyMap<string, Answer>): Situation {
  return situationOf(matter, { applicant: applicant.kind, agent: agent !== undefined, answers, chosen: new Set(subMatters) })
}

/** The situation as a stored resolution knows it. */
export function situationThen (matter: Matter, request: Request, { answers }: Pick<Resolution, 'answers'>): Situation {
  return situationFrom(matter, request, new Map(answers.map(({ question, value }) => [question, value])))
}

/**
 * Which materials this case asks for and how each comes out. Registers are asked for what is known to be needed alone: first for
 * scenario answers, then by the ways of each material, side by side.
 * @throws {Failure} PARTY_MISSING, REQUIREMENTS_TOO_COMPLEX
 */
export async function resolveCase (matter: Matter, request: Request, inquiry: Inquiry, { now, steps }: ResolveOptions): Promise<{ resolution: Resolution, fetched: Map<string, Fetched> }> {
  const parties = new Parties(matter, request, inquiry, now)
  const { answers, open } = await answerQuestions(matter, request, inquiry, parties)
  const situation = situationFrom(matter, request, valuesOf(answers))
  const ended = endsOf(matter, situation)
  const base = { decidedAt: now.toISOString(), ended, answers: inOrder(matter, answers), questions: inOrder(matter, open) }
  if (ended.length > 0) return { resolution: { ...base, questions: [], parties: parties.told(), materials: [] }, fetched: new Map() }

  const resolved = resolve(requirementOf(matter, situation), situation)
  const candidates = new Set(neededMaterials(resolved.need))
  parties.require(partiesAskedOf(matter, candidates))
  await parties.find(partiesAskedOf(matter, candidates))
  const users = usersOf(matter, situation)
  const context: WayContext = {
    matter, situation, inquiry, subjectOf: id => parties.subject(id), neededBy: material => users.get(material) ?? [], mayCommit: request.agent === undefined || isAuthorised(request.agent, now), now
  }
  const fetched = new Map<string, Fetched>()
  const assessed = await Promise.all(matter.materials.filter(({ id }) => candidates.has(id)).map(async material => {
    const { assessed, read } = await assess(material, context)
    if (read !== undefined) fetched.set(material.id, read)
    return assessed
  }))
  const materials = [...choose(matter, situation, assessed, steps), ...waiting(matter, resolved.open, candidates, 'open'), ...waiting(matter, new Map([...resolved.unfit].map(id => [id, new Set<string>()])), new Set([...candidates, ...resolved.open.keys()]), 'unfit')]
  const order = new Map(matter.materials.map(({ id }, index) => [id, index]))
  materials.sort((a, b) => (order.get(a.id) as number) - (order.get(b.id) as number))
  return { resolution: { ...base, parties: parties.told(), materials }, fetched }
}

/**
 * Asks anew for one material of a case, and for those that the new least set takes in its place; the others stay as they were. What was
 * spare until now was judged when the case was opened, and is not relied on now without asking again.
 */
export async function resolveAgain (matter: Matter, request: Request, before: Resolution, material: string, inquiry: Inquiry, { now, steps, pinned }: ResolveOptions & { pinned: ReadonlySet<string> }): Promise<{ materials: Assessed[], fetched: Map<string, Fetched> }> {
  const situation = situationThen(matter, request, before)
  const parties = new Parties(matter, request, inquiry, now)
  const users = usersOf(matter, situation)
  const context: WayContext = {
    matter, situation, inquiry, subjectOf: id => parties.subject(id), neededBy: id => users.get(id) ?? [], mayCommit: request.agent === undefined || isAuthorised(request.agent, now), now
  }
  const spare = new Set(before.materials.filter(({ need }) => need === 'spare').map(({ id }) => id))
  const fetched = new Map<string, Fetched>()
  let settled = before.materials.filter(({ need }) => need === 'needed' || need === 'spare')
  for (let next: string | undefined = material; next !== undefined;) {
    const id: string = next
    spare.delete(id)
    await parties.find(partiesAskedOf(matter, new Set([id])))
    const { assessed, read } = await assess(matter.materials.find(other => other.id === id) as Material, context)
    if (read !== undefined) fetched.set(id, read)
    settled = choose(matter, situation, settled.map(other => other.id === id ? assessed : other), steps, pinned)
    next = settled.find(other => other.need === 'needed' && spare.has(other.id))?.id
  }
  const chosen = new Map(settled.map(other => [other.id, other]))
  return { materials: before.materials.map(other => chosen.get(other.id) ?? other), fetched }
}

async function assess (material: Material, context: WayContext): Promise<{ assessed: Assessed, read?: Fetched }> {
  const { tried, fetched } = await tryWays(material, context)
  const decision = judge(tried)
  const assessed: Assessed = { ...decision, id: material.id, need: 'needed', tried }
  return fetched === undefined || decision.way !== 'data' || decision.outcome !== 'skip' ? { assessed } : { assessed, read: fetched }
}

/** Marks what belongs to the least set; materials whose fate is settled with the applicant stay in it. */
function choose (matter: Matter, situation: Situation, assessed: readonly Assessed[], steps: number, pinned: ReadonlySet<string> = new Set()): Assessed[] {
  const byId = new Map(assessed.map(material => [material.id, material]))
  const { need } = resolve(requirementOf(matter, situation), situation)
  const order = matter.materials.map(({ id }) => id).filter(id => byId.has(id))
  const set = leastSet({ all: [need, ...[...pinned].map(material => ({ material }))] }, weigh(order, id => byId.get(id) as Assessed), steps)
  return assessed.map(material => ({ ...material, need: set.has(material.id) ? 'needed' : 'spare' }))
}

function waiting (matter: Matter, materials: ReadonlyMap<string, ReadonlySet<string>>, known: ReadonlySet<string>, need: 'open' | 'unfit'): Assessed[] {
  return matter.materials.filter(({ id }) => materials.has(id) && !known.has(id)).map(({ id }) => ({
    id,
    need,
    outcome: 'undecided',
    code: need === 'open' ? 'QUESTION_OPEN' : 'NO_ALTERNATIVE',
    ...(need === 'open' ? { questions: [...materials.get(id) ?? []].filter(question => question !== '') } : {}),
    tried: []
  }))
}

function valuesOf (answers: ReadonlyMap<string, RegisterAnswer>): Map<string, Answer> { return new Map([...answers].map(([id, { value }]) => [id, value])) }
function inOrder<T> (matter: Matter, found: ReadonlyMap<string, T>): T[] { return matter.questions.flatMap(({ id }) => found.has(id) ? [found.get(id) as T] : []) }

/**
 * Answers that count. Where a register can answer, it is asked, and the applicant's own word serves only where no register tells; if
 * the two differ the question stays open. Only questions that matter are put to a register, and so round by round.
 */
async function answerQuestions (matter: Matter, request: Request, inquiry: Inquiry, parties: Parties): Promise<Answered> {
  const given = request.answers ?? {}
  const answers = new Map<string, RegisterAnswer>()
  const open = new Map<string, OpenQuestion>()
  for (const { id, answeredBy = [] } of matter.questions) {
    if (answeredBy.length === 0 && given[id] !== undefined) answers.set(id, { question: id, from: 'applicant', value: given[id] })
  }
  const tried = new Set<string>()
  for (;;) {
    const situation = situationFrom(matter, request, valuesOf(answers))
    const mattering = openQuestions(matter, situation)
    const next = mattering.filter(({ id, answeredBy = [] }) => answeredBy.length > 0 && !tried.has(id))
    if (next.length === 0 || endsOf(matter, situation).length > 0) {
      for (const { id } of mattering) if (!open.has(id)) open.set(id, { question: id })
      for (const id of [...open.keys()]) if (!mattering.some(question => question.id === id)) open.delete(id)
      return { answers: new Map([...answers].filter(([id]) => applies(situation.questions.get(id) as Question, situation).truth !== false)), open }
    }
    await Promise.all(next.map(async question => {
      tried.add(question.id)
      const told = await askRegisters(question, inquiry, parties)
      const own = given[question.id]
      if ('value' in told) {
        const { disputed = false, ...answer } = told
        // A disputed register is no reason to take the applicant's word against it.
        if (own === told.value || (own === undefined && !disputed)) answers.set(question.id, { question: question.id, from: 'register', ...answer })
        else open.set(question.id, { question: question.id, code: own === undefined ? 'SOURCE_DISPUTED' : 'SOURCES_CONFLICT', source: told.source })
      } else if (own !== undefined) answers.set(question.id, { question: question.id, from: 'applicant', value: own, ...told })
      else open.set(question.id, { question: question.id, ...told })
    }))
  }
}

type Told = { value: Answer, source: NonNullable<RegisterAnswer['source']>, asOf?: string, disputed?: true } | { code: ReasonCode, source: NonNullable<RegisterAnswer['source']> }

/** Tried in order; the last reason is kept where none answers. */
async function askRegisters ({ answeredBy = [], ...question }: Question, inquiry: Inquiry, parties: Parties): Promise<Told> {
  let said: Told | undefined
  for (const { data, subject: id, ask, value, otherwise } of answeredBy) {
    await parties.find(new Set([id]))
    const subject = parties.subject(id)
    const unasked = { kind: 'data' as const, name: data }
    if (!('person' in subject)) { said = { code: subject.code, source: unasked }; continue }
    if (value === undefined && otherwise === undefined) {
      const reading = await inquiry.values(data, subject.person, ask.item === undefined ? [] : [ask.item])
      if (!reading.told) { said = { code: reading.code, source: reading.source }; continue }
      const { outcome, values } = reading.value
      const read = values[ask.item ?? ''] as Answer | undefined
      if (outcome === 'found' && read !== undefined && faultOf(question, read) === undefined) return { value: read, ...when(reading) }
      said = { code: outcome === 'none' ? 'NO_MATCH' : outcome === 'several' ? 'SEVERAL_MATCHES' : 'VALUE_MISSING', source: reading.source }
      continue
    }
    const reading = await inquiry.assert(data, subject.person, ask)
    if (!reading.told) { said = { code: reading.code, source: reading.source }; continue }
    const so = reading.value === 'yes' ? value : reading.value === 'no' ? otherwise : undefined
    // Of a register that never received anything, "there is none" is no answer.
    const empty = reading.asOf === undefined
    if (so !== undefined && !empty) return { value: so, ...when(reading) }
    said = { code: reading.value === 'several' ? 'SEVERAL_MATCHES' : empty ? 'SOURCE_EMPTY' : 'NO_MATCH', source: reading.source }
  }
  return said as Told
}

function when ({ source, asOf, disputed }: Extract<Reading<unknown>, { told: true }>): Pick<Extract<Told, { value: Answer }>, 'source' | 'asOf' | 'disputed'> {
  return { source, ...(asOf === undefined ? {} : { asOf }), ...(disputed === undefined ? {} : { disputed }) }
}

/** Whom the matter is about: the applicant, the agent, and parties that the case or a register names. */
export class Parties {
  readonly #matter: Matter
  readonly #request: Pick<Request, 'applicant' | 'agent' | 'parties' | 'consent'>
  readonly #inquiry: Inquiry
  readonly #authorised: boolean
  readonly #found = new Map<string, { from: 'case' | 'register' | 'nobody', subject: Subject }>()
  readonly #finding = new Map<string, Promise<void>>()

  constructor (matter: Matter, request: Pick<Request, 'applicant' | 'agent' | 'parties' | 'consent'>, inquiry: Inquiry, now: Date) {
    this.#matter = matter
    this.#request = request
    this.#inquiry = inquiry
    this.#authorised = request.agent === undefined || isAuthorised(request.agent, now)
  }

  /** @throws {Failure} PARTY_MISSING one of these is named neither by the case nor by a register */
  require (ids: ReadonlySet<string>): void {
    const missing = this.#matter.parties.filter(({ id, from, mayBeUnnamed }) => ids.has(id) && from === undefined && mayBeUnnamed !== true && this.#request.parties?.[id] === undefined)
    refuse('PARTY_MISSING', 'a party that the materials are about is not given', missing.map(({ id }) => ({ pointer: `/parties/${id}`, message: FAULT.missing })))
  }

  /** Looks up those of these whom a register names. */
  async find (ids: ReadonlySet<string>): Promise<void> {
    await Promise.all(this.#matter.parties.filter(({ id }) => ids.has(id)).map(async party => {
      let finding = this.#finding.get(party.id)
      if (finding === undefined) this.#finding.set(party.id, finding = this.#find(party))
      await finding
    }))
  }

  subject (id: string): Subject {
    const { applicant, agent } = this.#request
    if (id === 'agent') return agent === undefined ? { code: 'PARTY_MISSING', name: '代理人' } : { person: agent }
    if (!this.#authorised) return { code: 'AGENT_UNAUTHORISED', name: id }
    if (id === 'applicant') return { person: applicant }
    return this.#found.get(id)?.subject ?? { code: 'PARTY_MISSING', name: this.#nameOf(id) }
  }

  told (): Resolution['parties'] {
    return this.#matter.parties.filter(({ id }) => this.#found.has(id)).map(({ id }) => {
      const { from, subject } = this.#found.get(id) as { from: 'case' | 'register' | 'nobody', subject: Subject }
      return { id, from, ...('code' in subject ? { problem: subject.code } : {}) }
    })
  }

  #nameOf (id: string): string { return this.#matter.parties.find(party => party.id === id)?.name.zh ?? id }

  async #find ({ id, kind, from }: Matter['parties'][number]): Promise<void> {
    const given = this.#request.parties?.[id]
    const fail = (code: ReasonCode): void => { this.#found.set(id, { from: given === undefined ? 'nobody' : 'case', subject: { code, name: this.#nameOf(id) } }) }
    if (from === undefined) {
      if (given === undefined) { fail('PARTY_MISSING'); return }
      // Whom the case alone names may be anybody: a person is asked about only with that person's consent.
      if (kind === 'natural' && this.#request.consent?.parties.includes(id) !== true) { fail('CONSENT_MISSING'); return }
      this.#found.set(id, { from: 'case', subject: { person: given } })
      return
    }
    const holder = this.subject(from.subject)
    if (!('person' in holder)) { fail(holder.code); return }
    const reading = await this.#inquiry.values(from.data, holder.person, [from.item])
    const code = reading.told && reading.value.outcome === 'found' ? reading.value.values[from.item] : undefined
    if (isEmpty(code) || typeof code !== 'string' || !(kind === 'natural' ? isCitizenId : isUscc)(code)) { fail(given === undefined ? 'PARTY_MISSING' : 'PARTY_UNCONFIRMED'); return }
    if (given !== undefined && given.code !== code) { fail('PARTY_CONFLICT'); return }
    if (reading.told && reading.disputed === true) { fail('PARTY_UNCONFIRMED'); return }
    const person: Person = given ?? { code }
    this.#found.set(id, { from: 'register', subject: { person } })
  }
}
