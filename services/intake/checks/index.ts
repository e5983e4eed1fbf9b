import type { Facts } from '../facts.js'
import type { IntakeLimits } from '../ports.js'
import type { Reason } from '../reasons.js'
import { authority } from './authority.js'
import type { Check } from './check.js'
import { identifiers } from './identifiers.js'
import { shape } from './shape.js'
import { signature } from './signature.js'
import { time } from './time.js'

export const CHECKS: readonly Check[] = [shape, identifiers, signature, authority, time]

/** Puts every question, so that a source learns all that is wrong at once. Order among events is judged in order.ts. */
export function judge (facts: Facts, limits: IntakeLimits): Reason[] {
  return CHECKS.flatMap(check => check(facts, limits))
}
