import type { Ask, Material, Matter, Way } from '../../schemas/documents/matter.v1.js'
import { dayInChina, startOfDayInChina } from '../core/clock.js'
import { holds, type Situation } from './conditions.js'
import { sameName, type Answer, type Holding, type Inquiry, type Person, type Reading } from './inquiry.js'
import type { SourceRef, Tried } from './judge.js'
import type { ReasonCode } from './reasons.js'

/** Somebody whom ways and questions are about, or why nothing may be asked about him. */
export type Subject = { person: Person } | { code: ReasonCode, name: string }

export interface WayContext {
  matter: Matter
  situation: Situation
  inquiry: Inquiry
  subjectOf: (id: string) => Subject
  /** Sub-matters that take part and may need this material. */
  neededBy: (material: string) => readonly string[]
  /** An agent whose authorisation is not given may not commit for the applicant. */
  mayCommit: boolean
  now: Date
}

/** No read at all comes first, then yes or no, a value, a licence; a commitment last. */
const BY_COST: ReadonlyArray<Way['way']> = ['result', 'assertion', 'data', 'licence', 'commitment']

type Of<Kind extends Way['way']> = Extract<Way, { way: Kind }>
type Said = Omit<Tried, 'index' | 'way'>
/** What a data way read, for the answer alone; never kept. */
export interface Fetched { items: Record<string, unknown> }

/**
 * Tries the ways of one material, the cheapest first, until one proves it. How a licence stands in the register is looked at even so:
 * one that was revoked speaks against what another source may still say.
 */
export async function tryWays (material: Material, context: WayContext): Promise<{ tried: Tried[], fetched?: Fetched }> {
  const tried: Tried[] = []
  let fetched: Fetched | undefined
  const has = (result: Tried['result']): boolean => tried.some(other => other.result === result)
  const ways = BY_COST.flatMap(kind => material.ways.filter(({ way }) => way === kind))
  for (const way of ways) {
    const settled = has('proved')
    let said: Said
    switch (way.way) {
      case 'result': said = settled ? aside(way, context) : byResult(way, material, context); break
      case 'assertion': said = settled ? aside(way, context) : await byAssertion(way, context); break
      case 'data': {
        // A register that says no is not asked for its values: they would heal nothing.
        if (settled || has('against')) { said = aside(way, context); break }
        const read = await byData(way, context)
        said = read.said
        if (said.result === 'proved') fetched = { items: read.values }
        break
      }
      case 'licence': said = tried.some(({ way, result }) => way === 'result' && result === 'proved') ? aside(way, context) : await byLicence(way, context, settled); break
      case 'commitment': said = settled ? aside(way, context) : byCommitment(way, context); break
    }
    tried.push({ ...said, index: material.ways.indexOf(way), way: way.way })
  }
  return { tried, ...(fetched === undefined || tried.some(({ result }) => result === 'against') ? {} : { fetched }) }
}

function aside (way: Way, context: WayContext): Said { return { result: 'not-asked', code: 'NOT_ASKED', source: refOf(way, context.matter) } }

/** What a way is called before anything is asked. */
export function refOf (way: Way, matter: Matter): SourceRef {
  switch (way.way) {
    case 'assertion':
    case 'data': return { kind: 'data', name: way.data }
    case 'licence': return { kind: 'licence', name: way.licenceType }
    case 'result': {
      const step = matter.subMatters.find(({ id }) => id === way.subMatter)
      return { kind: 'sub-matter', name: step?.name.zh ?? way.subMatter, ...(step === undefined ? {} : { organisation: step.department }) }
    }
    case 'commitment': return { kind: 'commitment', name: matter.commitments.find(({ id }) => id === way.commitment)?.name.zh ?? way.commitment }
  }
}

function byResult (way: Of<'result'>, material: Material, { matter, situation, neededBy, now }: WayContext): Said {
  const source = refOf(way, matter)
  const { truth, questions } = situation.takesPart(way.subMatter)
  if (truth === 'unknown') return { result: 'open', code: 'QUESTION_OPEN', source, questions: [...questions] }
  if (!truth) return { result: 'closed', code: 'RESULT_NOT_IN_CASE', source }
  const comesFirst = neededBy(material.id).every(user => before(matter, user).has(way.subMatter))
  return comesFirst ? { result: 'proved', code: 'RESULT_OF_STEP', source, asOf: now.toISOString() } : { result: 'closed', code: 'RESULT_COMES_LATER', source }
}

/** Sub-matters that are done before this one begins. */
function before (matter: Matter, subMatter: string, seen = new Set<string>()): Set<string> {
  for (const earlier of matter.subMatters.find(({ id }) => id === subMatter)?.after ?? []) {
    if (seen.has(earlier)) continue
    seen.add(earlier)
    before(matter, earlier, seen)
  }
  return seen
}

function about (id: string, context: WayContext, way: Way): { person: Person } | Said {
  const subject = context.subjectOf(id)
  if ('person' in subject) return subject
  const source = refOf(way, context.matter)
  return { result: 'open', code: subject.code, source: PARTY_CODES.has(subject.code) ? { ...source, name: subject.name } : source }
}
const PARTY_CODES: ReadonlySet<ReasonCode> = new Set(['PARTY_MISSING', 'PARTY_CONFLICT', 'PARTY_UNCONFIRMED'])

function untold ({ code, source }: Extract<Reading<unknown>, { told: false }>): Said {
  return { result: code === 'NOT_SHARED' || code === 'LICENCE_TYPE_UNKNOWN' ? 'closed' : 'open', code, source }
}

function evidence ({ source, asOf, receiptId, digest }: Extract<Reading<unknown>, { told: true }>): Pick<Said, 'source' | 'asOf' | 'receiptId' | 'digest'> {
  const said: Pick<Said, 'source' | 'asOf' | 'receiptId' | 'digest'> = { source }
  if (asOf !== undefined) said.asOf = asOf
  if (receiptId !== undefined) said.receiptId = receiptId
  if (digest !== undefined) said.digest = digest
  return said
}

/** What was flagged proves nothing until its provider has answered. What it says against somebody stands: a flag must not clear a denial. */
function unlessDisputed ({ disputed }: Extract<Reading<unknown>, { told: true }>, said: Said): Said {
  return disputed === true && said.result === 'proved' ? { ...said, result: 'open', code: 'SOURCE_DISPUTED' } : said
}

async function byAssertion (way: Of<'assertion'>, context: WayContext): Promise<Said> {
  const subject = about(way.subject, context, way)
  if (!('person' in subject)) return subject
  const reading = await context.inquiry.assert(way.data, subject.person, way.ask)
  if (!reading.told) return untold(reading)
  const { result, code } = assertionSays(reading.value, way.ask, reading.asOf)
  return unlessDisputed(reading, { ...evidence(reading), result, code })
}

/** That there is no record says nothing where the register never received any. */
export function assertionSays (answer: Answer, ask: Ask, asOf: string | undefined): Pick<Said, 'result' | 'code'> {
  switch (answer) {
    case 'yes': return ask.exists === false && asOf === undefined ? { result: 'open', code: 'SOURCE_EMPTY' } : { result: 'proved', code: 'ASSERTION_YES' }
    case 'no': return asksForRecord(ask) ? { result: 'open', code: 'NO_MATCH' } : { result: 'against', code: 'REGISTER_SAYS_NO' }
    case 'none': return { result: 'open', code: 'NO_MATCH' }
    case 'several': return { result: 'open', code: 'SEVERAL_MATCHES' }
  }
}

/** Whether a record is there is all that is asked: that there is none is no match, not a denial. */
function asksForRecord ({ is, oneOf, not, atLeast, atMost, exists }: Ask): boolean {
  return exists !== false && [is, oneOf, not, atLeast, atMost].every(comparison => comparison === undefined)
}

const NAMES = ['姓名', '名称'] // in whose register's row a name stands, it is the name of whom it is about
async function byData (way: Of<'data'>, context: WayContext): Promise<{ said: Said, values: Record<string, unknown> }> {
  const subject = about(way.subject, context, way)
  if (!('person' in subject)) return { said: subject, values: {} }
  const reading = await context.inquiry.values(way.data, subject.person, way.items)
  if (!reading.told) return { said: untold(reading), values: {} }
  const { outcome, values } = reading.value
  const says = (result: Said['result'], code: ReasonCode): { said: Said, values: Record<string, unknown> } => ({ said: unlessDisputed(reading, { ...evidence(reading), result, code }), values: { ...values } })
  if (outcome === 'none') return says('open', 'NO_MATCH')
  if (outcome === 'several') return says('open', 'SEVERAL_MATCHES')
  if (way.items.some(item => isEmpty(values[item]))) return says('open', 'VALUE_MISSING')
  const { name } = subject.person
  if (name !== undefined && NAMES.some(item => way.items.includes(item) && !sameName(String(values[item]), name))) return says('against', 'HOLDER_NOT_MATCHED')
  return says('proved', 'DATA_FOUND')
}

export function isEmpty (value: unknown): boolean { return value === undefined || value === null || (typeof value === 'string' && value.trim() === '') }

/** @param settled - proved otherwise already: then only what speaks against it is looked for */
async function byLicence (way: Of<'licence'>, context: WayContext, settled: boolean): Promise<Said> {
  const subject = about(way.holder, context, way)
  if (!('person' in subject)) return settled ? aside(way, context) : subject
  const holding = await context.inquiry.holding(way.licenceType, subject.person)
  if (!holding.told) return settled ? aside(way, context) : untold(holding)
  const { source } = holding
  const state: Holding['state'] = holding.value.state
  if (state === 'not-in-force') return { result: 'against', code: 'LICENCE_NOT_IN_FORCE', source }
  if (state === 'other-name') return { result: 'against', code: 'HOLDER_NOT_MATCHED', source }
  if (settled) return aside(way, context)
  if (holding.value.state !== 'in-force') return { result: 'open', code: state === 'several' ? 'SEVERAL_MATCHES' : 'NO_MATCH', source }
  const reading = await context.inquiry.verify(way.licenceType, holding.value.licence)
  if (!reading.told) return untold(reading)
  switch (reading.value) {
    case 'valid': return unlessDisputed(reading, { ...evidence(reading), result: 'proved', code: 'LICENCE_VALID' })
    case 'invalid': return { ...evidence(reading), result: 'against', code: 'VERDICT_NOT_VALID' }
    case 'indeterminate': return { ...evidence(reading), result: 'open', code: 'VERDICT_NOT_VALID' }
  }
}

function byCommitment (way: Of<'commitment'>, { matter, situation, mayCommit }: WayContext): Said {
  const source = refOf(way, matter)
  const commitment = matter.commitments.find(({ id }) => id === way.commitment)
  if (commitment === undefined) return { result: 'closed', code: 'COMMITMENT_NOT_ALLOWED', source }
  if (!mayCommit) return { result: 'open', code: 'AGENT_UNAUTHORISED', source }
  const { truth, questions } = commitment.when === undefined ? { truth: true as const, questions: new Set<string>() } : holds(commitment.when, situation)
  if (truth === 'unknown') return { result: 'open', code: 'QUESTION_OPEN', source, questions: [...questions] }
  return truth ? { result: 'allowed', code: 'COMMITMENT_ALLOWED', source } : { result: 'closed', code: 'COMMITMENT_NOT_ALLOWED', source }
}

/** Is an agent's authorisation given, and has it not ended? One until a day that there is not is none. */
export function isAuthorised ({ authorisation }: { authorisation?: { until?: string } }, now: Date): boolean {
  if (authorisation?.until === undefined) return authorisation !== undefined
  return startOfDayInChina(authorisation.until) !== undefined && authorisation.until >= dayInChina(now)
}
