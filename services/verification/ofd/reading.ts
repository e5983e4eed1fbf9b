import type { OfdCode } from './codes.js'
import type { Dialect } from './dialects.js'
import type { OfdLimits } from './limits.js'
import type { OfdFile, ReachableKind } from './package.js'
import { candidates } from './paths.js'
import { quoted, Refusal } from './refusal.js'
import { checkPlaces, OFD_NAMESPACE, OFD_NAMESPACE_WITHOUT_YEAR } from './tree.js'
import type { Places } from './tree.js'
import { parseXml } from './xml.js'
import type { XmlElement } from './xml-element.js'
import { foldName } from './zip.js'
import type { ZipArchive } from './zip.js'

/** Kinds that only carry data: the same file may serve as two of them. Others decide what is drawn, so each has one role. */
const CARRIED: ReadonlySet<ReachableKind> = new Set(['resource', 'attachment', 'custom-tag', 'extension', 'version', 'other'])

/** What reading the smallest file is counted as. */
const LEAST_READING_BYTES = 4096

/** One package while it is being read: its files, what was reached so far, and how a path finds a file. */
export class Reading {
  readonly files: ReadonlyMap<string, OfdFile>
  readonly limits: OfdLimits
  readonly dialects: Set<Dialect>
  readonly reachable = new Map<string, ReachableKind>()
  readonly missing: Array<{ from: string, reference: string }> = []
  #parsed = 0
  readonly #folded: ReadonlyMap<string, string>

  constructor (archive: ZipArchive, limits: OfdLimits) {
    this.files = archive.entries
    this.#folded = archive.folded
    this.dialects = new Set(archive.dialects)
    this.limits = limits
  }

  /** Parses a file of the package whose root element must be `rootName`, and holds its elements to their places. */
  tree (path: string, rootName: string, places: Places, see?: (element: XmlElement) => void): XmlElement {
    const { bytes } = this.files.get(path) as OfdFile
    // Where one file serves many pages or documents, each reading of it counts: no package makes work beyond what it may hold.
    this.#parsed += Math.max(bytes.length, LEAST_READING_BYTES)
    if (this.#parsed > this.limits.totalBytes + this.limits.entryCount * LEAST_READING_BYTES) {
      throw new Refusal('OFD_READINGS_TOO_MANY', `more than ${this.limits.totalBytes} bytes of XML to read, ${quoted(path)} among them`)
    }
    const root = parseXml(bytes, this.limits, path)
    if (root.name !== rootName) throw new Refusal('OFD_ROOT_ELEMENT', `${quoted(root.name)} and not ${rootName} in ${quoted(path)}`)
    if (root.namespace === OFD_NAMESPACE_WITHOUT_YEAR) this.dialects.add('namespace-without-year')
    else if (root.namespace !== OFD_NAMESPACE) throw new Refusal('OFD_FOREIGN_NAME', `${quoted(path)} is in the namespace ${quoted(root.namespace)}`)
    checkPlaces(root, places, path, see)
    return root
  }

  /**
   * Which file a reference means: first as seen from the directory of the file that holds it (below `base`, where a resource
   * list gives one), then as seen from the root. Two different files for one reference are refused, since readers differ here.
   * @param exact - letter for letter, as a signature names what it covers: a file renamed since, be it only in case, is gone
   * @returns its exact name, or undefined where no file matches
   */
  find (reference: string, from: string, base?: string, exact = false): string | undefined {
    const list = candidates(reference, from, base)
    let found: string | undefined
    for (const { path, without } of list) {
      const name = this.files.has(path) ? path : exact ? undefined : this.#folded.get(foldName(path))
      if (name === undefined || name === found) continue
      if (found !== undefined) throw new Refusal('OFD_PATH_AMBIGUOUS', `${quoted(reference)} in ${quoted(from)} is ${quoted(found)} or ${quoted(name)}`)
      found = name
      if (name !== path) this.dialects.add('path-case')
      if (without) this.dialects.add('path-without-base')
    }
    return found
  }

  /** The file that a reference means; without one the package is refused with `code`. */
  locate (reference: string, from: string, code: OfdCode, base?: string): string {
    const path = this.find(reference, from, base)
    if (path === undefined) throw new Refusal(code, `${quoted(reference)} in ${quoted(from)}`)
    return path
  }

  /** Notes that a reader comes to this file. @returns its exact name */
  reach (reference: string, from: string, kind: ReachableKind, base?: string): string {
    const path = this.locate(reference, from, 'OFD_FILE_MISSING', base)
    this.mark(path, kind)
    return path
  }

  mark (path: string, kind: ReachableKind): void {
    const before = this.reachable.get(path)
    if (before === undefined) this.reachable.set(path, kind)
    else if (before !== kind && !(CARRIED.has(before) && CARRIED.has(kind))) {
      throw new Refusal('OFD_FILE_TWO_ROLES', `${quoted(path)} is ${before} and ${kind}`)
    }
  }
}
