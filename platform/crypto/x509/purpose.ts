import { domainToASCII } from 'node:url'
import { isIP } from 'node:net'
import type { Certificate } from './certificate.js'
import type { KeyUsage } from './extensions.js'

/** What a certificate can be asked to be good for: its OID, and the key usages of which it takes one. @see RFC 5280 section 4.2.1.12 */
export const PURPOSES = {
  serverAuth: { oid: '1.3.6.1.5.5.7.3.1', usages: ['digitalSignature', 'keyEncipherment', 'keyAgreement'], mustBeNamed: false },
  clientAuth: { oid: '1.3.6.1.5.5.7.3.2', usages: ['digitalSignature', 'keyAgreement'], mustBeNamed: false },
  codeSigning: { oid: '1.3.6.1.5.5.7.3.3', usages: ['digitalSignature'], mustBeNamed: false },
  emailProtection: { oid: '1.3.6.1.5.5.7.3.4', usages: ['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'keyAgreement'], mustBeNamed: false },
  timeStamping: { oid: '1.3.6.1.5.5.7.3.8', usages: ['digitalSignature', 'nonRepudiation'], mustBeNamed: true },
  OCSPSigning: { oid: '1.3.6.1.5.5.7.3.9', usages: ['digitalSignature', 'nonRepudiation'], mustBeNamed: true }
} as const satisfies Record<string, { oid: string, usages: readonly KeyUsage[], mustBeNamed: boolean }>
export type Purpose = keyof typeof PURPOSES
export const isPurpose = (text: string): text is Purpose => Object.hasOwn(PURPOSES, text)
const ANY_PURPOSE = '2.5.29.37.0'

/** May the leaf be used for this? @returns the problem's code, or undefined */
export function purposeProblem (leaf: Certificate, purpose: Purpose): 'PURPOSE_NOT_ALLOWED' | 'KEY_USAGE_WRONG' | undefined {
  const { oid, usages, mustBeNamed } = PURPOSES[purpose]
  const named = leaf.extendedKeyUsage
  if (mustBeNamed ? named === undefined || !named.includes(oid) : !allowsPurpose(leaf, purpose)) return 'PURPOSE_NOT_ALLOWED'
  if (purpose === 'timeStamping' && (named?.length !== 1 || leaf.extensions.get('2.5.29.37')?.critical !== true)) return 'PURPOSE_NOT_ALLOWED' // RFC 3161 2.3
  const { keyUsage } = leaf
  return keyUsage === undefined || usages.some(usage => keyUsage.has(usage)) ? undefined : 'KEY_USAGE_WRONG'
}

/** Does this certificate, of a leaf or of an authority above it, leave room for the purpose? */
export function allowsPurpose ({ extendedKeyUsage }: Certificate, purpose: Purpose): boolean {
  return extendedKeyUsage === undefined || extendedKeyUsage.includes(PURPOSES[purpose].oid) || extendedKeyUsage.includes(ANY_PURPOSE)
}

/**
 * Is this certificate for that host: a name, or an address? Names stand in subjectAltName; only an SM2 certificate without one
 * may have its name in CN, as many in the field do. @see RFC 6125 section 6.4, RFC 9525
 */
export function isForHost (leaf: Certificate, host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  if (isIP(bare) !== 0) {
    const address = ipOctets(bare)
    return leaf.subjectAltName?.some(name => name.type === 'ip' && name.value.equals(address)) ?? false
  }
  const wanted = domainToASCII(host.endsWith('.') ? host.slice(0, -1) : host)
  if (wanted === '') return false
  const names = leaf.subjectAltName?.flatMap(name => name.type === 'dns' ? [name.value] : []) ??
    (isSm2(leaf) ? leaf.subject.all('CN').slice(-1) : [])
  return names.some(name => nameMatches(name.toLowerCase(), wanted))
}

function isSm2 ({ keyAlgorithm }: Certificate): boolean {
  return keyAlgorithm.oid === '1.2.840.10045.2.1' && keyAlgorithm.parameters?.toString('hex') === SM2_CURVE
}
const SM2_CURVE = '06082a811ccf5501822d' // the curve's OID as DER

function nameMatches (pattern: string, host: string): boolean {
  if (!pattern.startsWith('*.')) return pattern === host && !pattern.includes('*')
  const rest = pattern.slice(1)
  // A star stands for one whole label, first of three at least: `*.com` is for nobody.
  return !rest.includes('*') && rest.indexOf('.', 1) > 0 && host.endsWith(rest) && !host.slice(0, -rest.length).includes('.') && host.length > rest.length
}

function ipOctets (address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number))
  const v4 = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address)
  const text = v4 === null ? address : `${v4[1] as string}${((Number(v4[2]) << 8) | Number(v4[3])).toString(16)}:${((Number(v4[4]) << 8) | Number(v4[5])).toString(16)}`
  const [head = '', tail] = text.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const groups = [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after]
  return Buffer.from(groups.map(group => group.padStart(4, '0')).join(''), 'hex')
}
