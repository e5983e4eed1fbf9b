import type { Document } from '../../platform/documents/port.js'
import type { Caller } from '../core/caller.js'
import { dayInChina, type Clock, type DayText } from '../core/clock.js'
import { Failure } from '../core/failure.js'
import type { Uscc } from '../core/identifiers.js'
import { authorOf, type CatalogueLog, type Fold } from './catalogue-log.js'

/** How a licence was used: somebody verified it, or it spared an applicant its paper. */
export type UseWay = 'verification' | 'exemption'
export interface LicenceUse {
  /** 证照类型代码 */
  licenceType: string
  caller: Caller
  way: UseWay
  /** The matter that it was for. */
  matter?: string
}

/** One organisation's uses of one type, counted by days: how often within a day tells nothing here. */
export interface UsedType extends Document {
  licenceType: string
  organisation: Uscc
  first: DayText
  last: DayText
  days: number
  /** By way, and matter where it was for one: the last day. */
  uses: Record<string, DayText>
}
interface UsedData { licenceType: string, way: UseWay, matter?: string, day: DayText }

export const USED_TYPES = 'catalogue-used-types'
/** More matters than these are not told apart for one organisation and type. */
const USES_TOLD = 200

/** 用证清单, kept up by what is really used. */
export const usedFold: Fold = {
  name: 'used-types',
  version: 1,
  decides: ['licence-type.used.v1'],
  collections: { [USED_TYPES]: {} },
  async apply ({ event }, view) {
    const { licenceType, way, matter, day } = event.data as UsedData
    const { organisation } = event.by
    const id = idOf(licenceType, organisation)
    const before = await view.get<UsedType>(USED_TYPES, id)
    const uses = { ...before?.uses }
    const key = useKey(way, matter)
    if (key in uses || Object.keys(uses).length < USES_TOLD) uses[key] = later(uses[key], day)
    const used: UsedType = {
      id,
      licenceType,
      organisation,
      first: before === undefined || day < before.first ? day : before.first,
      last: later(before?.last, day),
      days: (before?.days ?? 0) + (before === undefined || day > before.last ? 1 : 0),
      uses
    }
    view.set(USED_TYPES, used)
    return undefined
  }
}

/** Most uses of a day that are remembered, so as not to write them again. */
const REMEMBERED = 50_000

/** Writes down who uses which type of licence, once a day for each organisation, way and matter. */
export class UsedTypes {
  readonly #log: CatalogueLog
  readonly #clock: Clock
  #written = { day: '', keys: new Set<string>() }
  constructor (log: CatalogueLog, clock: Clock) { this.#log = log; this.#clock = clock }

  /** @throws {Failure} STORE_UNAVAILABLE, STORE_FULL, SHUTTING_DOWN: the use itself need not fail for it */
  async licenceUsed ({ licenceType, caller, way, matter }: LicenceUse): Promise<void> {
    if (!/^[0-9A-Z]{21}$/.test(licenceType)) throw new Failure('INPUT_INVALID', 'this is no type of licence')
    const day = dayInChina(this.#clock.now())
    const key = `${licenceType} ${caller.organisation} ${useKey(way, matter)}`
    if (this.#written.day !== day || this.#written.keys.size >= REMEMBERED) this.#written = { day, keys: new Set() }
    if (this.#written.keys.has(key)) return
    this.#written.keys.add(key) // at once, so that a second use meanwhile is not written too
    try {
      const known = await this.#log.collection<UsedType>(USED_TYPES).get(idOf(licenceType, caller.organisation))
      if (known?.document.uses[useKey(way, matter)] === day) return
      const data: UsedData = { licenceType, way, ...(matter === undefined ? {} : { matter }), day }
      await this.#log.decide({ type: 'licence-type.used.v1', subject: idOf(licenceType, caller.organisation), by: authorOf(caller), why: way === 'verification' ? '核验' : '免于提交', data })
    } catch (error) {
      this.#written.keys.delete(key)
      throw error
    }
  }

  async all (): Promise<UsedType[]> {
    const all: UsedType[] = []
    for (let after: string | undefined; ;) {
      const { items, next } = await this.#log.collection<UsedType>(USED_TYPES).find({ index: 'id', limit: 1000, ...(after === undefined ? {} : { after }) })
      all.push(...items.map(({ document }) => document))
      if (next === undefined) return all
      after = next
    }
  }
}

/** The matters that the uses were for. */
export function mattersOf ({ uses }: UsedType): string[] {
  return [...new Set(Object.keys(uses).flatMap(key => key.includes(' ') ? [key.slice(key.indexOf(' ') + 1)] : []))].sort()
}

function idOf (licenceType: string, organisation: Uscc): string { return `${licenceType}.${organisation}` }
function useKey (way: UseWay, matter: string | undefined): string { return matter === undefined ? way : `${way} ${matter}` }
function later (before: DayText | undefined, day: DayText): DayText { return before !== undefined && before > day ? before : day }
