import type { SampleProvince } from '../../schemas/documents/sample-province.v1.js'
import type { DayText } from '../../services/core/clock.js'
import type { RegisterRow } from '../register-row.js'
import { candidates, quotas, rowsOf } from './licences.js'
import { makePeople, type Person } from './people.js'
import { Random } from './random.js'
import { blemishesOf, recordsOf, type Blemishes, type RecordRow, type World } from './records.js'
import { makeShops, type Shop } from './shops.js'

export type { Blemishes, Person, RecordRow, Shop }
export { RECORD_SETS } from './records.js'
export { writeRecords, writeRegisters } from './registers.js'

export interface SampleOptions {
  province: SampleProvince
  seed: number
  /** The day on which the registers stand as they are: nothing in them happens later. */
  today: DayText
  people: number
  shops: number
  licences: number
}

export interface Sample {
  readonly province: SampleProvince
  readonly people: readonly Person[]
  readonly shops: readonly Shop[]
  /**
   * The register of a department, one licence type after the other in the order of the province, each in the order of issue;
   * the same rows every time. @throws {RangeError} no such department, or no such licence type there
   */
  rows: (departmentId: string, licenceType?: string) => Generator<RegisterRow>
  /** The data set of this name, of the same people and shops. @throws {RangeError} nobody knows how to make it */
  records: (name: string) => Generator<RecordRow>
  /** Where these data sets do not agree with one another. */
  blemishes: () => Blemishes
}

/** Makes up a province from a seed: the same options give the same people, shops and rows on every machine. */
export function makeSample ({ province, seed, today, people: peopleCount, shops: shopCount, licences }: SampleOptions): Sample {
  const random = new Random(`mianzheng-sample-1/${seed}`)
  const people = makePeople(random.child('people'), peopleCount, province.districts, today)
  const shops = makeShops(random.child('shops'), shopCount, people, province.districts, today)
  const types = province.departments.flatMap(({ licences }) => licences)
  const among = new Map(types.map(type => [type.type, candidates(type, people, shops, today)]))
  const amongOf = (type: string): ReturnType<typeof candidates> => among.get(type) as ReturnType<typeof candidates>
  const quota = quotas(types, licences, ({ type }) => amongOf(type).length)
  const registers = new Map<string, RegisterRow[]>()
  const world: World = {
    people,
    shops,
    districts: province.districts,
    today,
    random: label => random.child(label),
    licences: name => {
      let rows = registers.get(name)
      if (rows === undefined) {
        registers.set(name, rows = types.filter(type => type.name === name).flatMap(type => {
          return [...rowsOf(type, quota.get(type.type) as number, amongOf(type.type), random.child(`register/${type.type}`), today)]
        }))
      }
      return rows
    }
  }
  return {
    province,
    people,
    shops,
    records: name => recordsOf(name, world),
    blemishes: () => blemishesOf(world),
    * rows (departmentId, licenceType) {
      const department = province.departments.find(({ id }) => id === departmentId)
      const wanted = department?.licences.filter(({ type }) => licenceType === undefined || type === licenceType) ?? []
      if (department === undefined || (licenceType !== undefined && wanted.length === 0)) throw new RangeError('the province has no such register')
      for (const type of wanted) yield * rowsOf(type, quota.get(type.type) as number, amongOf(type.type), random.child(`register/${type.type}`), today)
    }
  }
}
