import type { DayText } from '../../services/core/clock.js'
import type { RegisterRow } from '../register-row.js'
import { addDays, addYears, daysBetween, earlierOf, laterOf } from './days.js'
import type { District, Person } from './people.js'
import { addressIn } from './people.js'
import type { Random } from './random.js'
import type { Shop } from './shops.js'

/** A row of a department's data set: information items by name. An item that is not known is left out. */
export type RecordRow = Record<string, string>

/** What there is to make records of. */
export interface World {
  people: readonly Person[]
  shops: readonly Shop[]
  districts: readonly District[]
  today: DayText
  /** Register of the licences of this name, whoever issues them; empty where nobody does. */
  licences: (name: string) => readonly RegisterRow[]
  /** Chance of its own for each data set, so that one does not move when another changes. */
  random: (label: string) => Random
}

/** In which ways registers that were kept apart for years do not agree. */
export interface Blemishes {
  /** Insured, and unknown to the police: his household was never moved. */
  unknownToPolice: Person | undefined
  /** Moved, and told the police alone: the insurance still has the old address. */
  movedPerson: Person | undefined
  /** Opened in one street, and was inspected in another. */
  movedShop: Shop | undefined
}

/** Chosen so that each register has something to disagree about, and the rest of them are as clean as registers are. */
export function blemishesOf (world: World): Blemishes {
  const insured = new Set(world.licences('社会保障卡').map(({ holder }) => holder.code))
  const owners = new Set(world.shops.map(({ owner }) => owner))
  const grown = world.people.filter(person => insured.has(person.code) && person.birthDate <= addYears(world.today, -18) && !owners.has(person))
  const inspected = new Set(fireChecked(world).map(({ holder }) => holder.code))
  const random = world.random('blemishes')
  const [unknownToPolice, movedPerson] = random.shuffle(grown.filter(({ spouse }) => spouse === undefined))
  const [movedShop] = random.shuffle(world.shops.filter(({ uscc }) => inspected.has(uscc)))
  return { unknownToPolice, movedPerson, movedShop }
}

/** By the name of the resource, as config/sample-catalogue.json describes it. */
const MAKERS: Record<string, (world: World, random: Random) => Iterable<RecordRow>> = {
  * shops (world) {
    const registered = new Map(world.licences('营业执照').map(row => [row.holder.code, row]))
    for (const shop of world.shops) {
      const row = registered.get(shop.uscc)
      yield {
        统一社会信用代码: shop.uscc,
        名称: shop.name,
        类型: shop.form === 'company' ? '有限责任公司（自然人独资）' : '个体工商户',
        法定代表人: shop.owner.name,
        法定代表人证件号码: shop.owner.code,
        住所: shop.address,
        区划: shop.district,
        经营范围: row?.face['经营范围'] ?? TRADES[shop.trade].scope,
        注册资本: `${shop.capital}万元人民币`,
        成立日期: shop.openedOn,
        登记状态: row?.changed?.to === 'cancelled' ? '注销' : row?.changed?.to === 'revoked' ? '吊销' : '存续',
        行业: TRADES[shop.trade].industry
      }
    }
  },
  * 'abnormal-list' ({ shops, today }, random) {
    for (const shop of share(random, shops, 20)) {
      const listedOn = dayBetween(random, shop.openedOn, today)
      yield {
        统一社会信用代码: shop.uscc,
        名称: shop.name,
        列入原因: random.pick(['通过登记的住所无法联系', '未按期公示年度报告', '公示企业信息隐瞒真实情况']),
        列入日期: listedOn,
        ...random.chance(300) && { 移出日期: dayBetween(random, listedOn, today) },
        区划: shop.district
      }
    }
  },
  * 'dishonest-list' ({ shops, today }, random) {
    for (const shop of share(random, shops, 5)) {
      yield {
        统一社会信用代码: shop.uscc,
        名称: shop.name,
        列入原因: random.pick(['提交虚假材料取得登记', '被列入经营异常名录满三年仍未改正']),
        列入日期: dayBetween(random, shop.openedOn, today),
        区划: shop.district
      }
    }
  },
  * penalties ({ shops, today }, random) {
    let nth = 0
    for (const shop of share(random, shops, 50)) {
      const decidedOn = dayBetween(random, laterOf(shop.openedOn, addYears(today, -3)), today)
      const fine = random.pick([0, 500, 2000, 5000, 20000])
      yield {
        处罚决定书文号: `示市监罚〔${decidedOn.slice(0, 4)}〕${six(++nth)}号`,
        统一社会信用代码: shop.uscc,
        名称: shop.name,
        违法事实: random.pick(['未公示食品安全信息', '标签不符合规定', '未按规定明码标价', '未建立进货查验记录']),
        处罚种类: fine === 0 ? '警告' : '罚款',
        罚款金额: String(fine),
        决定日期: decidedOn,
        履行情况: fine === 0 || random.chance(850) ? '已履行' : '未履行',
        区划: shop.district
      }
    }
  },
  * 'equity-pledges' ({ shops, today }, random) {
    let nth = 0
    for (const shop of share(random, shops.filter(({ form }) => form === 'company'), 30)) {
      yield {
        登记编号: `示股质${six(++nth)}`,
        统一社会信用代码: shop.uscc,
        名称: shop.name,
        类别: random.pick(['股权出质', '股权出质', '股权冻结']),
        登记日期: dayBetween(random, shop.openedOn, today),
        状态: random.pick(['有效', '有效', '注销'])
      }
    }
  },
  * population (world) {
    const { unknownToPolice } = blemishesOf(world)
    for (const person of world.people) {
      if (person === unknownToPolice) continue
      const head = person.father ?? (person.sex === '女' ? person.spouse : undefined) ?? person
      yield {
        公民身份号码: person.code,
        姓名: person.name,
        性别: person.sex,
        出生日期: person.birthDate,
        住址: person.address,
        区划: person.district,
        户主公民身份号码: head.code,
        户别: '家庭户'
      }
    }
  },
  * 'residence-permits' ({ people, districts, today }, random) {
    const grown = people.filter(({ birthDate, spouse }) => birthDate <= addYears(today, -18) && spouse === undefined)
    for (const person of share(random, grown, 150)) {
      const elsewhere = random.pick(districts.filter(({ code }) => code !== person.district))
      const from = dayBetween(random, addYears(today, -1), today)
      yield {
        公民身份号码: person.code,
        姓名: person.name,
        居住地址: addressIn(random, elsewhere),
        区划: elsewhere.code,
        签发日期: from,
        有效期至: addDays(addYears(from, 1), -1)
      }
    }
  },
  * vehicles ({ people, shops, licences, today }, random) {
    const driving = new Set(licences('机动车驾驶证').filter(({ changed }) => changed === undefined).map(({ holder }) => holder.code))
    const owners = [
      ...share(random, people.filter(({ code }) => driving.has(code)), 600).map(person => ({ name: person.name, code: person.code, district: person.district, since: addYears(person.birthDate, 18), truck: false })),
      ...shops.filter(({ trade }) => trade === 'transport').flatMap(shop => Array.from({ length: random.between(1, 2) }, () =>
        ({ name: shop.name, code: shop.uscc, district: shop.district, since: shop.openedOn, truck: true })))
    ]
    for (const [i, { name, code, district, since, truck }] of owners.entries()) {
      const registeredOn = dayBetween(random, laterOf(since, addYears(today, -12)), today)
      const checkedUntil = addDays(registeredOn, 365 * (1 + Math.floor(daysBetween(registeredOn, today) / 365)))
      yield {
        号牌号码: `示A${String(i + 1).padStart(5, '0')}`,
        车辆类型: truck ? random.pick(['重型厢式货车', '轻型厢式货车', '中型冷藏车']) : '小型轿车',
        所有人: name,
        所有人证件号码: code,
        总质量: String(truck ? random.pick([4300, 4495, 12000, 18000]) : random.pick([1650, 1890])),
        注册登记日期: registeredOn,
        检验有效期止: random.chance(40) ? addDays(today, -random.between(5, 90)) : checkedUntil,
        状态: '正常',
        区划: district
      }
    }
  },
  * drivers ({ licences }, random) {
    for (const row of licences('机动车驾驶证')) {
      yield {
        公民身份号码: row.holder.code,
        姓名: row.holder.name,
        准驾车型: row.face['准驾车型'] ?? 'C1',
        初次领证日期: row.issuedOn,
        ...row.validUntil === undefined ? {} : { 有效期止: row.validUntil },
        状态: row.changed === undefined ? '正常' : row.changed.to === 'suspended' ? '暂扣' : '注销',
        累积记分: String(random.chance(700) ? 0 : random.between(1, 11)),
        区划: row.region
      }
    }
  },
  * marriages ({ people, licences, today }) {
    const numbers = new Map(licences('结婚证').map(row => [row.holder.code, row.number]))
    for (const person of people) {
      const { spouse, marriedOn } = person
      if (spouse === undefined || marriedOn === undefined || marriedOn >= today) continue
      const number = numbers.get(person.code) ?? numbers.get(spouse.code)
      const [husband, wife] = person.sex === '男' ? [person, spouse] : [spouse, person]
      yield {
        公民身份号码: person.code,
        男方姓名: husband.name,
        男方公民身份号码: husband.code,
        女方姓名: wife.name,
        女方公民身份号码: wife.code,
        登记日期: marriedOn,
        ...number !== undefined && { 结婚证字号: number },
        状态: '有效',
        区划: person.district
      }
    }
  },
  * allowances ({ people, today }, random) {
    for (const person of share(random, people.filter(({ birthDate }) => birthDate <= addYears(today, -18)), 30)) {
      yield {
        公民身份号码: person.code,
        姓名: person.name,
        保障类别: random.pick(['城市低保', '农村低保']),
        家庭人口: String(random.between(1, 5)),
        月保障金额: String(random.between(300, 900)),
        起始日期: dayBetween(random, addYears(today, -4), today),
        状态: random.chance(900) ? '在保' : '停保',
        区划: person.district
      }
    }
  },
  * properties ({ shops, licences }, random) {
    let nth = 0
    const unit = (district: string): string => `${district}001001GB${String(++nth).padStart(5, '0')}F${String(nth).padStart(8, '0')}`
    for (const row of licences('不动产权证书')) {
      if (row.changed !== undefined) continue
      yield {
        不动产单元号: unit(row.region),
        权利人: row.holder.name,
        权利人证件号码: row.holder.code,
        坐落: row.face['坐落'] ?? '',
        面积: (row.face['面积'] ?? '').replace('平方米', ''),
        用途: '住宅',
        区划: row.region
      }
    }
    for (const shop of shops) {
      if (!random.chance(400)) continue
      const own = shop.form === 'company' && random.chance(500) ? { name: shop.name, code: shop.uscc } : shop.owner
      yield {
        不动产单元号: unit(shop.district),
        权利人: own.name,
        权利人证件号码: own.code,
        坐落: shop.address,
        面积: String(random.between(30, 260)),
        用途: '商业服务',
        区划: shop.district
      }
    }
  },
  * insurance (world, random) {
    const { movedPerson } = blemishesOf(world)
    const people = new Map(world.people.map(person => [person.code, person]))
    const employers = new Map(world.shops.filter(({ form }) => form === 'company').map(shop => [shop.owner.code, shop]))
    for (const row of world.licences('社会保障卡')) {
      const person = people.get(row.holder.code) as Person
      const grown = person.birthDate <= addYears(world.today, -18)
      const employer = employers.get(person.code)
      const from = earlierOf(addDays(world.today, -30), laterOf(row.issuedOn, grown ? addYears(person.birthDate, 18) : row.issuedOn))
      const retired = person.birthDate <= addYears(world.today, person.sex === '男' ? -61 : -56)
      yield {
        公民身份号码: person.code,
        姓名: person.name,
        险种: retired ? '企业职工基本养老保险' : employer === undefined ? grown ? '城乡居民基本养老保险' : '城乡居民基本医疗保险' : '企业职工基本养老保险',
        参保状态: retired ? '退休' : row.face['参保状态'] ?? '参保缴费',
        ...employer !== undefined && { 参保单位: employer.name },
        参保日期: from,
        累计缴费月数: String(Math.max(1, Math.floor(daysBetween(from, world.today) / 31))),
        通信地址: person === movedPerson ? addressIn(random, world.districts.find(({ code }) => code !== person.district) ?? world.districts[0] as District) : person.address,
        区划: person.district
      }
    }
  },
  * employers ({ shops }) {
    for (const shop of shops) {
      if (shop.form !== 'company') continue
      yield { 统一社会信用代码: shop.uscc, 单位名称: shop.name, 参保状态: '参保缴费', 登记日期: shop.openedOn, 区划: shop.district }
    }
  },
  * births ({ people, licences, today }) {
    const numbers = new Map(licences('出生医学证明').map(row => [row.holder.code, row.number]))
    let nth = 0
    for (const person of people) {
      const { mother, father, birthDate } = person
      if (mother === undefined || birthDate <= addYears(today, -6)) continue
      yield {
        出生医学证明编号: numbers.get(person.code) ?? `Z991${six(++nth)}`,
        新生儿姓名: person.name,
        性别: person.sex,
        出生日期: birthDate,
        母亲姓名: mother.name,
        母亲公民身份号码: mother.code,
        ...father !== undefined && { 父亲姓名: father.name, 父亲公民身份号码: father.code },
        区划: person.district
      }
    }
  },
  * 'health-checks' ({ licences }) {
    for (const row of licences('从业人员健康证明')) {
      yield {
        公民身份号码: row.holder.code,
        姓名: row.holder.name,
        健康证编号: row.number,
        从业类别: row.face['从业类别'] ?? '',
        体检日期: row.issuedOn,
        有效期至: row.validUntil ?? '',
        结论: row.changed === undefined ? '合格' : '已收回',
        区划: row.region
      }
    }
  },
  * 'drivers-qualified' ({ licences, today }, random) {
    let nth = 0
    for (const row of licences('机动车驾驶证')) {
      if (!/^[AB]/.test(row.face['准驾车型'] ?? '') || row.changed !== undefined) continue
      const from = dayBetween(random, laterOf(row.issuedOn, addYears(today, -6)), today)
      yield {
        公民身份号码: row.holder.code,
        姓名: row.holder.name,
        从业资格证号: `示货${six(++nth)}`,
        从业资格类别: '经营性道路货物运输驾驶员',
        初次领证日期: from,
        有效期至: addDays(addYears(from, 6), -1),
        区划: row.region
      }
    }
  },
  * 'fire-checks' (world, random) {
    const { movedShop } = blemishesOf(world)
    for (const row of fireChecked(world)) {
      const moved = row.holder.code === movedShop?.uscc
      yield {
        意见书文号: row.number,
        统一社会信用代码: row.holder.code,
        场所名称: row.holder.name,
        场所地址: moved ? addressIn(random, world.districts.find(({ code }) => code === row.region) ?? world.districts[0] as District) : row.face['场所地址'] ?? '',
        场所面积: (row.face['场所面积'] ?? '').replace('平方米', ''),
        检查日期: row.issuedOn,
        结论: row.changed === undefined ? '合格' : '已撤销',
        区划: row.region
      }
    }
  }
}

/** Names of the data sets that can be made up. */
export const RECORD_SETS = Object.keys(MAKERS)

/** Everything that a department holds under this name, in the order of its register. @throws {RangeError} nobody knows how to make it */
export function * recordsOf (name: string, world: World): Generator<RecordRow> {
  const make = MAKERS[name]
  if (make === undefined) throw new RangeError(`config/sample-catalogue.json asks for records of ${name}, which nobody knows how to make`)
  yield * make(world, world.random(`records/${name}`))
}

const TRADES: Record<Shop['trade'], { scope: string, industry: string }> = {
  catering: { scope: '餐饮服务', industry: '餐饮业' },
  transport: { scope: '道路普通货物运输', industry: '道路运输业' },
  retail: { scope: '日用百货零售', industry: '零售业' }
}

const six = (n: number): string => String(n).padStart(6, '0')
const fireChecked = ({ licences }: World): readonly RegisterRow[] => licences('公众聚集场所投入使用、营业前消防安全检查意见书')

/** So many in a thousand of them, at least one where there is any. */
function share<T> (random: Random, among: readonly T[], perMille: number): T[] {
  return random.shuffle(among).slice(0, among.length === 0 ? 0 : Math.max(1, Math.round(among.length * perMille / 1000)))
}

/** A day from the first on, before the last. */
function dayBetween (random: Random, first: DayText, last: DayText): DayText {
  return first >= last ? first : addDays(first, random.integer(Math.max(1, daysBetween(first, last))))
}
