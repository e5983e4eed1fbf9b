import { isRemembered, inheritedKey, isSignedBy } from './issued.js'
import { validatePath } from './validate.js'
import { PERIOD_PROBLEMS, type PathProblemCode } from './codes.js'
import type { SignatureName } from '../signature.js'
import type { Certificate } from './certificate.js'
import type { PolicyInputs, ValidPolicy } from './policies.js'
import type { Purpose } from './purpose.js'

/** What one search may cost. */
export interface PathLimits {
  /** Certificates in a path, leaf and anchor included. */
  length: number
  /** Complete paths that are judged. */
  paths: number
  /** Signatures that are computed; those remembered are free. */
  signatures: number
}
export const PATH_LIMITS: Readonly<PathLimits> = { length: 12, paths: 32, signatures: 64 }

export interface PathQuestion {
  certificate: Certificate
  /**
   * Certificates whose keys and names are believed; of their constraints see docs/decisions/0011. Like `intermediates` it is sorted
   * once and remembered, so whoever changes it hands in a new list.
   */
  anchors: readonly Certificate[]
  intermediates: readonly Certificate[]
  /** The instant at which every certificate of the path must have been valid. */
  at: Date
  /** What the leaf must be good for. */
  purpose?: Purpose
  /** The host whose certificate it must be. */
  hostName?: string
  policies?: PolicyInputs
  /** Signature algorithms that may count; strong ones unless told otherwise. */
  allowed?: ReadonlySet<SignatureName>
  /** Of several valid paths the first one that this takes is chosen (is nothing on it revoked?); if it takes none, the first. */
  prefer?: (chain: readonly Certificate[]) => boolean
  limits?: Partial<PathLimits>
}

export interface PathProblem {
  code: PathProblemCode
  /** Index into the chain of the certificate in which the problem shows. */
  at: number
  detail?: string
}

export interface PathResult {
  /** `broken` is proof against: the path leads to an anchor, or to a known authority, and breaks a rule. `no-anchor` is not known. */
  result: 'valid' | 'broken' | 'no-anchor'
  /** Leaf first, anchor last; without an anchor as far as was found. */
  chain: Certificate[]
  /** Absent where valid. A problem of time (see `isPeriodProblem`) is named only where nothing else is wrong. */
  problem?: PathProblem
  /** Where valid: the policies for which it is. */
  policies?: readonly ValidPolicy[]
}

/** Is time all that is wrong: would the path be valid at some other instant? */
export function isPeriodProblem (result: PathResult): boolean { return result.problem !== undefined && PERIOD_PROBLEMS.has(result.problem.code) }

/**
 * Looks for a certification path from a certificate to an anchor and judges it. Of several paths a valid one wins, then one that
 * only time breaks. Bounded in length, paths and signatures. Revocation is asked apart, see `revocationOf`.
 * @see RFC 5280 section 6.1, RFC 4158 (building)
 */
export function findPath (question: PathQuestion): PathResult {
  if (Number.isNaN(question.at.getTime())) throw new TypeError('at must be an instant') // else no period would ever be over
  return new Search(question).run()
}

/** Certificates by the ways in which they are looked for. */
interface Index { length: number, fingerprints: Set<string>, bySubject: Map<string, Certificate[]>, byKeyId: Map<string, Certificate[]> }
const indexes = new WeakMap<readonly Certificate[], Index>()
function indexOf (certificates: readonly Certificate[]): Index {
  const before = indexes.get(certificates)
  if (before !== undefined && before.length === certificates.length) return before
  const index: Index = { length: certificates.length, fingerprints: new Set(), bySubject: new Map(), byKeyId: new Map() }
  for (const certificate of certificates) {
    if (index.fingerprints.has(certificate.fingerprint)) continue
    index.fingerprints.add(certificate.fingerprint)
    add(index.bySubject, certificate.subject.key, certificate)
    if (certificate.subjectKeyIdentifier !== undefined) add(index.byKeyId, certificate.subjectKeyIdentifier.toString('hex'), certificate)
  }
  indexes.set(certificates, index)
  return index
}

class Search {
  readonly #question: PathQuestion
  readonly #limits: PathLimits
  readonly #anchors: Index
  readonly #intermediates: Index
  #best: PathResult | undefined
  /** The longest way without an anchor, and a signature that failed under the authority it names. */
  #partial: Certificate[] = []
  #failed: PathResult | undefined
  #paths = 0
  #signatures = 0
  #exhausted = false

  constructor (question: PathQuestion) {
    this.#question = question
    this.#limits = { ...PATH_LIMITS, ...question.limits }
    this.#anchors = indexOf(question.anchors)
    this.#intermediates = indexOf(question.intermediates)
  }

  run (): PathResult {
    this.#extend([this.#question.certificate])
    if (this.#best?.result === 'valid') return this.#best
    // Another path may have been valid: a search cut short proves nothing.
    if (this.#exhausted) return { result: 'no-anchor', chain: this.#best?.chain ?? this.#partial, problem: { code: 'PATH_TOO_COMPLEX', at: 0 } }
    return this.#best ?? this.#failed ??
      { result: 'no-anchor', chain: this.#partial, problem: { code: 'ISSUER_UNKNOWN', at: this.#partial.length - 1 } }
  }

  /** @returns true where the search is over */
  #extend (chain: Certificate[]): boolean {
    const last = chain.at(-1) as Certificate
    if (this.#anchors.fingerprints.has(last.fingerprint)) return this.#judge(chain)
    if (chain.length > this.#partial.length) this.#partial = chain
    if (chain.length >= this.#limits.length) { this.#exhausted = true; return false }
    for (const issuer of this.#candidates(last)) {
      // A name with a key stands in a path once; so cycles of cross-certificates end.
      if (chain.some(step => step.spkiDer.equals(issuer.spkiDer) && step.subject.equals(issuer.subject))) continue
      if (!isRemembered(last, issuer) && ++this.#signatures > this.#limits.signatures) { this.#exhausted = true; return true }
      const answer = this.#isSignedBy(last, issuer)
      const next = [...chain, issuer]
      if (answer === 'yes' && issuer.subject.equals(last.issuer)) {
        if (this.#extend(next)) return true
      } else this.#note(next, answer)
    }
    return false
  }

  #isSignedBy (certificate: Certificate, issuer: Certificate): ReturnType<typeof isSignedBy> {
    const above = inheritedKey(issuer, this.#candidates(issuer))
    return isSignedBy(certificate, issuer, this.#question.allowed, above)
  }

  /** Remembers the first authority that is the one named and yet did not sign, or signed under another name. */
  #note (chain: Certificate[], answer: ReturnType<typeof isSignedBy>): void {
    const [child, issuer] = chain.slice(-2) as [Certificate, Certificate]
    const named = issuer.subject.equals(child.issuer)
    const keyId = child.authorityKeyIdentifier?.keyIdentifier
    const isKeyNamed = keyId === undefined || issuer.subjectKeyIdentifier === undefined || keyId.equals(issuer.subjectKeyIdentifier)
    // Another key of an authority with this name: the right one is only not at hand.
    if (answer === 'no' && !(named && isKeyNamed)) return
    const code = answer === 'yes' ? 'ISSUER_NAME_MISMATCH' : answer === 'no' ? 'CERTIFICATE_SIGNATURE_INVALID' : 'ALGORITHM_NOT_ALLOWED'
    this.#failed ??= { result: 'broken', chain, problem: { code, at: chain.length - 2 } }
  }

  /** Those named as issuer, the likeliest first: anchors, then the key that is named; last, that key under another name. */
  #candidates (certificate: Certificate): readonly Certificate[] {
    const keyId = certificate.authorityKeyIdentifier?.keyIdentifier?.toString('hex')
    const named = this.#lookUp('bySubject', certificate.issuer.key)
    const rank = (issuer: Certificate): number =>
      (keyId === undefined || issuer.subjectKeyIdentifier?.toString('hex') === keyId ? 0 : 2) + (this.#anchors.fingerprints.has(issuer.fingerprint) ? 0 : 1)
    const ordered = named.length < 2 ? named : [...named].sort((a, b) => rank(a) - rank(b))
    const others = keyId === undefined ? [] : this.#lookUp('byKeyId', keyId).filter(issuer => !issuer.subject.equals(certificate.issuer))
    return others.length === 0 ? ordered : [...ordered, ...others]
  }

  #lookUp (way: 'bySubject' | 'byKeyId', key: string): readonly Certificate[] {
    const anchors = this.#anchors[way].get(key)
    const intermediates = this.#intermediates[way].get(key)?.filter(({ fingerprint }) => !this.#anchors.fingerprints.has(fingerprint))
    return anchors === undefined ? intermediates ?? [] : intermediates === undefined ? anchors : [...anchors, ...intermediates]
  }

  #judge (chain: Certificate[]): boolean {
    if (++this.#paths > this.#limits.paths) { this.#exhausted = true; return true }
    const result = validatePath(chain, this.#question)
    const isPreferred = result.result === 'valid' && (this.#question.prefer?.(chain) ?? true)
    if (this.#best === undefined || isPreferred || rank(result) < rank(this.#best)) this.#best = result
    return isPreferred
  }
}

function rank (result: PathResult): number { return result.result === 'valid' ? 0 : isPeriodProblem(result) ? 1 : 2 }
function add (map: Map<string, Certificate[]>, key: string, certificate: Certificate): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [certificate])
  else list.push(certificate)
}
