import type { InstantText } from '../../core/clock.js'
import type { Facts, SignatureFacts } from '../facts.js'
import type { Policy } from '../policy.js'
import type { Aspect, Outcome } from '../report.js'

export interface Context {
  facts: Facts
  policy: Policy
  /** The instant asked about, in the one spelling in which instants sort as text. */
  at: InstantText
}

/** One question put to the facts on the whole input. Pure: no clock, no I/O, no cryptography. */
export interface Check {
  /** Relying parties read it in reports, so it never changes. */
  name: string
  aspect: Aspect
  run: (context: Context) => Outcome
}

/** One question put to the facts on each signature. */
export interface SignatureCheck {
  name: string
  aspect: Aspect
  run: (signature: SignatureFacts, context: Context) => Outcome
}

export const PASSED: Outcome = { status: 'passed' }
export const SKIPPED: Outcome = { status: 'skipped' }
/** With `detail` left out where there is nothing to say, as JSON would leave it out. */
export const passed = (detail?: string): Outcome => detail === undefined ? PASSED : { status: 'passed', detail }
export const skipped = (detail: string): Outcome => ({ status: 'skipped', detail })
