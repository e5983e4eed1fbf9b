import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { type Certificate, certificatesFromFile, der, issueCertificate, issueCrl, loadPrivateKey, type NameParts, type RevocationReason, writePem } from '../platform/crypto/index.js'
import type { InstantText } from '../services/core/clock.js'
import { Failure } from '../services/core/failure.js'
import { told } from '../services/core/words.js'
import { readPrivate, replaceFile } from './files.js'
import type { AuthorityName, KeyLayout } from './layout.js'

/** What an authority remembers: the number of its last list, that list, and what it revoked. */
interface State {
  crlNumber: number
  /** Absent while the one on disk is behind what was revoked. */
  list?: { sha256: string, thisUpdate: InstantText, nextUpdate: InstantText }
  revoked: Array<{ serialNumber: string, revokedAt: InstantText, reason: RevocationReason }>
}

export interface EndEntity { subject: NameParts, publicKey: KeyObject, notBefore: Date, notAfter: Date, serialNumber: string }

/** One certificate authority on disk: issues certificates, remembers what it revoked, signs lists of it. */
export class CertificateAuthority {
  readonly name: AuthorityName
  readonly certificate: Certificate
  readonly #key: KeyObject
  readonly #paths: ReturnType<KeyLayout['authority']>

  /** @throws {Failure} NOT_FOUND, KEY_EXPOSED, KEYS_INCONSISTENT its certificate is for another key */
  constructor (layout: KeyLayout, name: AuthorityName) {
    this.name = name
    this.#paths = layout.authority(name)
    this.#key = loadPrivateKey(readPrivate(this.#paths.key))
    this.certificate = readCertificate(this.#paths.certificate, this.#key)
  }

  /** A certificate for signing seals and nothing else. @see formats.md 2, GB/T 20518 */
  certify ({ subject, publicKey, notBefore, notAfter, serialNumber }: EndEntity): Buffer {
    return issueCertificate({
      subject, publicKey, notBefore, notAfter, serialNumber, issuer: this.certificate, issuerKey: this.#key, ca: false, keyUsage: ['digitalSignature', 'nonRepudiation']
    })
  }

  /** @returns the certificate of an authority below this one, which may not certify further authorities */
  certifyAuthority ({ subject, publicKey, notBefore, notAfter, serialNumber }: EndEntity): Buffer {
    return issueCertificate({
      subject, publicKey, notBefore, notAfter, serialNumber, issuer: this.certificate, issuerKey: this.#key, ca: true, pathLength: 0, keyUsage: ['keyCertSign', 'cRLSign']
    })
  }

  /** Remembers a revocation, once; the next list tells of it. @returns false where it was revoked before: the first instant stands */
  revoke (serialNumber: string, revokedAt: Date, reason: RevocationReason): boolean {
    const state = this.#state()
    if (state.revoked.some(entry => entry.serialNumber === serialNumber)) return false
    state.revoked.push({ serialNumber, revokedAt: revokedAt.toISOString(), reason })
    delete state.list
    this.#write(state)
    return true
  }

  /**
   * The list in force: the one on disk while it is up to date and less than half of its life has passed, else a new one, which then
   * stands on disk.
   */
  list (now: Date, lifeMs: number): { der: Buffer, signed: boolean } {
    const state = this.#state()
    if (state.list !== undefined && existsSync(this.#paths.crl)) {
      const der = readFileSync(this.#paths.crl)
      const [from, until] = [Date.parse(state.list.thisUpdate), Date.parse(state.list.nextUpdate)]
      if (sha256(der) === state.list.sha256 && now.getTime() >= from && now.getTime() < from + (until - from) / 2) return { der, signed: false }
    }
    const thisUpdate = new Date(Math.floor(now.getTime() / 1000) * 1000)
    const nextUpdate = new Date(thisUpdate.getTime() + lifeMs)
    state.crlNumber += 1
    delete state.list
    this.#write(state) // first, so that no number is ever used for two lists
    const list = issueCrl({
      issuer: this.certificate,
      issuerKey: this.#key,
      number: state.crlNumber,
      thisUpdate,
      nextUpdate,
      revoked: state.revoked.map(({ serialNumber, revokedAt, reason }) => ({ serialNumber, revokedAt: new Date(revokedAt), ...reason === 'unspecified' ? {} : { reason } })),
      extensions: [{ oid: '2.5.29.60', value: der.generalizedTime(this.certificate.notBefore) }] // nothing that was revoked ever leaves it
    })
    replaceFile(this.#paths.crl, list)
    this.#write({ ...state, list: { sha256: sha256(list), thisUpdate: thisUpdate.toISOString(), nextUpdate: nextUpdate.toISOString() } })
    return { der: list, signed: true }
  }

  #state (): State {
    if (!existsSync(this.#paths.state)) {
      // It is written before its list: beside a list it was lost, and a list made without it would take revocations back.
      if (existsSync(this.#paths.crl)) throw new Failure('KEYS_INCONSISTENT', `${this.#paths.state}: ${told('吊销名单旁边缺了它', 'is missing beside its list')}`)
      return { crlNumber: 0, revoked: [] }
    }
    try { return JSON.parse(readFileSync(this.#paths.state, 'utf8')) as State } catch (cause) {
      // What was revoked stands there: to go on without it would take revocations back.
      throw new Failure('KEYS_INCONSISTENT', `${this.#paths.state}: ${told('读不出来', 'cannot be read')}`, { cause })
    }
  }

  #write (state: State): void { replaceFile(this.#paths.state, `${JSON.stringify(state, null, 2)}\n`, { private: true }) }
}

function sha256 (bytes: Uint8Array): string { return createHash('sha256').update(bytes).digest('hex') }

/** The certificate of a key, from its PEM file. @throws {Failure} KEYS_INCONSISTENT it is for another key; CERTIFICATE_INVALID */
export function readCertificate (path: string, key: KeyObject): Certificate {
  const [certificate] = certificatesFromFile(readFileSync(path)) as [Certificate]
  if (!createPublicKey(key).export({ format: 'der', type: 'spki' }).equals(certificate.spkiDer)) throw new Failure('KEYS_INCONSISTENT', `${path}: ${told('与旁边的私钥不配套', 'is not the certificate of the key beside it')}`)
  return certificate
}

export function certificatePem (der: Uint8Array): string { return writePem('CERTIFICATE', der) }
