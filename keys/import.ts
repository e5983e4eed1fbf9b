import { createPublicKey, type KeyObject } from 'node:crypto'
import { existsSync, linkSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { certificatesFromFile, DerError, digest, isPkcs12, isSm2Key, loadPkcs12, loadPrivateKey, octets, readDer, sequence } from '../platform/crypto/index.js'
import type { Clock } from '../services/core/clock.js'
import { Failure } from '../services/core/failure.js'
import { told } from '../services/core/words.js'
import { type AboutClient, type AboutDepartment, jwsAlgorithm, type PublicKeyEntry, publicKeyEntry, readAbout } from './about.js'
import { certificatePem } from './certificate-authority.js'
import { makePrivateFolder, readPrivate, replaceFile } from './files.js'
import { KeyLayout, type SealFolder, type ServiceKey } from './layout.js'
import { demandAffordable, IMPORT_LIMITS, type ImportLimits } from './import-limits.js'

export type ImportTarget =
  | { kind: 'client' | 'events' | 'seal', id: string }
  | { kind: 'service', name: ServiceKey }

export interface ImportOptions {
  dataDir: string
  target: ImportTarget
  /** PEM (PKCS#8, also encrypted; SEC 1; PKCS#1), PKCS#8 DER, or PKCS#12 with an RSA key. */
  key: Uint8Array
  passphrase?: string
  /** With a seal's key: its certificate and the seal that names it. */
  certificate?: Uint8Array
  seal?: Uint8Array
  /** Puts it in the place of another key, which is kept beside it as `*.retired-*`. */
  replace?: boolean
  /** Until when a replaced key of a client or a department still counts; not at all unless given. */
  oldKeyUntil?: Date
  clock: Clock
  limits?: Partial<ImportLimits>
}

const ID = /^[a-z][a-z0-9-]{0,31}$/
const NO_DEPARTMENT = told('没有这个部门', 'there is no department by that id')

/**
 * Brings a key from outside into DATA_DIR, where it stands unencrypted, readable by its owner alone. The client or department must be
 * known there already; its public key is added beside.
 * @returns false where this very key stands there already
 * @throws {Failure} KEY_INVALID not a key, or not of a kind that serves there; KEY_PASSPHRASE_WRONG; KEY_EXISTS; KEY_COST_TOO_HIGH;
 * BODY_TOO_LARGE; NOT_FOUND no such client or department; KEYS_INCONSISTENT key, certificate and seal do not belong together
 */
export function importKey (options: ImportOptions): boolean {
  const { dataDir, target, key: bytes, passphrase, limits } = options
  demandAffordable(bytes, { ...IMPORT_LIMITS, ...limits })
  const key = loadPrivateKey(bytes, passphrase)
  const layout = new KeyLayout(dataDir)
  if (target.kind === 'service') return importServiceKey(layout, target.name, key, options)
  if (!ID.test(target.id)) throw new Failure('NOT_FOUND', told('没有这个 id', 'there is nobody by that id'))
  switch (target.kind) {
    case 'client': return importClientKey(layout.client(target.id), key, options)
    case 'events': return importEventKey(layout.department(target.id), key, options)
    case 'seal': return importSeal(layout.department(target.id), key, options)
  }
}

function importServiceKey (layout: KeyLayout, name: ServiceKey, key: KeyObject, options: ImportOptions): boolean {
  if (key.asymmetricKeyType !== 'ed25519') throw new Failure('KEY_INVALID', told('平台用 Ed25519 签名', 'the exchange signs with Ed25519'))
  const paths = layout.service(name)
  makePrivateFolder(paths.folder)
  if (!mayStand(paths.key, key, options)) return false
  put(paths.key, key)
  replaceFile(paths.publicKey, createPublicKey(key).export({ format: 'pem', type: 'spki' }))
  return true
}

function importClientKey (paths: ReturnType<KeyLayout['client']>, key: KeyObject, options: ImportOptions): boolean {
  demandJws(key)
  if (!existsSync(paths.about)) throw new Failure('NOT_FOUND', told('没有这个客户端', 'there is no client by that id'))
  if (!mayStand(paths.key, key, options)) return false
  const about = readAbout<AboutClient>(paths.about)
  // The public key first: if we are cut short, the next import ends what this one began.
  replaceFile(paths.about, json({ ...about, keys: withKey(about.keys, key, options) }))
  put(paths.key, key)
  return true
}

function importEventKey (paths: ReturnType<KeyLayout['department']>, key: KeyObject, options: ImportOptions): boolean {
  demandJws(key)
  if (!existsSync(paths.about)) throw new Failure('NOT_FOUND', NO_DEPARTMENT)
  if (!mayStand(paths.eventKey, key, options)) return false
  const about = readAbout<AboutDepartment>(paths.about)
  replaceFile(paths.about, json({ ...about, eventKeys: withKey(about.eventKeys, key, options) }))
  put(paths.eventKey, key)
  return true
}

function importSeal (paths: SealFolder & { about: string }, key: KeyObject, options: ImportOptions): boolean {
  // GB/T 38540 knows RSA too, but nothing here seals with it.
  if (!isSm2Key(key)) throw new Failure('KEY_INVALID', told('印章用 SM2 签名', 'seals are signed with SM2'))
  if (!existsSync(paths.about)) throw new Failure('NOT_FOUND', NO_DEPARTMENT)
  const { certificate, seal } = options
  if (certificate === undefined || seal === undefined) throw new Failure('KEYS_INCONSISTENT', told('印章私钥须连同其证书和印章一起导入', 'a seal’s key comes with its certificate and the seal'))
  const own = certificatesFromFile(certificate).find(({ spkiDer }) => spkiDer.equals(spki(key)))
  if (own === undefined) throw new Failure('KEYS_INCONSISTENT', told('证书与私钥不配套', 'the certificate is not that of the key'))
  if (!certificatesOf(seal).some(named => named.equals(own.bytes))) throw new Failure('KEYS_INCONSISTENT', told('印章里没有这张证书', 'the seal does not name this certificate'))
  const isSameKey = !mayStand(paths.sealKey, key, options)
  if (isSameKey && existsSync(paths.seal) && readFileSync(paths.seal).equals(seal)) return false
  if (!isSameKey) put(paths.sealKey, key) // else the seal was renewed for the same key
  putPublic(paths.sealCertificate, Buffer.from(certificatePem(own.bytes)))
  putPublic(paths.seal, Buffer.from(seal))
  return true
}

/** Those that may sign with a GB/T 38540 v4 seal, by its own list. @throws {Failure} KEYS_INCONSISTENT not such a seal */
function certificatesOf (seal: Uint8Array): Buffer[] {
  try {
    const [info] = sequence(readDer(seal))
    const property = info === undefined ? undefined : sequence(info)[2]
    const list = property === undefined ? undefined : sequence(property)[3]
    return list === undefined ? [] : sequence(list).map(node => octets(node))
  } catch (cause) {
    if (cause instanceof DerError) throw new Failure('KEYS_INCONSISTENT', told('不是列有证书的 GB/T 38540 印章', 'the seal is no GB/T 38540 seal that names certificates'), { cause })
    throw cause
  }
}

/** The certificates that a PKCS#12 keystore brings along; none for other files. @throws {Failure} as `importKey` */
export function keystoreCertificates (bytes: Uint8Array, passphrase: string, limits: Partial<ImportLimits> = {}): Buffer[] {
  demandAffordable(bytes, { ...IMPORT_LIMITS, ...limits })
  return isPkcs12(bytes) ? loadPkcs12(bytes, passphrase).certificates.map(({ bytes }) => bytes) : []
}

function demandJws (key: KeyObject): void {
  if (jwsAlgorithm(key) === undefined) throw new Failure('KEY_INVALID', told('应为 Ed25519、P-256 或 RSA 密钥', 'an Ed25519, P-256 or RSA key expected'))
}

/** @returns false where this very key stands there. @throws {Failure} KEY_EXISTS another does, and nobody said to replace it */
function mayStand (path: string, key: KeyObject, { replace = false }: ImportOptions): boolean {
  if (!existsSync(path)) return true
  if (spki(loadPrivateKey(readPrivate(path))).equals(spki(key))) return false
  if (!replace) throw new Failure('KEY_EXISTS', `${path}: ${told('里面是另一把密钥', 'holds another key')}`)
  return true
}

/** At no moment is there no key: the old one gets a second name before the new one takes its place. */
function put (path: string, key: KeyObject): void {
  retire(path)
  replaceFile(path, key.export({ format: 'pem', type: 'pkcs8' }), { private: true })
}
function putPublic (path: string, bytes: Buffer): void {
  retire(path)
  replaceFile(path, bytes)
}
function retire (path: string): void {
  if (!existsSync(path)) return
  const name = digest('sha256', readFileSync(path)).toString('hex').slice(0, 12)
  const retired = path.replace(/\.(\w+)$/, `.retired-${name}.$1`)
  if (existsSync(retired)) return
  makePrivateFolder(dirname(retired))
  linkSync(path, retired)
}

/** The new key counts from now on; those that still counted end now, or when the caller says. */
function withKey (keys: readonly PublicKeyEntry[], key: KeyObject, { clock, oldKeyUntil }: ImportOptions): PublicKeyEntry[] {
  const now = clock.now()
  const entry = publicKeyEntry(key)
  const end = (oldKeyUntil ?? now).toISOString()
  const others = keys.filter(({ kid }) => kid !== entry.kid).map(old => ({ ...old, to: old.to !== undefined && old.to < end ? old.to : end }))
  return [...others, { ...entry, from: now.toISOString() }]
}

function spki (key: KeyObject): Buffer { return createPublicKey(key).export({ format: 'der', type: 'spki' }) }
function json (value: object): string { return `${JSON.stringify(value, null, 2)}\n` }
