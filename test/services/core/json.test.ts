import fc from 'fast-check'
import t from 'tap'
import { canonicalJson, parseJson } from '../../../services/core/json.js'

const LIMITS = { bytes: 1000, depth: 4 }
const read = (text: string): unknown => parseJson(Buffer.from(text), LIMITS)

t.test('JSON that reads in one way is read', async t => {
  const good = ['null', ' true ', '0', '-0', '1.5e3', '"a\\u00e9\\n"', '[]', '{}', '{"a":[1,{"b":null}],"c":"中文"}', '9007199254740991', '"\\ud83d\\ude00"', '{"b":1,"1":2}', '[1 , 2]']
  for (const text of good) t.same(read(text), JSON.parse(text), text)
})

t.test('JSON that two readers would read differently is refused, however it is spaced', async t => {
  const bad = [
    '', '{', '[1,]', '{"a":1,}', "{'a':1}", '01', '+1', '.5', '1.', 'NaN', '1e999', '9007199254740993', '9007199254740992', '-9007199254740992', '"\\x"', '"\u0001"', '"\\ud800"', '"\\udc00\\ud800"', '{"a":1}{"b":2}',
    '{"a":1,"a":2}', '{"a":1,"\\u0061":1}', '[1]x', '\u00a01', '/**/1', '{"a" 1}', '{1:2}', 'tru', '1e1000', '100000000000000000000'
  ]
  for (const text of bad) {
    t.throws(() => read(text), { code: 'JSON_INVALID' }, text)
    t.throws(() => read(`${text} `), { code: 'JSON_INVALID' }, `${text} with a blank`)
  }
  t.throws(() => parseJson(Buffer.from([0x22, 0xff, 0x22]), LIMITS), { code: 'JSON_INVALID' }, 'not UTF-8')
  t.throws(() => parseJson(Buffer.from('\ufeff1'), LIMITS), { code: 'JSON_INVALID' }, 'a byte order mark')
  t.throws(() => parseJson(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), LIMITS), { code: 'JSON_INVALID' }, 'half a character in UTF-8')
})

t.test('bytes and depth are limited, from both sides', async t => {
  t.equal((read(`"${'a'.repeat(998)}"`) as string).length, 998)
  t.throws(() => read(`"${'a'.repeat(999)}"`), { code: 'BODY_TOO_LARGE' })
  for (const blank of ['', ' ']) {
    t.same(read(`[[[[]]]]${blank}`), [[[[]]]])
    t.throws(() => read(`[[[[[]]]]]${blank}`), { code: 'JSON_TOO_DEEP' })
    t.throws(() => read(`{"a":{"a":{"a":{"a":{}}}}}${blank}`), { code: 'JSON_TOO_DEEP' })
  }
  t.throws(() => parseJson(Buffer.from('['.repeat(100_000)), { bytes: 1_000_000, depth: 4 }), { code: 'JSON_TOO_DEEP' })
  t.throws(() => parseJson(Buffer.from('['.repeat(100_000) + ']'.repeat(100_000)), { bytes: 1_000_000, depth: 4 }), { code: 'JSON_TOO_DEEP' })
})

t.test('a name that objects have by nature is a name like others', async t => {
  for (const text of ['{"__proto__":{"a":1}}', '{ "__proto__" : {"a":1}}']) {
    const value = read(text) as Record<string, unknown>
    t.ok(Object.hasOwn(value, '__proto__'))
    t.equal(Object.getPrototypeOf(value), Object.prototype)
  }
  t.throws(() => read('{"__proto__":1,"__proto__":2}'), { code: 'JSON_INVALID' })
})

t.test('the short way and the long way read the same', async t => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 3 }), value => {
    const text = JSON.stringify(value)
    const outcome = (spelt: string): string => { try { return JSON.stringify(parseJson(Buffer.from(spelt), { bytes: 100_000, depth: 8 })) } catch (error) { return (error as { code: string }).code } }
    return outcome(text) === outcome(` ${text}`) // the blank makes it take the long way
  }), { seed: 7, numRuns: 300 })
})

t.test('the canonical form, RFC 8785', async t => {
  t.equal(canonicalJson({ b: [1e21, 1.0, -0, 1e-7], a: '\u20ac"\\\n', ö: undefined, '\u20ac': null, 1: true }), '{"1":true,"a":"€\\"\\\\\\n","b":[1e+21,1,0,1e-7],"€":null}')
  t.throws(() => canonicalJson(NaN), TypeError)
  t.throws(() => canonicalJson('\ud800'), TypeError)
  t.throws(() => canonicalJson(undefined), TypeError)
})

/** RFC 8785 as it reads, with no regard to time. */
function asItReads (value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    if (Array.isArray(value)) return `[${value.map(asItReads).join(',')}]`
    return `{${Object.keys(value).sort().flatMap(name => {
      const member = (value as Record<string, unknown>)[name]
      return member === undefined ? [] : `${asItReads(name)}:${asItReads(member)}`
    }).join(',')}}`
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError()
  if (typeof value === 'string' && /\p{Surrogate}/u.test(value)) throw new TypeError()
  const text = JSON.stringify(value) as string | undefined
  if (text === undefined) throw new TypeError()
  return text
}

t.test('names stand in the order of their UTF-16 code units, whatever was in order before and however many there are', async t => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '1', '10', 'é', '"', '\\', '\\ud8', '\n', '\ue000', '\u{1f600}', '\ud800', '\udc00'), maxLength: 3 })
  const { value: any } = fc.letrec(tie => ({
    value: fc.oneof({ maxDepth: 3 }, text, fc.double(), fc.integer(), fc.boolean(), fc.constant(null), fc.constant(undefined), fc.array(tie('value'), { maxLength: 4 }), tie('object')),
    object: fc.uniqueArray(fc.tuple(text, tie('value')), { selector: ([name]) => name, maxLength: 40 }).chain(entries => fc.boolean().map(sorted => Object.fromEntries(sorted ? entries.sort(([a], [b]) => a < b ? -1 : 1) : entries)))
  }))
  const outcome = (write: (value: unknown) => string, value: unknown): string => { try { return write(value) } catch (error) { return (error as Error).name } }
  let whole = 0
  fc.assert(fc.property(any, value => {
    const [ours, theirs] = [outcome(canonicalJson, value), outcome(asItReads, value)]
    if (theirs !== 'TypeError') whole++
    return ours === theirs
  }), { seed: 7, numRuns: 3000 })
  t.ok(whole > 500, `${whole} that have a canonical form`)
  t.equal(canonicalJson(new Date(0)), '{}', 'an object of a class is written by its own members, as ever')
})
