import { dayInChina, parseInstant } from '../../core/clock.js'
import type { Reason } from '../reasons.js'
import type { Check } from './check.js'

const DAY_MS = 86_400_000
/** The state has issued nothing before its founding; an earlier instant is a slip. */
const EARLIEST = Date.UTC(1949, 9, 1) - 8 * 3_600_000

/** Are its times possible? */
export const time: Check = ({ event, judgedAt }, { clockSkewMs, effectiveAheadDays }) => {
  const reasons: Reason[] = []
  if (event === undefined) return reasons
  const written = parseInstant(event.time)
  if (written === undefined) reasons.push({ code: 'SHAPE_INVALID', pointer: '/time', detail: 'is no instant' })
  else if (written.getTime() > judgedAt.getTime() + clockSkewMs) reasons.push({ code: 'TIME_IN_FUTURE', pointer: '/time' })

  const { asOf, effectiveAt, issuedOn, validFrom, validUntil } = event.data as { asOf?: string, effectiveAt?: string, issuedOn?: string, validFrom?: string, validUntil?: string }
  if (asOf !== undefined) {
    const seen = parseInstant(asOf)?.getTime()
    if (seen === undefined) reasons.push({ code: 'SHAPE_INVALID', pointer: '/data/asOf', detail: 'is no instant' })
    else if (seen > judgedAt.getTime() + clockSkewMs) reasons.push({ code: 'TIME_IN_FUTURE', pointer: '/data/asOf' })
  }
  if (effectiveAt !== undefined) {
    const effective = parseInstant(effectiveAt)?.getTime()
    if (effective === undefined) reasons.push({ code: 'SHAPE_INVALID', pointer: '/data/effectiveAt', detail: 'is no instant' })
    else if (effective < EARLIEST || effective > judgedAt.getTime() + effectiveAheadDays * DAY_MS) reasons.push({ code: 'EFFECTIVE_TIME_ABSURD', pointer: '/data/effectiveAt' })
    // Competence is asked for that day: an office that will be competent one day must not issue today in its name.
    else if (issuedOn !== undefined && issuedOn > dayInChina(new Date(Math.max(effective, judgedAt.getTime() + clockSkewMs)))) reasons.push({ code: 'TIME_IN_FUTURE', pointer: '/data/issuedOn' })
  }
  if (validFrom !== undefined && validUntil !== undefined && validUntil < validFrom) reasons.push({ code: 'VALIDITY_INVERTED', pointer: '/data/validUntil' })
  return reasons
}
