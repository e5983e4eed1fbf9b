import type { Certificate } from './certificate.js'
import type { NameConstraints } from './extensions.js'
import type { GeneralName, Name } from './names.js'

/** Comparisons of one name with one constraint, over a whole path. */
const COMPARISONS = 100_000

/** What the authorities above a certificate let it be called. @see RFC 5280 sections 4.2.1.10 and 6.1 */
export class NameRules {
  readonly #inForce: NameConstraints[] = []
  #comparisons = 0

  add (constraints: NameConstraints | undefined): void {
    if (constraints !== undefined) this.#inForce.push(constraints)
  }

  /** @returns 'too-complex' where an answer would take more comparisons than any honest path needs */
  permits (certificate: Certificate): boolean | 'too-complex' {
    if (this.#inForce.length === 0) return true
    const names: GeneralName[] = [...certificate.subjectAltName ?? []]
    if (!certificate.subject.isEmpty) names.push({ type: 'directory', value: certificate.subject })
    // Old certificates have their address in the subject alone.
    if (!names.some(({ type }) => type === 'email')) {
      names.push(...certificate.subject.all('emailAddress').map(value => ({ type: 'email', value } as const)))
    }
    for (const constraints of this.#inForce) {
      this.#comparisons += names.length * (constraints.permitted.length + constraints.excluded.length)
      if (this.#comparisons > COMPARISONS) return 'too-complex'
      for (const name of names) if (!isPermitted(name, constraints)) return false
    }
    return true
  }
}

type Comparable = Exclude<GeneralName, { type: 'other' }>

function isPermitted (name: GeneralName, { permitted, excluded }: NameConstraints): boolean {
  const same = (base: GeneralName): boolean => base.type === name.type && (base.type !== 'other' || base.tag === (name as { tag: number }).tag)
  // A kind that can't be compared is neither inside nor outside; so whoever constrains it lets none through.
  if (name.type === 'other') return ![...permitted, ...excluded].some(same)
  if (excluded.some(base => same(base) && matches(name, base as Comparable, true))) return false
  const bases = permitted.filter(same)
  return bases.length === 0 || bases.some(base => matches(name, base as Comparable, false))
}

/** `wide`: where it is unclear whether the name falls under the base, say yes. */
function matches (name: Comparable, { value: base }: Comparable, wide: boolean): boolean {
  switch (name.type) {
    case 'directory': return name.value.isWithin(base as Name)
    case 'dns': return dnsMatches(name.value, base as string, wide)
    case 'email': return emailMatches(name.value, base as string, wide)
    case 'uri': return uriMatches(name.value, base as string, wide)
    case 'ip': return ipMatches(name.value, base as Buffer)
  }
}

function dnsMatches (name: string, base: string, wide: boolean): boolean {
  const host = name.toLowerCase()
  const domain = base.toLowerCase()
  if (domain === '') return true
  if (host.startsWith('*.')) {
    // `*.example` may be used as any host of example: for an exclusion, one of them is enough.
    const rest = host.slice(2)
    return isUnder(rest, domain) || (wide && isUnder(domain.replace(/^\./, ''), rest))
  }
  return isUnder(host, domain)
}
/** A base with a leading dot means hosts below it alone. */
function isUnder (host: string, domain: string): boolean {
  return domain.startsWith('.') ? host.endsWith(domain) && host.length > domain.length : host === domain || host.endsWith(`.${domain}`)
}

function emailMatches (name: string, base: string, wide: boolean): boolean {
  const at = name.lastIndexOf('@')
  if (at < 1) return wide
  const host = name.slice(at + 1).toLowerCase()
  if (base.includes('@')) {
    const split = base.lastIndexOf('@')
    // The part before the @ is the mail server's own business, so it is compared as it stands.
    return name.slice(0, at) === base.slice(0, split) && host === base.slice(split + 1).toLowerCase()
  }
  return hostMatches(host, base)
}

function uriMatches (name: string, base: string, wide: boolean): boolean {
  const host = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:@[\]]+)(?::\d*)?(?:[/?#]|$)/.exec(name)?.[1]
  // Without a host name (or with an address in its place) the constraint can't be applied. RFC 5280 4.2.1.10
  if (host === undefined || /^[\d.]+$/.test(host)) return wide
  return hostMatches(host.toLowerCase(), base)
}
function hostMatches (host: string, base: string): boolean {
  const domain = base.toLowerCase()
  return domain.startsWith('.') ? host.endsWith(domain) && host.length > domain.length : host === domain
}

function ipMatches (address: Buffer, range: Buffer): boolean {
  if (range.length !== address.length * 2) return false
  for (let i = 0; i < address.length; i++) {
    const mask = range[address.length + i] as number
    if (((address[i] as number) & mask) !== ((range[i] as number) & mask)) return false
  }
  return true
}
