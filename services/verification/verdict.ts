import type { InstantText } from '../core/clock.js'
import type { Check } from './checks/check.js'
import { CERTIFICATE_CHECKS, DOCUMENT_CHECKS, LICENCE_CHECKS, SEAL_CHECKS, SIGNATURE_CHECKS } from './checks/index.js'
import type { Facts, InputKind, SignatureFacts } from './facts.js'
import type { Policy } from './policy.js'
import type { Aspect, CheckResult, Report, SignatureReport, Verdict } from './report.js'

/** The checks on the whole input, by what it is. What can't be read yet is asked for its format alone. */
const CHECKS: Record<InputKind, readonly Check[]> = {
  ofd: DOCUMENT_CHECKS,
  seal: SEAL_CHECKS,
  'seal-signature': DOCUMENT_CHECKS,
  certificate: CERTIFICATE_CHECKS,
  licence: LICENCE_CHECKS,
  pdf: DOCUMENT_CHECKS,
  cms: DOCUMENT_CHECKS,
  token: DOCUMENT_CHECKS,
  unknown: DOCUMENT_CHECKS
}

/**
 * Aspects that need a pass before anything is called valid, besides those that the policy requires. A file needs all four of
 * design.md, each signature for itself and the whole for its coverage; a certificate or a seal by itself, or a licence that is
 * only named, has fewer sides. docs/decisions/0050-what-valid-needs.md
 */
const NEEDED_OF_WHOLE: Record<InputKind, readonly Aspect[]> = {
  ofd: ['format', 'coverage', 'signature'],
  seal: ['format', 'seal', 'path'],
  'seal-signature': ['format'],
  certificate: ['format', 'path'],
  licence: ['format', 'status'],
  pdf: ['format', 'coverage', 'signature'],
  cms: ['format', 'coverage', 'signature'],
  token: ['format', 'signature'],
  unknown: ['format']
}
const NEEDED_OF_SIGNATURE: readonly Aspect[] = ['integrity', 'coverage', 'signature', 'path']

/**
 * What facts, policy and instant add up to. Pure, so that it can be worked out again years later.
 * @param at - the instant asked about, as `Date.prototype.toISOString` writes it
 */
export function judge (facts: Facts, policy: Policy, at: InstantText): Report {
  const context = { facts, policy, at }
  const checks = CHECKS[facts.kind].map(({ name, aspect, run }): CheckResult => ({ name, aspect, ...run(context) }))
  const signatures = facts.signatures.map((signature): SignatureReport => {
    const checks = SIGNATURE_CHECKS.map(({ name, aspect, run }): CheckResult => ({ name, aspect, ...run(signature, context) }))
    return { verdict: verdictOf(checks, neededOfSignature(policy)), id: signature.id, checks, ...told(signature) }
  })
  const own = verdictOf(checks, neededOfWhole(facts.kind, policy))
  const each = signatures.map(({ verdict }) => verdict)
  const { licence } = facts
  const named = licence?.parts !== undefined && !licence.ambiguous ? { licenceId: licence.id } : {}
  return { verdict: worst(ALONE.has(facts.kind) ? [own, ...each] : [own, worst(each)]), at, ...named, checks, signatures }
}

/** What is judged without a signature to judge; anything else without one is indeterminate at best. */
const ALONE: ReadonlySet<InputKind> = new Set(['seal', 'certificate', 'licence'])

function neededOfWhole (kind: InputKind, policy: Policy): Aspect[] {
  const needed = [...NEEDED_OF_WHOLE[kind]]
  if ((kind === 'certificate' || kind === 'seal') && policy.revocation === 'required') needed.push('revocation')
  if ((kind === 'ofd' || kind === 'seal-signature') && policy.status === 'required') needed.push('status')
  return needed
}

function neededOfSignature (policy: Policy): Aspect[] {
  const needed = [...NEEDED_OF_SIGNATURE]
  if (policy.revocation === 'required') needed.push('revocation')
  if (policy.authority === 'required') needed.push('authority')
  return needed
}

/** One failure makes it invalid, else one indeterminate makes it indeterminate, else every needed aspect must have passed. */
export function verdictOf (checks: readonly CheckResult[], needed: readonly Aspect[]): Verdict {
  if (checks.some(({ status }) => status === 'failed')) return 'invalid'
  if (checks.some(({ status }) => status === 'indeterminate')) return 'indeterminate'
  return needed.every(aspect => checks.some(check => check.aspect === aspect && check.status === 'passed')) ? 'valid' : 'indeterminate'
}

const SEVERITY: Record<Verdict, number> = { invalid: 2, indeterminate: 1, valid: 0 }
/** Of nothing: indeterminate. */
export function worst (verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce<Verdict | undefined>((a, b) => a === undefined || SEVERITY[b] > SEVERITY[a] ? b : a, undefined) ?? 'indeterminate'
}

function told ({ signer, signedAt, seal }: SignatureFacts): Pick<SignatureReport, 'signer' | 'signedAt' | 'seal'> {
  return {
    ...(signer !== undefined && { signer: signer.name }),
    ...(signedAt !== undefined && { signedAt }),
    ...(seal !== undefined && { seal: { id: seal.id, name: seal.name } })
  }
}
