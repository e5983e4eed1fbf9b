import type { Material } from '../../schemas/documents/matter.v1.js'
import { Failure } from '../core/failure.js'
import type { Inquiry } from './inquiry.js'
import type { Flag } from './ports.js'
import type { Assessed, Parties } from './resolution.js'

/** What is written in the place of an item where all of a licence is said to be wrong. */
export const WHOLE_LICENCE = '证照'
const RESULTS = ['proved', 'against', 'open'] as const

/**
 * What was fetched for a material, and of whom it is to be corrected: the answer that decided, or that of the way named.
 * @throws {Failure} MATERIAL_NOT_SPARED nothing was fetched that could be corrected; FIELD_UNKNOWN, INPUT_INVALID
 */
export async function flaggedIn (
  { tried }: Assessed, { ways }: Material, wanted: { way?: 'assertion' | 'data' | 'licence', item?: string }, parties: Parties, inquiry: Inquiry
): Promise<Pick<Flag, 'about' | 'subject' | 'spared' | 'rowDigest' | 'toldAt'>> {
  const told = RESULTS.flatMap(result => tried.filter(other => other.result === result))
    .find(({ source, way }) => (source.resourceId !== undefined || way === 'licence') && (wanted.way === undefined || way === wanted.way))
  const way = told === undefined ? undefined : ways[told.index]
  if (told === undefined || way === undefined || way.way === 'result' || way.way === 'commitment') throw new Failure('MATERIAL_NOT_SPARED', 'nothing was fetched for it that could be corrected')
  const subjectId = way.way === 'licence' ? way.holder : way.subject
  await parties.find(new Set([subjectId]))
  const subject = parties.subject(subjectId)
  if (!('person' in subject)) throw new Failure('MATERIAL_NOT_SPARED', 'it is not known any more whom it is about')
  const spared = told.result === 'proved' || told.code === 'SOURCE_DISPUTED'
  const common = { subject: subject.person.code, spared }
  if (way.way === 'licence') {
    const holding = await inquiry.holding(way.licenceType, subject.person)
    const licence = holding.told && 'licence' in holding.value ? holding.value.licence : undefined
    if (licence === undefined) throw new Failure('MATERIAL_NOT_SPARED', 'which licence it was cannot be told any more')
    const { item } = wanted
    if (item !== undefined && !Object.hasOwn(licence.face, item)) throw new Failure('FIELD_UNKNOWN', 'the licence shows no such item', { violations: [{ pointer: '/item', message: 'is nothing that the licence shows' }] })
    return { ...common, about: { licenceId: licence.licenceId, issuer: licence.issuer.code, ...(item === undefined ? {} : { item }) } }
  }
  const item = wanted.item ?? (way.way === 'assertion' ? way.ask.item : way.items[0])
  if (item === undefined) throw new Failure('INPUT_INVALID', 'the item that is wrong has to be named', { violations: [{ pointer: '/item', message: 'is missing' }] })
  return { ...common, about: { resourceId: told.source.resourceId as string, item }, ...(told.digest === undefined ? {} : { rowDigest: told.digest }), ...toldAt(told, way) }
}

/** When the source said it; that it holds no record was said by nobody at any time. */
function toldAt ({ asOf }: Assessed['tried'][number], way: Extract<Material['ways'][number], { way: 'assertion' | 'data' }>): Pick<Flag, 'toldAt'> {
  return asOf === undefined || (way.way === 'assertion' && way.ask.exists === false) ? {} : { toldAt: asOf }
}
