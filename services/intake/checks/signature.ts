import type { Facts } from '../facts.js'
import type { ReasonCode } from '../reasons.js'
import type { Check } from './check.js'

const CODES: Record<Facts['signature'], ReasonCode | undefined> = {
  missing: 'SIGNATURE_MISSING',
  malformed: 'SIGNATURE_MALFORMED',
  'key-unknown': 'KEY_UNKNOWN',
  'key-not-valid': 'KEY_NOT_VALID',
  invalid: 'SIGNATURE_INVALID',
  unasked: undefined,
  verified: undefined
}

/** Did the source sign these very bytes, with a key that was its own then? @see RFC 7797 */
export const signature: Check = ({ signature, event }) => {
  // Without a source there is no key to ask for, and the shape says so; whatever has a shape must have been asked about.
  if (signature === 'unasked' && event !== undefined) return [{ code: 'KEY_UNKNOWN' }]
  const code = CODES[signature]
  return code === undefined ? [] : [{ code }]
}
