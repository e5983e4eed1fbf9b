import type { InstantText } from '../../core/clock.js'
import type { CertificateFacts, RegisterFacts, SignatureFacts } from '../facts.js'
import { passed, skipped, SKIPPED, type Context, type SignatureCheck } from './check.js'
import type { SealCheck } from './seal.js'
import type { Outcome } from '../report.js'
import { stampedBy } from './time-stamp.js'

/** When does the signature say that it was made, and had that come by the instant asked about? */
export const signingTime: SignatureCheck = {
  name: 'signing-time',
  aspect: 'time',
  run ({ form, signedAt }, { at }) {
    if (form !== 'ses') return SKIPPED
    if (signedAt === undefined) return { status: 'indeterminate', code: 'TIME_UNREADABLE', needs: 'a signature whose time can be read' }
    return signedAt <= at ? passed(signedAt) : { status: 'failed', code: 'SIGNED_IN_FUTURE', detail: signedAt }
  }
}

/**
 * Has a certificate ended since, so that someone might have signed later with an earlier date? Then policy `proven` wants proof
 * that the signature existed before: a time-stamp on it, or the register, which recorded this very file. `claimed` takes the signer's word and says so.
 */
export const signerTimeProof: SignatureCheck = {
  name: 'time-proof',
  aspect: 'time',
  run: (signature, context) => signature.signer === undefined || signature.signedAt === undefined ? SKIPPED : outcome(signature.signer, context, signature)
}
/** The same of the seal's maker, whose certificate counts when the seal was made. */
export const makerTimeProof: SealCheck = {
  name: 'maker-time-proof',
  aspect: 'time',
  run: ({ maker }, _when, context, signature) => outcome(maker, context, signature)
}

function outcome ({ path }: CertificateFacts, { facts: { register }, policy, at }: Context, signature: SignatureFacts | undefined): Outcome {
  if (path.result !== 'valid') return skipped('no path')
  const proof = earliest(existedAt(register), signature === undefined ? undefined : stampedBy(signature, policy))
  for (const { name, notAfter, revocation } of path.links.slice(0, -1)) {
    const revokedAt = revocation?.revokedAt
    const ended = at > notAfter ? notAfter : revokedAt !== undefined && revokedAt <= at ? revokedAt : undefined
    if (ended === undefined) continue
    if (policy.signingTime === 'claimed') return passed(`by the signer's word: ${name} ended ${ended}`)
    const before = proof !== undefined && proof <= notAfter && (revokedAt === undefined || proof < revokedAt)
    if (!before) return { status: 'indeterminate', code: 'TIME_UNPROVEN', detail: `${name}: ${ended}`, needs: 'a time-stamp that is believed, or the register\'s record of this file from before' }
  }
  return passed(proof === undefined ? undefined : `existed ${proof}`)
}

/** The seal is inside what is signed and stamped, so that whatever proves the signature proves the seal. */
function earliest (a: InstantText | undefined, b: InstantText | undefined): InstantText | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a
}

/** The register knew the digest of this very file at this instant. */
function existedAt (register: RegisterFacts | undefined): InstantText | undefined {
  return register?.answer === 'found' && register.file === 'same' ? register.recordedAt : undefined
}
