import { SIGNATURE_ALGORITHMS, STRONG_ALGORITHMS, type DigestAlgorithm } from '../../platform/crypto/index.js'
import { Failure, type Violation } from '../core/failure.js'
import { told, type Bilingual } from '../core/words.js'

/** What a verifier asks for before it believes. @see design.md, "Trust directory" */
export interface Policy {
  /** `required`: without an answer that counts, a certificate is not believed. `if-known`: only a known revocation counts. */
  revocation: 'required' | 'if-known'
  /** `proven`: what ended since needs proof that the signature existed before. `claimed` takes the signer's word. */
  signingTime: 'proven' | 'claimed'
  authority: 'required' | 'off'
  status: 'required' | 'off'
  /** Object identifiers that a signature on a document, seal or certificate may have; and a digest of files. */
  signatureAlgorithms: readonly string[]
  digestAlgorithms: readonly string[]
}

/** What this engine verifies, by identifier. SHA-1 and MD5 are none of them, and no policy can bring them back. */
const SIGNATURES: readonly string[] = [...SIGNATURE_ALGORITHMS].filter(([, name]) => STRONG_ALGORITHMS.has(name)).map(([identifier]) => identifier)
export const DIGEST_ALGORITHMS: ReadonlyMap<string, DigestAlgorithm> = new Map([
  ['1.2.156.10197.1.401', 'sm3'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512']
])
/** Names that files write in place of identifiers. */
const DIGEST_NAMES: Record<string, string> = {
  SM3: '1.2.156.10197.1.401',
  SHA256: '2.16.840.1.101.3.4.2.1',
  'SHA-256': '2.16.840.1.101.3.4.2.1'
}
/** Identifier of a CheckMethod as written in a file, whatever it is. */
export function digestIdentifier (written: string): string { return Object.hasOwn(DIGEST_NAMES, written) ? DIGEST_NAMES[written] as string : written }

/** The strictest: what holds for each key that policy.json leaves out. Of algorithms all that still hold. */
export const STRICTEST: Policy = {
  revocation: 'required',
  signingTime: 'proven',
  authority: 'required',
  status: 'required',
  signatureAlgorithms: SIGNATURES,
  digestAlgorithms: [...DIGEST_ALGORITHMS.keys()]
}

const CHOICES = {
  revocation: ['required', 'if-known'],
  signingTime: ['proven', 'claimed'],
  authority: ['required', 'off'],
  status: ['required', 'off']
} as const

/**
 * The policy that policy.json states, the strictest where it is silent.
 * @throws {Failure} TRUST_POLICY_INVALID naming each key that is unknown and each value that does not fit
 */
export function parsePolicy (value: unknown): Policy {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Failure('TRUST_POLICY_INVALID', 'policy.json is not an object')
  const violations: Violation[] = []
  const policy: Record<string, unknown> = { ...STRICTEST }
  for (const [key, given] of Object.entries(value)) {
    const violation = violationOf(key, given)
    if (violation === undefined) policy[key] = given
    else violations.push({ pointer: `/${key}`, message: violation })
  }
  if (violations.length > 0) throw new Failure('TRUST_POLICY_INVALID', `policy.json: ${violations.map(({ pointer, message }) => `${pointer.slice(1)} ${message}`).join('; ')}`, { violations })
  return policy as unknown as Policy
}

function violationOf (key: string, value: unknown): Bilingual | undefined {
  if (key === 'signatureAlgorithms' || key === 'digestAlgorithms') {
    const known = STRICTEST[key]
    const fits = Array.isArray(value) && value.length > 0 && value.every(item => typeof item === 'string' && known.includes(item))
    return fits ? undefined : told(`应为列表，可选 ${known.join('、')}`, `must be a list out of ${known.join(', ')}`)
  }
  if (!Object.hasOwn(CHOICES, key)) return told('策略里没有这一项', 'is not a key of a policy')
  const choices: readonly unknown[] = CHOICES[key as keyof typeof CHOICES]
  return choices.includes(value) ? undefined : told(`应为其中之一：${choices.join('、')}`, `must be one of ${choices.join(', ')}`)
}
