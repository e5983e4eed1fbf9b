import type { Facts } from '../facts.js'
import type { IntakeLimits } from '../ports.js'
import type { Reason } from '../reasons.js'

/** One question about an event, answered from the facts alone; an empty list says that nothing is wrong. */
export type Check = (facts: Facts, limits: IntakeLimits) => Reason[]
