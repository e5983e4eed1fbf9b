import type { JsonWebKey, KeyObject } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type JwsAlgorithm, keyThumbprint, loadPrivateKey, publicJwk, type SigningKey } from '../platform/crypto/index.js'
import type { Role } from '../services/core/caller.js'
import type { InstantText } from '../services/core/clock.js'
import { Failure } from '../services/core/failure.js'
import { told } from '../services/core/words.js'
import { readCertificate } from './certificate-authority.js'
import { readPrivate } from './files.js'
import { KeyLayout, type SealFolder } from './layout.js'

/** A public key as it is registered: it counts from `from` up to, not including, `to`. */
export interface PublicKeyEntry { kid: string, jwk: JsonWebKey, from?: InstantText, to?: InstantText }
/** client.json: a system that may ask for tokens. */
export interface AboutClient { id: string, organisation: string, name: string, roles: Role[], keys: PublicKeyEntry[] }
/** department.json: an organisation, its seal, and the keys that sign its events. */
export interface AboutDepartment { id: string, uscc: string, name: string, sealId: string, eventKeys: PublicKeyEntry[] }
/** seal.json in keys/demonstration: a seal that must not be believed, and why. */
export interface AboutSpoiltSeal { id: string, sealId: string, why: 'expired' | 'revoked' | 'no-authority', department?: string, uscc?: string, name?: string }

/** Every client whose folder stands in DATA_DIR, by id. */
export function readClients (dataDir: string): AboutClient[] { return readAll(join(new KeyLayout(dataDir).keys, 'clients'), 'client.json') }
/** Every department whose folder stands in DATA_DIR, by id. */
export function readDepartments (dataDir: string): AboutDepartment[] { return readAll(join(new KeyLayout(dataDir).keys, 'departments'), 'department.json') }
/** The seals for tests and the demonstration. */
export function readSpoiltSeals (dataDir: string): AboutSpoiltSeal[] { return readAll(join(new KeyLayout(dataDir).keys, 'demonstration'), 'seal.json') }

function readAll<T> (folder: string, file: string): T[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).sort().map(name => join(folder, name, file)).filter(existsSync).map(readAbout<T>)
}

/** @throws {Failure} KEYS_INCONSISTENT not JSON */
export function readAbout<T> (path: string): T {
  try { return JSON.parse(readFileSync(path, 'utf8')) as T } catch (cause) { throw new Failure('KEYS_INCONSISTENT', `${path}: ${told('读不出来', 'cannot be read')}`, { cause }) }
}

export function publicKeyEntry (key: KeyObject): PublicKeyEntry { return { kid: keyThumbprint(key), jwk: publicJwk(key) } }

/**
 * The algorithm with which a key may sign JWS, fixed by its kind.
 * @returns undefined where it may not sign any
 */
export function jwsAlgorithm (key: KeyObject): JwsAlgorithm | undefined {
  switch (key.asymmetricKeyType) {
    case 'ed25519': return 'EdDSA'
    case 'ec': return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 'ES256' : undefined
    case 'rsa': return 'PS256'
    default: return undefined
  }
}

/** A private key for signing events, assertions or JWS of the exchange. @throws {Failure} NOT_FOUND, KEY_EXPOSED, KEY_INVALID */
export function readSigningKey (path: string): SigningKey {
  const key = loadPrivateKey(readPrivate(path))
  const algorithm = jwsAlgorithm(key)
  if (algorithm === undefined) throw new Failure('KEY_INVALID', `${path}: ${told('不是能签 JWS 的密钥', 'is no key that signs JWS')}`)
  return { key, kid: keyThumbprint(key), algorithm }
}

/** What it takes to seal: the seal, the certificate that it names, and the private key of that certificate. */
export interface SealingMaterial { seal: Buffer, certificate: Buffer, privateKey: KeyObject }
/** @throws {Failure} NOT_FOUND, KEY_EXPOSED, KEY_INVALID, KEYS_INCONSISTENT */
export function readSealing ({ seal, sealKey, sealCertificate }: SealFolder): SealingMaterial {
  const privateKey = loadPrivateKey(readPrivate(sealKey))
  return { seal: readFileSync(seal), certificate: readCertificate(sealCertificate, privateKey).bytes, privateKey }
}
