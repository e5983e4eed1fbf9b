import { isSignedBy } from './issued.js'
import { purposeProblem } from './purpose.js'
import type { RevocationGap } from './codes.js'
import type { RevocationReason } from './extensions.js'
import type { OcspAnswer, OcspStatus } from './ocsp.js'
import type { Certificate } from './certificate.js'
import type { RevocationAnswer, RevocationQuestion } from './revocation.js'

const NO_CHECK = '1.3.6.1.5.5.7.48.1.5'

/** Is this signer of answers, whom the issuer appointed, good itself? Asked only where its certificate does not waive the question. */
export type AskOfDelegate = (delegate: Certificate) => boolean

/** What the responders' answers at hand add up to, with why they say nothing where they don't. */
export interface OcspStanding { good?: RevocationAnswer, revoked?: RevocationAnswer, gap?: RevocationGap }

/**
 * Weighs the answers about one certificate. Only one counts that was signed by the certificate's issuer or by one whom that issuer
 * itself appointed, and that holds nothing critical and unknown. `good` must be current. `revoked` stays true when the answer grows
 * old, except a hold, which may have been lifted: it must be current, and a newer `good` lifts it.
 * @see RFC 6960 sections 3.2, 4.2.2.2; docs/decisions/0055-ocsp-beside-lists.md
 */
export function ocspStanding (question: RevocationQuestion, isGood: AskOfDelegate): OcspStanding {
  const { certificate, issuer, ocsp = [] } = question
  let gap: RevocationGap | undefined
  let good: OcspStatus | undefined
  let hold: OcspStatus | undefined
  let pastHold: OcspStatus | undefined
  let revoked: OcspStatus | undefined
  for (const answer of ocsp) {
    // Asked once for each answer, however often it speaks of the certificate: an answer by a stranger would else cost a verification each time.
    const known = new Map<boolean, boolean>()
    const isTrusted = (status: OcspStatus): boolean => {
      const key = isForGood(status)
      const before = known.get(key) ?? isByResponder(answer, status, question, isGood)
      known.set(key, before)
      return before
    }
    for (const status of answer.statuses(certificate, issuer)) {
      const why = notCounting(answer, status, question, isTrusted)
      if (why !== undefined) {
        gap ??= why
        if (why === 'OCSP_STALE' && status.reason === 'certificateHold' && hasBegun(status, question) && isTrusted(status)) pastHold = newer(pastHold, status)
      } else if (status.status === 'unknown') gap ??= 'OCSP_UNKNOWN'
      else if (status.status === 'good') good = newer(good, status)
      else if (status.reason === 'certificateHold') hold = newer(hold, status)
      else revoked = both(revoked, status)
    }
  }
  if (revoked === undefined && hold !== undefined && (good === undefined || hold.thisUpdate >= good.thisUpdate)) revoked = hold
  // Whether it was lifted is not known; what was said before it says nothing of that.
  if (pastHold !== undefined && good !== undefined && pastHold.thisUpdate >= good.thisUpdate) { good = undefined; gap = 'OCSP_STALE' }
  return {
    ...(revoked !== undefined && { revoked: { answer: 'revoked' as const, revokedAt: revoked.revokedAt as Date, reason: revoked.reason ?? 'unspecified', ...updates(revoked) } }),
    ...(good !== undefined && { good: { answer: 'good' as const, ...updates(good) } }),
    ...(gap !== undefined && { gap })
  }
}

function updates ({ thisUpdate, nextUpdate }: OcspStatus): Pick<RevocationAnswer, 'thisUpdate' | 'nextUpdate' | 'by'> {
  return { thisUpdate, ...(nextUpdate !== undefined && { nextUpdate }), by: 'ocsp' }
}

function newer (before: OcspStatus | undefined, status: OcspStatus): OcspStatus {
  return before === undefined || status.thisUpdate > before.thisUpdate ? status : before
}

/** The earliest instant, and the reason that leaves least standing: neither is taken back by another answer. */
function both (before: OcspStatus | undefined, status: OcspStatus): OcspStatus {
  if (before === undefined) return status
  const [first, second] = (status.revokedAt as Date) < (before.revokedAt as Date) ? [status, before] : [before, status]
  const reason = worseReason(first.reason, second.reason)
  return { ...first, ...(reason !== undefined && { reason }) }
}

/** Given up in good order: what the key did before stands. */
const GIVEN_UP: ReadonlySet<RevocationReason | undefined> = new Set(['affiliationChanged', 'superseded', 'cessationOfOperation'])
/** Of two reasons for one revocation that which says more against the key. */
export function worseReason (first: RevocationReason | undefined, second: RevocationReason | undefined): RevocationReason | undefined {
  return GIVEN_UP.has(first) && !GIVEN_UP.has(second) ? second : first
}

function notCounting (answer: OcspAnswer, status: OcspStatus, question: RevocationQuestion, isTrusted: (status: OcspStatus) => boolean): RevocationGap | undefined {
  if (answer.unknownCritical.length > 0 || status.unknownCritical.length > 0) return 'OCSP_NOT_UNDERSTOOD'
  if (!(isForGood(status) ? hasBegun(status, question) : isCurrent(status, status.keepsEndedSince, question))) return 'OCSP_STALE'
  return isTrusted(status) ? undefined : 'OCSP_NOT_TRUSTED'
}

/**
 * Was this list or answer current at the instant asked about? Of a certificate that has ended it must be from before the end, and have
 * lasted until then: what is issued later may leave out that it was once revoked, unless it says that it keeps those.
 * @see RFC 5280 section 3.3; ETSI EN 319 102-1 clause 5.2.5
 */
export function isCurrent ({ thisUpdate, nextUpdate }: { thisUpdate: Date, nextUpdate?: Date }, keepsEndedSince: Date | undefined, { at, certificate: { notAfter }, laterLists = false }: RevocationQuestion): boolean {
  const keeps = keepsEndedSince !== undefined && keepsEndedSince <= notAfter
  if (!(laterLists || thisUpdate <= at) || !(keeps || thisUpdate <= notAfter)) return false
  return nextUpdate !== undefined && (at <= nextUpdate || notAfter <= nextUpdate)
}

function isForGood ({ status, reason }: OcspStatus): boolean { return status === 'revoked' && reason !== 'certificateHold' }
/** That a certificate was revoked is so whenever it was said. */
function hasBegun ({ thisUpdate }: OcspStatus, { at, laterLists = false }: RevocationQuestion): boolean { return laterLists || thisUpdate <= at }

/** The issuer with its own key, or one to whom that key gave a certificate for just this. */
function isByResponder (answer: OcspAnswer, status: OcspStatus, question: RevocationQuestion, isGood: AskOfDelegate): boolean {
  const { issuer, intermediates = [], allowed } = question
  if (answer.isBy(issuer) && maySpeak(issuer) && isSignedBy(answer, issuer, allowed) === 'yes') return true
  return [...answer.certificates, ...intermediates].some(delegate => answer.isBy(delegate) && isAppointed(delegate, answer, status, question) &&
    isSignedBy(answer, delegate, allowed) === 'yes' && (delegate.extensions.has(NO_CHECK) || isGood(delegate)))
}

/** An authority's own key speaks of revocation where it may sign lists, or anything. */
function maySpeak ({ keyUsage }: Certificate): boolean {
  return keyUsage === undefined || keyUsage.has('cRLSign') || keyUsage.has('digitalSignature') || keyUsage.has('nonRepudiation')
}

/**
 * When it answered, and for as long as its answer must be current: of a key whose certificate has ended nobody says any more that it was
 * lost, and whoever found it could date back an answer that lasts for ever.
 */
function isAppointed (delegate: Certificate, { producedAt }: OcspAnswer, status: OcspStatus, { issuer, allowed, at }: RevocationQuestion): boolean {
  return delegate.issuer.equals(issuer.subject) && purposeProblem(delegate, 'OCSPSigning') === undefined &&
    delegate.unknownCritical.every(id => id === NO_CHECK) && // some write it critical
    delegate.notBefore <= producedAt && producedAt <= delegate.notAfter && (isForGood(status) || at <= delegate.notAfter) &&
    isSignedBy(delegate, issuer, allowed) === 'yes'
}
