import type { SampleProvince } from '../../schemas/documents/sample-province.v1.js'
import type { DayText } from '../../services/core/clock.js'
import { citizenCheckCharacter } from '../../services/core/identifiers.js'
import { addDays, addYears, laterOf } from './days.js'
import type { Random } from './random.js'

/** Somebody who does not exist. */
export interface Person {
  name: string
  /** 公民身份号码, valid in form, of an unassigned division. */
  code: string
  sex: '男' | '女'
  birthDate: DayText
  /** Division code of the district. */
  district: string
  address: string
  spouse?: Person
  marriedOn?: DayText
  mother?: Person
  father?: Person
}

export type District = SampleProvince['districts'][number]

const SURNAMES = '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤'
const GIVEN = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国文斌宇浩轩子涵梓欣怡佳雨桐思远嘉诚晨曦安然若溪志鹏晓峰海燕春雪秋月冬阳立新永福长青学义书琴云飞天佑'
const ROADS = ['云岭路', '清溪街', '望山大道', '松涛路', '泽平街', '新桥路', '石榴巷', '古槐街', '朝晖路', '长乐街', '安定路', '百合巷']

/**
 * Makes people: a tenth are children under six and a twelfth up to fifteen, all with parents among the rest; of the adults
 * about seven in ten are married.
 */
export function makePeople (random: Random, count: number, districts: readonly District[], today: DayText): Person[] {
  const numbers = new CitizenNumbers()
  const young = Math.round(count * 0.1)
  const older = Math.round(count * 0.08)
  const couples = Math.floor(count * 0.29)
  const make = (sex: Person['sex'], bornFrom: DayText, bornTo: DayText, rest: Partial<Person>, surname = random.pick(SURNAMES)): Person => {
    const birthDate = addDays(bornFrom, random.integer(Math.max(1, Math.round((Date.parse(bornTo) - Date.parse(bornFrom)) / 86_400_000))))
    const district = rest.district ?? random.pick(districts).code
    return {
      name: surname + random.pick(GIVEN) + (random.chance(750) ? random.pick(GIVEN) : ''),
      code: numbers.next(district, birthDate, sex),
      sex,
      birthDate,
      district,
      address: rest.address ?? addressIn(random, districtOf(districts, district)),
      ...rest
    }
  }
  const adults: Person[] = []
  const pairs: Array<[father: Person, mother: Person]> = []
  for (let i = 0; i < couples; i++) {
    // The first half are of an age to have small children, so that every child finds parents.
    const age = i * 2 < couples ? random.between(26, 38) : random.between(28, 78)
    const husband = make('男', addYears(today, -age - 1), addYears(today, -age), {})
    const wife = make('女', addYears(husband.birthDate, -2), addYears(husband.birthDate, 2), { district: husband.district, address: husband.address })
    const of22 = laterOf(addYears(husband.birthDate, 22), addYears(wife.birthDate, 20)) // the marriageable ages of the Civil Code
    const marriedOn = addDays(of22, random.integer(Math.max(1, Math.min(1460, Math.round((Date.parse(today) - Date.parse(of22)) / 86_400_000)))))
    Object.assign(husband, { spouse: wife, marriedOn })
    Object.assign(wife, { spouse: husband, marriedOn })
    adults.push(husband, wife)
    pairs.push([husband, wife])
  }
  while (adults.length < count - young - older) {
    const age = random.between(16, 85)
    adults.push(make(random.chance(500) ? '男' : '女', addYears(today, -age - 1), addYears(today, -age), {}))
  }
  const children: Person[] = []
  const parents = pairs.slice(0, Math.max(1, Math.ceil(couples / 2)))
  for (let i = 0; i < young + older; i++) {
    const [father, mother] = random.pick(parents)
    const [from, to] = i < young ? [addYears(today, -6), addDays(today, -20)] : [addYears(today, -16), addYears(today, -6)]
    const born = laterOf(from, addYears(mother.birthDate, 20))
    const { district, address } = father
    children.push(make(random.chance(510) ? '男' : '女', born < to ? born : addDays(to, -1), to, { father, mother, district, address }, father.name[0]))
  }
  return [...adults, ...children]
}

export function districtOf (districts: readonly District[], code: string): District {
  const district = districts.find(district => district.code === code)
  if (district === undefined) throw new RangeError('a district that the province does not have')
  return district
}

export function addressIn (random: Random, { city, name }: District): string {
  return `${city}${name}${random.pick(ROADS)}${random.between(1, 298)}号${random.chance(600) ? `${random.between(1, 18)}幢${random.between(1, 24)}0${random.between(1, 4)}室` : ''}`
}

/** Hands out citizen numbers, each once: the three digits of the sequence are odd for men, even for women. */
class CitizenNumbers {
  readonly #used = new Map<string, number>()
  next (district: string, birthDate: DayText, sex: Person['sex']): string {
    const stem = district + birthDate.replaceAll('-', '')
    const key = stem + sex
    const nth = this.#used.get(key) ?? 0
    this.#used.set(key, nth + 1)
    const sequence = 2 * nth + (sex === '男' ? 11 : 12)
    if (sequence > 999) throw new RangeError('more people are born on one day than there are numbers')
    const first17 = stem + String(sequence).padStart(3, '0')
    return first17 + citizenCheckCharacter(first17)
  }
}
