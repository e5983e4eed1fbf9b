import type { KeyObject } from 'node:crypto'
import { hexDigest, signCompact, verifyCompact, type SigningKey } from '../../platform/crypto/index.js'
import type { InstantText } from '../core/clock.js'
import { Failure } from '../core/failure.js'
import { canonicalJson, parseJson } from '../core/json.js'
import type { Facts } from './facts.js'
import type { Policy } from './policy.js'
import type { Report, Verdict } from './report.js'
import { judge } from './verdict.js'

/**
 * Proof of a verdict that stands by itself: which input (by its digests), asked for which instant, under which policy, what was
 * found out, and what that added up to. It holds neither the document nor its holder's name.
 */
export interface Receipt {
  version: 1
  id: string
  /** When the verdict was given. */
  issuedAt: InstantText
  /** The instant asked about. */
  at: InstantText
  verdict: Verdict
  /** Lower-case hex; absent where a licence was named and no file shown. */
  input?: { sha256: string, sm3: string, size: number }
  policy: Policy
  /** Of the trust directory that was believed, lower-case hex. */
  trust: string
  facts: Facts
  /** SHA-256 over the canonical form (RFC 8785) of `facts`, lower-case hex: names them where they are kept apart. */
  factsSha256: string
}

export const RECEIPT_TYPE = 'mianzheng-receipt+json'
/** A package of the most files and signatures that are read makes facts of some hundred kilobytes. */
const LIMITS = { payloadBytes: 4 * 1024 * 1024 }

export interface ReceiptOptions {
  id: string
  issuedAt: InstantText
  facts: Facts
  policy: Policy
  trust: string
  report: Report
  key: SigningKey
}

/** @returns a compact JWS */
export function issueReceipt ({ id, issuedAt, facts, policy, trust, report, key }: ReceiptOptions): string {
  const receipt: Receipt = {
    version: 1,
    id,
    issuedAt,
    at: report.at,
    verdict: report.verdict,
    ...(facts.input !== undefined && { input: facts.input }),
    policy,
    trust,
    facts,
    factsSha256: digestOf(facts)
  }
  return signCompact(Buffer.from(canonicalJson(receipt)), key, { typ: RECEIPT_TYPE })
}

/**
 * Checks the signature, then works the verdict out again from the facts. Needs no network and no clock.
 * @throws {Failure} RECEIPT_INVALID, RECEIPT_SIGNATURE_INVALID, RECEIPT_VERDICT_DIFFERS
 * @returns the receipt, and the report that its facts lead to
 */
export function verifyReceipt (jws: string, publicKey: KeyObject): { receipt: Receipt, report: Report } {
  const receipt = readReceipt(jws, publicKey)
  const differs = (what: string): Failure => new Failure('RECEIPT_VERDICT_DIFFERS', `${what} differs from what the facts lead to`)
  if (digestOf(receipt.facts) !== receipt.factsSha256) throw differs('the digest of the facts')
  let report: Report
  try { report = judge(receipt.facts, receipt.policy, receipt.at) } catch (cause) {
    throw new Failure('RECEIPT_INVALID', 'the facts do not have their shape', { cause })
  }
  if (report.verdict !== receipt.verdict) throw differs('the verdict')
  return { receipt, report }
}

function readReceipt (jws: string, publicKey: KeyObject): Receipt {
  let payload: Buffer
  try {
    const read = verifyCompact(jws.trim(), () => ({ key: publicKey, algorithm: 'EdDSA' }), LIMITS)
    if (read.header['typ'] !== RECEIPT_TYPE) throw new Failure('RECEIPT_INVALID', 'another kind of signed text')
    payload = read.payload
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause
    if (cause.code === 'JWS_SIGNATURE_INVALID' || cause.code === 'JWS_KEY_UNKNOWN') throw new Failure('RECEIPT_SIGNATURE_INVALID', 'the signature does not verify with this key', { cause })
    throw cause.code === 'RECEIPT_INVALID' ? cause : new Failure('RECEIPT_INVALID', cause.message, { cause })
  }
  try {
    const value = parseJson(payload, { bytes: LIMITS.payloadBytes, depth: 32 }) as unknown as Receipt
    if (value?.version !== 1 || typeof value.at !== 'string' || typeof value.facts !== 'object' || typeof value.policy !== 'object') throw new Failure('RECEIPT_INVALID', 'not a receipt of version 1')
    return value
  } catch (cause) {
    throw cause instanceof Failure && cause.code === 'RECEIPT_INVALID' ? cause : new Failure('RECEIPT_INVALID', 'the receipt is not JSON', { cause })
  }
}

function digestOf (value: Facts): string { return hexDigest('sha256', Buffer.from(canonicalJson(value))) }
