import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync } from 'node:fs'
import { loadPrivateKey, type RevocationReason } from '../platform/crypto/index.js'
import type { Clock } from '../services/core/clock.js'
import { Failure } from '../services/core/failure.js'
import { told } from '../services/core/words.js'
import { DEFAULT_CRL_DAYS } from './authority.js'
import { CertificateAuthority, readCertificate } from './certificate-authority.js'
import { DEVELOPMENT_REMARK } from './development.js'
import { readPrivate, replaceFile } from './files.js'
import { type AuthorityName, KeyLayout, type ServiceKey } from './layout.js'
import { currentCrls } from './publish.js'
import { writeCrls } from './trust-directory.js'

/**
 * Signs each list of revoked certificates anew that is past half of its life, and puts it into the trust directory. For every start
 * and once a day: a list past its end leaves all verdicts indeterminate. Without an authority of our own there is nothing to sign.
 * @returns the authorities whose lists were signed anew
 */
export function refreshCrls (dataDir: string, clock: Clock, crlDays = DEFAULT_CRL_DAYS): AuthorityName[] {
  const layout = new KeyLayout(dataDir)
  if (!existsSync(layout.authority('root').key)) return []
  const { crls, signed } = currentCrls(layout, clock, crlDays)
  writeCrls(layout.trust, crls)
  return signed
}

export interface Revocation {
  /** From this instant on the certificate does not count; it may lie in the past. */
  at: Date
  clock: Clock
  reason?: RevocationReason
  crlDays?: number
}

/**
 * Revokes the certificate of a department's seal, or of a seal for the demonstration, by its id; the new list stands in the trust
 * directory when the call returns.
 * @returns false where it was revoked before: the first instant stands
 * @throws {Failure} NOT_FOUND no such seal; INPUT_INVALID an instant that is still to come
 */
export function revokeSeal (dataDir: string, id: string, { at, clock, reason = 'unspecified', crlDays = DEFAULT_CRL_DAYS }: Revocation): boolean {
  const layout = new KeyLayout(dataDir)
  const folder = [layout.department(id), layout.demonstration(id)].find(({ sealCertificate }) => /^[a-z][a-z0-9-]*$/.test(id) && existsSync(sealCertificate))
  if (folder === undefined) throw new Failure('NOT_FOUND', told('没有这枚印章', 'there is no seal by that id'))
  if (at > clock.now()) throw new Failure('INPUT_INVALID', told('吊销不能从将来的时刻开始', 'a revocation cannot begin later than now'))
  const { serialNumber } = readCertificate(folder.sealCertificate, loadPrivateKey(readPrivate(folder.sealKey)))
  const revoked = new CertificateAuthority(layout, 'departments').revoke(serialNumber, at, reason)
  refreshCrls(dataDir, clock, crlDays)
  return revoked
}

/**
 * Puts a new Ed25519 key in the place of one of the exchange's own, durable when the call returns. Beside a development authority
 * it is a development key and says so.
 * @returns the new private key
 */
export function renewServiceKey (dataDir: string, name: ServiceKey): KeyObject {
  const layout = new KeyLayout(dataDir)
  const paths = layout.service(name)
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const remark = existsSync(layout.marker) ? DEVELOPMENT_REMARK : ''
  replaceFile(paths.key, remark + privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(), { private: true })
  replaceFile(paths.publicKey, publicKey.export({ format: 'pem', type: 'spki' }))
  return privateKey
}
