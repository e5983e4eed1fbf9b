import { digestIdentifier } from '../policy.js'
import { PASSED, SKIPPED, type Check, type SignatureCheck } from './check.js'

/** Is there a signature at all, and are all there that once were? One that was damaged, hidden or removed is never merely missing. */
export const signed: Check = {
  name: 'signed',
  aspect: 'signature',
  run ({ facts }) {
    if (facts.package === undefined) return SKIPPED
    const { lists, orphans } = facts.package
    const traces = [...lists.missing, ...lists.empty, ...orphans.some]
    if (traces.length > 0) return { status: 'failed', code: 'SIGNATURE_REMOVED', detail: traces.slice(0, 5).join(', ') }
    return facts.signatures.length > 0 ? PASSED : { status: 'indeterminate', code: 'UNSIGNED', needs: 'the file with its seal, or the original' }
  }
}

/** Does the value verify over the bytes that were signed? */
export const value: SignatureCheck = {
  name: 'value',
  aspect: 'signature',
  run ({ form, value, signer, id }) {
    switch (form) {
      case 'missing': return { status: 'failed', code: 'SIGNATURE_REMOVED', detail: id }
      case 'unreadable': return SKIPPED // signature-format has said it
      case 'cms': return { status: 'indeterminate', code: 'SIGNATURE_FORMAT_UNSUPPORTED', detail: 'CMS', needs: 'a verifier that reads GB/T 35275 signatures' }
      case 'bare': return { status: 'indeterminate', code: 'SIGNER_CERTIFICATE_MISSING', needs: 'the signer\'s certificate' }
      case 'ses':
        if (value === undefined || signer?.unreadable !== undefined) return { status: 'failed', code: 'CERTIFICATE_UNREADABLE', ...(signer?.unreadable !== undefined && { detail: signer.unreadable }) }
        return value.right ? PASSED : { status: 'failed', code: 'SIGNATURE_INVALID' }
    }
  }
}

/** Does the policy allow the algorithm of the signature, and is it one for this key? */
export const algorithm: SignatureCheck = {
  name: 'algorithm',
  aspect: 'signature',
  run ({ value }, { policy }) {
    if (value === undefined) return SKIPPED
    if (!policy.signatureAlgorithms.includes(value.algorithm)) return { status: 'failed', code: 'ALGORITHM_REFUSED', detail: value.algorithm }
    return value.fitsKey ? PASSED : { status: 'failed', code: 'ALGORITHM_REFUSED', detail: `${value.algorithm}, which this key is not for` }
  }
}

/** Does the policy allow the digest that protects the files? An absent CheckMethod means MD5. @see GB/T 33190-2016 annex A */
export const checkMethod: SignatureCheck = {
  name: 'check-method',
  aspect: 'signature',
  run ({ checkMethod }, { facts: { kind }, policy }) {
    if (kind !== 'ofd') return SKIPPED
    const written = checkMethod ?? 'MD5'
    return policy.digestAlgorithms.includes(digestIdentifier(written)) ? PASSED : { status: 'failed', code: 'CHECK_METHOD_REFUSED', detail: written }
  }
}
