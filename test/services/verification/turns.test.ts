import fc from 'fast-check'
import t from 'tap'
import { Turns } from '../../../services/verification/turns.js'

interface Waiting { asker: string, number: number }

t.test('askers have their turns one after the other, each in the order in which its own came', async t => {
  const turns = new Turns<string>()
  for (const [asker, what] of [['a', 'a1'], ['a', 'a2'], ['a', 'a3'], ['b', 'b1'], ['c', 'c1'], ['c', 'c2']] as const) turns.add(asker, what)
  t.equal(turns.next(), 'a1')
  turns.add('b', 'b2')
  t.same(Array.from({ length: 7 }, () => turns.next()), ['b1', 'c1', 'a2', 'b2', 'c2', 'a3', undefined])
  t.equal(turns.count, 0)
})

t.test('who gives way has more waiting than whoever comes then has, and gives way with the last that came', async t => {
  const turns = new Turns<string>()
  t.equal(turns.giveWay('a'), undefined)
  turns.add('a', 'a1')
  t.equal(turns.giveWay('b'), undefined, 'one each is as even as it gets')
  turns.add('a', 'a2')
  t.equal(turns.giveWay('a'), undefined)
  t.equal(turns.giveWay('b'), 'a2')
  turns.add('b', 'b1')
  t.equal(turns.giveWay('b'), undefined)
  t.same(turns.clear(), ['a1', 'b1'])
  t.equal(turns.next(), undefined)
})

t.test('whatever comes in whatever order: nothing is lost, nothing is served twice, and none waits for more than one of each other asker', async t => {
  const steps = fc.array(fc.oneof(fc.record({ add: fc.constantFrom('a', 'b', 'c', 'd') }), fc.constant('next' as const), fc.record({ giveWay: fc.constantFrom('a', 'b', 'e') })), { maxLength: 60 })
  fc.assert(fc.property(steps, steps => {
    const turns = new Turns<Waiting>()
    let [number, out] = [0, 0]
    const lines = new Map<string, number[]>()
    const waitedFor = new Map<string, string[]>() // who was served since the first of an asker's line came to be first
    for (const step of steps) {
      if (step === 'next') {
        const served = turns.next()
        if (served === undefined) { if ([...lines.values()].some(({ length }) => length > 0)) return false; continue }
        if (lines.get(served.asker)?.shift() !== served.number) return false
        out++
        if (new Set(waitedFor.get(served.asker)).size !== (waitedFor.get(served.asker)?.length ?? 0)) return false
        waitedFor.set(served.asker, [])
        for (const [asker, since] of waitedFor) if (asker !== served.asker && (lines.get(asker)?.length ?? 0) > 0) since.push(served.asker)
      } else if ('add' in step) {
        const line = lines.get(step.add) ?? []
        if (line.length === 0) waitedFor.set(step.add, [])
        line.push(++number)
        lines.set(step.add, line)
        turns.add(step.add, { asker: step.add, number })
      } else {
        const gone = turns.giveWay(step.giveWay)
        const most = Math.max(0, ...[...lines.values()].map(({ length }) => length))
        if ((gone !== undefined) !== (most > (lines.get(step.giveWay)?.length ?? 0) + 1)) return false
        if (gone === undefined) continue
        if (lines.get(gone.asker)?.length !== most || lines.get(gone.asker)?.pop() !== gone.number) return false
        out++
      }
      if (turns.count !== number - out) return false
    }
    return true
  }), { seed: 20261128, numRuns: 500 })
  t.pass()
})
