import type { DayText } from '../../services/core/clock.js'
import { organisationCheckCharacter, usccCheckCharacter } from '../../services/core/identifiers.js'
import { addDays, addYears, daysBetween, laterOf } from './days.js'
import { addressIn, type District, districtOf, type Person } from './people.js'
import type { Random } from './random.js'

/** A business that does not exist. */
export interface Shop {
  /** Valid in form, of an unassigned division. */
  uscc: string
  name: string
  trade: 'catering' | 'transport' | 'retail'
  form: 'company' | 'sole-trader'
  owner: Person
  district: string
  address: string
  openedOn: DayText
  /** Registered capital, ten thousand yuan. */
  capital: number
}

const ORGANISATION_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const FIRST = '鼎福瑞祥和顺兴隆盛泰安康吉庆丰裕源聚德诚信雅味香鲜满佳悦乐云泽松清溪禾谷'
const KINDS: Record<Shop['trade'], string[]> = {
  catering: ['餐饮', '面馆', '小吃', '火锅', '茶饮', '家常菜'],
  transport: ['运输', '物流', '货运'],
  retail: ['百货', '文具', '五金', '服饰']
}

/** Makes shops: 65% in catering, 20% in transport, the rest retail; each owned by somebody of 20 to 65 years. */
export function makeShops (random: Random, count: number, people: readonly Person[], districts: readonly District[], today: DayText): Shop[] {
  const owners = people.filter(({ birthDate }) => birthDate <= addYears(today, -20) && birthDate > addYears(today, -65))
  if (owners.length === 0 && count > 0) throw new RangeError('nobody is of an age to own a shop')
  const used = { codes: new Set<string>(), names: new Set<string>() }
  return Array.from({ length: count }, (_, i) => {
    const owner = random.pick(owners)
    const district = districtOf(districts, owner.district)
    const trade = i % 20 < 13 ? 'catering' : i % 20 < 17 ? 'transport' : 'retail'
    const form = trade === 'transport' || random.chance(450) ? 'company' : 'sole-trader'
    const earliest = laterOf(addYears(owner.birthDate, 19), addYears(today, -15))
    return {
      uscc: unused(used.codes, () => newUscc(random, form === 'company' ? '91' : '92', district.code)),
      name: unused(used.names, () => `${district.city}${district.name}${random.pick(FIRST)}${random.pick(FIRST)}${random.pick(FIRST)}${random.pick(KINDS[trade])}${form === 'company' ? '有限公司' : '店'}`),
      trade,
      form,
      owner,
      district: district.code,
      address: addressIn(random, district),
      openedOn: addDays(earliest, random.integer(Math.max(1, daysBetween(earliest, today)))),
      capital: form === 'company' ? random.pick([10, 30, 50, 100, 200, 500]) : random.pick([1, 2, 3, 5, 8])
    }
  })
}

function unused (used: Set<string>, make: () => string): string {
  for (;;) {
    const made = make()
    if (!used.has(made)) { used.add(made); return made }
  }
}

function newUscc (random: Random, kind: string, district: string): string {
  let organisation = 'MA'
  while (organisation.length < 8) organisation += random.pick(ORGANISATION_ALPHABET)
  const first17 = kind + district + organisation + (organisationCheckCharacter(organisation) as string)
  return first17 + (usccCheckCharacter(first17) as string)
}
