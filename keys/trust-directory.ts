import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TrustList } from '../schemas/documents/trust-list.v1.js'
import { replaceFile } from './files.js'

export interface TrustContents {
  trustList: TrustList
  /** Bytes of the authority list as they were signed. */
  authorities: Uint8Array
  /** DER of certificate revocation lists, by the name of the authority that issued each; where absent, those there stay: each proves itself. */
  crls?: ReadonlyMap<string, Uint8Array>
}

/**
 * Writes a trust directory as design.md lays it out, from lists that were verified. Each file is replaced whole, those that agree are
 * left alone, and what is not in the lists any more is removed last.
 * @returns paths of the files that changed
 */
export function writeTrustDirectory (folder: string, { trustList, authorities, crls }: TrustContents): string[] {
  return [
    ...writeFolder(join(folder, 'anchors'), certificates(trustList.anchors)),
    ...writeFolder(join(folder, 'intermediates'), certificates(trustList.intermediates)),
    // An empty folder would say that no time-stamp is believed; without one, the anchors serve.
    ...writeFolder(join(folder, 'timestamp-anchors'), certificates(trustList.timestampAnchors), { dropEmpty: true }),
    // An empty folder would say that nobody makes seals; without one, whoever leads to an anchor may.
    ...writeFolder(join(folder, 'seal-makers'), certificates(trustList.sealMakers ?? []), { dropEmpty: trustList.sealMakers === undefined }),
    ...(crls === undefined ? [] : writeCrls(folder, crls)),
    ...writeFile(join(folder, 'authorities.json'), Buffer.from(authorities)),
    ...writeFile(join(folder, 'policy.json'), Buffer.from(`${JSON.stringify(trustList.policy, null, 2)}\n`))
  ]
}

/** Replaces the certificate revocation lists of a trust directory. @returns paths of the files that changed */
export function writeCrls (folder: string, crls: ReadonlyMap<string, Uint8Array>): string[] {
  return writeFolder(join(folder, 'crls'), new Map([...crls].map(([name, der]) => [`${name}.crl`, Buffer.from(der)])))
}

/** A name may be written in any script and repeat; the digest keeps files apart. */
function certificates (items: TrustList['anchors']): Map<string, Buffer> {
  return new Map(items.map(({ name, certificate }) => {
    const der = Buffer.from(certificate, 'base64')
    const readable = name.replace(/[^\p{L}\p{N}-]+/gu, '-').slice(0, 40)
    return [`${readable}-${createHash('sha256').update(der).digest('hex').slice(0, 12)}.cer`, der]
  }))
}

function writeFolder (folder: string, files: ReadonlyMap<string, Buffer>, { dropEmpty = false } = {}): string[] {
  if (files.size === 0 && dropEmpty) { rmSync(folder, { recursive: true, force: true }); return [] }
  mkdirSync(folder, { recursive: true })
  const changed = [...files].flatMap(([name, bytes]) => writeFile(join(folder, name), bytes))
  for (const name of readdirSync(folder)) if (!files.has(name) && !name.startsWith('.')) rmSync(join(folder, name))
  return changed
}

export function writeFile (path: string, bytes: Buffer): string[] {
  if (existsSync(path) && readFileSync(path).equals(bytes)) return []
  replaceFile(path, bytes)
  return [path]
}
