import type { MatterForm } from '../../schemas/documents/matter-form.v1.js'
import type { Matter } from '../../schemas/documents/matter.v1.js'
import type { IssuingList } from '../../schemas/http/issuing-list.v1.js'
import type { ListFindings } from '../../schemas/http/list-findings.v1.js'
import type { UsingList } from '../../schemas/http/using-list.v1.js'
import { dayInChina, type Clock, type DayText } from '../core/clock.js'
import type { Uscc } from '../core/identifiers.js'
import type { IssuedType, IssuedTypes } from './issued-types.js'
import { namesIn } from './matters-lint.js'
import { titleKey, type Resources } from './resources.js'
import { mattersOf, type UsedType, type UsedTypes } from './used-types.js'

/** A line of the authority list: who may issue which type, where, from when to when. */
export interface Authority { issuer: Uscc, issuerName: string, licenceType: string, licenceTypeName: string, regions: readonly string[], from: DayText, to?: DayText }

export interface ListPorts {
  clock: Clock
  issued: Pick<IssuedTypes, 'all'>
  used: Pick<UsedTypes, 'all'>
  resources: Pick<Resources, 'byTitle' | 'list'>
  /** The authority list that is believed at present. */
  authorities: () => readonly Authority[]
  matters: () => { matters: readonly Matter[], forms: ReadonlyMap<string, MatterForm> }
  organisationName: (uscc: Uscc) => Promise<string | undefined>
}

type IssuingLine = IssuingList['items'][number]
type UsingLine = UsingList['items'][number]
export type ListFinding = ListFindings['items'][number]
interface Asking { matter: string, name: string, materials: Set<string> }

/** 发证清单 and 用证清单: what may be issued, is issued, is asked for and used; and where these do not fit. */
export class Lists {
  readonly #ports: ListPorts
  constructor (ports: ListPorts) { this.#ports = ports }

  /** By type, in the order of their codes: who may issue it, and who does. */
  async issuing (): Promise<IssuingLine[]> {
    const issued = groupBy(await this.#ports.issued.all(), ({ licenceType }) => licenceType)
    const listed = groupBy(this.#ports.authorities(), ({ licenceType }) => licenceType)
    const today = dayInChina(this.#ports.clock.now())
    return [...new Set([...issued.keys(), ...listed.keys()])].sort().map(licenceType => {
      const authorities = listed.get(licenceType) ?? []
      const lines = issued.get(licenceType) ?? []
      return {
        licenceType,
        licenceTypeName: authorities[0]?.licenceTypeName ?? lines[0]?.licenceTypeName ?? '',
        mayIssue: authorities.map(({ issuer, issuerName, regions, from, to }) => ({
          issuer, issuerName, regions: [...regions], from, ...(to === undefined ? {} : { to }), atPresent: from <= today && (to === undefined || today <= to)
        })),
        issued: lines.map(({ issuer, issuerName, count, first, last, digital, digitalSince }) => ({
          issuer, issuerName, count, first, last, digital, ...(digitalSince === undefined ? {} : { digitalSince })
        }))
      }
    })
  }

  /** By name of the type: who uses it, and which matters ask for it. */
  async using (): Promise<UsingLine[]> {
    const issued = await this.#ports.issued.all()
    const names = this.#names(issued)
    const byName = new Map<string, { codes: Set<string>, used: UsedType[], asking: Asking[] }>()
    const lineOf = (name: string): { codes: Set<string>, used: UsedType[], asking: Asking[] } => {
      const line = byName.get(name) ?? { codes: new Set(names.codes.get(name)), used: [], asking: [] }
      byName.set(name, line)
      return line
    }
    for (const used of await this.#ports.used.all()) {
      const line = lineOf(names.name.get(used.licenceType) ?? used.licenceType)
      line.codes.add(used.licenceType)
      line.used.push(used)
    }
    for (const [name, asking] of askedFor(this.#ports.matters())) lineOf(name).asking.push(...asking)
    const lines = [...byName].sort(([a], [b]) => a < b ? -1 : 1)
    return await Promise.all(lines.map(async ([licenceTypeName, { codes, used, asking }]) => ({
      licenceTypeName,
      licenceTypes: [...codes].sort(),
      usedBy: await Promise.all(used.map(async line => {
        const name = await this.#ports.organisationName(line.organisation)
        return { organisation: line.organisation, ...(name === undefined ? {} : { name }), first: line.first, last: line.last, days: line.days, matters: mattersOf(line) }
      })),
      askedBy: asking.map(({ matter, name, materials }) => ({ matter, name, materials: [...materials].sort() }))
    })))
  }

  /** Where the lists, the matters and the catalogue do not fit. In a fixed order. */
  async findings (): Promise<ListFinding[]> {
    const issued = await this.#ports.issued.all()
    const using = await this.using()
    const issuedTypes = new Set(issued.map(({ licenceType }) => licenceType))
    const { codes } = this.#names(issued)
    const found: ListFinding[] = []
    for (const { licenceTypeName: name, licenceTypes, usedBy, askedBy } of using) {
      const matters = [...new Set([...askedBy.map(({ matter }) => matter), ...usedBy.flatMap(({ matters }) => matters)])].sort()
      if (!codes.has(name) && askedBy.length > 0) found.push(finding('LICENCE_TYPE_UNKNOWN', name, matters))
      else if (!licenceTypes.some(code => issuedTypes.has(code))) found.push(finding('LICENCE_USED_NEVER_ISSUED', name, matters, licenceTypes))
    }
    const wanted = new Set(using.flatMap(({ licenceTypes }) => licenceTypes))
    const idle = new Map(issued.filter(({ licenceType }) => !wanted.has(licenceType)).map(({ licenceType, licenceTypeName }) => [licenceType, licenceTypeName]))
    for (const [code, name] of [...idle].sort(([a], [b]) => a < b ? -1 : 1)) found.push(finding('LICENCE_ISSUED_NEVER_USED', name, [], [code]))
    return [...found, ...await this.#unpublished(), ...await this.#paperHeld(issued)]
  }

  /** Names of types and their codes, by the authority list and by what was issued. */
  #names (issued: readonly IssuedType[]): { codes: Map<string, Set<string>>, name: Map<string, string> } {
    const codes = new Map<string, Set<string>>()
    const name = new Map<string, string>()
    for (const { licenceType, licenceTypeName } of [...issued, ...this.#ports.authorities()]) { // the list last: its names count
      name.set(licenceType, licenceTypeName)
      codes.set(licenceTypeName, (codes.get(licenceTypeName) ?? new Set()).add(licenceType))
    }
    return { codes, name }
  }

  /** Titles that matters name and nobody publishes. */
  async #unpublished (): Promise<ListFinding[]> {
    const { matters, forms } = this.#ports.matters()
    const titles = new Map<string, Set<string>>()
    for (const matter of matters) {
      for (const { name } of namesIn(matter, forms.get(matter.form)).titles) titles.set(name, (titles.get(name) ?? new Set()).add(matter.id))
    }
    const found: ListFinding[] = []
    for (const [title, asking] of [...titles].sort(([a], [b]) => a < b ? -1 : 1)) {
      if (await this.#ports.resources.byTitle(title) === undefined) found.push(finding('DATA_NOT_PUBLISHED', title, [...asking].sort()))
    }
    return found
  }

  /** Materials that no licence and no data spares, though the government issues the licence or holds the data by that name. */
  async #paperHeld (issued: readonly IssuedType[]): Promise<ListFinding[]> {
    const types = new Map(issued.map(({ licenceType, licenceTypeName }) => [titleKey(licenceTypeName), { name: licenceTypeName, code: licenceType }]))
    const found: ListFinding[] = []
    for (const matter of this.#ports.matters().matters) {
      for (const material of matter.materials) {
        if (!PAPERS.has(material.kind) || material.ways.some(({ way }) => way === 'licence' || way === 'data' || way === 'assertion' || way === 'result')) continue
        const name = bareName(material.name.zh)
        if (name === '' || ABOUT_A_PAPER.test(name)) continue
        const type = [...types].find(([key]) => key.length >= SHORTEST_NAME && name.includes(key))?.[1]
        const resource = type === undefined ? await this.#resourceNamed(name) : undefined
        const held = type?.name ?? resource
        if (held !== undefined) found.push({ ...finding('PAPER_HELD', held, [matter.id], type === undefined ? undefined : [type.code]), material: { id: material.id, name: material.name.zh } })
      }
    }
    return found
  }

  async #resourceNamed (name: string): Promise<string | undefined> {
    for (const title of [name, `${name}信息`]) if (await this.#ports.resources.byTitle(title) !== undefined) return title
    if (name.length < SHORTEST_NAME) return undefined
    const { items: [best] } = await this.#ports.resources.list({ q: name, limit: 1 })
    const title = best?.published?.resource.title
    return title !== undefined && titleKey(title).includes(name) ? title : undefined
  }
}

/** Kinds of material that the government may have made itself; a form, a drawing or a photo is the applicant's. */
const PAPERS = new Set<Matter['materials'][number]['kind']>(['licence', 'identity', 'proof', 'document', 'data'])
/** What an applicant says of a paper names it too, and no paper that the government holds is that. */
const ABOUT_A_PAPER = /(?:声明|公告|说明|承诺书?|申请书?|申请表|委托书)$/
/** A shorter name stands in too many others. */
const SHORTEST_NAME = 3

/** A material's name without what only says in which form it is handed in. */
function bareName (name: string): string {
  return titleKey(name).replace(/[(][^()]*[)]/g, '').replace(/(?:及其|及)?(?:原件|复印件|扫描件|正本|副本|电子版|打印件)+/g, '')
}

/** Which matters ask for which type of licence, and for which materials it stands. */
function askedFor ({ matters }: { matters: readonly Matter[] }): Map<string, Asking[]> {
  const asked = new Map<string, Asking[]>()
  for (const matter of matters) {
    for (const material of matter.materials) {
      for (const way of material.ways) {
        if (way.way !== 'licence') continue
        const lines = asked.get(way.licenceType) ?? []
        const line = lines.find(({ matter: id }) => id === matter.id)
        if (line === undefined) lines.push({ matter: matter.id, name: matter.name.zh, materials: new Set([material.id]) })
        else line.materials.add(material.id)
        asked.set(way.licenceType, lines)
      }
    }
  }
  return asked
}

const WORDS: Record<ListFinding['code'], (subject: string) => { say: ListFinding['say'], mend: ListFinding['mend'] }> = {
  LICENCE_TYPE_UNKNOWN: name => ({
    say: { zh: `事项要求“${name}”，发证清单中没有这种证照`, en: `Matters ask for ${name}, which the authority list does not know` },
    mend: { zh: '核对证照类型名称，或由编制单位补入发证清单', en: 'Check the name of the type, or have it added to the authority list' }
  }),
  LICENCE_USED_NEVER_ISSUED: name => ({
    say: { zh: `“${name}”被使用或要求，但从未签发电子证照`, en: `${name} is used or asked for, and was never issued here` },
    mend: { zh: '请发证机关归集并签发电子证照', en: 'Its issuing office should issue it electronically' }
  }),
  LICENCE_ISSUED_NEVER_USED: name => ({
    say: { zh: `“${name}”已签发，但没有事项要求，也没有单位使用`, en: `${name} is issued, and no matter asks for it and nobody uses it` },
    mend: { zh: '核对哪些事项仍在收取纸质件，改用电子证照', en: 'See which matters still take the paper, and let the licence stand for it' }
  }),
  DATA_NOT_PUBLISHED: title => ({
    say: { zh: `事项引用“${title}”，目录中没有单位发布`, en: `Matters name ${title}, which nobody publishes` },
    mend: { zh: '请数源部门编制并发布，或更正事项中的名称', en: 'Its source department should publish it, or the name in the matter be mended' }
  }),
  PAPER_HELD: name => ({
    say: { zh: `仍收取纸质材料，而政府已有“${name}”`, en: `Paper is asked for, though the government holds ${name}` },
    mend: { zh: '在事项中为该材料写明电子证照或数据共享的方式', en: 'Give the material a way by licence or by data in the matter' }
  })
}

function finding (code: ListFinding['code'], subject: string, matters: string[], licenceTypes?: string[]): ListFinding {
  return { code, subject, ...(licenceTypes === undefined ? {} : { licenceTypes }), matters, ...WORDS[code](subject) }
}

function groupBy <T> (items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(keyOf(item), [...groups.get(keyOf(item)) ?? [], item])
  return groups
}
