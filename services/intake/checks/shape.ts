import { typeOf } from '../facts.js'
import type { Check } from './check.js'

/** Can it be read in one way only, is its type known, and does it fit the type's schema? */
export const shape: Check = ({ readable, typeKnown, violations }) => {
  if ('failure' in readable) return [{ code: readable.failure, detail: readable.detail }]
  if (!typeKnown) return [{ code: 'EVENT_TYPE_UNKNOWN', pointer: typeOf(readable.json) === undefined ? '' : '/type' }]
  return violations.map(({ pointer, message }) => ({ code: 'SHAPE_INVALID', pointer, detail: message }))
}
