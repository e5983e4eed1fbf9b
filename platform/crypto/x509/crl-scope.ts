import type { Certificate } from './certificate.js'
import type { Crl, IssuingDistributionPoint } from './crl.js'
import { ALL_REASONS, type DistributionPoint, type RevocationReason } from './extensions.js'
import { rdnKey, type GeneralName, type Name } from './names.js'

/** Which lists speak of a certificate, and of which reasons. @see RFC 5280 section 6.3.3 (a), (b), (d) */
export class ListScope {
  readonly #certificate: Certificate
  readonly #points: readonly DistributionPoint[]

  constructor (certificate: Certificate) {
    this.#certificate = certificate
    // Last comes a point that stands for any other list of the issuer.
    const whole: DistributionPoint = { fullName: [{ type: 'directory', value: certificate.issuer }] }
    this.#points = [...certificate.crlDistributionPoints ?? [], whole]
  }

  covers (crl: Crl): boolean { return this.#points.some(point => this.#fits(crl, point)) }

  /** Reasons for which this list, through the points that name it, would say so. */
  reasons (crl: Crl): Set<RevocationReason> {
    const listed = crl.issuingDistributionPoint?.onlySomeReasons ?? ALL_REASONS
    const found = new Set<RevocationReason>()
    for (const point of this.#points) {
      if (!this.#fits(crl, point)) continue
      for (const reason of point.reasons ?? ALL_REASONS) if (listed.has(reason)) found.add(reason)
    }
    return found
  }

  #fits (crl: Crl, point: DistributionPoint): boolean {
    const scope = crl.issuingDistributionPoint
    if (point.crlIssuer === undefined) {
      if (!crl.issuer.equals(this.#certificate.issuer)) return false
    } else if (scope?.indirect !== true || !point.crlIssuer.some(name => name.type === 'directory' && name.value.equals(crl.issuer))) return false
    if (scope === undefined) return true
    if (scope.onlyAttributeCerts) return false
    const isCa = this.#certificate.basicConstraints?.ca === true
    if (isCa ? scope.onlyUserCerts : scope.onlyCaCerts) return false
    return this.#sharesName(crl, scope, point)
  }

  #sharesName (crl: Crl, scope: IssuingDistributionPoint, point: DistributionPoint): boolean {
    const listed = nameKeys(scope, [crl.issuer])
    if (listed.length === 0) return true
    const issuers = point.crlIssuer?.flatMap(name => name.type === 'directory' ? [name.value] : []) ?? [this.#certificate.issuer]
    const wanted = nameKeys(point, issuers)
    const named = wanted.length > 0 ? wanted : (point.crlIssuer ?? []).map(generalNameKey)
    return named.some(key => listed.includes(key))
  }
}

/** Names of a point as keys; one relative to its issuer is made whole. */
function nameKeys ({ fullName, relativeName }: Pick<DistributionPoint, 'fullName' | 'relativeName'>, issuers: readonly Name[]): string[] {
  if (fullName !== undefined) return fullName.map(generalNameKey)
  if (relativeName === undefined) return []
  return issuers.map(issuer => `directory:${[...issuer.keys, rdnKey(relativeName)].join('\u0002')}`)
}
function generalNameKey (name: GeneralName): string {
  switch (name.type) {
    case 'directory': return `directory:${name.value.key}`
    case 'ip': return `ip:${name.value.toString('hex')}`
    case 'other': return `other:${name.der.toString('hex')}`
    default: return `${name.type}:${name.value}`
  }
}
