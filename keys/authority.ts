import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import { issueCertificate, loadPrivateKey, generateSm2KeyPair, type NameParts } from '../platform/crypto/index.js'
import type { SampleProvince } from '../schemas/documents/sample-province.v1.js'
import type { Role } from '../services/core/caller.js'
import type { Clock } from '../services/core/clock.js'
import { type AboutClient, type AboutDepartment, type PublicKeyEntry, publicKeyEntry } from './about.js'
import { CertificateAuthority, certificatePem, readCertificate } from './certificate-authority.js'
import { DEVELOPMENT_NAME, DEVELOPMENT_REMARK } from './development.js'
import { makePrivateFolder, readPrivate, removeLeftovers, writePrivateOnce, writePublicOnce } from './files.js'
import { AUTHORITIES, type AuthorityName, KeyLayout, type SealFolder, SERVICE_KEYS } from './layout.js'
import { publishLists } from './publish.js'
import { makeSeal } from './seal.js'

export interface Picture { type: string, data: Uint8Array, widthMm: number, heightMm: number }

export interface AuthorityOptions {
  /** DATA_DIR: keys go to `keys/`, the trust directory to `trust/`. */
  dir: string
  province: SampleProvince
  clock: Clock
  /** Draws the seals, in the order asked. Only seals that are missing are asked for. */
  sealPictures: (seals: ReadonlyArray<{ name: string, id: string }>) => Promise<Picture[]>
  /** Random bytes for serial numbers; keys always come from the system's own generator. */
  random?: (bytes: number) => Buffer
  /** Life of a list of revoked certificates, days; it is signed anew after half of it. */
  crlDays?: number
  /** Told of each file as soon as it is durable, by its path below `dir`. */
  onMade?: (file: string) => void
}
/** Files made by this call, by their path below `dir`, and how many stood there already. */
export interface AuthorityResult { made: string[], kept: number }

export const DEFAULT_CRL_DAYS = 30
/** The seal maker's clerk calls all of them official seals of a unit. */
const UNIT_SEAL = 1
const REVOKED_DAYS_AGO = 30
/** From when to when things hold, years from the day of making; the past is there so that a demonstration can look back. */
const YEARS = {
  root: [-10, 20], authorities: [-10, 15], sealMaker: [-9, 10], department: [-1, 5], expired: [-5, -1], revoked: [-3, 2]
} as const satisfies Record<string, readonly [number, number]>

/**
 * Makes the development authority of a province: an SM2 root, an authority for seal makers and one for departments below it, a seal
 * maker, each department's seal and keys, seals that must not be believed, keys of clients and of the exchange, signed lists and the
 * trust directory. What stands there already is kept as it is and what is missing is made, so that a call that was cut short is
 * completed by the next.
 * @throws {Failure} KEYS_INCONSISTENT a certificate that stands there is not that of its key; KEY_EXPOSED; what `sealPictures` throws
 */
export async function initAuthority (options: AuthorityOptions): Promise<AuthorityResult> {
  const making = new Making(options)
  await making.all()
  return making.result
}

interface SealOrder { owner: { uscc: string, name: string }, sealId: string, years: readonly [number, number], folder: SealFolder }

class Making {
  readonly result: AuthorityResult = { made: [], kept: 0 }
  readonly #options: AuthorityOptions
  readonly #layout: KeyLayout
  readonly #random: (bytes: number) => Buffer
  readonly #today: Date
  constructor (options: AuthorityOptions) {
    this.#options = options
    this.#layout = new KeyLayout(options.dir)
    this.#random = options.random ?? randomBytes
    this.#today = new Date(Math.floor(options.clock.now().getTime() / 86_400_000) * 86_400_000)
  }

  async all (): Promise<void> {
    const { province, clock, crlDays = DEFAULT_CRL_DAYS } = this.#options
    const layout = this.#layout
    makePrivateFolder(layout.keys)
    for (const folder of [layout.keys, layout.trust]) removeLeftovers(folder)
    // First of all, so that even keys that were cut short say what they are.
    this.#note(layout.marker, writePublicOnce(layout.marker, json({ development: true, madeAt: clock.now().toISOString(), about: DEVELOPMENT_REMARK.slice(2).trim() })))
    for (const name of AUTHORITIES) this.#authority(name)
    this.#sealMaker()
    await this.#seals(this.#orders())
    for (const { id, department, why, sealId } of province.spoiltSeals) {
      this.#about(layout.demonstration(id).about, { id, department, sealId, why })
      if (why === 'revoked') this.#revoke(layout.demonstration(id))
    }
    for (const { id, uscc, name, sealId } of province.outsiders) this.#about(layout.demonstration(id).about, { id, uscc, name, sealId, why: 'no-authority' })
    for (const { id, uscc, name, sealId } of province.departments) {
      const paths = layout.department(id)
      const eventKey = this.#ed25519(paths.eventKey)
      this.#about(paths.about, { id, uscc, name, sealId, eventKeys: [{ ...eventKey, from: this.#today.toISOString() }] } satisfies AboutDepartment)
      this.#client(id, uscc, name, ['provider'])
    }
    for (const { id, uscc, name, roles } of province.clients) this.#client(id, uscc, name, roles)
    for (const name of SERVICE_KEYS) this.#serviceKey(name)
    for (const file of publishLists({ layout, province, clock, crlDays })) this.#made(file)
  }

  #orders (): SealOrder[] {
    const { province } = this.#options
    const owner = (id: string): SealOrder['owner'] => province.departments.find(department => department.id === id) as SealOrder['owner']
    return [
      ...province.departments.map(department => ({ owner: department, sealId: department.sealId, years: YEARS.department, folder: this.#layout.department(department.id) })),
      ...province.outsiders.map(outsider => ({ owner: outsider, sealId: outsider.sealId, years: YEARS.department, folder: this.#layout.demonstration(outsider.id) })),
      ...province.spoiltSeals.map(({ id, department, sealId, why }) => ({ owner: owner(department), sealId, years: YEARS[why], folder: this.#layout.demonstration(id) }))
    ]
  }

  #authority (name: AuthorityName): void {
    const paths = this.#layout.authority(name)
    makePrivateFolder(paths.folder)
    const publicKey = this.#sm2(paths.key)
    const [notBefore, notAfter] = this.#period(name === 'root' ? YEARS.root : YEARS.authorities)
    if (existsSync(paths.certificate)) { readCertificate(paths.certificate, loadPrivateKey(readPrivate(paths.key))); this.result.kept++; return }
    const subject: NameParts = [['C', 'CN'], ['O', DEVELOPMENT_NAME], ['CN', COMMON_NAMES[name]]]
    const entity = { subject, publicKey, notBefore, notAfter, serialNumber: this.#serial() }
    const certificate = name === 'root'
      ? issueCertificate({ ...entity, issuerKey: loadPrivateKey(readPrivate(paths.key)), ca: true, pathLength: 1, keyUsage: ['keyCertSign', 'cRLSign'] })
      : new CertificateAuthority(this.#layout, 'root').certifyAuthority(entity)
    this.#note(paths.certificate, writePublicOnce(paths.certificate, certificatePem(certificate)))
  }

  #sealMaker (): void {
    const paths = this.#layout.sealMaker
    makePrivateFolder(paths.folder)
    const publicKey = this.#sm2(paths.key)
    if (existsSync(paths.certificate)) { readCertificate(paths.certificate, loadPrivateKey(readPrivate(paths.key))); this.result.kept++; return }
    const { uscc, name } = this.#options.province.operator
    const [notBefore, notAfter] = this.#period(YEARS.sealMaker)
    const subject: NameParts = [['C', 'CN'], ['O', uscc + name], ['CN', '印章制作']]
    const certificate = new CertificateAuthority(this.#layout, 'seal-makers').certify({ subject, publicKey, notBefore, notAfter, serialNumber: this.#serial() })
    this.#note(paths.certificate, writePublicOnce(paths.certificate, certificatePem(certificate)))
  }

  /** Key and certificate of each seal, then all pictures at once, then the seals. @see formats.md 2 for the subject */
  async #seals (orders: readonly SealOrder[]): Promise<void> {
    const authority = new CertificateAuthority(this.#layout, 'departments')
    for (const { owner: { uscc, name }, sealId, years, folder } of orders) {
      makePrivateFolder(folder.folder)
      const publicKey = this.#sm2(folder.sealKey)
      if (existsSync(folder.sealCertificate)) { this.result.kept++; continue }
      const [notBefore, notAfter] = this.#period(years)
      const certificate = authority.certify({ subject: [['C', 'CN'], ['O', uscc + name], ['CN', sealId]], publicKey, notBefore, notAfter, serialNumber: this.#serial() })
      this.#note(folder.sealCertificate, writePublicOnce(folder.sealCertificate, certificatePem(certificate)))
    }
    const missing = orders.filter(({ folder }) => !existsSync(folder.seal))
    this.result.kept += orders.length - missing.length
    if (missing.length === 0) return
    const pictures = await this.#options.sealPictures(missing.map(({ owner: { name }, sealId }) => ({ name, id: sealId })))
    const maker = this.#layout.sealMaker
    const makerKey = loadPrivateKey(readPrivate(maker.key))
    const makerCertificate = readCertificate(maker.certificate, makerKey).bytes
    for (const [i, { owner: { name }, sealId, folder }] of missing.entries()) {
      const { bytes, notBefore, notAfter } = readCertificate(folder.sealCertificate, loadPrivateKey(readPrivate(folder.sealKey)))
      const seal = makeSeal({
        esId: sealId,
        name,
        type: UNIT_SEAL,
        picture: pictures[i] as Picture,
        certificates: [bytes],
        createdAt: notBefore,
        validFrom: notBefore,
        validUntil: notAfter
      }, { certificate: makerCertificate, privateKey: makerKey })
      this.#note(folder.seal, writePublicOnce(folder.seal, seal))
    }
  }

  #revoke (folder: SealFolder): void {
    const { serialNumber } = readCertificate(folder.sealCertificate, loadPrivateKey(readPrivate(folder.sealKey)))
    const revokedAt = new Date(this.#today.getTime() - REVOKED_DAYS_AGO * 86_400_000)
    new CertificateAuthority(this.#layout, 'departments').revoke(serialNumber, revokedAt, 'keyCompromise')
  }

  #client (id: string, organisation: string, name: string, roles: Role[]): void {
    const paths = this.#layout.client(id)
    makePrivateFolder(paths.folder)
    const key = this.#ed25519(paths.key)
    this.#about(paths.about, { id, organisation, name, roles, keys: [key] } satisfies AboutClient)
  }

  #serviceKey (name: typeof SERVICE_KEYS[number]): void {
    const paths = this.#layout.service(name)
    makePrivateFolder(paths.folder)
    const { publicKey } = this.#privateKey(paths.key, () => generateKeyPairSync('ed25519'))
    this.#note(paths.publicKey, writePublicOnce(paths.publicKey, publicKey.export({ format: 'pem', type: 'spki' })))
  }

  #sm2 (path: string): ReturnType<typeof generateSm2KeyPair>['publicKey'] { return this.#privateKey(path, generateSm2KeyPair).publicKey }

  /** Public half of an Ed25519 key, as it is registered. */
  #ed25519 (path: string): PublicKeyEntry {
    return publicKeyEntry(this.#privateKey(path, () => generateKeyPairSync('ed25519')).publicKey)
  }

  #privateKey (path: string, generate: typeof generateSm2KeyPair): ReturnType<typeof generateSm2KeyPair> {
    if (!existsSync(path)) {
      const { privateKey } = generate()
      this.#note(path, writePrivateOnce(path, DEVELOPMENT_REMARK + privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()))
    } else this.result.kept++
    return keyPair(path)
  }

  #about (path: string, content: object): void { this.#note(path, writePublicOnce(path, json(content))) }

  #period ([from, until]: readonly [number, number]): [Date, Date] { return [this.#years(from), this.#years(until)] }
  #years (years: number): Date {
    const at = new Date(this.#today)
    at.setUTCFullYear(at.getUTCFullYear() + years)
    return at
  }

  #serial (): string {
    const octets = this.#random(16)
    octets[0] = ((octets[0] as number) & 0x3f) | 0x40 // positive, and always as long
    return octets.toString('hex')
  }

  #note (path: string, written: boolean): void {
    if (written) this.#made(path)
    else this.result.kept++
  }

  #made (path: string): void {
    const file = relative(this.#options.dir, path)
    this.result.made.push(file)
    this.#options.onMade?.(file)
  }
}

const COMMON_NAMES: Record<AuthorityName, string> = { root: '示例省根证书', 'seal-makers': '示例省印章制作机构证书', departments: '示例省政务部门证书' }

function keyPair (path: string): ReturnType<typeof generateSm2KeyPair> {
  const privateKey = loadPrivateKey(readPrivate(path))
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

function json (value: object): string { return `${JSON.stringify(value, null, 2)}\n` }
