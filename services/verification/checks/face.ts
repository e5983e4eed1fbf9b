import { PASSED, passed, SKIPPED, type Check } from './check.js'

/** Does what the page says agree with the register? The very file that the issuer registered agrees without looking. */
export const face: Check = {
  name: 'face',
  aspect: 'face',
  run ({ facts: { kind, register } }) {
    if (kind !== 'ofd' || register?.answer !== 'found') return SKIPPED
    if (register.file === 'same') return PASSED
    if (register.differing.length > 0) return { status: 'failed', code: 'FACE_DIFFERS', detail: register.differing.join('、') }
    return register.compared.length > 0 ? passed(register.compared.join('、')) : SKIPPED
  }
}
