import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { certificatesFromFile, derFromFile, parseCrl, parseOcspAnswer, type Certificate, type Crl, type OcspAnswer } from '../../platform/crypto/index.js'
import { Failure } from '../core/failure.js'
import { parseJson, type Json } from '../core/json.js'
import type { AuthorityFacts } from './facts.js'
import { parsePolicy, STRICTEST, type Policy } from './policy.js'

/** A trust directory in memory, parsed. Keep it: what was verified once with it is not verified again. */
export interface Trust {
  anchors: readonly Certificate[]
  intermediates: readonly Certificate[]
  crls: readonly Crl[]
  ocsp: readonly OcspAnswer[]
  /** Who may say when something existed: `anchors` where the directory has no folder for these. */
  timestampAnchors: readonly Certificate[]
  /** Fingerprints of who may make seals, or may certify those who do; absent where the directory has no folder for these. */
  sealMakers?: ReadonlySet<string>
  /** By type of licence. */
  authorities: ReadonlyMap<string, readonly AuthorityFacts[]>
  policy: Policy
  /** SHA-256 over every file that was read, lower-case hex. */
  digest: string
}

/** The files of a trust directory as bytes; what goes to a worker. */
export interface TrustFiles {
  anchors: NamedFile[]
  intermediates: NamedFile[]
  crls: NamedFile[]
  ocsp?: NamedFile[]
  /** Absent where there is no such folder; an empty one believes no time-stamp. */
  timestampAnchors?: NamedFile[]
  /** Absent where there is no such folder: then whoever leads to an anchor may make seals; an empty one lets nobody. */
  sealMakers?: NamedFile[]
  authorities?: Uint8Array
  policy?: Uint8Array
  digest: string
}
export interface NamedFile { name: string, bytes: Uint8Array }

export interface TrustLimits { trustFiles: number, trustFileBytes: number }
export const TRUST_LIMITS: TrustLimits = { trustFiles: 20_000, trustFileBytes: 16 * 1024 * 1024 }

/**
 * Reads a trust directory. Folders and files that are missing are empty; a name that begins with a dot is skipped.
 * @throws {Failure} TRUST_INVALID no such directory, an anchor or authorities.json that can't be read, too much;
 * TRUST_POLICY_INVALID
 */
export function loadTrustDirectory (directory: string, limits: TrustLimits = TRUST_LIMITS): Trust {
  return parseTrust(readTrustFiles(directory, limits))
}

/** @throws {Failure} TRUST_INVALID */
export function readTrustFiles (directory: string, limits: TrustLimits = TRUST_LIMITS): TrustFiles {
  try { return readFolders(directory, limits) } catch (cause) {
    if (cause instanceof Failure) throw cause
    throw new Failure('TRUST_INVALID', `${directory} cannot be read: ${(cause as Error).message}`, { cause })
  }
}

function readFolders (directory: string, limits: TrustLimits): TrustFiles {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) throw new Failure('TRUST_INVALID', `${directory} is no directory`)
  let left = limits.trustFiles
  const read = (path: string): Uint8Array => {
    if (--left < 0) throw new Failure('TRUST_INVALID', `${directory} holds more than ${limits.trustFiles} files`)
    if (statSync(path).size > limits.trustFileBytes) throw new Failure('TRUST_INVALID', `${path} is larger than ${limits.trustFileBytes} bytes`)
    return readFileSync(path)
  }
  const folder = (name: string): NamedFile[] | undefined => {
    const path = join(directory, name)
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined
    return readdirSync(path, { withFileTypes: true })
      .filter(entry => !entry.name.startsWith('.') && !entry.isDirectory())
      .map(entry => entry.name).sort()
      .map(file => ({ name: `${name}/${file}`, bytes: read(join(path, file)) }))
  }
  const single = (name: string): { bytes?: Uint8Array } => {
    const path = join(directory, name)
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? { bytes: read(path) } : {}
  }
  const anchors = folder('anchors') ?? []
  const intermediates = folder('intermediates') ?? []
  const crls = folder('crls') ?? []
  const ocsp = folder('ocsp') ?? []
  const timestampAnchors = folder('timestamp-anchors')
  const sealMakers = folder('seal-makers')
  const { bytes: authorities } = single('authorities.json')
  const { bytes: policy } = single('policy.json')
  const hash = createHash('sha256')
  const stamping = timestampAnchors === undefined ? [] : [{ name: 'timestamp-anchors', bytes: undefined }, ...timestampAnchors]
  const making = sealMakers === undefined ? [] : [{ name: 'seal-makers', bytes: undefined }, ...sealMakers]
  for (const { name, bytes } of [...anchors, ...intermediates, ...crls, ...ocsp, ...stamping, ...making, { name: 'authorities.json', bytes: authorities }, { name: 'policy.json', bytes: policy }]) {
    hash.update(`${name}\0${bytes?.length ?? '-'}\0`)
    if (bytes !== undefined) hash.update(bytes)
  }
  return {
    anchors,
    intermediates,
    crls,
    ocsp,
    ...(timestampAnchors !== undefined && { timestampAnchors }),
    ...(sealMakers !== undefined && { sealMakers }),
    digest: hash.digest('hex'),
    ...(authorities !== undefined && { authorities }),
    ...(policy !== undefined && { policy })
  }
}

/** @throws {Failure} TRUST_INVALID, TRUST_POLICY_INVALID */
export function parseTrust (files: TrustFiles): Trust {
  const believed = (folder: NamedFile[]): Certificate[] => folder.flatMap(({ name, bytes }) => {
    try { return certificatesFromFile(bytes) } catch (cause) { throw new Failure('TRUST_INVALID', `${name} is no certificate`, { cause }) }
  })
  const anchors = believed(files.anchors)
  return {
    anchors,
    timestampAnchors: files.timestampAnchors === undefined ? anchors : believed(files.timestampAnchors),
    ...(files.sealMakers !== undefined && { sealMakers: new Set(believed(files.sealMakers).map(({ fingerprint }) => fingerprint)) }),
    // None of these is believed for being here: one that can't be read counts as not there.
    intermediates: files.intermediates.flatMap(({ bytes }) => readable(() => certificatesFromFile(bytes))),
    crls: files.crls.flatMap(({ bytes }) => readable(() => derFromFile(bytes, 'X509 CRL'))).flatMap(der => readable(() => [parseCrl(der)])),
    ocsp: (files.ocsp ?? []).flatMap(({ bytes }) => readable(() => derFromFile(bytes, 'OCSP RESPONSE'))).flatMap(der => readable(() => [parseOcspAnswer(der)])),
    authorities: files.authorities === undefined ? new Map() : parseAuthorities(files.authorities),
    policy: files.policy === undefined ? STRICTEST : readPolicy(files.policy),
    digest: files.digest
  }
}

function readable<T> (read: () => T[]): T[] {
  try { return read() } catch (error) {
    if (error instanceof Failure) return []
    throw error
  }
}

function readPolicy (bytes: Uint8Array): Policy {
  let value: Json
  try { value = parseJson(bytes, { bytes: 65_536, depth: 8 }) } catch (cause) { throw new Failure('TRUST_POLICY_INVALID', `policy.json: ${(cause as Error).message}`, { cause }) }
  return parsePolicy(value)
}

/** @see schemas/documents/authority-list.v1.json */
function parseAuthorities (bytes: Uint8Array): Map<string, AuthorityFacts[]> {
  const invalid = (why: string, cause?: unknown): Failure => new Failure('TRUST_INVALID', `authorities.json: ${why}`, { cause })
  let list: Json
  try { list = parseJson(bytes, { bytes: TRUST_LIMITS.trustFileBytes, depth: 8 }) } catch (cause) { throw invalid((cause as Error).message, cause) }
  const items = (list as { items?: Json } | null)?.items
  if (!Array.isArray(items)) throw invalid('items is missing')
  const found = new Map<string, AuthorityFacts[]>()
  for (const [index, item] of items.entries()) {
    const { issuer, licenceType, regions, from, to } = (item ?? {}) as Record<string, Json>
    if (typeof issuer !== 'string' || typeof licenceType !== 'string' || !isDay(from) || (to !== undefined && !isDay(to)) ||
      !Array.isArray(regions) || !regions.every(region => typeof region === 'string' && /^\d{6}$/.test(region))) throw invalid(`item ${index} does not have its shape`)
    const rule = { issuer, regions: regions as string[], from, ...(to !== undefined && { to }) }
    const same = found.get(licenceType)
    if (same === undefined) found.set(licenceType, [rule])
    else same.push(rule)
  }
  return found
}

function isDay (value: Json | undefined): value is string { return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) }
