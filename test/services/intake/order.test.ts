import fc from 'fast-check'
import t from 'tap'
import { usccCheckCharacter } from '../../../services/core/identifiers.js'
import { placeOf } from '../../../services/intake/order.js'
import { room, signed, upserted } from './support.js'

t.test('an event has one place among those of its source', async t => {
  const at = (sequence: number, digest = 'a') => ({ sequence, digest })
  const here = { last: 5, accepted: 5 }
  t.equal(placeOf(at(6), here, {}), 'fits')
  t.equal(placeOf(at(7), here, {}), 'GAP')
  t.equal(placeOf(at(5), here, { byId: at(5), bySequence: at(5) }), 'DUPLICATE')
  t.equal(placeOf(at(5, 'b'), here, { byId: at(5), bySequence: at(5) }), 'FORK')
  t.equal(placeOf(at(5, 'b'), here, { bySequence: at(5) }), 'FORK')
  t.equal(placeOf(at(6, 'b'), here, { byId: at(5) }), 'FORK', 'the id of another event')
  t.equal(placeOf(at(4), here, {}), 'SEQUENCE_PASSED', 'it was skipped')
  t.equal(placeOf(at(7), { last: 7, accepted: 5 }, {}), 'fits', 'skipped, and nothing after it was taken')
  t.equal(placeOf(at(1), { last: 0, accepted: 0 }, {}), 'fits')
  t.equal(placeOf(at(2), { last: 0, accepted: 0 }, {}), 'GAP')
})

t.test('in whatever order, however often and with whatever forks events come, trusted ends with the longest prefix without a gap', async t => {
  const here = await room({ partitions: 1, limits: { judgedTogether: 4 } })
  t.teardown(here.close)
  let runs = 0
  const submissions = fc.array(fc.record({ sequence: fc.integer({ min: 1, max: 6 }), variant: fc.constantFrom('a', 'a', 'b') }), { minLength: 1, maxLength: 16 })
  await fc.assert(fc.asyncProperty(submissions, fc.integer({ min: 1, max: 5 }), async (sent, together) => {
    const first17 = `11990000YYYY${String(++runs).padStart(5, '0')}`
    const source = first17 + (usccCheckCharacter(first17) as string)
    here.keys.set(`${source} k1`, here.key)
    const bytes = sent.map(({ sequence, variant }) => signed(upserted(sequence, { source, id: `e-${sequence}-${variant}`, value: variant }), here.key))
    for (let at = 0; at < bytes.length; at += together) await here.intake.receive(bytes.slice(at, at + together))
    await here.intake.idle()

    const first = new Map<number, string>() // of two that claim a number, the one that came first has it
    for (const { sequence, variant } of sent) if (!first.has(sequence)) first.set(sequence, variant)
    const expected: string[] = []
    for (let sequence = 1; first.has(sequence); sequence++) expected.push(`e-${sequence}-${first.get(sequence)}`)
    const trusted = (await here.trusted()).map(({ event }) => event).filter(event => event.source === `urn:uscc:${source}`).map(({ id }) => id)
    const open = (await here.intake.quarantine.listOf(source, { limit: 100 })).items.filter(({ state }) => state === 'open').map(({ eventId }) => eventId)
    const refused = new Set(sent.map(({ sequence, variant }) => `e-${sequence}-${variant}`).filter(id => !expected.includes(id)))
    return JSON.stringify(trusted) === JSON.stringify(expected) && JSON.stringify(open.sort()) === JSON.stringify([...refused].sort())
  }), { numRuns: 60, seed: 3 })
})
