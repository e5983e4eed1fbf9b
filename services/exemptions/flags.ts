import type { Material } from '../../schemas/documents/matter.v1.js'
import type { FlaggableList } from '../../schemas/http/flaggable-list.v1.js'
import { Failure } from '../core/failure.js'
import { FAULT } from '../core/violations.js'
import { told } from '../core/words.js'
import type { Inquiry, Person } from './inquiry.js'
import type { Flag, HeldLicence } from './ports.js'
import type { ReasonCode } from './reasons.js'
import type { Assessed, Parties } from './resolution.js'

/** What is written in the place of an item where all of a licence is said to be wrong. */
export const WHOLE_LICENCE = '证照'
const RESULTS = ['proved', 'against', 'open'] as const
/** What a way comes to where a source said something; all else tells of the grant, of a source that did not answer, or of us. */
const TOLD: ReadonlySet<string> = new Set<ReasonCode>([
  'ASSERTION_YES', 'DATA_FOUND', 'LICENCE_VALID', 'SOURCE_DISPUTED', 'HOLDER_NOT_MATCHED', 'LICENCE_NOT_IN_FORCE', 'VERDICT_NOT_VALID', 'SEVERAL_MATCHES', 'VALUE_MISSING', 'NO_MATCH',
  'REGISTER_SAYS_NO'
])

/** What was told for a material and can be said to be wrong, the answer that decided first. */
function toldIn ({ tried }: Assessed): Assessed['tried'] {
  return RESULTS.flatMap(result => tried.filter(other => other.result === result))
    .filter(({ code, source, way }) => TOLD.has(code) && (source.resourceId !== undefined || way === 'licence'))
}

/** Whom an answer is about; nobody where that cannot be told any more. */
async function personOf (way: Told, parties: Parties): Promise<Person | undefined> {
  const subjectId = way.way === 'licence' ? way.holder : way.subject
  await parties.find(new Set([subjectId]))
  const subject = parties.subject(subjectId)
  return 'person' in subject ? subject.person : undefined
}
type Told = Extract<Material['ways'][number], { way: 'assertion' | 'data' | 'licence' }>
function isTold (way: Material['ways'][number] | undefined): way is Told { return way !== undefined && way.way !== 'result' && way.way !== 'commitment' }

/** The items that were read or asked about; none where only was asked whether there is a record: then whatever the resource describes may be wrong about it. */
function itemsTold (way: Exclude<Told, { way: 'licence' }>): string[] { return way.way === 'data' ? [...way.items] : way.ask.item === undefined ? [] : [way.ask.item] }

async function licenceOf (way: Extract<Told, { way: 'licence' }>, person: Person, inquiry: Inquiry): Promise<HeldLicence | undefined> {
  const holding = await inquiry.holding(way.licenceType, person)
  return holding.told && 'licence' in holding.value ? holding.value.licence : undefined
}

/** What of a material can be flagged: each answer that was told, and its items by name; their values are nobody's business here. */
export async function flaggableOf (assessed: Assessed, { ways }: Material, parties: Parties, inquiry: Inquiry): Promise<FlaggableList['items']> {
  const found = new Map<Told['way'], FlaggableList['items'][number]>()
  for (const { index, source } of toldIn(assessed)) {
    const way = ways[index]
    if (!isTold(way) || found.has(way.way)) continue
    const about = { way: way.way, source: source.name, ...(source.resourceId === undefined ? {} : { resourceId: source.resourceId }) }
    if (way.way !== 'licence') {
      found.set(way.way, { ...about, items: itemsTold(way) })
      continue
    }
    const person = await personOf(way, parties)
    const licence = person === undefined ? undefined : await licenceOf(way, person, inquiry)
    if (licence !== undefined) found.set(way.way, { ...about, items: Object.keys(licence.face).slice(0, FACE) })
  }
  return [...found.values()]
}
/** Most items of a licence that are offered. */
const FACE = 100

/**
 * What was fetched for a material, and of whom it is to be corrected: the answer that decided, or that of the way named.
 * @throws {Failure} MATERIAL_NOT_SPARED nothing was fetched that could be corrected; FIELD_UNKNOWN the licence does not show
 * the item; INPUT_INVALID the item was not asked about, or has to be named
 */
export async function flaggedIn (
  assessed: Assessed, { ways }: Material, wanted: { way?: Told['way'], item?: string }, parties: Parties, inquiry: Inquiry
): Promise<Pick<Flag, 'about' | 'subject' | 'spared' | 'rowDigest' | 'toldAt'>> {
  const answer = toldIn(assessed).find(({ way }) => wanted.way === undefined || way === wanted.way)
  const way = answer === undefined ? undefined : ways[answer.index]
  if (answer === undefined || !isTold(way)) throw new Failure('MATERIAL_NOT_SPARED', 'nothing was fetched for it that could be corrected')
  const person = await personOf(way, parties)
  if (person === undefined) throw new Failure('MATERIAL_NOT_SPARED', 'it is not known any more whom it is about')
  const spared = answer.result === 'proved' || answer.code === 'SOURCE_DISPUTED'
  const common = { subject: person.code, spared }
  if (way.way === 'licence') {
    const licence = await licenceOf(way, person, inquiry)
    if (licence === undefined) throw new Failure('MATERIAL_NOT_SPARED', 'which licence it was cannot be told any more')
    const { item } = wanted
    if (item !== undefined && !Object.hasOwn(licence.face, item)) throw new Failure('FIELD_UNKNOWN', 'the licence shows no such item', { violations: [{ pointer: '/item', message: told('证照上没有这一项', 'is nothing that the licence shows') }] })
    return { ...common, about: { licenceId: licence.licenceId, issuer: licence.issuer.code, ...(item === undefined ? {} : { item }) } }
  }
  const items = itemsTold(way)
  const { item = items[0] } = wanted
  if (items.length > 0 && !items.some(name => name === item)) throw new Failure('INPUT_INVALID', 'nothing was told of this item', { violations: [{ pointer: '/item', message: told('不是为这份材料查询过的信息项', 'is no item that was asked about for this material') }] })
  if (item === undefined) throw new Failure('INPUT_INVALID', 'the item that is wrong has to be named', { violations: [{ pointer: '/item', message: FAULT.missing }] })
  return { ...common, about: { resourceId: answer.source.resourceId as string, item }, ...(answer.digest === undefined ? {} : { rowDigest: answer.digest }), ...toldAt(answer, way) }
}

/** When the source said it; that it holds no record was said by nobody at any time. */
function toldAt ({ asOf }: Assessed['tried'][number], way: Exclude<Told, { way: 'licence' }>): Pick<Flag, 'toldAt'> {
  return asOf === undefined || (way.way === 'assertion' && way.ask.exists === false) ? {} : { toldAt: asOf }
}
