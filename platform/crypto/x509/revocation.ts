import { isSignedBy } from './issued.js'
import { findPath } from './path.js'
import { ListScope } from './crl-scope.js'
import { isCurrent, ocspStanding, worseReason } from './ocsp-standing.js'
import type { SignatureName } from '../signature.js'
import type { Certificate } from './certificate.js'
import type { RevocationGap } from './codes.js'
import type { Crl, RevokedEntry } from './crl.js'
import type { OcspAnswer } from './ocsp.js'
import { ALL_REASONS, type RevocationReason } from './extensions.js'

export interface RevocationQuestion {
  certificate: Certificate
  /** The next certificate of its path, which is believed. */
  issuer: Certificate
  /** Lists at hand, in any order, trusted or not. */
  crls: readonly Crl[]
  /** Answers of responders at hand, in any order, trusted or not. */
  ocsp?: readonly OcspAnswer[]
  /** The instant at which a list or answer must have been current. */
  at: Date
  /** To find who else may sign lists: a key of its own, or an indirect issuer. The anchor must be the path's own. */
  anchor?: Certificate
  intermediates?: readonly Certificate[]
  allowed?: ReadonlySet<SignatureName>
  /**
   * Take lists and answers issued after `at`: what is revoked later still says when. A certificate that such a list does not name was
   * good at `at`, as long as it had not ended by then.
   */
  laterLists?: boolean
}

export interface RevocationAnswer {
  answer: 'good' | 'revoked' | 'unknown'
  /** The certificate is revoked from this instant on; it may lie after `at`. */
  revokedAt?: Date
  reason?: RevocationReason
  /** Of the list or the responder's answer that said so. */
  thisUpdate?: Date
  nextUpdate?: Date
  /** Present where a responder said so; else it was a list. */
  by?: 'ocsp'
  /** Why it is unknown. */
  gap?: RevocationGap
}

/** Signers of lists whose own revocation is being asked about, one above the other. */
const DEPTH = 4

/** A list that may count. `circular`: only if the signer, who is being asked about, is taken at its own word. */
interface Usable { crl: Crl, circular: boolean }

/**
 * Had this certificate been revoked? Lists and responders' answers are weighed together: what any of them revokes is revoked, and
 * without that either suffices for `good`. Only a list counts that verifies, whose signer may sign lists and leads to the same anchor, that
 * speaks of this certificate, and that is current; any other is as if it were not there. `good` needs lists over every reason.
 * @see RFC 5280 section 6.3
 */
export function revocationOf (question: RevocationQuestion): RevocationAnswer {
  if (Number.isNaN(question.at.getTime())) throw new TypeError('at must be an instant')
  return ask(question, [])
}

function ask (question: RevocationQuestion, asking: readonly string[]): RevocationAnswer {
  const listed = askLists(question, asking)
  if (question.ocsp === undefined || question.ocsp.length === 0) return listed
  const { good, revoked, gap } = ocspStanding(question, delegate => isGoodDelegate(delegate, question, asking))
  if (revoked !== undefined && listed.revokedAt !== undefined) {
    const [first, second] = (revoked.revokedAt as Date) < listed.revokedAt ? [revoked, listed] : [listed, revoked]
    const reason = worseReason(first.reason, second.reason)
    return { ...first, ...(reason !== undefined && { reason }) }
  }
  if (revoked !== undefined) return revoked
  if (listed.answer !== 'unknown') return listed
  if (good !== undefined) return good
  return listed.gap === 'CRL_MISSING' && gap !== undefined ? { ...listed, gap } : listed
}

/** One appointed by the issuer must not have been revoked by it. Nobody vouches for itself here: who would be spared that says so by ocsp-nocheck. */
function isGoodDelegate (delegate: Certificate, question: RevocationQuestion, asking: readonly string[]): boolean {
  if (asking.length >= DEPTH || asking.includes(delegate.fingerprint)) return false
  return ask({ ...question, certificate: delegate }, [...asking, delegate.fingerprint]).answer === 'good'
}

function askLists (question: RevocationQuestion, asking: readonly string[]): RevocationAnswer {
  const { certificate, issuer } = question
  const scope = new ListScope(certificate)
  const about = question.crls.filter(crl => crl.issuer.equals(issuer.subject) || crl.issuingDistributionPoint?.indirect === true)
  let gap: RevocationGap = 'CRL_MISSING'
  const usable: Usable[] = []
  const stale: Crl[] = []
  for (const crl of about) {
    if (!scope.covers(crl)) continue
    const standing = listStanding(crl, question, asking)
    if (typeof standing !== 'string') usable.push({ crl, ...standing })
    else if (gap === 'CRL_MISSING') gap = standing
    if (standing === 'CRL_STALE') stale.push(crl)
  }
  const answer = judge(question, scope, usable, gap)
  if (answer.answer === 'revoked') return answer
  if (answer.answer === 'unknown') return revokedForGood(question, stale) ?? answer
  // One that was to last less long than the one before it says more than that.
  const latest = stale.filter(crl => !usable.some(({ crl: other }) => isSuperseded(crl, other)))
  return revokedForGood(question, latest) ?? (latest.some(crl => isHeld(crl, question)) ? { answer: 'unknown', gap: 'CRL_STALE' } : answer)
}

function isSuperseded (crl: Crl, by: Crl): boolean {
  return by.deltaBase === undefined && by.issuer.equals(crl.issuer) && by.scope === crl.scope && by.thisUpdate >= crl.thisUpdate
}

/** Does a list of the past say that it was suspended? */
function isHeld (crl: Crl, question: RevocationQuestion): boolean {
  const { certificate } = question
  return crl.thisUpdate <= question.at && crl.entry(certificate.issuer, certificate.serialNumber)?.reason === 'certificateHold' && isOfIssuer(crl, question)
}

function isOfIssuer (crl: Crl, { issuer, allowed }: RevocationQuestion): boolean {
  return crl.issuer.equals(issuer.subject) && (issuer.keyUsage === undefined || issuer.keyUsage.has('cRLSign')) && isSignedBy(crl, issuer, allowed) === 'yes'
}

/**
 * What a list of the past revoked for good stays revoked when no newer one is at hand: only a hold is ever lifted. That it names
 * a certificate not proves nothing any more. @see RFC 5280 section 5.3.1
 */
function revokedForGood (question: RevocationQuestion, stale: readonly Crl[]): RevocationAnswer | undefined {
  const { certificate, at, laterLists = false } = question
  for (const crl of stale) {
    const entry = crl.entry(certificate.issuer, certificate.serialNumber)
    if (entry === undefined || entry.reason === 'certificateHold' || entry.reason === 'removeFromCRL' || (crl.thisUpdate > at && !laterLists)) continue
    if (isOfIssuer(crl, question)) return revokedBy(entry, crl)
  }
  return undefined
}

/** Counted from when the key is believed to have been lost, where that is known and earlier: nothing made with it since can be told from a forgery. */
function revokedBy ({ revokedAt, invalidityDate, reason = 'unspecified' }: RevokedEntry, crl: Crl): RevocationAnswer {
  return { answer: 'revoked', revokedAt: invalidityDate !== undefined && invalidityDate < revokedAt ? invalidityDate : revokedAt, reason, ...updates(crl) }
}

/** Adds up what the usable lists say: the newest of each scope, with the delta that belongs to it. */
function judge ({ certificate }: RevocationQuestion, scope: ListScope, usable: readonly Usable[], gap: RevocationGap): RevocationAnswer {
  const complete = newestOfEach(usable.filter(({ crl }) => crl.deltaBase === undefined))
  const deltas = newestOfEach(usable.filter(({ crl }) => crl.deltaBase !== undefined))
  const covered = new Set<RevocationReason>()
  let oldest: Crl | undefined
  let revoked: { entry: RevokedEntry, crl: Crl } | undefined
  for (const crl of complete) {
    const delta = deltas.find(candidate => completes(candidate, crl))
    const inDelta = delta?.entry(certificate.issuer, certificate.serialNumber)
    // The delta is newer: it may revoke, change, or lift a hold.
    const entry = inDelta ?? crl.entry(certificate.issuer, certificate.serialNumber)
    if (entry !== undefined && entry.reason !== 'removeFromCRL' && (revoked === undefined || entry.revokedAt < revoked.entry.revokedAt)) {
      revoked = { entry, crl: inDelta === undefined ? crl : delta as Crl }
    }
    for (const reason of scope.reasons(crl)) covered.add(reason)
    if (oldest === undefined || crl.thisUpdate < oldest.thisUpdate) oldest = crl
  }
  if (revoked !== undefined) {
    return revokedBy(revoked.entry, revoked.crl)
  }
  if (oldest === undefined) return { answer: 'unknown', gap }
  const isComplete = [...ALL_REASONS].every(reason => covered.has(reason))
  return isComplete ? { answer: 'good', ...updates(oldest) } : { answer: 'unknown', gap: gap === 'CRL_MISSING' ? 'CRL_REASONS_INCOMPLETE' : gap, ...updates(oldest) }
}

function updates ({ thisUpdate, nextUpdate }: Crl): Pick<RevocationAnswer, 'thisUpdate' | 'nextUpdate'> {
  return nextUpdate === undefined ? { thisUpdate } : { thisUpdate, nextUpdate }
}

/**
 * Same issuer, same scope: a newer list replaces an older one, wherever both are at hand. But no signer's word on itself replaces
 * what another says of it.
 */
function newestOfEach (lists: readonly Usable[]): Crl[] {
  const newest = new Map<string, Crl>()
  for (const { crl, circular } of lists) {
    const key = [crl.issuer.key, crl.scope, circular].join('\u0003')
    const before = newest.get(key)
    if (before === undefined || crl.thisUpdate > before.thisUpdate ||
      (crl.thisUpdate.getTime() === before.thisUpdate.getTime() && (crl.number ?? -1n) > (before.number ?? -1n))) newest.set(key, crl)
  }
  return [...newest.values()]
}

/** @see RFC 5280 section 5.2.4 */
function completes (delta: Crl, base: Crl): boolean {
  const key = (crl: Crl): string => crl.authorityKeyIdentifier?.keyIdentifier?.toString('hex') ?? ''
  return delta.issuer.equals(base.issuer) && delta.scope === base.scope && key(delta) === key(base) &&
    base.number !== undefined && delta.number !== undefined && delta.deltaBase !== undefined &&
    base.number >= delta.deltaBase && base.number <= delta.number
}

function listStanding (crl: Crl, question: RevocationQuestion, asking: readonly string[]): RevocationGap | { circular: boolean } {
  if (crl.unknownCritical.length > 0) return 'CRL_NOT_UNDERSTOOD'
  if (!isCurrent(crl, crl.keepsEndedSince, question)) return 'CRL_STALE'
  return signedBy(crl, question, asking) ?? 'CRL_NOT_TRUSTED'
}

/** Did one sign it who may sign lists for this issuer? */
function signedBy (crl: Crl, question: RevocationQuestion, asking: readonly string[]): { circular: boolean } | undefined {
  const { issuer, anchor, intermediates = [], allowed } = question
  let circular = false
  for (const signer of [issuer, ...intermediates, ...(anchor === undefined ? [] : [anchor])]) {
    if (!signer.subject.equals(crl.issuer) || (signer.keyUsage !== undefined && !signer.keyUsage.has('cRLSign'))) continue
    if (isSignedBy(crl, signer, allowed) !== 'yes') continue
    if (signer.spkiDer.equals(issuer.spkiDer) && signer.subject.equals(issuer.subject)) return { circular: false }
    if (asking.includes(signer.fingerprint)) circular = true
    else if (isGoodSigner(signer, question, asking)) return { circular: false }
  }
  return circular ? { circular } : undefined
}

/** A signer other than the issuer needs a path of its own to the same anchor, at the list's time, with nothing on it revoked. */
function isGoodSigner (signer: Certificate, question: RevocationQuestion, asking: readonly string[]): boolean {
  const { anchor, intermediates = [], at, allowed } = question
  if (anchor === undefined || asking.length >= DEPTH) return false
  if (signer.fingerprint === anchor.fingerprint) return true
  const path = findPath({ certificate: signer, anchors: [anchor], intermediates, at, ...(allowed === undefined ? {} : { allowed }) })
  if (path.result !== 'valid') return false
  return path.chain.slice(0, -1).every((certificate, i) => {
    if (certificate.fingerprint === question.certificate.fingerprint) return true // the question itself
    return ask({ ...question, certificate, issuer: path.chain[i + 1] as Certificate }, [...asking, signer.fingerprint]).answer === 'good'
  })
}
