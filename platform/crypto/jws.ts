import { constants, sign, verify, type KeyObject } from 'node:crypto'
import { Failure } from '../../services/core/failure.js'
import { frozen, parseJson, type Json } from '../../services/core/json.js'
import { Lru } from './lru.js'
import { isOpenSslError, RSA_MIN_BITS } from './signature.js'

/** Ed25519, ECDSA P-256, RSA. Nothing symmetric, nothing without a signature; SM2 has no name in JOSE. */
export type JwsAlgorithm = 'EdDSA' | 'ES256' | 'RS256' | 'PS256'
export const JWS_ALGORITHMS: readonly JwsAlgorithm[] = ['EdDSA', 'ES256', 'RS256', 'PS256']

export interface JwsLimits { headerBytes: number, payloadBytes: number }
export const JWS_LIMITS: Readonly<JwsLimits> = { headerBytes: 1024, payloadBytes: 64 * 1024 }
const KID_CHARACTERS = 256
const SIGNATURE_BYTES = 1024

export type JwsHeader = Readonly<Record<string, Json>> & { readonly alg: string }
/** A key and the only algorithm with which it may be used. */
export interface JwsKey { key: KeyObject, algorithm: JwsAlgorithm }
/** Whose key is this? `header` is not verified yet: nothing in it may choose more than the key. */
export type ResolveKey = (kid: string, header: JwsHeader) => JwsKey | undefined

export interface SigningKey { key: KeyObject, kid: string, algorithm: JwsAlgorithm }

/**
 * Signs bytes that travel beside the signature, as they are. @returns `header..signature`
 * @see RFC 7515 appendix F, RFC 7797
 */
export function signDetached (payload: Uint8Array, { key, kid, algorithm }: SigningKey): string {
  const header = encode(JSON.stringify({ alg: algorithm, b64: false, crit: ['b64'], kid }))
  return `${header}..${signatureOver(header, payload, key, algorithm)}`
}

/**
 * Verifies `header..signature` over the bytes given.
 * @throws {Failure} JWS_INVALID another spelling than the strict one, or a header that we do not take; JWS_TOO_LARGE;
 * JWS_KEY_UNKNOWN; JWS_SIGNATURE_INVALID
 */
export function verifyDetached (jws: string, payload: Uint8Array, resolveKey: ResolveKey, limits: Partial<JwsLimits> = {}): { kid: string, header: JwsHeader } {
  const { encoded, parsed, signature } = openDetached(jws, limits)
  return check(encoded, parsed, payload, signature, resolveKey)
}

/**
 * The same on one of Node's own threads, for those who verify many: meanwhile the event loop goes on. `payload` must not change.
 * @throws {Failure} as verifyDetached
 */
export async function verifyDetachedApart (jws: string, payload: Uint8Array, resolveKey: ResolveKey, limits: Partial<JwsLimits> = {}): Promise<{ kid: string, header: JwsHeader }> {
  const { encoded, parsed, signature } = openDetached(jws, limits)
  const { kid, by } = keyOf(parsed, resolveKey)
  if (by.algorithm !== parsed.alg) throw invalid('the algorithm is not that of the key')
  if (!await verifiesApart(signingInput(encoded, payload), by, decode(signature))) throw new Failure('JWS_SIGNATURE_INVALID', 'the signature does not fit the content')
  return { kid, header: parsed }
}

function openDetached (jws: string, limits: Partial<JwsLimits>): { encoded: string, parsed: JwsHeader, signature: string } {
  const { header, signature, middle } = split(jws, { ...JWS_LIMITS, ...limits, payloadBytes: 0 })
  if (middle !== '') throw invalid('a detached signature carries no payload')
  const parsed = readHeader(header)
  const crit = parsed['crit']
  if (parsed['b64'] !== false || !Array.isArray(crit) || crit.length !== 1 || crit[0] !== 'b64') throw invalid('b64 false, and crit naming it alone, expected')
  return { encoded: header, parsed, signature }
}

/** `typ` and other members go into the protected header. @returns `header.payload.signature` @see RFC 7515 section 7.1 */
export function signCompact (payload: Uint8Array, { key, kid, algorithm }: SigningKey, extra: Record<string, Json> = {}): string {
  const header = encode(JSON.stringify({ alg: algorithm, ...extra, kid }))
  const body = Buffer.from(payload).toString('base64url')
  return `${header}.${body}.${signatureOver(header, Buffer.from(body, 'latin1'), key, algorithm)}`
}

/** @throws {Failure} as verifyDetached */
export function verifyCompact (jws: string, resolveKey: ResolveKey, limits: Partial<JwsLimits> = {}): { kid: string, header: JwsHeader, payload: Buffer } {
  const { payload, ...parts } = takeApart(jws, limits, false)
  return { ...check(parts.encodedHeader, parts.header, parts.signed, parts.signature, resolveKey), payload }
}

/** A JWS taken apart: nothing in it may be believed until `verify` has returned. */
export interface UnverifiedJws {
  header: JwsHeader
  payload: Buffer
  /** @throws {Failure} JWS_INVALID the algorithm is not that of the key; JWS_SIGNATURE_INVALID */
  verify: (by: JwsKey) => void
}

/**
 * For those who must look inside to find the key, e.g. in a store. `bringsKey` lets the header carry a `jwk`, as a DPoP
 * proof does: such a signature shows that the sender holds that key, never who the sender is.
 * @throws {Failure} JWS_INVALID, JWS_TOO_LARGE
 */
export function readCompact (jws: string, { bringsKey = false, ...limits }: Partial<JwsLimits> & { bringsKey?: boolean } = {}): UnverifiedJws {
  const { encodedHeader, header, payload, signed, signature } = takeApart(jws, limits, bringsKey)
  return { header, payload, verify: by => { checkSignature(encodedHeader, header, signed, signature, by) } }
}

interface CompactParts { encodedHeader: string, header: JwsHeader, payload: Buffer, signed: Buffer, signature: string }
function takeApart (jws: string, limits: Partial<JwsLimits>, bringsKey: boolean): CompactParts {
  const { header: encodedHeader, middle, signature } = split(jws, { ...JWS_LIMITS, ...limits })
  const header = readHeader(encodedHeader, bringsKey)
  if ('crit' in header || 'b64' in header) throw invalid('no extension of the header is understood here')
  return { encodedHeader, header, payload: decode(middle), signed: Buffer.from(middle, 'latin1'), signature }
}

function check (header: string, parsed: JwsHeader, payload: Uint8Array, signature: string, resolveKey: ResolveKey): { kid: string, header: JwsHeader } {
  const { kid, by } = keyOf(parsed, resolveKey)
  checkSignature(header, parsed, payload, signature, by)
  return { kid, header: parsed }
}

function keyOf (parsed: JwsHeader, resolveKey: ResolveKey): { kid: string, by: JwsKey } {
  const { kid } = parsed
  if (typeof kid !== 'string' || kid === '' || kid.length > KID_CHARACTERS) throw invalid('a kid expected')
  const by = resolveKey(kid, parsed)
  if (by === undefined) throw new Failure('JWS_KEY_UNKNOWN', 'the key that signed is not known')
  return { kid, by }
}

function checkSignature (header: string, parsed: JwsHeader, payload: Uint8Array, signature: string, by: JwsKey): void {
  // The key says how it is used; the header may only agree.
  if (by.algorithm !== parsed.alg) throw invalid('the algorithm is not that of the key')
  if (!verifies(signingInput(header, payload), by, decode(signature))) throw new Failure('JWS_SIGNATURE_INVALID', 'the signature does not fit the content')
}

/** Three parts, each within its limit, before anything is decoded. */
function split (jws: string, limits: JwsLimits): { header: string, middle: string, signature: string } {
  const most = encodedLength(limits.headerBytes) + encodedLength(limits.payloadBytes) + encodedLength(SIGNATURE_BYTES) + 2
  if (jws.length > most) throw new Failure('JWS_TOO_LARGE', `a JWS of more than ${most} characters`)
  const first = jws.indexOf('.')
  const second = jws.indexOf('.', first + 1)
  if (first < 1 || second < 0 || jws.includes('.', second + 1)) throw invalid('three parts expected')
  const header = jws.slice(0, first)
  const middle = jws.slice(first + 1, second)
  const signature = jws.slice(second + 1)
  if (header.length > encodedLength(limits.headerBytes) || middle.length > encodedLength(limits.payloadBytes) ||
    signature.length > encodedLength(SIGNATURE_BYTES)) {
    if (limits.payloadBytes === 0 && middle.length > 0) throw invalid('a detached signature carries no payload')
    throw new Failure('JWS_TOO_LARGE', 'a part of a JWS is larger than its limit')
  }
  return { header, middle, signature }
}
const encodedLength = (bytes: number): number => Math.ceil(bytes * 4 / 3)

/** The alphabet of RFC 4648 section 5 alone, without padding, and with zeros in the bits left over: one spelling for one value. */
function decode (text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.toString('base64url') !== text) throw invalid('base64url expected')
  return bytes
}
function encode (text: string): string { return Buffer.from(text, 'utf8').toString('base64url') }

/** Headers read before: a sender writes the same one each time. */
const headers = new Lru<string, JwsHeader>(1_000)
/** Names by which a message would bring its own key. */
const KEY_MEMBERS = ['jwk', 'jku', 'x5u', 'x5c']

function readHeader (encoded: string, bringsKey = false): JwsHeader {
  const header = headers.get(encoded) ?? parseHeader(encoded)
  if (KEY_MEMBERS.some(name => Object.hasOwn(header, name) && !(bringsKey && name === 'jwk'))) throw invalid('a header that brings its own key')
  headers.set(encoded, header)
  return header
}

function parseHeader (encoded: string): JwsHeader {
  const bytes = decode(encoded)
  let parsed: Json
  try {
    parsed = parseJson(bytes, { bytes: bytes.length, depth: 4 })
  } catch (cause) {
    if (cause instanceof Failure) throw new Failure('JWS_INVALID', `the header of a JWS: ${cause.message}`, { cause })
    throw cause
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) throw invalid('a JSON object expected as header')
  const { alg } = parsed
  if (typeof alg !== 'string' || !(JWS_ALGORITHMS as readonly string[]).includes(alg)) throw invalid('an algorithm that is not taken')
  return frozen(parsed) as JwsHeader // shared by everyone who gets it
}

function signingInput (header: string, payload: Uint8Array): Buffer {
  const input = Buffer.allocUnsafe(header.length + 1 + payload.length)
  input.write(header, 0, 'latin1')
  input[header.length] = 0x2e
  input.set(payload, header.length + 1)
  return input
}

function signatureOver (header: string, payload: Uint8Array, key: KeyObject, algorithm: JwsAlgorithm): string {
  if (!fits(key, algorithm)) throw new Failure('KEY_INVALID', `a key for ${algorithm} expected`)
  const { hash, options } = WAYS[algorithm]
  return sign(hash, signingInput(header, payload), { key, ...options }).toString('base64url')
}

function verifies (input: Buffer, { key, algorithm }: JwsKey, signature: Buffer): boolean {
  if (!fits(key, algorithm)) return false
  const { hash, options, signatureBytes } = WAYS[algorithm]
  if (signatureBytes !== undefined && signature.length !== signatureBytes) return false
  try {
    return verify(hash, input, { key, ...options }, signature)
  } catch (error) {
    if (isOpenSslError(error)) return false
    throw error
  }
}

async function verifiesApart (input: Buffer, { key, algorithm }: JwsKey, signature: Buffer): Promise<boolean> {
  if (!fits(key, algorithm)) return false
  const { hash, options, signatureBytes } = WAYS[algorithm]
  if (signatureBytes !== undefined && signature.length !== signatureBytes) return false
  return await new Promise((resolve, reject) => {
    verify(hash, input, { key, ...options }, signature, (error, fits) => {
      if (error === null) resolve(fits)
      else if (isOpenSslError(error)) resolve(false)
      else reject(error)
    })
  })
}

const WAYS: Record<JwsAlgorithm, { hash: string | null, signatureBytes?: number, options: { dsaEncoding?: 'ieee-p1363', padding?: number, saltLength?: number } }> = {
  EdDSA: { hash: null, signatureBytes: 64, options: {} },
  ES256: { hash: 'sha256', signatureBytes: 64, options: { dsaEncoding: 'ieee-p1363' } },
  RS256: { hash: 'sha256', options: { padding: constants.RSA_PKCS1_PADDING } },
  PS256: { hash: 'sha256', options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } }
}
function fits (key: KeyObject, algorithm: JwsAlgorithm): boolean {
  switch (algorithm) {
    case 'EdDSA': return key.asymmetricKeyType === 'ed25519'
    case 'ES256': return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1'
    case 'RS256': case 'PS256': return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= RSA_MIN_BITS
  }
}

function invalid (why: string): Failure { return new Failure('JWS_INVALID', why) }
