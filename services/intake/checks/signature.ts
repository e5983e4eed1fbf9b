import type { Facts } from '../facts.js'
import type { ReasonCode } from '../reasons.js'
import type { Check } from './index.js'

const CODES: Record<Facts['signature'], ReasonCode | undefined> = {
  missing: 'SIGNATURE_MISSING',
  malformed: 'SIGNATURE_MALFORMED',
  'key-unknown': 'KEY_UNKNOWN',
  'key-not-valid': 'KEY_NOT_VALID',
  invalid: 'SIGNATURE_INVALID',
  unasked: 'KEY_UNKNOWN', // without a source there is no key that could have signed it
  verified: undefined
}

/** Did the source sign these very bytes, with a key that was its own then? @see RFC 7797 */
export const signature: Check = ({ signature }) => {
  const code = CODES[signature]
  return code === undefined ? [] : [{ code }]
}
