import fc from 'fast-check'
import t from 'tap'
import { DELETION_LIMITS, heldMessage, namesOfSet, reasonToHold, type Loss } from '../../../connectors/sdk/guard.js'

const loss = (given: Partial<Loss>): Loss => ({ published: 1000, most: 1000, gone: 0, added: 0, otherwise: false, ...given })
const reason = (given: Partial<Loss>, limits = DELETION_LIMITS): string | undefined => reasonToHold(loss(given), limits)

t.test('both limits have to be exceeded', async t => {
  t.same([reason({ gone: 200 }), reason({ gone: 201 })], [undefined, 'at-once'])
  t.same([reason({ published: 30, most: 30, gone: 20 }), reason({ published: 30, most: 30, gone: 21 })], [undefined, 'at-once'])
})

t.test('new rows do not make up for those that go at once, but for those that went before', async t => {
  t.equal(reason({ gone: 201, added: 1000 }), 'at-once')
  t.same([reason({ published: 850, gone: 50 }), reason({ published: 850, gone: 51 }), reason({ published: 850, gone: 51, added: 1 })], [undefined, 'little-by-little', undefined])
})

t.test('where nothing would be left, or the source is declared otherwise, few rows count', async t => {
  const small = { published: 5, most: 5 }
  t.same([reason({ ...small, gone: 4 }), reason({ ...small, gone: 5 }), reason({ ...small, gone: 5, added: 1 })], [undefined, 'emptied', undefined])
  t.same([reason({ ...small, gone: 1, otherwise: true }), reason({ ...small, gone: 2, otherwise: true })], [undefined, 'declared-otherwise'])
  t.same([reason({ gone: 200, otherwise: true }), reason({ gone: 201, otherwise: true })], [undefined, 'declared-otherwise'])
})

t.test('a pass that takes nothing away is never held, nor any where the limit is all of it', async t => {
  const any = fc.record({ published: fc.nat(50), most: fc.nat(100), gone: fc.nat(50), added: fc.nat(50), otherwise: fc.boolean() }).filter(({ published, most, gone }) => gone <= published && published <= most)
  fc.assert(fc.property(any, fc.nat(100), fc.nat(50), (given, holdAbovePercent, holdAboveRows) =>
    reasonToHold({ ...given, gone: 0 }, { holdAbovePercent, holdAboveRows }) === undefined && reasonToHold(given, { holdAbovePercent: 100, holdAboveRows }) === undefined), { seed: 180, numRuns: 500 })
})

t.test('a register that is emptied is held in the end, in whatever steps', async t => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 300 }), fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 40 }), (most, steps) => {
    let published = most
    for (const step of [...steps, most]) {
      const gone = Math.min(step, published)
      if (reason({ published, most, gone }) !== undefined) return published > 0
      published -= gone
    }
    return false
  }), { seed: 181, numRuns: 500 })
})

t.test('a set is named by resource and keys, and what is left of it by what is left', async t => {
  const names = namesOfSet('shops', ['a', 'b', 'c'])
  t.match(names, Array.from({ length: 4 }, () => /^[0-9a-f]{16}$/))
  t.same([namesOfSet('shops', ['b', 'c']), namesOfSet('shops', ['c'])], [names.slice(1), names.slice(2)])
  const others = [['shops', ['a', 'b']], ['shops', ['ab', 'c']], ['shops', ['b', 'a', 'c']], ['fines', ['a', 'b', 'c']], ['shops', ['a', 'b', 'd']]] as const
  t.equal(new Set([names[0], ...others.map(([resource, keys]) => namesOfSet(resource, keys)[0])]).size, 6)
})

t.test('the message counts, names the set, and shows no key', async t => {
  const keys = ['610102199001011237', '610102199001011238', '610102199001011239', '610102199001011240']
  const message = heldMessage({ resource: 'people', keys, name: '0123456789abcdef', reason: 'at-once', loss: loss({ published: 9, most: 9, gone: 4 }), held: { passes: 3, since: '2026-03-01T00:00:00.000Z' } })
  t.match(message, /9 行中的 4 行（44%）/)
  t.match(message, /4 of the 9 rows .*\(44%\)/)
  t.match(message, /第 3 次.*始于北京时间 2026-03-01 08:00 /)
  t.ok(message.endsWith('--confirm-deletions 0123456789abcdef'))
  for (const key of keys) t.notMatch(message, key)
  t.match(message, '610***********1237')
})
