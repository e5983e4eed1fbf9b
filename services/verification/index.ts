import { createPublicKey } from 'node:crypto'
import { hexDigest, publicJwk, type SigningKey } from '../../platform/crypto/index.js'
import type { Collection, Documents } from '../../platform/documents/port.js'
import type { Clock, InstantText } from '../core/clock.js'
import { Failure } from '../core/failure.js'
import type { LicenceId } from '../core/identifiers.js'
import { ENGINE_LIMITS, instant, verifyLicence, withRegister, type EngineLimits, type Question } from './engine.js'
import type { Facts } from './facts.js'
import type { RegisterLookup } from './gather/register.js'
import type { Policy } from './policy.js'
import { VerificationPool, type PoolSettings } from './pool.js'
import { issueReceipt, verifyReceipt, type Receipt } from './receipt.js'
import type { Report } from './report.js'
import { parseTrust, readTrustFiles, type Trust, type TrustFiles } from './trust.js'
import { judge } from './verdict.js'

export { judge } from './verdict.js'
export { verifyDocument, verifyLicence, gather, ENGINE_LIMITS, type EngineLimits, type Question, type VerifyOptions } from './engine.js'
export type { RegisteredLicence, RegisterLookup } from './gather/register.js'
export { loadTrustDirectory, parseTrust, readTrustFiles, type Trust, type TrustFiles } from './trust.js'
export { parsePolicy, STRICTEST, type Policy } from './policy.js'
export { FINDINGS, sentence } from './findings.js'
export { findingsOf, type Finding } from './words.js'
export { verifyReceipt, issueReceipt, RECEIPT_TYPE, type Receipt } from './receipt.js'
export type { Report, SignatureReport, CheckResult, FindingCode, Verdict } from './report.js'
export type { Facts } from './facts.js'
export { verificationRoutes, type VerificationRoutesOptions } from './routes/verifications.js'

/** The section `verification` of the settings, see schemas/documents/settings.v1.json. */
export interface VerificationSettings extends PoolSettings {
  fileBytes: number
  /** Most of uploads that are in memory at a time; beyond it QUEUE_FULL. */
  uploadBytes: number
  /** How much of it one client may take up; beyond it UPLOADS_TOO_MANY. */
  uploadSharePercent: number
  zipEntries: number
  zipEntryBytes: number
  zipTotalBytes: number
  zipRatio: number
  xmlBytes: number
  xmlDepth: number
  xmlNodes: number
  sealBytes: number
  asn1Depth: number
  signatures: number
}

export interface VerificationPorts {
  documents: Documents
  /** Signs receipts; an Ed25519 key that is used for nothing else. */
  receiptKey: SigningKey
  /** Read when the service starts and again by `reloadTrust`. */
  trustDirectory: string
  register: RegisterLookup
  clock: Clock
  /** Makes the number of a receipt. */
  newId: () => string
  settings: VerificationSettings
}

interface KeptReceipt { id: string, jws: string, issuedAt: InstantText }

/** A verdict, and the receipt that proves it. */
export interface Verification { report: Report, receiptId: string, receipt: string }

/** The service: is this document genuine, in force, and issued by the office that may issue it? */
export class VerificationService {
  readonly #ports: VerificationPorts
  readonly #pool: VerificationPool
  readonly #receipts: Collection<KeptReceipt>
  readonly #limits: EngineLimits
  #files: TrustFiles
  #trust: Trust

  constructor (ports: VerificationPorts, receipts: Collection<KeptReceipt>) {
    this.#ports = ports
    this.#receipts = receipts
    this.#pool = new VerificationPool(ports.settings)
    this.#limits = limitsOf(ports.settings)
    this.#files = readTrustFiles(ports.trustDirectory)
    this.#trust = parseTrust(this.#files)
  }

  /** Reads the trust directory again. What is in hand ends with the one that it began with. @throws {Failure} TRUST_INVALID, TRUST_POLICY_INVALID, and the old one stays */
  reloadTrust (): void {
    const files = readTrustFiles(this.#ports.trustDirectory)
    this.#trust = parseTrust(files)
    this.#files = files
  }

  /** The service holds the register, so it asks for the status whatever the directory says. docs/decisions/0003-offline-status.md */
  get policy (): Policy { return { ...this.#trust.policy, status: 'required' } }

  /** With this key receipts verify. */
  get receiptJwk (): Record<string, unknown> { return { ...publicJwk(this.#ports.receiptKey.key), kid: this.#ports.receiptKey.kid } }

  /** Documents that wait or are in hand. */
  get depth (): number { return this.#pool.depth }
  /** Largest file, bytes. */
  get fileBytes (): number { return this.#limits.archiveBytes }
  /** Most bytes of uploads that are in memory at a time. */
  get uploadBytes (): number { return this.#ports.settings.uploadBytes }
  get uploadSharePercent (): number { return this.#ports.settings.uploadSharePercent }

  /**
   * The receipt is durable before the access record of whoever asked is.
   * @param asker - on whose account it waits for a worker
   * @throws {Failure} QUEUE_FULL, UPLOADS_TOO_MANY, SHUTTING_DOWN, STORE_UNAVAILABLE, STORE_FULL
   */
  async verify (bytes: Uint8Array, question: Partial<Pick<Question, 'at' | 'content' | 'name' | 'purpose'>>, asker: string): Promise<Verification> {
    const at = this.#at(question.at)
    const files = this.#files
    const gathered = await this.#pool.gather(bytes, files, { ...question, at, limits: this.#limits, withSm3: true }, asker)
    const facts = await withRegister(gathered, at, this.#ports.register)
    // A worker that was ended leaves no digests, and the receipt must still say what it is about.
    facts.input ??= { sha256: hexDigest('sha256', bytes), sm3: hexDigest('sm3', bytes), size: bytes.length }
    return await this.#concluded(facts, at, files.digest)
  }

  /** @throws {Failure} STORE_UNAVAILABLE, STORE_FULL */
  async verifyLicence (licenceId: LicenceId, at?: InstantText): Promise<Verification> {
    const when = this.#at(at)
    const { facts } = await verifyLicence(licenceId, { trust: this.#trust, at: when, register: this.#ports.register })
    return await this.#concluded(facts, when, this.#files.digest)
  }

  /** @throws {Failure} NOT_FOUND */
  async receipt (id: string): Promise<string> {
    const found = await this.#receipts.get(id)
    if (found === undefined) throw new Failure('NOT_FOUND', 'no receipt by that number')
    return found.document.jws
  }

  /**
   * What a verdict said, worked out again from the facts in its receipt.
   * @throws {Failure} NOT_FOUND; RECEIPT_VERDICT_DIFFERS this engine concludes something else from them than the one that gave it
   */
  async report (id: string): Promise<{ receipt: Receipt, report: Report }> {
    return verifyReceipt(await this.receipt(id), createPublicKey(this.#ports.receiptKey.key))
  }

  async close (): Promise<void> { await this.#pool.close() }

  #at (at: InstantText | undefined): InstantText { return at === undefined ? this.#ports.clock.now().toISOString() : instant(at) }

  async #concluded (facts: Facts, at: InstantText, trust: string): Promise<Verification> {
    const { policy } = this
    const report = judge(facts, policy, at)
    const receiptId = this.#ports.newId()
    const issuedAt = this.#ports.clock.now().toISOString()
    const receipt = issueReceipt({ id: receiptId, issuedAt, facts, policy, trust, report, key: this.#ports.receiptKey })
    await this.#receipts.put({ id: receiptId, jws: receipt, issuedAt }, 0, { followed: true })
    return { report, receiptId, receipt }
  }
}

/** @throws {Failure} TRUST_INVALID, TRUST_POLICY_INVALID: without a trust directory that can be read nothing starts */
export async function createVerification (ports: VerificationPorts): Promise<VerificationService> {
  return new VerificationService(ports, await ports.documents.collection<KeptReceipt>('verification-receipts'))
}

/** The engine's limits as the settings name them. */
function limitsOf (settings: VerificationSettings): EngineLimits {
  return {
    ...ENGINE_LIMITS,
    archiveBytes: settings.fileBytes,
    entryCount: settings.zipEntries,
    entryBytes: settings.zipEntryBytes,
    totalBytes: settings.zipTotalBytes,
    compressionRatio: settings.zipRatio,
    xmlBytes: settings.xmlBytes,
    xmlDepthLevels: settings.xmlDepth,
    xmlElementCount: settings.xmlNodes,
    sesBytes: settings.sealBytes,
    sesDepthLevels: settings.asn1Depth,
    signatureCount: settings.signatures
  }
}
