import type { OfdPackage } from './package.js'
import { candidates } from './paths.js'
import type { Reading } from './reading.js'
import { quoted, Refusal } from './refusal.js'
import { all, attribute, one, optionalValue, places } from './tree.js'

/** Fixed by GM/T 0099, at the root of the package. */
export const MANIFEST = 'OFDEntries.xml'

const PLACES = places({ DocEntries: [], SignedValueLoc: ['DocEntries'], FileList: ['DocEntries'], File: ['FileList'] })

/** The list of all files that the package may hold, where there is one. It holds no digests. @see GM/T 0099-2020 */
export function readManifest (reading: Reading): OfdPackage['manifest'] {
  if (!reading.files.has(MANIFEST)) return undefined
  const root = reading.tree(MANIFEST, 'DocEntries', PLACES)
  const files = new Set<string>()
  for (const file of all(one(root, 'FileList', MANIFEST), 'File')) {
    const reference = attribute(file, 'FileLoc', MANIFEST)
    const path = reading.find(reference, MANIFEST) ?? (candidates(reference, MANIFEST).at(-1) as { path: string }).path
    if (files.has(path)) throw new Refusal('OFD_REFERENCE_TWICE', `${quoted(path)} in "${MANIFEST}"`)
    files.add(path)
  }
  const location = optionalValue(root, 'SignedValueLoc', MANIFEST)
  const manifest = { path: MANIFEST, files: [...files] }
  return location === undefined ? manifest : { ...manifest, signedValuePath: reading.locate(location, MANIFEST, 'OFD_FILE_MISSING') }
}
