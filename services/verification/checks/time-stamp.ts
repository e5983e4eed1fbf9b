import type { InstantText } from '../../core/clock.js'
import type { CertificateFacts, SignatureFacts } from '../facts.js'
import type { Policy } from '../policy.js'
import type { Outcome } from '../report.js'
import { passed, skipped, SKIPPED, type SignatureCheck } from './check.js'

/**
 * The time-stamp on a signature: is it of this signature, from an authority that is believed, and does it agree with the time that
 * the signer claims? One that is wrong in itself is proof against; one that merely is not believed counts as not there, since whether
 * its time is needed is the question of `time-proof`.
 */
export const timeStamp: SignatureCheck = {
  name: 'time-stamp',
  aspect: 'time',
  run ({ timeStamp, signedAt }, { policy }) {
    if (timeStamp === undefined) return SKIPPED
    const standing = standingOf(timeStamp, policy)
    if ('outcome' in standing) return standing.outcome
    // To the second, in which clocks and most tokens count.
    return signedAt !== undefined && toSecond(standing.existed) < toSecond(signedAt)
      ? { status: 'failed', code: 'TIMESTAMP_EARLIER', detail: `${standing.existed} < ${signedAt}` }
      : passed(standing.existed)
  }
}

/** The instant by which a time-stamp that is believed shows the signature to have existed. */
export function stampedBy ({ timeStamp }: Pick<SignatureFacts, 'timeStamp'>, policy: Policy): InstantText | undefined {
  const standing = timeStamp === undefined ? undefined : standingOf(timeStamp, policy)
  return standing !== undefined && 'existed' in standing ? standing.existed : undefined
}

type Standing = { existed: InstantText } | { outcome: Outcome }

function standingOf (stamp: NonNullable<SignatureFacts['timeStamp']>, policy: Policy): Standing {
  if ('unreadable' in stamp) return { outcome: { status: 'indeterminate', code: 'TIMESTAMP_UNREADABLE', detail: stamp.unreadable, needs: 'the file as its issuer made it' } }
  const { imprint, value, tsa, latest, unknownCritical } = stamp
  if (imprint.of === 'other') return { outcome: { status: 'failed', code: 'TIMESTAMP_OTHER' } }
  const ignored = (why: string): Standing => ({ outcome: skipped(`not believed: ${why}`) })
  if (value === undefined || tsa === undefined) return ignored('its certificate is not at hand')
  if (!policy.signatureAlgorithms.includes(value.algorithm)) return ignored(value.algorithm)
  if (!value.right) return { outcome: { status: 'failed', code: 'TIMESTAMP_INVALID', detail: tsa.name } }
  if (imprint.of === 'not-compared' || !policy.digestAlgorithms.includes(imprint.algorithm)) return ignored(imprint.algorithm)
  if (unknownCritical.length > 0) return ignored(`unknown critical: ${unknownCritical.join(', ')}`)
  const doubt = doubtOf(tsa, latest, policy)
  if (doubt === undefined) return { existed: latest }
  return doubt.proven ? { outcome: { status: 'indeterminate', code: 'TIMESTAMP_UNTRUSTED', detail: doubt.why, needs: 'a time-stamp of an authority that may give it' } } : ignored(doubt.why)
}

/** `proven`: a rule is broken or a key was revoked; else the trust directory only does not know. */
function doubtOf ({ name, path }: CertificateFacts, latest: InstantText, policy: Policy): { why: string, proven: boolean } | undefined {
  if (path.result === 'no-anchor') return { why: name, proven: false }
  if (path.result === 'broken') return { why: [name, path.problem?.code].filter(Boolean).join(': '), proven: true }
  const refused = path.links.slice(0, -1).find(({ algorithm }) => !policy.signatureAlgorithms.includes(algorithm))
  if (refused !== undefined) return { why: `${refused.name}: ${refused.algorithm}`, proven: false }
  for (const { name: link, revocation } of path.links) {
    if (revocation?.answer === 'revoked' && !isHarmless(revocation, latest)) return { why: `${link}: ${revocation.revokedAt ?? ''} ${revocation.reason ?? ''}`.trim(), proven: true }
    if (revocation?.answer === 'unknown' && policy.revocation === 'required') return { why: `revocation of ${link}`, proven: false }
  }
  return undefined
}

/** Whoever holds a lost key can date back; only where the key was given up, not lost, do its older tokens stand. */
function isHarmless ({ revokedAt, reason }: { revokedAt?: InstantText, reason?: string }, latest: InstantText): boolean {
  return revokedAt !== undefined && latest < revokedAt && GIVEN_UP.has(reason)
}
/** RFC 3161 section 4, 1: without a reason given, all tokens are void; a list that is silent reads as `unspecified`. */
const GIVEN_UP = new Set<string | undefined>(['affiliationChanged', 'superseded', 'cessationOfOperation'])

function toSecond (at: InstantText): string { return at.slice(0, 19) }
