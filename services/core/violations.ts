import type { Violation } from './failure.js'
import { told, type Words } from './words.js'

/** What ajv says of one fault. */
export interface ShapeError { instancePath: string, keyword: string, params: Record<string, unknown> }

/** What is wrong with the shape of a value, without the value: it may be personal data, and violations travel in answers and logs. */
export function violations (errors: readonly ShapeError[]): Violation[] {
  return errors.map(error => {
    const { zh, en } = shapeWords(error)
    // Who writes programs reads patterns; who fills in forms does not.
    const exactly = zh === FORM.zh ? `: ${String(error.params['pattern'])}` : ''
    return { pointer: placeOf(error), message: told(zh, `${en}${exactly}`) }
  })
}

/** The place itself, or the member that is missing there or too many. @see RFC 6901 section 3 */
export function placeOf ({ instancePath, params }: ShapeError): string {
  const name = params['missingProperty'] ?? params['additionalProperty'] ?? params['unevaluatedProperty']
  return name === undefined ? instancePath : `${instancePath}/${String(name).slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

type Said = Pick<Words, 'zh' | 'en'>
const s = (zh: string, en: string): Said => ({ zh, en })

/** In words, by the keyword of JSON Schema that a value breaks. */
export function shapeWords ({ keyword, params }: Omit<ShapeError, 'instancePath'>): Said {
  const limit = String(params['limit'])
  const one = params['limit'] === 1
  switch (keyword) {
    case 'required': case 'dependentRequired': return MISSING
    case 'additionalProperties': case 'unevaluatedProperties': return UNKNOWN
    case 'type': {
      const types = [params['type']].flat().map(type => TYPES[String(type)] ?? s(String(type), String(type)))
      return s(`类型不对，应为${types.map(({ zh }) => zh).join('或')}`, `must be ${types.map(({ en }) => en).join(' or ')}`)
    }
    case 'enum': {
      const options = [params['allowedValues'] ?? []].flat()
      if (options.length === 0 || options.length > LISTED) return s('不在可选项之内', 'is none of the options')
      const listed = options.map(option => typeof option === 'string' ? option : shown(option))
      return s(`不在可选项之内：${listed.join('、')}`, `is none of the options: ${listed.join(', ')}`)
    }
    case 'const': return s(`只能是 ${shown(params['allowedValue'])}`, `must be ${shown(params['allowedValue'])}`)
    case 'minLength': return one ? s('不能为空', 'must not be empty') : s(`至少 ${limit} 个字符`, `must have at least ${limit} characters`)
    case 'maxLength': return s(`最多 ${limit} 个字符`, `must have at most ${limit} characters`)
    case 'minimum': return s(`不能小于 ${limit}`, `must be at least ${limit}`)
    case 'maximum': return s(`不能大于 ${limit}`, `must be at most ${limit}`)
    case 'exclusiveMinimum': return s(`必须大于 ${limit}`, `must be more than ${limit}`)
    case 'exclusiveMaximum': return s(`必须小于 ${limit}`, `must be less than ${limit}`)
    case 'multipleOf': return s(`必须是 ${String(params['multipleOf'])} 的倍数`, `must be a multiple of ${String(params['multipleOf'])}`)
    case 'minItems': case 'minProperties': return s(`至少 ${limit} 项`, `must have at least ${limit} entr${one ? 'y' : 'ies'}`)
    case 'maxItems': case 'maxProperties': return s(`最多 ${limit} 项`, `must have at most ${limit} entr${one ? 'y' : 'ies'}`)
    case 'uniqueItems': return s('有重复的内容', 'holds something twice')
    case 'propertyNames': return s('有一项的名称不合要求', 'has a member whose name is not allowed')
    case 'pattern': return PATTERNS.find(([like]) => like.test(String(params['pattern'])))?.[1] ?? FORM
    case 'format': return FORMATS[String(params['format'])] ?? s(`格式不对，应为 ${String(params['format'])}`, `must be a ${String(params['format'])}`)
    case 'anyOf': return s('哪一种写法都不符合', 'fits none of the ways that it may be written')
    case 'oneOf': return params['passingSchemas'] == null ? s('哪一种写法都不符合', 'fits none of the ways that it may be written') : s('不能同时符合几种写法', 'fits several of the ways of which it must fit one')
    case 'not': return s('不允许这样写', 'must not be so')
    default: return s(`不符合要求（${keyword}）`, `does not have the required shape (${keyword})`)
  }
}

/** So many options are named; more are looked up. */
const LISTED = 12

const TYPES: Record<string, Said> = {
  string: s('文本', 'text'),
  integer: s('整数', 'a whole number'),
  number: s('数字', 'a number'),
  boolean: s(' true 或 false', 'true or false'),
  array: s('列表', 'a list'),
  object: s('对象', 'an object'),
  null: s(' null', 'null')
}
const MISSING = s('没有填写', 'is missing')
const UNKNOWN = s('这里没有这一项', 'is not known here')
const INSTANT = s('应为 UTC 时刻，如 2026-06-01T00:00:00Z', 'must be an instant in UTC, as in 2026-06-01T00:00:00Z')
const DAY = s('应为日期，如 2026-06-01', 'must be a day, as in 2026-06-01')
const FORM = s('格式不对', 'does not have the required form')
const FORMATS: Record<string, Said> = { 'date-time': INSTANT, date: DAY }
const DAY_PATTERN = String.raw`^\^(?:\[0-9\]|\\d)\{4\}-(?:\[0-9\]|\\d)\{2\}-(?:\[0-9\]|\\d)\{2\}`
/** Patterns that say to people what they look for, in place of themselves. */
const PATTERNS: Array<[like: RegExp, words: Said]> = [
  [new RegExp(`${DAY_PATTERN}T`), INSTANT],
  [new RegExp(String.raw`${DAY_PATTERN}\$$`), DAY],
  [/^\^\[\^\\u0000-\\u0/, s('含有控制字符或改变书写方向的字符', 'holds a control character, or one that turns the direction of writing')]
]

/** What a schema asks for, not what came. */
function shown (value: unknown): string { return JSON.stringify(value).slice(0, 100) }

/** What more than one room says of a fault at a place. */
export const FAULT = {
  missing: told(MISSING.zh, MISSING.en),
  unknown: told(UNKNOWN.zh, UNKNOWN.en),
  twice: told('出现了两次', 'stands twice'),
  usedTwice: told('用了两次', 'is used twice'),
  checkCharacter: told('校验码不对', 'has a wrong check character'),
  notDay: told(DAY.zh, DAY.en),
  notInstant: told(INSTANT.zh, INSTANT.en),
  noDay: told('不是有效日期', 'is no day'),
  noInstant: told('不是有效时刻', 'is no instant'),
  noPage: told('不是哪一页的位置', 'is of no page')
}
