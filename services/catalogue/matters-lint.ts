import type { MatterForm } from '../../schemas/documents/matter-form.v1.js'
import type { Matter, Way } from '../../schemas/documents/matter.v1.js'

/** What a province holds, by name: titles of published resources, 证照类型名称 that somebody issues. */
export interface Held { titles: ReadonlySet<string>, licenceTypes: ReadonlySet<string> }

/** Something to look at: the matter works all the same. Codes are for programs and never change. */
export interface MatterRemark {
  code: 'SOURCE_MISSING' | 'FACT_UNCONFIRMED' | 'HELD_WITHOUT_WAY' | 'TITLE_UNPUBLISHED' | 'LICENCE_TYPE_UNISSUED' | 'ORDER_UNSAID' | 'FIELD_WITHOUT_WORDS'
  matter: string
  /** JSON pointer into the matter, or into its form where that is said. */
  pointer: string
  in: 'matter' | 'form'
  /** What it is about: a title, a licence type, a material. */
  about: string
}

/**
 * Remarks on matters that are in order as such: facts without a source or not confirmed, paper that the government holds and still asks
 * for, names that nothing of the province answers to. Without `held` the names are not looked at.
 */
export function lintMatters (matters: readonly Matter[], forms: ReadonlyMap<string, MatterForm>, held?: Held): MatterRemark[] {
  return matters.flatMap(matter => {
    const remark = (code: MatterRemark['code'], pointer: string, about: string, where: MatterRemark['in'] = 'matter'): MatterRemark => ({ code, matter: matter.id, pointer, in: where, about })
    const form = forms.get(matter.form)
    const used = namesIn(matter, form)
    return [
      ...factsOf(matter).filter(({ tag }) => tag === undefined).map(({ pointer }) => remark('SOURCE_MISSING', pointer, matter.id)),
      ...doubtsOf(matter).map(pointer => remark('FACT_UNCONFIRMED', pointer, matter.id)),
      ...matter.materials.flatMap((material, i) => isHeld(material) && !material.ways.some(spares) ? [remark('HELD_WITHOUT_WAY', `/materials/${i}`, material.id)] : []),
      ...orderUnsaid(matter).map(({ pointer, about }) => remark('ORDER_UNSAID', pointer, about)),
      ...(form === undefined ? [] : fieldsWithoutWords(form.schema as FieldSchema, '/schema').map(pointer => remark('FIELD_WITHOUT_WORDS', pointer, form.id, 'form'))),
      ...(held === undefined
        ? []
        : [
            ...used.titles.filter(({ name }) => !held.titles.has(name)).map(({ name, pointer, where }) => remark('TITLE_UNPUBLISHED', pointer, name, where)),
            ...used.licenceTypes.filter(({ name }) => !held.licenceTypes.has(name)).map(({ name, pointer, where }) => remark('LICENCE_TYPE_UNISSUED', pointer, name, where))
          ])
    ]
  })
}

/** Pointers to the facts that nobody has confirmed yet (tag N). */
export function doubtsOf (matter: Matter): string[] { return factsOf(matter).filter(({ tag }) => tag === 'N').map(({ pointer }) => pointer) }

/** Every title and every licence type that a matter or its form speaks of, with the place. */
export function namesIn (matter: Matter, form?: MatterForm): { titles: NamedAt[], licenceTypes: NamedAt[] } {
  const titles: NamedAt[] = []
  const licenceTypes: NamedAt[] = []
  for (const where of ['matter', 'form'] as const) {
    eachObject(where === 'matter' ? { ...matter } : form?.prefill, where === 'matter' ? '' : '/prefill', (value, pointer) => {
      if (typeof value['data'] === 'string') titles.push({ name: value['data'], pointer: `${pointer}/data`, where })
      // A result names what the matter itself brings forth; only a way asks for one that exists.
      if (typeof value['licenceType'] === 'string' && 'holder' in value) licenceTypes.push({ name: value['licenceType'], pointer: `${pointer}/licenceType`, where })
    })
  }
  return { titles, licenceTypes }
}
export interface NamedAt { name: string, pointer: string, where: MatterRemark['in'] }

interface Fact { pointer: string, tag?: string }
/** What states something about the world, and so has to say where it comes from. */
const FACT = /^\/(?:lead|fee|source)$|^\/(?:cooperating|legalBasis|conditions|questions|ends|materials|commitments|subMatters|limits|results|flow)\/\d+$|^\/commitments\/\d+\/followUp$|^\/questions\/\d+\/answeredBy\/\d+$|^\/materials\/\d+\/ways\/\d+$|^\/subMatters\/\d+\/(?:fee|(?:limits|results|conditions|legalBasis)\/\d+)$/

function factsOf (matter: Matter): Fact[] {
  const facts: Fact[] = []
  eachObject({ ...matter }, '', (value, pointer) => {
    const source = pointer === '/source' ? value : value['source']
    const tag = (source as { tag?: string } | undefined)?.tag
    if (FACT.test(pointer) || (tag !== undefined && pointer !== '')) facts.push({ pointer, ...(tag === undefined ? {} : { tag }) })
  })
  return facts
}

function eachObject (value: unknown, pointer: string, visit: (value: Record<string, unknown>, pointer: string) => void): void {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) visit(value as Record<string, unknown>, pointer)
  for (const [name, inner] of Object.entries(value)) eachObject(inner, `${pointer}/${name}`, visit)
}

function isHeld ({ kind, issuer }: Matter['materials'][number]): boolean { return issuer !== undefined || kind === 'licence' || kind === 'identity' }

/** Does the applicant go without paper? A commitment is a paper of another kind. */
function spares ({ way }: Way): boolean { return way !== 'commitment' }

/** A sub-matter that takes in what another brings forth, and does not say that it comes after that one. */
function orderUnsaid (matter: Matter): Array<{ pointer: string, about: string }> {
  const makers = new Map(matter.materials.map(({ id, ways }) => [id, ways.flatMap(way => way.way === 'result' ? [way.subMatter] : [])]))
  const before = (id: string, seen = new Set<string>()): Set<string> => {
    for (const earlier of matter.subMatters.find(subMatter => subMatter.id === id)?.after ?? []) {
      if (seen.has(earlier)) continue
      seen.add(earlier)
      before(earlier, seen)
    }
    return seen
  }
  return matter.subMatters.flatMap(({ id, requires }, i) => {
    const materials: string[] = []
    eachObject(requires, '', value => { if (typeof value['material'] === 'string') materials.push(value['material']) })
    const earlier = before(id)
    return [...new Set(materials.flatMap(material => makers.get(material) ?? []))].filter(maker => !earlier.has(maker)).map(about => ({ pointer: `/subMatters/${i}/after`, about }))
  })
}

interface FieldSchema { title?: string, description?: string, properties?: Record<string, FieldSchema>, items?: FieldSchema }

function fieldsWithoutWords ({ title, description, properties = {}, items }: FieldSchema, pointer: string): string[] {
  return [
    ...(title === undefined || description === undefined ? [pointer] : []),
    ...Object.entries(properties).flatMap(([name, schema]) => fieldsWithoutWords(schema, `${pointer}/properties/${name}`)),
    ...(items === undefined ? [] : fieldsWithoutWords(items, `${pointer}/items`))
  ]
}
