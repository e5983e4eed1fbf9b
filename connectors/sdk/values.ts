import { createHash } from 'node:crypto'
import { parseInstant, startOfDayInChina } from '../../services/core/clock.js'
import { Failure } from '../../services/core/failure.js'
import { canonicalJson } from '../../services/core/json.js'
import { told } from '../../services/core/words.js'
import type { Value } from './source.js'

/** A `number` is decimal and exact; a `day` is YYYY-MM-DD; an `instant` is RFC 3339 in UTC. */
export type ItemType = 'text' | 'number' | 'day' | 'instant' | 'boolean'

const KEY = /^[^\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]{1,128}$/ // eslint-disable-line no-control-regex -- what a key must not hold
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/ // eslint-disable-line no-control-regex -- control characters are what it looks for
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/
const LOCAL = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?(Z|[+-]\d{2}(?::?\d{2})?)?$/

/** Name of a resource, within its department. */
const RESOURCE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/
/** @throws {Failure} CONFIG_INVALID */
export function requireResource (resource: string): void {
  if (!RESOURCE.test(resource)) throw new Failure('CONFIG_INVALID', `resource: ${told('应为 1 至 128 个字母、数字、点、连字符或下划线', 'is named by up to 128 letters, digits, dots, hyphens and underscores')}`)
}

/**
 * Several columns make a key together; a separator that is part of one is marked, so that no two rows share a key by chance.
 * @returns undefined where a part is empty or the key is too long or holds a control character
 */
export function keyOf (parts: readonly string[]): string | undefined {
  if (parts.length === 0 || parts.includes('')) return undefined
  const key = parts.length === 1 ? parts[0] as string : parts.map(part => part.replace(/[|\\]/g, '\\$&')).join('|')
  return KEY.test(key) ? key : undefined
}

/** A short name of what a JSON value says, whatever the order of its members. */
export function digestOfJson (value: unknown): string { return createHash('sha256').update(canonicalJson(value)).digest('base64url').slice(0, 22) }

/** @returns the text as a value of this type, or undefined where it is none */
export function valueOfText (text: string, type: ItemType): Value | undefined {
  switch (type) {
    case 'text': return CONTROL.test(text) ? undefined : text
    case 'number': return exactNumber(text)
    case 'day': return startOfDayInChina(text) === undefined ? undefined : text
    case 'instant': return parseInstant(text) === undefined ? undefined : new Date(text).toISOString()
    case 'boolean': return text === 'true' ? true : text === 'false' ? false : undefined
  }
}

/** The number that a decimal text says, or undefined where no JSON number is exactly that. */
export function exactNumber (text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined
  const digits = text.includes('.') ? text.replace(/\.?0+$/, '') : text // a database writes as many places as its column has
  const value = Number(digits)
  const exact = digits.includes('.') ? digits.replace(/[-.]/g, '').replace(/^0+/, '').length <= 15 : Number.isSafeInteger(value)
  return exact ? value : undefined
}

/**
 * An instant as databases write it, `2026-03-01 08:00:00.123456+08`; one without a zone is of `zone`. What is finer than a
 * millisecond is cut off.
 * @param zone - `+08:00`
 */
export function instantOfText (text: string, zone: string): string | undefined {
  const [, day, time, fraction = '', stated = zone] = LOCAL.exec(text) ?? []
  if (day === undefined || time === undefined) return undefined
  const wall = parseInstant(`${day}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}Z`)
  return wall === undefined ? undefined : new Date(wall.getTime() - offsetMs(stated)).toISOString()
}

function offsetMs (zone: string): number {
  if (zone === 'Z') return 0
  const [, sign, hours, minutes = '0'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}
