import type { Certificate } from './certificate.js'
import type { PathProblem, PathQuestion, PathResult } from './path.js'
import type { PathProblemCode } from './codes.js'
import { NameRules } from './name-constraints.js'
import { PolicyGraph } from './policies.js'
import { allowsPurpose, isForHost, purposeProblem } from './purpose.js'

/**
 * Judges one complete path whose signatures and names already chain. Goes from the anchor down, as RFC 5280 section 6.1 does, and
 * names the first rule that is broken; a problem of time only where no rule is.
 */
export function validatePath (chain: Certificate[], question: PathQuestion): PathResult {
  const walk = new Walk(chain, question)
  const broken = walk.run()
  const problem = broken ?? walk.period
  return problem === undefined
    ? { result: 'valid', chain, ...(walk.policies === undefined ? {} : { policies: walk.policies }) }
    : { result: 'broken', chain, problem }
}

class Walk {
  readonly #chain: Certificate[]
  readonly #question: PathQuestion
  readonly #names = new NameRules()
  readonly #policyGraph: PolicyGraph
  /** Certificates that may still stand between here and the leaf, self-issued ones not counted. */
  #room: number
  period: PathProblem | undefined
  policies: PathResult['policies']

  constructor (chain: Certificate[], question: PathQuestion) {
    this.#chain = chain
    this.#question = question
    this.#room = chain.length
    this.#policyGraph = new PolicyGraph(chain.length - 1, question.policies)
  }

  run (): PathProblem | undefined {
    const last = this.#chain.length - 1
    const anchor = this.#chain[last] as Certificate
    this.#checkPeriod(anchor, last)
    if (last > 0) {
      const problem = this.#enterAnchor(anchor, last)
      if (problem !== undefined) return problem
    }
    for (let i = last - 1; i >= 0; i--) {
      const certificate = this.#chain[i] as Certificate
      this.#checkPeriod(certificate, i)
      const problem = this.#enter(certificate, i) ?? (i > 0 ? this.#leave(certificate, i) : this.#finish(certificate))
      if (problem !== undefined) return problem
    }
    return this.#leafProblem(this.#chain[0] as Certificate)
  }

  #checkPeriod ({ notBefore, notAfter }: Certificate, at: number): void {
    const now = this.#question.at
    if (this.period?.code === 'CERTIFICATE_EXPIRED') return
    if (now > notAfter) this.period = problemAt('CERTIFICATE_EXPIRED', at, notAfter.toISOString())
    else if (now < notBefore) this.period ??= problemAt('CERTIFICATE_NOT_YET_VALID', at, notBefore.toISOString())
  }

  /** An anchor is believed for its key and name; what its certificate narrows still holds. @see docs/decisions/0011 */
  #enterAnchor (anchor: Certificate, at: number): PathProblem | undefined {
    if (anchor.basicConstraints?.ca === false) return problemAt('NOT_A_CA', at)
    if (anchor.unknownCritical.length > 0) return problemAt('EXTENSION_UNKNOWN', at, anchor.unknownCritical[0])
    this.#narrow(anchor)
    return undefined
  }

  #narrow ({ basicConstraints, nameConstraints }: Certificate): void {
    this.#names.add(nameConstraints)
    if (basicConstraints?.pathLength !== undefined) this.#room = Math.min(this.#room, basicConstraints.pathLength)
  }

  /** RFC 5280 section 6.1.3, without what the search has seen to: signature and issuer name. */
  #enter (certificate: Certificate, at: number): PathProblem | undefined {
    if (certificate.issuer.isEmpty || (certificate.subject.isEmpty && (at > 0 || certificate.subjectAltName === undefined))) return problemAt('NAME_MISSING', at)
    if (at === 0 || !certificate.isSelfIssued) {
      const permitted = this.#names.permits(certificate)
      if (permitted === 'too-complex') return problemAt('PATH_TOO_COMPLEX', at)
      if (!permitted) return problemAt('NAME_NOT_PERMITTED', at)
    }
    return this.#policyGraph.enter(certificate, at === 0) ? undefined : problemAt('POLICY_NOT_ALLOWED', at)
  }

  /** RFC 5280 section 6.1.4: what an authority must be before it may certify the next one. */
  #leave (certificate: Certificate, at: number): PathProblem | undefined {
    if (!this.#policyGraph.leave(certificate)) return problemAt('POLICY_NOT_ALLOWED', at)
    if (certificate.version !== 3 || certificate.basicConstraints?.ca !== true) return problemAt('NOT_A_CA', at)
    if (!certificate.isSelfIssued) {
      if (this.#room <= 0) return problemAt('PATH_TOO_LONG', at)
      this.#room--
    }
    this.#narrow(certificate)
    if (certificate.keyUsage !== undefined && !certificate.keyUsage.has('keyCertSign')) return problemAt('KEY_USAGE_WRONG', at, 'keyCertSign')
    const { purpose } = this.#question
    if (purpose !== undefined && !allowsPurpose(certificate, purpose)) return problemAt('PURPOSE_NOT_ALLOWED', at)
    return unknownExtension(certificate, at)
  }

  #finish (leaf: Certificate): PathProblem | undefined {
    this.policies = this.#policyGraph.finish(leaf)
    return this.policies === undefined ? problemAt('POLICY_NOT_ALLOWED', 0) : undefined
  }

  #leafProblem (leaf: Certificate): PathProblem | undefined {
    const unknown = unknownExtension(leaf, 0)
    if (unknown !== undefined) return unknown
    const { purpose, hostName } = this.#question
    const code = purpose === undefined ? undefined : purposeProblem(leaf, purpose)
    if (code !== undefined) return problemAt(code, 0, purpose)
    return hostName === undefined || isForHost(leaf, hostName) ? undefined : problemAt('HOST_NAME_MISMATCH', 0)
  }
}

function unknownExtension ({ unknownCritical: [first] }: Certificate, at: number): PathProblem | undefined {
  return first === undefined ? undefined : problemAt('EXTENSION_UNKNOWN', at, first)
}
function problemAt (code: PathProblemCode, at: number, detail?: string): PathProblem {
  return detail === undefined ? { code, at } : { code, at, detail }
}
