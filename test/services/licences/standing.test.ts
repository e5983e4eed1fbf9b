import t from 'tap'
import { refusalOf, standing, type Move, type MoveName } from '../../../services/licences/standing.js'

const FACTS = { number: 'JY1', holder: { name: '示例面馆', code: '92990106MAYYY0021M', codeType: '001' }, validFrom: '2026-03-02', validUntil: '2026-12-31', region: '990000', face: {} }
let sequence = 0
function move (name: MoveName, effectiveAt: string, more: Partial<Move> = {}): Move {
  sequence++
  const instant = new Date(effectiveAt).toISOString()
  return { move: name, effectiveAt: instant, recordedAt: instant, eventId: `e${sequence}`, sequence, ...(name === 'issued' ? { facts: FACTS } : {}), ...more }
}
const ISSUED = move('issued', '2026-03-02T01:00:00Z')
const LATEST = '2030-01-01T00:00:00.000Z'
const stateAt = (moves: Move[], at: string, known = LATEST): string => standing(moves, new Date(at).toISOString(), known).state

t.test('a licence is in force from the first day to the last, both whole days in China', async t => {
  const moves = [move('issued', '2026-02-01T00:00:00Z')]
  t.equal(stateAt(moves, '2026-01-31T23:59:59.999Z'), 'not-yet-valid')
  t.equal(stateAt(moves, '2026-03-01T15:59:59.999Z'), 'not-yet-valid')
  t.equal(stateAt(moves, '2026-03-01T16:00:00Z'), 'valid')
  t.equal(stateAt(moves, '2026-12-31T15:59:59.999Z'), 'valid')
  t.match(standing(moves, '2026-12-31T16:00:00.000Z', LATEST), { state: 'expired', since: '2026-12-31T16:00:00.000Z' })
})

t.test('without a last day it does not expire', async t => {
  const { validUntil: _, ...facts } = FACTS
  t.equal(stateAt([move('issued', '2026-03-02T01:00:00Z', { facts })], '2999-01-01T00:00:00Z'), 'valid')
})

t.test('what nobody had recorded then was unknown then', async t => {
  t.equal(stateAt([], '2026-05-01T00:00:00Z'), 'unknown')
  t.equal(stateAt([ISSUED], '2026-05-01T00:00:00Z', '2026-03-02T00:59:59.999Z'), 'unknown')
  t.equal(stateAt([ISSUED], '2026-05-01T00:00:00Z', '2026-03-02T01:00:00.000Z'), 'valid')
})

t.test('each move takes effect at its instant, inclusive', async t => {
  const outcomes: Array<[MoveName, string]> = [['suspended', 'suspended'], ['revoked', 'revoked'], ['cancelled', 'cancelled'], ['expired', 'expired'], ['replaced', 'replaced']]
  for (const [name, state] of outcomes) {
    const moves = [ISSUED, move(name, '2026-06-01T00:00:00Z')]
    t.equal(stateAt(moves, '2026-05-31T23:59:59.999Z'), 'valid', name)
    t.match(standing(moves, '2026-06-01T00:00:00.000Z', LATEST), { state, since: '2026-06-01T00:00:00.000Z', by: { move: name } }, name)
  }
})

t.test('a suspension ends by being restored, or with the licence', async t => {
  const moves = [ISSUED, move('suspended', '2026-06-01T00:00:00Z'), move('restored', '2026-07-01T00:00:00Z')]
  t.equal(stateAt(moves, '2026-06-30T00:00:00Z'), 'suspended')
  t.match(standing(moves, '2026-07-01T00:00:00.000Z', LATEST), { state: 'valid', since: '2026-07-01T00:00:00.000Z' })
  t.equal(stateAt(moves.slice(0, 2), '2027-01-01T00:00:00Z'), 'expired')
})

t.test('a revocation that arrives late changes what is said of the past, and not what was said then', async t => {
  const late = move('revoked', '2026-05-01T00:00:00Z', { recordedAt: '2026-08-01T00:00:00.000Z' })
  const moves = [ISSUED, late]
  t.equal(stateAt(moves, '2026-06-01T00:00:00Z', '2026-07-01T00:00:00.000Z'), 'valid')
  t.equal(stateAt(moves, '2026-06-01T00:00:00Z', '2026-08-01T00:00:00.000Z'), 'revoked')
})

t.test('a change may not let a licence end before it begins', async t => {
  const changed = (validUntil: string): Move => move('changed', '2026-03-02T02:00:00Z', { facts: { validUntil } })
  t.equal(refusalOf([ISSUED], changed('2026-03-02'), 100), undefined)
  t.same(refusalOf([ISSUED], changed('2026-03-01'), 100), { code: 'VALIDITY_INVERTED' })
})

t.test('a late move may leave no room for later ones, which are then passed over', async t => {
  const recorded = [ISSUED, move('suspended', '2026-06-01T00:00:00Z'), move('restored', '2026-07-01T00:00:00Z')]
  const late = move('revoked', '2026-05-15T00:00:00Z', { recordedAt: '2026-08-01T00:00:00.000Z' })
  t.equal(refusalOf(recorded, late, 100), undefined)
  t.match(standing([...recorded, late], '2026-09-01T00:00:00.000Z', LATEST), { state: 'revoked', since: '2026-05-15T00:00:00.000Z' })
  t.equal(stateAt([...recorded, late], '2026-06-15T00:00:00Z', '2026-07-31T00:00:00.000Z'), 'suspended')
})

t.test('a late move is judged at its effective instant, by what was recorded before it', async t => {
  const moves = [ISSUED, move('suspended', '2026-06-01T00:00:00Z'), move('restored', '2026-07-01T00:00:00Z')]
  t.match(refusalOf(moves, move('restored', '2026-05-15T00:00:00Z', { recordedAt: LATEST }), 100), { code: 'MOVE_ILLEGAL', detail: 'valid → restored' })
  t.match(refusalOf(moves, move('suspended', '2026-06-15T00:00:00Z', { recordedAt: LATEST }), 100), { code: 'MOVE_ILLEGAL', detail: 'suspended → suspended' })
  t.equal(refusalOf(moves, move('restored', '2026-06-15T00:00:00Z', { recordedAt: LATEST }), 100), undefined)
})

t.test('only a longer period renews an expired licence, and none that its issuer declared lapsed', async t => {
  const renewal = (at: string, validUntil: string): Move => move('changed', at, { facts: { validUntil } })
  t.equal(refusalOf([ISSUED], renewal('2027-01-15T00:00:00Z', '2028-12-31'), 100), undefined)
  t.equal(stateAt([ISSUED, renewal('2027-01-15T00:00:00Z', '2028-12-31')], '2027-01-10T00:00:00Z'), 'expired')
  t.equal(stateAt([ISSUED, renewal('2027-01-15T00:00:00Z', '2028-12-31')], '2027-01-15T00:00:00Z'), 'valid')
  t.match(refusalOf([ISSUED], renewal('2027-01-15T00:00:00Z', '2027-01-14'), 100), { code: 'MOVE_ILLEGAL' })
  t.match(refusalOf([ISSUED], move('changed', '2027-01-15T00:00:00Z', { facts: { number: 'X' } }), 100), { code: 'MOVE_ILLEGAL' })
  t.match(refusalOf([ISSUED, move('expired', '2026-06-01T00:00:00Z')], renewal('2026-07-01T00:00:00Z', '2028-12-31'), 100), { code: 'MOVE_ILLEGAL', detail: 'expired → changed' })
})

t.test('every state takes the moves that the table gives it, and no other', async t => {
  const reach: Record<string, Move[]> = {
    'not-yet-valid': [move('issued', '2026-01-01T00:00:00Z')],
    valid: [ISSUED],
    suspended: [ISSUED, move('suspended', '2026-04-01T00:00:00Z')],
    expired: [move('issued', '2026-01-01T00:00:00Z', { facts: { ...FACTS, validFrom: '2026-01-01', validUntil: '2026-02-01' } })],
    revoked: [ISSUED, move('revoked', '2026-04-01T00:00:00Z')],
    cancelled: [ISSUED, move('cancelled', '2026-04-01T00:00:00Z')],
    replaced: [ISSUED, move('replaced', '2026-04-01T00:00:00Z', { replacedBy: 'new' })]
  }
  const allowed: Record<string, MoveName[]> = {
    'not-yet-valid': ['changed', 'suspended', 'revoked', 'cancelled', 'replaced'],
    valid: ['changed', 'suspended', 'revoked', 'cancelled', 'expired', 'replaced'],
    suspended: ['changed', 'restored', 'revoked', 'cancelled', 'expired', 'replaced'],
    expired: ['revoked', 'cancelled', 'expired', 'replaced'],
    revoked: ['cancelled'],
    cancelled: [],
    replaced: []
  }
  for (const [state, moves] of Object.entries(reach)) {
    const at = state === 'not-yet-valid' ? '2026-02-15T00:00:00Z' : '2026-06-01T00:00:00Z'
    t.equal(stateAt(moves, at), state)
    for (const name of ['issued', 'changed', 'suspended', 'restored', 'revoked', 'cancelled', 'expired', 'replaced'] as const) {
      const refusal = refusalOf(moves, move(name, at, { facts: name === 'issued' ? FACTS : { number: 'X' }, replacedBy: 'other' }), 100)
      t.equal(refusal === undefined, allowed[state]?.includes(name), `${state} → ${name}`)
    }
  }
  t.equal(refusalOf(reach['replaced'] ?? [], move('replaced', '2026-06-01T00:00:00Z', { replacedBy: 'new' }), 100), undefined, 'told twice, it is the same')
})

t.test('there is a first move, only one, nothing before it, and no more than the limit', async t => {
  t.match(refusalOf([], move('revoked', '2026-06-01T00:00:00Z'), 100), { code: 'LICENCE_UNKNOWN' })
  t.match(refusalOf([ISSUED], move('issued', '2026-06-01T00:00:00Z'), 100), { code: 'LICENCE_EXISTS' })
  t.match(refusalOf([ISSUED], move('revoked', '2026-03-02T00:59:59.999Z'), 100), { code: 'BEFORE_ISSUE' })
  t.equal(refusalOf([ISSUED], move('revoked', '2026-03-02T01:00:00Z'), 100), undefined)
  const two = [ISSUED, move('changed', '2026-04-01T00:00:00Z')]
  t.equal(refusalOf(two, move('changed', '2026-04-02T00:00:00Z'), 3), undefined)
  t.match(refusalOf(two, move('changed', '2026-04-02T00:00:00Z'), 2), { code: 'HISTORY_TOO_LONG' })
})
