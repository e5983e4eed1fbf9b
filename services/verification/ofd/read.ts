import { looksLikeSignature } from './leftovers.js'
import type { OfdLimits } from './limits.js'
import { readManifest } from './manifest.js'
import type { FormatFinding, OfdFile, OfdPackage, SignatureList } from './package.js'
import { Reading } from './reading.js'
import { Refusal } from './refusal.js'
import { readRoot, ROOT } from './root.js'
import { readSignatureList, SignatureFiles } from './signatures.js'
import { readZip } from './zip.js'

/**
 * Reads an OFD package: every file, what leads to which, and how the signatures describe themselves. Nothing is judged here but
 * the form; a package that is damaged, beyond a limit, or that two readers would read differently is refused.
 * @param bytes - the file as received; the files of the package are views into it where they are stored uncompressed
 * @see GB/T 33190-2016; GM/T 0099-2020
 */
export function readOfd (bytes: Uint8Array, limits: OfdLimits): { package: OfdPackage } | { refused: FormatFinding[] } {
  const archive = readZip(bytes, limits)
  if ('refused' in archive) return { refused: [archive.refused] }
  try {
    return { package: readPackage(new Reading(archive, limits)) }
  } catch (error) {
    if (error instanceof Refusal) return { refused: [error.finding] }
    throw error
  }
}

function readPackage (reading: Reading): OfdPackage {
  const named = readRoot(reading)
  const signatureFiles = new SignatureFiles(reading)
  const signatureLists: SignatureList[] = []
  for (const [i, { document, signatures }] of named.entries()) {
    if (signatures === undefined) continue
    const list = readSignatureList(reading, signatureFiles, signatures, ROOT, i)
    document.signatureListPath = list.path
    signatureLists.push(list)
  }
  const manifest = readManifest(reading)
  const unreferenced = [...reading.files.keys()].filter(name =>
    !reading.reachable.has(name) && !signatureFiles.paths.has(name) && name !== manifest?.path && name !== manifest?.signedValuePath)
  const covered = new Set(signatureLists.flatMap(({ signatures }) => signatures.flatMap(({ references }) => references.map(({ path }) => path))))
  const result: OfdPackage = {
    files: reading.files,
    documents: named.map(({ document }) => document),
    reachable: reading.reachable,
    signatureLists,
    signatureFiles: signatureFiles.paths,
    orphanSignatureFiles: unreferenced.filter(name => looksLikeSignature(reading.files.get(name) as OfdFile, covered.has(name))),
    unreferenced,
    missing: reading.missing,
    dialects: [...reading.dialects]
  }
  if (manifest !== undefined) result.manifest = manifest
  return result
}
