import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { projectRoot } from '../../../services/core/project-root.js'
import { shapeWords, violations } from '../../../services/core/violations.js'

const told = (schema: object, value: unknown) => {
  const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, validateFormats: false }).compile(schema)
  validate(value)
  return violations(validate.errors ?? [])
}
const messages = (schema: object, value: unknown): string[] => told(schema, value).map(({ message }) => message)

t.test('each fault is told in Chinese and in English, without the value', async t => {
  t.same(messages({ type: 'integer' }, '110101199003070011'), ['类型不对，应为整数 / must be a whole number'])
  t.same(messages({ type: ['string', 'null'] }, 1), ['类型不对，应为文本或 null / must be text or null'])
  t.same(messages({ const: 'x' }, 'y'), ['只能是 "x" / must be "x"'])
  t.same(messages({ type: 'string', minLength: 1 }, ''), ['不能为空 / must not be empty'])
  t.same(messages({ type: 'string', minLength: 2 }, ''), ['至少 2 个字符 / must have at least 2 characters'])
  t.same(messages({ type: 'array', minItems: 1 }, []), ['至少 1 项 / must have at least 1 entry'])
  t.same(messages({ type: 'array', uniqueItems: true }, [1, 1]), ['有重复的内容 / holds something twice'])
  t.same(messages({ oneOf: [{ type: 'string' }, { type: 'string', maxLength: 9 }] }, 'x'), ['不能同时符合几种写法 / fits several of the ways of which it must fit one'])
  t.match(messages({ oneOf: [{ type: 'string' }, { type: 'null' }] }, 1).at(-1), /^哪一种写法都不符合/)
})

t.test('a pattern says what it looks for: an instant, a day, no control character; any other says itself', async t => {
  t.same(messages({ type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,12}Z$' }, 'x'), ['应为 UTC 时刻，如 2026-06-01T00:00:00Z / must be an instant in UTC, as in 2026-06-01T00:00:00Z'])
  t.same(messages({ type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' }, 'x'), ['应为日期，如 2026-06-01 / must be a day, as in 2026-06-01'])
  t.same(messages({ type: 'string', pattern: '^[^\\u0000-\\u001f\\u007f]*$' }, '\n'), ['含有控制字符或改变书写方向的字符 / holds a control character, or one that turns the direction of writing'])
  t.same(messages({ type: 'string', pattern: '^[a-z]$' }, 'A'), ['格式不对 / does not have the required form: ^[a-z]$'])
})

t.test('what is missing, or too many, is named by its place', async t => {
  t.same(told({ type: 'object', required: ['a/b'], properties: { 'a/b': {}, c: {}, d: {} }, dependentRequired: { c: ['d'] }, additionalProperties: false }, { c: 1, '~': 1 }).map(({ pointer }) => pointer).sort(), ['/a~1b', '/d', '/~0'])
})

t.test('every keyword by which our schemas judge has its words', async t => {
  const used = new Set<string>()
  const look = (schema: unknown): void => {
    if (Array.isArray(schema)) return schema.forEach(look)
    if (typeof schema !== 'object' || schema === null) return
    for (const [keyword, value] of Object.entries(schema)) {
      if (NAMED.has(keyword) && typeof value === 'object') Object.values(value as object).forEach(look)
      else if (!ABOUT.has(keyword)) { used.add(keyword); if (!WHOLE.has(keyword)) look(value) }
    }
  }
  const root = join(projectRoot(), 'schemas')
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(name => /\.v\d+\.json$/.test(name))) look(JSON.parse(readFileSync(join(root, name), 'utf8')))
  t.ok(used.size > 15)
  t.same([...used].filter(keyword => !HOLDERS.has(keyword) && shapeWords({ keyword, params: { allowedValue: 1 } }).zh.includes(keyword)), [])
})
/** Of names, of what says nothing about a value, and of schemas that fail by what is in them. */
const NAMED = new Set(['properties', '$defs', 'patternProperties', 'dependentSchemas'])
const ABOUT = new Set(['$schema', '$id', '$ref', 'title', 'description', 'examples', 'default'])
/** What stands below them is no schema. */
const WHOLE = new Set(['const', 'enum', 'dependentRequired', 'required'])
const HOLDERS = new Set(['items', 'allOf', 'if', 'then', 'else', 'prefixItems'])
