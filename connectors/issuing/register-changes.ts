import { createHash } from 'node:crypto'
import { dayInChina, startOfDayInChina, type InstantText } from '../../services/core/clock.js'
import type { Violation } from '../../services/core/failure.js'
import { licenceId, type LicenceId, type Uscc } from '../../services/core/identifiers.js'
import { told, type Bilingual } from '../../services/core/words.js'
import { REGISTER_COLUMNS, type ChangedTo, type RegisterRow } from '../register-row.js'
import { FIELD_TOLD } from '../sdk/row-words.js'

export type LicenceState = 'issued' | ChangedTo

/** What was last said about one row of the register. */
export interface Issued {
  /** 1 up. */
  version: number
  /** Of what the row says but for its state: a licence is written anew where this changes. */
  content: string
  state: LicenceState
  /** The day on which the state changed, as the register gave it. */
  stateOn?: string
  issuedOn: string
}

/** An event before it is numbered and signed. */
export interface EventDraft {
  type: string
  /** The licence's identifier. */
  subject: LicenceId
  data: { licenceId: LicenceId, effectiveAt: InstantText, [name: string]: unknown }
}

export type Decision =
  /** The row says what was said already. */
  | { kind: 'unchanged' }
  /** The row can't be followed; every reason. */
  | { kind: 'refused', violations: Violation[] }
  | {
    kind: 'changed'
    next: Issued
    /** A licence is to be written under this identifier, in force from then on, in place of another perhaps. */
    issue?: { licenceId: LicenceId, effectiveAt: InstantText, replaces?: LicenceId }
    /** What is to be said after it, in this order. */
    events: EventDraft[]
  }

const LAST_VERSION = 999

const IN_FUTURE = told('是将来的日期', 'must not lie in the future')
const STATE_EVENTS: Record<ChangedTo, string> = { suspended: 'licence.suspended.v1', revoked: 'licence.revoked.v1', cancelled: 'licence.cancelled.v1' }
const ENDED: ReadonlySet<LicenceState> = new Set(['revoked', 'cancelled'])

/** Which row this is, whatever else it says. */
export function rowKey ({ licenceType, serial }: RegisterRow): string { return `${licenceType}/${serial}` }

/**
 * What a row of the register asks for, given what was said before: nothing, a licence, a word on its state, or both. A content that
 * changed means a new version of the identifier, which replaces the one before; a licence that has ended stays as it is.
 * @param now - when the connector looks at the register
 */
export function decide (previous: Issued | undefined, row: RegisterRow, issuer: Uscc, now: Date): Decision {
  const violations = rowViolations(previous, row, now)
  const content = contentOf(row)
  const state: LicenceState = row.changed?.to ?? 'issued'
  const sameContent = previous?.content === content
  if (previous !== undefined && !sameContent) {
    if (ENDED.has(previous.state)) violations.push({ pointer: '', message: told('已吊销或注销的证照不再重发：新证照请另编流水号', 'a licence that was revoked or cancelled is not issued anew: give the new one a serial of its own') })
    if (previous.version >= LAST_VERSION) violations.push({ pointer: '', message: told(`版本号已用到 ${LAST_VERSION}`, `there is no version after ${LAST_VERSION}`) })
  }
  if (violations.length > 0) return { kind: 'refused', violations }
  if (previous !== undefined && sameContent && previous.state === state) return { kind: 'unchanged' }

  const next: Issued = {
    version: previous?.version ?? 0,
    content,
    state,
    ...row.changed === undefined ? {} : { stateOn: row.changed.on },
    issuedOn: row.issuedOn
  }
  const events: EventDraft[] = []
  const idOf = (version: number): LicenceId => licenceId({ type: row.licenceType, issuer, serial: row.serial, version: String(version).padStart(3, '0') })
  let issue
  // A replacement begins unsuspended, so a state that still holds is said of it again.
  let before: LicenceState = 'issued'
  if (previous === undefined || !sameContent) {
    next.version++
    const id = idOf(next.version)
    // A correction without a new day of issue holds from now: the register does not say since when it was known.
    const effectiveAt = previous === undefined || previous.issuedOn !== row.issuedOn ? startOfDay(row.issuedOn) : now.toISOString()
    issue = { licenceId: id, effectiveAt, ...previous === undefined ? {} : { replaces: idOf(previous.version) } }
    if (previous !== undefined) {
      const replaced = idOf(previous.version)
      const reason = { zh: '登记事项变更，换发新版本', en: 'The register changed; a new version was issued' }
      events.push({ type: 'licence.replaced.v1', subject: replaced, data: { licenceId: replaced, effectiveAt, reason, replacedBy: id } })
    }
  } else before = previous.state
  if (state !== before) events.push(stateEvent(idOf(next.version), row, now.toISOString(), issue?.effectiveAt))
  return { kind: 'changed', next, ...issue === undefined ? {} : { issue }, events }
}

/** @param notBefore - the state of a replacement can't be older than the replacement */
function stateEvent (licenceId: LicenceId, { changed }: RegisterRow, now: InstantText, notBefore: InstantText = ''): EventDraft {
  const event = (type: string, effectiveAt: InstantText, zh: string, en?: string): EventDraft =>
    ({ type, subject: licenceId, data: { licenceId, effectiveAt, reason: { zh, ...en === undefined ? {} : { en } } } })
  if (changed === undefined) return event('licence.restored.v1', now, '登记簿状态恢复为有效', 'The register says that it is in force again')
  const changedAt = startOfDay(changed.on)
  return event(STATE_EVENTS[changed.to], changedAt < notBefore ? notBefore : changedAt, changed.reason)
}

function rowViolations (previous: Issued | undefined, { changed, issuedOn }: RegisterRow, now: Date): Violation[] {
  const violations: Violation[] = []
  const at = (column: string, message: Bilingual): void => { violations.push({ pointer: `/${column}`, message }) }
  const today = dayInChina(now)
  if (issuedOn > today) at(REGISTER_COLUMNS.issuedOn, IN_FUTURE)
  if (changed !== undefined) {
    if (changed.on > today) at(REGISTER_COLUMNS.changedOn, IN_FUTURE)
    if (changed.on < issuedOn) at(REGISTER_COLUMNS.changedOn, told('早于发证日期', 'must not lie before the day of issue'))
    if (changed.reason === '' || [...changed.reason].length > 500) at(REGISTER_COLUMNS.changeReason, FIELD_TOLD.length(1, 500))
    if (/[\p{Cc}\p{Cf}\p{Cs}]/u.test(changed.reason)) at(REGISTER_COLUMNS.changeReason, FIELD_TOLD.invisible)
  }
  if (previous === undefined) return violations
  if (ENDED.has(previous.state) && previous.state !== changed?.to) at(REGISTER_COLUMNS.status, told('已吊销或注销的证照不能再改状态', 'a licence that was revoked or cancelled stays so'))
  else if (previous.state === changed?.to && previous.stateOn !== changed.on) at(REGISTER_COLUMNS.changedOn, told('这一状态已按另一个日期报送过', 'this state was reported with another day already'))
  if (issuedOn < previous.issuedOn) at(REGISTER_COLUMNS.issuedOn, told('早于已发版本的发证日期', 'must not lie before that of the version issued already'))
  return violations
}

function contentOf (row: RegisterRow): string {
  const { licenceTypeName, number, holder, issuedOn, validFrom, validUntil, region, face } = row
  const said = [licenceTypeName, number, holder.name, holder.code, holder.codeType, issuedOn, validFrom, validUntil ?? null, region, Object.entries(face)]
  return createHash('sha256').update(JSON.stringify(said)).digest('base64url')
}

/** The row was read, so its days are days. */
function startOfDay (day: string): InstantText { return (startOfDayInChina(day) as Date).toISOString() }
