import { dayInChina } from '../../core/clock.js'
import { PASSED, skipped, SKIPPED, type Check } from './check.js'

/** Is the licence in force in the register, at the instant asked about? */
export const status: Check = {
  name: 'status',
  aspect: 'status',
  run ({ facts: { kind, licence, register }, policy }) {
    if (kind !== 'ofd' && kind !== 'seal-signature' && kind !== 'licence') return SKIPPED
    if (policy.status === 'off' && kind !== 'licence') return skipped('policy')
    if (licence === undefined) return { status: 'indeterminate', code: 'LICENCE_TYPE_UNKNOWN', needs: 'a licence identifier inside what is signed' }
    switch (register?.answer) {
      case undefined: case 'off': return { status: 'indeterminate', code: 'STATUS_UNKNOWN', needs: 'a register to ask' }
      case 'unavailable': return { status: 'indeterminate', code: 'SOURCE_SILENT', needs: 'the register\'s answer' }
      case 'not-found': return { status: 'indeterminate', code: 'NOT_IN_REGISTER', needs: 'the issuer to report the licence' }
      case 'found': break
    }
    const detail = register.since === undefined ? {} : { detail: dayInChina(new Date(register.since)) }
    switch (register.status) {
      case 'active': return PASSED
      case 'not-yet-valid': return { status: 'failed', code: 'NOT_YET_VALID', ...detail }
      case 'revoked': return { status: 'failed', code: 'REVOKED', ...detail }
      case 'expired': return { status: 'failed', code: 'EXPIRED', ...detail }
      case 'suspended': return { status: 'failed', code: 'SUSPENDED', ...detail }
      case 'cancelled': return { status: 'failed', code: 'CANCELLED', ...detail }
      case 'replaced': return { status: 'failed', code: 'REPLACED', ...(register.replacedBy !== undefined ? { detail: register.replacedBy } : detail) }
    }
  }
}
