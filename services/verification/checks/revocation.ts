import type { InstantText } from '../../core/clock.js'
import type { CertificateFacts } from '../facts.js'
import type { Outcome } from '../report.js'
import { PASSED, passed, skipped, SKIPPED, type Check, type Context, type SignatureCheck } from './check.js'
import type { SealCheck } from './seal.js'

/**
 * Had a certificate of the path been revoked by `when`, inclusive? What was revoked later is `time-proof`'s question. Lists
 * and answers that are wrong or out of date count as not there.
 */
function outcome ({ path }: CertificateFacts, when: InstantText, { policy }: Context): Outcome {
  if (path.result !== 'valid') return skipped('no path')
  let unknown: string | undefined
  let later: InstantText | undefined
  for (const { name, revocation } of path.links) {
    switch (revocation?.answer) {
      case undefined: case 'good': break
      case 'unknown': unknown ??= name; break
      case 'revoked':
        if (revocation.revokedAt === undefined || revocation.revokedAt <= when) return { status: 'failed', code: 'CERTIFICATE_REVOKED', detail: `${name}: ${revocation.revokedAt ?? ''} ${revocation.reason ?? ''}`.trim() }
        later = revocation.revokedAt
    }
  }
  if (unknown !== undefined) return policy.revocation === 'required' ? { status: 'indeterminate', code: 'REVOCATION_UNKNOWN', detail: unknown, needs: 'a current revocation list of its issuer, or an OCSP answer' } : skipped(`not known: ${unknown}`)
  return later === undefined ? PASSED : passed(`revoked later: ${later}`)
}

export const signerRevocation: SignatureCheck = {
  name: 'signer-revocation',
  aspect: 'revocation',
  run: ({ signer, signedAt }, context) => signer === undefined ? SKIPPED : outcome(signer, signedAt ?? context.at, context)
}
export const makerRevocation: SealCheck = {
  name: 'maker-revocation',
  aspect: 'revocation',
  run: ({ maker, createdAt }, _when, context) => outcome(maker, createdAt, context)
}
export const certificateRevocation: Check = {
  name: 'certificate-revocation',
  aspect: 'revocation',
  run: context => context.facts.certificate === undefined ? SKIPPED : outcome(context.facts.certificate, context.at, context)
}
