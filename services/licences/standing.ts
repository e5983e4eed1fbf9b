import { startOfDayInChina, type DayText, type InstantText } from '../core/clock.js'

/** What may be said of a licence, in the words of its events: `licence.suspended.v1` is `suspended`. */
export const MOVES = ['issued', 'changed', 'suspended', 'restored', 'revoked', 'cancelled', 'expired', 'replaced'] as const
export type MoveName = typeof MOVES[number]

export const STATES = ['not-yet-valid', 'valid', 'suspended', 'expired', 'revoked', 'cancelled', 'replaced', 'unknown'] as const
export type LicenceState = typeof STATES[number]

export interface LicenceFile { sha256: string, sm3: string, size: number, mediaType: string }
/** What the licence says; changes replace single members. */
export interface LicenceFacts {
  number: string
  holder: { name: string, code: string, codeType: string }
  validFrom: DayText
  /** The last day on which it is in force. */
  validUntil?: DayText
  region: string
  face: Record<string, string>
  file?: LicenceFile
}

/** One thing that its issuer said of a licence. Instants are written with milliseconds, so that they compare as text. */
export interface Move {
  move: MoveName
  /** From when it holds. */
  effectiveAt: InstantText
  /** When intake accepted it: who asks as known before that does not see it. Never earlier than that of the move before it. */
  recordedAt: InstantText
  eventId: string
  sequence: number
  facts?: Partial<LicenceFacts>
  reason?: { zh: string, en?: string }
  basis?: string
  /** Of a revocation: 吊销 or 撤销. */
  kind?: 'revoked' | 'withdrawn'
  replacedBy?: string
}

/** How a licence stands at an instant. */
export interface Standing {
  state: LicenceState
  since?: InstantText
  facts?: LicenceFacts
  /** The move that brought it into this state; absent where that was the calendar. */
  by?: Move
}

/** States that it leaves no more; only a revoked licence may still be struck off. */
const ENDED = new Set<LicenceState>(['revoked', 'cancelled', 'replaced'])

/**
 * How a licence stood at `at`, by what was recorded up to `known`. Moves take effect in the order of their effective instants, those of
 * one instant in the order in which they were recorded. A move that came later but takes effect earlier may leave no room for one that
 * was lawful when it was recorded: that one is then passed over, and stays in the history.
 * @param moves - in the order recorded
 */
export function standing (moves: readonly Move[], at: InstantText, known: InstantText): Standing {
  let visible = moves.filter(({ recordedAt, effectiveAt }) => recordedAt <= known && effectiveAt <= at)
  if (visible.length === 0) return moves.some(({ recordedAt }) => recordedAt <= known) ? { state: 'not-yet-valid' } : { state: 'unknown' }
  if (visible.length > 1) visible = visible.map((move, index) => ({ move, index })).sort((a, b) => compare(a.move.effectiveAt, b.move.effectiveAt) || a.index - b.index).map(({ move }) => move)
  let base: Base = { status: 'in-force' }
  for (const move of visible) {
    const now = stateOf(base, move.effectiveAt)
    if (objection(now, base, move) === undefined) base = after(base, move)
  }
  return stateOf(base, at)
}

interface Base {
  status: 'in-force' | 'suspended' | 'revoked' | 'cancelled' | 'lapsed' | 'replaced'
  facts?: LicenceFacts
  by?: Move
}

function stateOf ({ status, facts, by }: Base, at: InstantText): Standing {
  if (facts === undefined) return { state: 'unknown' }
  const from = beginning(facts.validFrom)
  const end = facts.validUntil === undefined ? undefined : beginning(facts.validUntil, 1)
  const moved = by === undefined ? {} : { by, since: by.effectiveAt }
  switch (status) {
    case 'revoked': case 'cancelled': case 'replaced': return { state: status, facts, ...moved }
    case 'lapsed': return { state: 'expired', facts, ...moved }
    case 'suspended':
      if (end === undefined || at < end) return { state: 'suspended', facts, ...moved }
      return { state: 'expired', since: end, facts }
    case 'in-force':
      if (end !== undefined && at >= end) return { state: 'expired', since: end, facts }
      if (at < from) return { state: 'not-yet-valid', facts }
      return { state: 'valid', facts, ...moved, since: by !== undefined && by.effectiveAt > from ? by.effectiveAt : from }
  }
}

function after (base: Base, move: Move): Base {
  const facts = move.facts === undefined ? base.facts : { ...base.facts, ...move.facts } as LicenceFacts
  const whole = facts === undefined ? {} : { facts }
  switch (move.move) {
    case 'issued': case 'restored': return { status: 'in-force', ...whole, by: move }
    case 'changed': return { ...base, ...whole } // it stands as before, and since when
    case 'expired': return base.status === 'in-force' || base.status === 'suspended' ? { status: 'lapsed', ...whole, by: move } : base
    case 'suspended': case 'revoked': case 'cancelled': return { status: move.move, ...whole, by: move }
    case 'replaced': return base.status === 'replaced' ? base : { status: 'replaced', ...whole, by: move }
  }
}

/** Why a licence in this standing may not make this move, or undefined where it may. */
function objection ({ state }: Standing, { status, facts, by }: Base, { move, facts: changes, effectiveAt, replacedBy }: Move): string | undefined {
  const no = `${state} → ${move}`
  if (move === 'issued') return facts === undefined ? undefined : no
  if (facts === undefined) return no
  // Told twice, by the new licence and by the old one's own event, it is the same.
  if (state === 'replaced') return move === 'replaced' && by?.replacedBy === replacedBy ? undefined : no
  if (state === 'revoked') return move === 'cancelled' ? undefined : no
  if (ENDED.has(state)) return no
  switch (move) {
    case 'changed': {
      if (state !== 'expired') return undefined
      // Only the calendar can be moved: a longer period renews it, before or after its last day.
      const until = changes?.validUntil
      return status !== 'lapsed' && until !== undefined && beginning(until, 1) > effectiveAt ? undefined : no
    }
    case 'suspended': return state === 'valid' || state === 'not-yet-valid' ? undefined : no
    case 'restored': return state === 'suspended' ? undefined : no
    case 'expired': return status === 'lapsed' || state === 'not-yet-valid' ? no : undefined
    case 'revoked': case 'cancelled': case 'replaced': return undefined
  }
}

export type MoveRefusal = { code: 'LICENCE_UNKNOWN' | 'LICENCE_EXISTS' | 'BEFORE_ISSUE' | 'VALIDITY_INVERTED' | 'MOVE_ILLEGAL' | 'HISTORY_TOO_LONG', detail?: string }

/**
 * May this move be recorded? Judged at its effective instant, by all that was recorded before it.
 * @param moves - what was recorded of the licence, empty where the register does not have it
 */
export function refusalOf (moves: readonly Move[], move: Move, mostMoves: number): MoveRefusal | undefined {
  const [issue] = moves
  if (issue === undefined) return move.move === 'issued' ? undefined : { code: 'LICENCE_UNKNOWN' }
  if (move.move === 'issued') return { code: 'LICENCE_EXISTS' }
  if (moves.length >= mostMoves) return { code: 'HISTORY_TOO_LONG', detail: `more than ${mostMoves}` }
  if (move.effectiveAt < issue.effectiveAt) return { code: 'BEFORE_ISSUE' }
  const [from, until] = [issue.facts?.validFrom, move.facts?.validUntil] // no change moves the first day
  if (from !== undefined && until !== undefined && until < from) return { code: 'VALIDITY_INVERTED' }
  let base: Base = { status: 'in-force' }
  const before = moves.filter(({ effectiveAt }) => effectiveAt <= move.effectiveAt).map((move, index) => ({ move, index }))
    .sort((a, b) => compare(a.move.effectiveAt, b.move.effectiveAt) || a.index - b.index)
  for (const { move } of before) if (objection(stateOf(base, move.effectiveAt), base, move) === undefined) base = after(base, move)
  const detail = objection(stateOf(base, move.effectiveAt), base, move)
  return detail === undefined ? undefined : { code: 'MOVE_ILLEGAL', detail }
}

function compare (a: string, b: string): number { return a < b ? -1 : a > b ? 1 : 0 }

const DAY_MS = 86_400_000
const beginnings = new Map<string, string>()
/** The instant at which a day begins in China, and so many days later; remembered, since most licences share few days. */
function beginning (day: DayText, later = 0): InstantText {
  const key = later === 0 ? day : `${day}+${later}`
  let instant = beginnings.get(key)
  if (instant === undefined) {
    instant = new Date((startOfDayInChina(day)?.getTime() ?? NaN) + later * DAY_MS).toISOString()
    if (beginnings.size > 20_000) beginnings.clear()
    beginnings.set(key, instant)
  }
  return instant
}
