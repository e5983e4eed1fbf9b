import type { FindingCode } from '../report.js'
import { FINDINGS } from '../findings.js'
import { PASSED, passed, SKIPPED, type Check, type SignatureCheck } from './check.js'

/** Is the input what it claims to be, readable in one way only, within limits? */
export const format: Check = {
  name: 'format',
  aspect: 'format',
  run ({ facts: { kind, stopped, format: [first], dialects } }) {
    if (stopped !== undefined) return { status: 'indeterminate', code: findingCode(stopped.code), ...(stopped.detail !== undefined && { detail: stopped.detail }), ...(stopped.code.startsWith('VERIFICATION_') && { needs: 'another try, or higher limits' }) }
    if (first !== undefined) {
      const code = findingCode(first.code)
      return LIMIT.test(first.code)
        ? { status: 'indeterminate', code, detail: first.detail, needs: 'higher limits, if the file is believed to be harmless' }
        : { status: 'failed', code, detail: first.detail }
    }
    switch (kind) {
      case 'unknown': return { status: 'indeterminate', code: 'FILE_TYPE_UNKNOWN', needs: 'the electronic licence itself' }
      case 'pdf': case 'cms': case 'token': return { status: 'indeterminate', code: 'FORMAT_UNSUPPORTED', detail: kind, needs: 'a verifier that reads this format' }
      case 'ofd': case 'seal': case 'seal-signature': case 'certificate': case 'licence':
        return dialects.length === 0 ? PASSED : passed(dialects.join(', '))
    }
  }
}

/** What is too large to be read here may be right all the same. */
const LIMIT = /_TOO_(?:LARGE|MANY|DEEP)|_RATIO$/

function findingCode (code: string): FindingCode {
  return Object.hasOwn(FINDINGS, code) ? code as FindingCode : 'FORMAT_INVALID'
}

/** Does the licence identifier have its form, and is its check character right? @see GB/T 36904, formats.md 7.1 */
export const identifier: Check = {
  name: 'identifier',
  aspect: 'format',
  run ({ facts: { licence } }) {
    if (licence === undefined) return SKIPPED
    if (licence.ambiguous) return { status: 'failed', code: 'IDENTIFIER_AMBIGUOUS' }
    switch (licence.parts?.check) {
      case undefined: return { status: 'failed', code: 'IDENTIFIER_CHECK_FAILED', detail: 'form' }
      case 'wrong': return { status: 'failed', code: 'IDENTIFIER_CHECK_FAILED', detail: 'check character' }
      case 'variant': return { status: 'indeterminate', code: 'IDENTIFIER_VARIANT', needs: 'the issuer to confirm the identifier' }
      case 'right': return PASSED
    }
  }
}

/** Can the value of a signature be read, and in which dialect? */
export const signatureFormat: SignatureCheck = {
  name: 'signature-format',
  aspect: 'format',
  run ({ form, detail, dialects }) {
    switch (form) {
      case 'unreadable': return { status: 'failed', code: 'SIGNATURE_UNREADABLE', ...(detail !== undefined && { detail }) }
      case 'missing': return SKIPPED // removed, which is not a question of form
      case 'cms': case 'bare': case 'ses': return dialects.length === 0 ? PASSED : passed(dialects.join(', '))
    }
  }
}
