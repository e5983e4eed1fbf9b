import { createPublicKey, type KeyObject } from 'node:crypto'
import { Failure } from '../../../services/core/failure.js'
import { Fields } from '../der/read.js'
import { readDer } from '../der/reader.js'
import { der } from '../der/writer.js'
import { Lru } from '../lru.js'
import { signatureName, STRONG_ALGORITHMS, verifySignature, type SignatureName } from '../signature.js'
import type { AlgorithmIdentifier, Certificate } from './certificate.js'

/** What certificates and lists have in common. */
export interface Signed {
  tbs: Buffer
  signature: Buffer
  fingerprint: string
  signatureAlgorithm: string
  signatureAlgorithmIdentifier: AlgorithmIdentifier
}

/**
 * Pairs (what was signed, who signed it) that were seen to verify, by the digests of their exact bytes. Only successes: nothing
 * that a stranger sends can keep a good signature from being tried.
 */
const verified = new Lru<string, true>(10_000)
/** For measuring and for tests. */
export function forgetVerified (): void { verified.clear() }

export type IssuedAnswer = 'yes' | 'no' | 'algorithm-not-allowed'

/** Did the key of this issuer sign it? `key` where the issuer's own certificate does not hold all of the key. */
export function isSignedBy (signed: Signed, issuer: Certificate, allowed: ReadonlySet<SignatureName> = STRONG_ALGORITHMS, key?: KeyObject): IssuedAnswer {
  const name = signatureName(signed.signatureAlgorithm)
  if (name === undefined || !allowed.has(name)) return 'algorithm-not-allowed'
  const pair = key === undefined ? `${signed.fingerprint}:${issuer.fingerprint}` : undefined
  if (pair !== undefined && verified.get(pair) === true) return 'yes'
  const publicKey = key ?? keyOf(issuer)
  if (publicKey === undefined) return 'no'
  const { tbs: message, signature, signatureAlgorithm: algorithm, signatureAlgorithmIdentifier: { parameters } } = signed
  const right = verifySignature({ algorithm, publicKey, message, signature, allowed, ...(parameters === undefined ? {} : { parameters }) })
  if (right && pair !== undefined) verified.set(pair, true)
  return right ? 'yes' : 'no'
}

/** Will this question be answered without computing? */
export function isRemembered (signed: Signed, issuer: Certificate): boolean {
  return verified.get(`${signed.fingerprint}:${issuer.fingerprint}`) === true
}

function keyOf (certificate: Certificate): KeyObject | undefined {
  try {
    return certificate.publicKey
  } catch (error) {
    if (error instanceof Failure && error.code === 'KEY_INVALID') return undefined
    throw error
  }
}

const DSA = '1.2.840.10040.4.1'
/**
 * The key of a DSA certificate whose parameters are those of its issuer, as RFC 3279 allows.
 * @param above - the issuers above it, nearest first
 * @returns undefined where it has its own parameters, or none can be found
 */
export function inheritedKey (certificate: Certificate, above: readonly Certificate[]): KeyObject | undefined {
  if (certificate.keyAlgorithm.oid !== DSA || certificate.keyAlgorithm.parameters !== undefined) return undefined
  const source = above.find(({ keyAlgorithm }) => keyAlgorithm.oid !== DSA || keyAlgorithm.parameters !== undefined)
  if (source?.keyAlgorithm.oid !== DSA) return undefined
  const spki = new Fields(readDer(certificate.spkiDer))
  spki.next('algorithm')
  const key = der.sequence(source.keyAlgorithm.der, spki.next('key').bytes)
  try {
    return createPublicKey({ key, format: 'der', type: 'spki' })
  } catch { return undefined } // parameters that OpenSSL refuses: then there is no key
}
