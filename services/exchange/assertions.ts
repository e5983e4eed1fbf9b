import { startOfDayInChina } from '../core/clock.js'
import { Failure, type Violation } from '../core/failure.js'
import { told, type Bilingual } from '../core/words.js'
import type { Ask, Value } from './types.js'

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/

/** A question without an item is about the record itself. */
export function asksExistence ({ item }: Ask): boolean { return item === undefined }

/** @throws {Failure} INPUT_INVALID it asks nothing of an item, something of none, or compares what cannot be compared with the item */
export function requireSense (ask: Ask, type: string | undefined): void {
  const violations: Violation[] = []
  const refuse = (name: string, message: Bilingual): void => { violations.push({ pointer: `/ask/${name}`, message }) }
  const { item, exists, ...comparisons } = ask
  const named = Object.keys(comparisons).filter(name => comparisons[name as keyof typeof comparisons] !== undefined)
  if (item === undefined) {
    for (const name of named) refuse(name, told('比较的是信息项的值，须写明 item', 'compares the value of an item, so item has to be named'))
  } else {
    if (named.length === 0 && exists === undefined) refuse('item', told('旁边须有比较条件或 exists', 'a comparison, or exists, has to stand beside it'))
    if (named.length > 0 && exists !== undefined) refuse('exists', told('不能与比较条件同用', 'cannot stand beside a comparison'))
    const operands = [...['is', 'not', 'atLeast', 'atMost'].map(name => [name, ask[name as 'is']] as const), ...(ask.oneOf ?? []).map((value, at) => [`oneOf/${at}`, value] as const)]
    for (const [name, value] of operands) {
      if (value === undefined) continue
      if (comparable(value, type) === undefined) refuse(name, told(`该信息项的类型是 ${type ?? 'text'}`, `the item is of type ${type ?? 'text'}`))
      else if ((name === 'atLeast' || name === 'atMost') && type !== 'number' && type !== 'day') refuse(name, told('只有数字和日期可比大小', 'only numbers and days have an order'))
    }
  }
  if (violations.length > 0) throw new Failure('INPUT_INVALID', 'what is asked does not fit the item', { violations })
}

/** @returns undefined where the value is none, or not of the item's type: then it answers nothing, and least of all `not` */
export function judge (ask: Ask, value: Value, type: string | undefined): boolean | undefined {
  const { exists, is, oneOf, not, atLeast, atMost } = ask
  if (exists !== undefined) return (value !== null && value !== '') === exists
  const held = comparable(value, type)
  if (held === undefined) return undefined
  const same = (operand: Value): boolean => comparable(operand, type) === held
  return (is === undefined || same(is)) &&
    (oneOf === undefined || oneOf.some(same)) &&
    (not === undefined || !same(not)) &&
    (atLeast === undefined || held >= (comparable(atLeast, type) as typeof held)) &&
    (atMost === undefined || held <= (comparable(atMost, type) as typeof held))
}

/** Registers hand over numbers and yes or no as text, too: what is written in just one way counts as what it says. */
function comparable (value: Value, type: string | undefined): number | string | boolean | undefined {
  if (value === null) return undefined
  switch (type) {
    case 'number': return exact(typeof value === 'number' ? value : typeof value === 'string' && NUMBER.test(value) ? Number(value) : NaN)
    case 'boolean': return typeof value === 'boolean' ? value : value === 'true' ? true : value === 'false' ? false : undefined
    case 'day': return typeof value === 'string' && startOfDayInChina(value) !== undefined ? value : undefined
    default: return typeof value === 'string' ? value : undefined
  }
}

/** A whole number beyond 2^53 would equal its neighbours. */
function exact (value: number): number | undefined {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)) ? value : undefined
}
