import type { SampleProvince } from '../../schemas/documents/sample-province.v1.js'
import type { DayText } from '../../services/core/clock.js'
import type { RegisterRow } from '../register-row.js'
import { addDays, addYears, daysBetween, earlierOf, laterOf } from './days.js'
import type { Person } from './people.js'
import type { Random } from './random.js'
import type { Shop } from './shops.js'

export type LicenceType = SampleProvince['departments'][number]['licences'][number]
type Holder = { person: Person, shop?: undefined } | { shop: Shop, person: Person }
/** Somebody who may hold a licence of a type, and from which day on. */
interface Candidate { holder: Holder, from: DayText }

interface Plan {
  /** How many of 5,000 licences are of this type. */
  share: number
  /** @returns the first day on which this person may hold it; undefined if never */
  person?: (person: Person, today: DayText) => DayText | undefined
  shop?: (shop: Shop) => DayText | undefined
  /** May one holder have several? */
  several?: boolean
  /** It is issued on the very day that `person` or `shop` gives. */
  onTheDay?: boolean
  number: (parts: { holder: Holder, issuedOn: DayText, nth: number }) => string
}

const six = (n: number): string => String(n).padStart(6, '0')
const districtOfHolder = ({ shop, person }: Holder): string => (shop ?? person).district
const from = (years: number, until = 130) => ({ birthDate }: Person, today: DayText): DayText | undefined =>
  addYears(birthDate, until) < today ? undefined : addYears(birthDate, years)

/** By the name of the licence type. Types that the province adds fall to `OTHER`. */
const PLANS: Record<string, Plan> = {
  营业执照: { share: 400, shop: shop => shop.openedOn, onTheDay: true, number: ({ holder }) => holder.shop?.uscc ?? '' },
  食品经营许可证: {
    share: 260,
    shop: shop => shop.trade === 'catering' ? shop.openedOn : undefined,
    number: ({ holder, nth }) => `JY2${districtOfHolder(holder)}${six(nth)}${nth % 10}`
  },
  居民身份证: { share: 1500, person: from(16), number: ({ holder }) => holder.person.code },
  机动车驾驶证: { share: 640, person: from(18, 70), number: ({ nth }) => `990100${six(nth)}` },
  出生医学证明: {
    share: 200,
    person: ({ mother, birthDate }, today) => mother === undefined || birthDate <= addYears(today, -6) ? undefined : addDays(birthDate, 3),
    onTheDay: true,
    number: ({ nth }) => `Z990${six(nth)}`
  },
  从业人员健康证明: { share: 400, person: from(18, 61), number: ({ holder, issuedOn, nth }) => `健${districtOfHolder(holder)}${issuedOn.slice(0, 4)}${six(nth)}` },
  结婚证: { share: 400, person: ({ marriedOn }) => marriedOn, onTheDay: true, number: ({ holder, issuedOn, nth }) => `J${districtOfHolder(holder)}-${issuedOn.slice(0, 4)}-${six(nth)}` },
  不动产权证书: { share: 400, person: from(22), several: true, number: ({ issuedOn, nth }) => `示（${issuedOn.slice(0, 4)}）云川市不动产权第0${six(nth)}号` },
  社会保障卡: { share: 600, person: from(0), number: ({ nth }) => `Z99${six(nth)}` },
  道路运输经营许可证: {
    share: 80,
    shop: shop => shop.trade === 'transport' ? shop.openedOn : undefined,
    number: ({ holder, nth }) => `示交运管许可云字${districtOfHolder(holder)}${six(nth)}号`
  },
  '公众聚集场所投入使用、营业前消防安全检查意见书': {
    share: 120,
    shop: shop => shop.trade === 'catering' ? shop.openedOn : undefined,
    number: ({ issuedOn, nth }) => `示消安检字〔${issuedOn.slice(0, 4)}〕第${six(nth)}号`
  }
}
const OTHER: Plan = {
  share: 50, person: from(18), shop: shop => shop.openedOn, several: true, number: ({ issuedOn, nth }) => `示${issuedOn.slice(0, 4)}${six(nth)}`
}
const planOf = ({ name }: LicenceType): Plan => PLANS[name] ?? OTHER

/**
 * How many licences of each type make up `total`, in the shares of the plans. Where a type has too few who may hold it, types of which
 * one holder may have several take the rest.
 * @throws {RangeError} nobody can take the rest
 */
export function quotas (types: readonly LicenceType[], total: number, room: (type: LicenceType) => number): Map<string, number> {
  const shares = types.reduce((sum, type) => sum + planOf(type).share, 0)
  const quota = new Map(types.map(type => {
    const wanted = Math.floor(total * planOf(type).share / shares)
    return [type.type, planOf(type).several === true && room(type) > 0 ? wanted : Math.min(wanted, room(type))] as const
  }))
  let rest = total - [...quota.values()].reduce((sum, n) => sum + n, 0)
  const takers = types.filter(type => planOf(type).several === true && room(type) > 0)
  if (rest > 0 && takers.length === 0) throw new RangeError('the province is too small for so many licences')
  for (let i = 0; rest > 0; i++, rest--) {
    const { type } = takers[i % takers.length] as LicenceType
    quota.set(type, (quota.get(type) as number) + 1)
  }
  return quota
}

/** Those who may hold a licence of this type by the day before `today`. */
export function candidates (type: LicenceType, people: readonly Person[], shops: readonly Shop[], today: DayText): Candidate[] {
  const plan = planOf(type)
  const found: Candidate[] = []
  const add = (holder: Holder, from: DayText | undefined): void => { if (from !== undefined && from < today) found.push({ holder, from }) }
  if (type.holder === 'organisation') for (const shop of shops) add({ shop, person: shop.owner }, plan.shop?.(shop))
  else for (const person of people) add({ person }, plan.person?.(person, today))
  return found
}

/** The register of one licence type: `count` rows, the order of serials that of issue. */
export function * rowsOf (type: LicenceType, count: number, among: readonly Candidate[], random: Random, today: DayText): Generator<RegisterRow> {
  const plan = planOf(type)
  const order = random.shuffle(among)
  const chosen = Array.from({ length: count }, (_, i) => {
    const { holder, from } = order[i % order.length] as Candidate
    return { holder, issuedOn: plan.onTheDay === true ? from : dayOfIssue(type, from, random, today) }
  })
  chosen.sort((a, b) => a.issuedOn < b.issuedOn ? -1 : a.issuedOn > b.issuedOn ? 1 : 0)
  for (const [i, { holder, issuedOn }] of chosen.entries()) {
    const nth = i + 1
    const validUntil = type.validYears === 0 ? undefined : addDays(addYears(issuedOn, type.validYears), -1)
    const changed = change(type, issuedOn, validUntil, random, today)
    yield {
      licenceType: type.type,
      licenceTypeName: type.name,
      number: plan.number({ holder, issuedOn, nth }),
      holder: holder.shop === undefined
        ? { name: holder.person.name, code: holder.person.code, codeType: '111' }
        : { name: holder.shop.name, code: holder.shop.uscc, codeType: '001' },
      issuedOn,
      validFrom: issuedOn,
      ...validUntil === undefined ? {} : { validUntil },
      region: districtOfHolder(holder),
      face: Object.fromEntries(Object.entries(type.extra).map(([name, kind]) => [name, faceValue(kind, holder, random)])),
      serial: `${issuedOn.slice(0, 4)}${six(nth)}`,
      ...changed === undefined ? {} : { changed }
    }
  }
}

/** Within the period that still runs today, or in three of a hundred cases before it. */
function dayOfIssue (type: LicenceType, from: DayText, random: Random, today: DayText): DayText {
  const yesterday = addDays(today, -1)
  if (type.validYears === 0) return within(laterOf(from, addYears(today, -20)), yesterday, random)
  const running = addDays(addYears(today, -type.validYears), 10)
  if (random.chance(30)) {
    const ended = addDays(addYears(today, -type.validYears), -5)
    const [first, last] = [laterOf(from, addDays(ended, -360)), ended]
    if (first <= last) return within(first, last, random)
  }
  return within(laterOf(from, running), yesterday, random)
}

function within (first: DayText, last: DayText, random: Random): DayText {
  return first >= last ? last : addDays(first, random.integer(daysBetween(first, last) + 1))
}

const REASONS = {
  suspended: ['检查发现问题，限期整改', '案件调查期间暂扣'],
  revoked: ['严重违法，依法吊销', '提供虚假材料取得，依法吊销'],
  cancelled: ['持证主体申请注销', '持证主体情形变化，依法注销']
}

/** Four in a hundred of an organisation's licences and one in a hundred of a person's did not stay as issued. */
function change (type: LicenceType, issuedOn: DayText, validUntil: DayText | undefined, random: Random, today: DayText): RegisterRow['changed'] {
  const draw = random.integer(1000)
  const to = type.holder === 'organisation'
    ? draw < 15 ? 'suspended' : draw < 30 ? 'revoked' : draw < 40 ? 'cancelled' : undefined
    : draw < 10 ? 'cancelled' : draw < 14 && type.validYears > 0 ? 'suspended' : undefined
  const last = earlierOf(today, validUntil ?? today)
  if (to === undefined || issuedOn >= last) return undefined
  return { to, on: within(addDays(issuedOn, 1), last, random), reason: random.pick(REASONS[to]) }
}

const SCOPES: Record<Shop['trade'], string[]> = {
  catering: ['餐饮服务', '餐饮服务；食品销售', '小餐饮；外卖递送服务'],
  transport: ['道路普通货物运输', '道路普通货物运输；货物专用运输（冷藏保鲜）'],
  retail: ['日用百货零售', '文具用品零售；办公用品零售', '五金产品零售']
}

/** What stands on the face under a name; the kinds are those of config/sample-province.json. @throws {RangeError} an unknown kind */
function faceValue (kind: string, { person, shop }: Holder, random: Random): string {
  switch (kind) {
    case 'owner': return person.name
    case 'form': return shop?.form === 'company' ? '有限责任公司（自然人独资）' : '个体工商户'
    case 'scope': return random.pick(SCOPES[shop?.trade ?? 'retail'])
    case 'capital': return `${shop?.capital ?? 10}万元人民币`
    case 'openedOn': return shop?.openedOn ?? ''
    case 'address': return (shop ?? person).address
    case 'foodType': return random.pick(['餐饮服务经营者（小型餐馆）', '餐饮服务经营者（饮品店）', '餐饮服务经营者（中型餐馆）'])
    case 'foodItems': return random.pick(['热食类食品制售', '热食类食品制售；冷食类食品制售', '自制饮品制售；糕点类食品制售'])
    case 'sex': return person.sex
    case 'birthDate': return person.birthDate
    case 'vehicleClass': return random.pick(['C1', 'C1', 'C1', 'C2', 'B2', 'A2', 'C1D'])
    case 'mother': return person.mother?.name ?? ''
    case 'father': return person.father?.name ?? ''
    case 'spouse': return person.spouse?.name ?? ''
    case 'trade': return random.pick(['餐饮服务', '食品销售', '公共场所服务', '饮用水供应'])
    case 'insured': return random.pick(['参保缴费', '参保缴费', '参保缴费', '暂停缴费'])
    case 'area': return `${random.between(38, 420)}.${random.between(10, 99)}平方米`
    default: throw new RangeError(`config/sample-province.json asks for ${kind} on a face, which nobody knows how to make`)
  }
}
