import { createHash, type KeyObject } from 'node:crypto'
import { keyThumbprint, signCompact, verifyCompact } from '../platform/crypto/index.js'
import type { AuthorityList } from '../schemas/documents/authority-list.v1.js'
import type { TrustList } from '../schemas/documents/trust-list.v1.js'
import { Failure, type FailureCode } from '../services/core/failure.js'
import { canonicalJson, parseJson } from '../services/core/json.js'
import { told } from '../services/core/words.js'
import { demandShape, type ListName } from './shape.js'

export type { AuthorityList, ListName, TrustList }
export interface Lists { 'trust-list': TrustList, 'authority-list': AuthorityList }

/** A list that was read: what it says, its bytes as they were signed, and their digest. */
export interface SignedList<Name extends ListName> {
  name: Name
  list: Lists[Name]
  /** The bytes that were signed. */
  bytes: Buffer
  /** SHA-256 of the bytes, lower-case hex. */
  sha256: string
  /** The compact JWS that carries them. */
  jws: string
}

/** What was believed before: the highest version, and the digest of its bytes. */
export interface Seen { version: number, sha256: string }

// Room for 100,000 authority items; a list of the sample province takes 6 KB.
const LIMITS = { bytes: 64 * 1024 * 1024, depth: 8 }
const ROLLBACK: Record<ListName, FailureCode> = { 'trust-list': 'TRUST_LIST_ROLLBACK', 'authority-list': 'AUTHORITY_LIST_ROLLBACK' }

/** Stands in the signed header, so that nothing else that the key signs can pass for a list. */
const typeOf = (name: ListName): string => `mianzheng-${name}+json`

/** Signs a list. @returns a compact JWS over the canonical form. @throws {Failure} INPUT_INVALID it does not have its shape */
export function signList<Name extends ListName> (name: Name, list: Lists[Name], key: KeyObject): string {
  demandShape(name, list)
  return signCompact(Buffer.from(canonicalJson(list), 'utf8'), { key, kid: keyThumbprint(key), algorithm: 'EdDSA' }, { typ: typeOf(name) })
}

/**
 * Reads a list and believes nothing of it before its signature has been verified by one of the keys given.
 * @param keys - Ed25519 public keys that may sign lists: the one in use, and at a change of keys the next one besides
 * @throws {Failure} JWS_INVALID, JWS_TOO_LARGE, JWS_KEY_UNKNOWN, JWS_SIGNATURE_INVALID, JSON_INVALID, JSON_TOO_DEEP; INPUT_INVALID.
 * JWS_INVALID also where it is another list than the one asked for
 */
export function readSignedList<Name extends ListName> (name: Name, jws: string, keys: readonly KeyObject[]): SignedList<Name> {
  const byId = new Map(keys.map(key => [keyThumbprint(key), key]))
  const { payload, header } = verifyCompact(jws, kid => {
    const key = byId.get(kid)
    return key === undefined ? undefined : { key, algorithm: 'EdDSA' }
  }, { payloadBytes: LIMITS.bytes })
  if (header['typ'] !== typeOf(name)) throw new Failure('JWS_INVALID', told(`不是按 ${name} 签名的`, `this is not signed as a ${name}`))
  const bytes = Buffer.from(payload)
  const list = parseJson(bytes, LIMITS) as unknown as Lists[Name]
  demandShape(name, list)
  return { name, list, bytes, sha256: createHash('sha256').update(bytes).digest('hex'), jws }
}

/**
 * May this list take the place of the one believed so far? A lower version would bring back what was withdrawn since; two lists
 * of one version mean that whoever signs tells different people different things.
 * @returns whether it is news; false where it is the very list that was seen
 * @throws {Failure} TRUST_LIST_ROLLBACK, AUTHORITY_LIST_ROLLBACK, LIST_FORKED
 */
export function acceptList<Name extends ListName> (seen: Seen | undefined, { name, list, sha256 }: SignedList<Name>): boolean {
  if (seen === undefined || list.version > seen.version) return true
  if (list.version < seen.version) throw new Failure(ROLLBACK[name], told(`送来的 ${name} 是第 ${list.version} 版，此前已见过第 ${seen.version} 版`, `version ${list.version} of the ${name} was offered, version ${seen.version} was seen before`))
  if (sha256 !== seen.sha256) throw new Failure('LIST_FORKED', told(`有两份不同的 ${name} 都自称第 ${list.version} 版`, `two different lists call themselves version ${list.version} of the ${name}`))
  return false
}
