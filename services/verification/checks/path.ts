import type { CertificateFacts } from '../facts.js'
import type { FindingCode, Outcome } from '../report.js'
import { PASSED, SKIPPED, type Check, type Context, type SignatureCheck } from './check.js'
import type { SealCheck } from './seal.js'

/** Does the certificate lead to an anchor? No path is a question for the trust list; a path that breaks a rule is an answer. */
function pathOutcome ({ unreadable, path }: CertificateFacts, { policy }: Context, broken: FindingCode): Outcome {
  if (unreadable !== undefined) return { status: 'failed', code: 'CERTIFICATE_UNREADABLE', detail: unreadable }
  switch (path.result) {
    case 'no-anchor': return { status: 'indeterminate', code: 'PATH_UNTRUSTED', ...(path.links.at(-1) !== undefined && { detail: path.links.at(-1)?.name as string }), needs: 'the anchor of this certificate in the trust directory' }
    case 'broken': return { status: 'failed', code: problemCode(path.problem?.code, broken), ...(path.problem !== undefined && { detail: [path.problem.code, path.problem.detail ?? path.links[path.problem.at]?.name].filter(Boolean).join(': ') }) }
    case 'valid': {
      // The signature on the anchor itself is not believed or doubted: its key is.
      const refused = path.links.slice(0, -1).find(({ algorithm }) => !policy.signatureAlgorithms.includes(algorithm))
      return refused === undefined ? PASSED : { status: 'failed', code: 'ALGORITHM_REFUSED', detail: `${refused.name}: ${refused.algorithm}` }
    }
  }
}

function problemCode (code: string | undefined, otherwise: FindingCode): FindingCode {
  switch (code) {
    case 'CERTIFICATE_EXPIRED': case 'CERTIFICATE_NOT_YET_VALID': case 'PURPOSE_NOT_ALLOWED': case 'HOST_NAME_MISMATCH': return code
    default: return otherwise
  }
}

/** Purposes of machines. One for these alone is the key of a web server, a time-stamp or a status service, not of a seal. @see RFC 5280, 4.2.1.12 */
const FOR_MACHINES: ReadonlySet<string> = new Set(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.8', '1.3.6.1.5.5.7.3.9'])

/** Is the certificate one for signing, not the encryption twin of the same subject? Without the extension nothing is restricted. */
function keyUsageOutcome ({ unreadable, keyUsage, extendedKeyUsage = [] }: CertificateFacts): Outcome {
  if (unreadable !== undefined) return SKIPPED
  if (extendedKeyUsage.length > 0 && extendedKeyUsage.every(purpose => FOR_MACHINES.has(purpose))) return { status: 'failed', code: 'KEY_USAGE_WRONG', detail: extendedKeyUsage.join(', ') }
  if (keyUsage === undefined) return SKIPPED
  return keyUsage.includes('digitalSignature') || keyUsage.includes('nonRepudiation') ? PASSED : { status: 'failed', code: 'KEY_USAGE_WRONG', detail: keyUsage.join(', ') }
}

/** Judged at the signing time. */
export const signerPath: SignatureCheck = {
  name: 'signer-path',
  aspect: 'path',
  run ({ signer, signedAt }, context) {
    if (signer === undefined) return SKIPPED
    const outcome = pathOutcome(signer, context, 'PATH_INVALID')
    // Without a signing time nobody knows which instant counts, so a period proves nothing.
    const isPeriod = outcome.status === 'failed' && (outcome.code === 'CERTIFICATE_EXPIRED' || outcome.code === 'CERTIFICATE_NOT_YET_VALID')
    return isPeriod && signedAt === undefined ? { status: 'indeterminate', code: 'TIME_UNREADABLE', needs: 'a signature whose time can be read' } : outcome
  }
}
export const signerKeyUsage: SignatureCheck = {
  name: 'signer-key-usage',
  aspect: 'path',
  run: ({ signer }) => signer === undefined ? SKIPPED : keyUsageOutcome(signer)
}
/**
 * Judged when the seal was made: the maker's certificate may end long before the seal does. @see formats.md 4.5
 * A path says who someone is, not that he may make seals: any office could make one that shows another's name. The folder
 * seal-makers/ says who may; docs/decisions/0056-who-may-make-seals.md
 */
export const makerPath: SealCheck = {
  name: 'maker-path',
  aspect: 'path',
  run ({ maker, makerListed }, _when, context) {
    const outcome = pathOutcome(maker, context, 'MAKER_PATH_INVALID')
    return outcome.status === 'passed' && makerListed === false ? { status: 'indeterminate', code: 'MAKER_NOT_LISTED', detail: maker.name, needs: 'this maker, or who certified it, in seal-makers/' } : outcome
  }
}
export const makerKeyUsage: SealCheck = { name: 'maker-key-usage', aspect: 'path', run: ({ maker }) => keyUsageOutcome(maker) }

/** A certificate by itself, judged at the instant asked about, for the purpose and host asked about. @see RFC 5280, RFC 9525 */
export const certificatePath: Check = {
  name: 'certificate-path',
  aspect: 'path',
  run: context => context.facts.certificate === undefined ? SKIPPED : pathOutcome(context.facts.certificate, context, 'PATH_INVALID')
}
