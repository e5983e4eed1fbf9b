import type { InstantText } from '../core/clock.js'
import type { FINDINGS } from './findings.js'

/** What a check asks about, in the order in which findings rank. */
export const ASPECTS = [
  'format', 'integrity', 'coverage', 'signature', 'seal', 'path', 'revocation', 'time', 'authority', 'status', 'face'
] as const
export type Aspect = typeof ASPECTS[number]

export type Verdict = 'valid' | 'invalid' | 'indeterminate'

/** `failed` is proof against, `indeterminate` is asked but could not tell, `skipped` is does not apply. */
export type Outcome =
  | { status: 'passed', detail?: string }
  | { status: 'skipped', detail?: string }
  | { status: 'failed', code: FindingCode, detail?: string }
  | { status: 'indeterminate', code: FindingCode, detail?: string, needs?: string }

export type CheckResult = { name: string, aspect: Aspect } & Outcome

export interface Report {
  verdict: Verdict
  /** The instant for which the question was asked. */
  at: InstantText
  /** The licence that the input names, by which the register can be asked; whether that is true is for the checks. */
  licenceId?: string
  checks: CheckResult[]
  signatures: SignatureReport[]
}

export interface SignatureReport {
  verdict: Verdict
  /** Identifier in the document, e.g. `Sign_0` or the path of Signature.xml. */
  id: string
  checks: CheckResult[]
  /** Whom the certificate names, when the signature says that it was made, the seal's name and number: facts, judged above. */
  signer?: string
  signedAt?: InstantText
  seal?: { id: string, name: string }
}

/** Stable codes of findings, their words beside them. */
export type FindingCode = keyof typeof FINDINGS
