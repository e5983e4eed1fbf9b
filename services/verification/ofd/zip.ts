import { isUtf8 } from 'node:buffer'
import { crc32, inflateRawSync } from 'node:zlib'
import type { Dialect } from './dialects.js'
import type { ZipLimits } from './limits.js'
import type { FormatFinding, OfdFile } from './package.js'
import { quoted, Refusal } from './refusal.js'

export interface ZipArchive {
  /** Files by exact name, in the order of the central directory; directories are left out. */
  entries: Map<string, OfdFile>
  /** Folded name → exact name of each file; no two files fold to the same. */
  folded: Map<string, string>
  dialects: Dialect[]
}

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const DESCRIPTOR = 0x08074b50
const LOCAL_BYTES = 30
const CENTRAL_BYTES = 46
const END_BYTES = 22
const STORED = 0
const DEFLATED = 8
const FLAG_ENCRYPTED = 0x2041 // encrypted, strongly encrypted, directory masked
const FLAG_DESCRIPTOR = 0x0008
const FLAG_UTF8 = 0x0800
const FLAGS_KNOWN = 0x080e // the two bits on compression effort, the descriptor, UTF-8
// Each gives an entry another size, name or content to those readers that know it.
const EXTRAS_REFUSED: Record<number, string> = { 0x0001: 'Zip64', 0x7075: 'Unicode path', 0x9901: 'AES encryption' }
const FILE_TYPE = 0xf000
const SYMBOLIC_LINK = 0xa000
const DIRECTORY = 0x4000
const DOS_DIRECTORY = 0x10
// Absolute, with an empty segment, or one that some file systems would read as another: `.`, `..`, `a.`, `a `, `C:`, `a\b`.
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const NAME_BAD = /[\u0000-\u001f\u007f-\u009f\\:]|^\/|\/\/|[. ](?:\/|$)/

interface Entry {
  name: string
  directory: boolean
  flags: number
  method: number
  crc: number
  compressed: number
  size: number
  offset: number
  /** Where the name stands in the central directory, to compare with the local one byte by byte. */
  nameAt: number
  nameBytes: number
  /** Where the compressed bytes begin; known once the local header has been read. */
  dataAt: number
}

/**
 * Reads a ZIP archive that every reader reads the same: the end record is last, counts and offsets add up, local headers say what
 * the central directory says, entries lie end to end, names cannot be taken for one another, and each file inflates to just the
 * bytes announced. Sizes are held against the limits before anything is inflated.
 * @see PKWARE APPNOTE 6.3, sections 4.3 to 4.5
 */
export function readZip (bytes: Uint8Array, limits: ZipLimits): ZipArchive | { refused: FormatFinding } {
  try {
    return read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), limits)
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.finding }
    throw error
  }
}

/** Two names that fold to the same are one file to some file systems and readers: Unicode form and case are left out. */
export function foldName (name: string): string {
  return isAscii(name) ? name.toLowerCase() : name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC')
}

function read (archive: Buffer, limits: ZipLimits): ZipArchive {
  if (archive.length > limits.archiveBytes) throw new Refusal('ZIP_TOO_LARGE', `${archive.length} bytes, at most ${limits.archiveBytes}`)
  const dialects = new Set<Dialect>()
  const end = findEnd(archive, dialects)
  const entries = readDirectory(archive, end, limits, dialects)
  const folded = distinctNames(entries)
  readLocalHeaders(archive, entries, archive.readUInt32LE(end + 16))
  const files = new Map<string, OfdFile>()
  for (const entry of entries) {
    const content = inflate(archive, entry)
    if (!entry.directory) files.set(entry.name, { name: entry.name, bytes: content })
  }
  return { entries: files, folded, dialects: [...dialects] }
}

/** The end record stands at the very end, but for a comment; a comment that could hold a second one is refused. */
function findEnd (archive: Buffer, dialects: Set<Dialect>): number {
  let end = archive.length - END_BYTES
  if (end < 0) throw new Refusal('ZIP_END', 'too short for an archive')
  if (archive.readUInt32LE(end) !== END || archive.readUInt16LE(end + 20) !== 0) {
    end = archive.lastIndexOf('PK\u0005\u0006', archive.length - END_BYTES, 'latin1')
    if (end < 0) throw new Refusal('ZIP_END', 'no end record')
    if (end + END_BYTES + archive.readUInt16LE(end + 20) !== archive.length) throw new Refusal('ZIP_END', 'the end record does not end the file')
    if (archive.includes('PK', end + END_BYTES, 'latin1')) throw new Refusal('ZIP_COMMENT', 'the comment holds a signature of ZIP')
    dialects.add('archive-comment')
  }
  return end
}

function readDirectory (archive: Buffer, end: number, limits: ZipLimits, dialects: Set<Dialect>): Entry[] {
  const count = archive.readUInt16LE(end + 10)
  const bytes = archive.readUInt32LE(end + 12)
  const start = archive.readUInt32LE(end + 16)
  if (count === 0xffff || bytes === 0xffffffff || start === 0xffffffff) throw new Refusal('ZIP_ZIP64', 'the end record refers to Zip64')
  if (archive.readUInt16LE(end + 4) !== 0 || archive.readUInt16LE(end + 6) !== 0 || archive.readUInt16LE(end + 8) !== count) {
    throw new Refusal('ZIP_DISKS', 'more than one disk')
  }
  if (start + bytes !== end) throw new Refusal('ZIP_DIRECTORY', `the directory ends at ${start + bytes}, the end record begins at ${end}`)
  if (count > limits.entryCount) throw new Refusal('ZIP_TOO_MANY_ENTRIES', `${count} entries, at most ${limits.entryCount}`)
  const entries: Entry[] = []
  let total = 0
  let at = start
  for (let i = 0; i < count; i++) {
    if (at + CENTRAL_BYTES > end || archive.readUInt32LE(at) !== CENTRAL) throw new Refusal('ZIP_DIRECTORY', `no directory entry at ${at}`)
    const nameBytes = archive.readUInt16LE(at + 28)
    const extraBytes = archive.readUInt16LE(at + 30)
    const commentBytes = archive.readUInt16LE(at + 32)
    const next = at + CENTRAL_BYTES + nameBytes + extraBytes + commentBytes
    if (next > end) throw new Refusal('ZIP_DIRECTORY', `the directory entry at ${at} is longer than the directory`)
    const entry = readCentral(archive, at, nameBytes, limits)
    checkExtras(archive, at + CENTRAL_BYTES + nameBytes, extraBytes, entry.name)
    if (commentBytes > 0) dialects.add('entry-comment')
    total += entry.size
    if (total > limits.totalBytes) throw new Refusal('ZIP_TOTAL_TOO_LARGE', `more than ${limits.totalBytes} bytes once inflated`)
    entries.push(entry)
    at = next
  }
  if (at !== end) throw new Refusal('ZIP_DIRECTORY', 'more follows the last directory entry')
  return entries
}

function readCentral (archive: Buffer, at: number, nameBytes: number, limits: ZipLimits): Entry {
  const flags = archive.readUInt16LE(at + 8)
  const name = readName(archive, at + CENTRAL_BYTES, nameBytes, flags, limits)
  const entry: Entry = {
    name,
    directory: name.endsWith('/'),
    flags,
    method: archive.readUInt16LE(at + 10),
    crc: archive.readUInt32LE(at + 16),
    compressed: archive.readUInt32LE(at + 20),
    size: archive.readUInt32LE(at + 24),
    offset: archive.readUInt32LE(at + 42),
    nameAt: at + CENTRAL_BYTES,
    nameBytes,
    dataAt: 0
  }
  const { compressed, size, method } = entry
  if ((flags & FLAG_ENCRYPTED) !== 0) throw new Refusal('ZIP_ENCRYPTED', quoted(name))
  if ((flags & ~FLAGS_KNOWN) !== 0) throw new Refusal('ZIP_FLAGS', `${quoted(name)} has flags 0x${flags.toString(16)}`)
  if (method !== STORED && method !== DEFLATED) throw new Refusal('ZIP_METHOD', `${quoted(name)} is compressed by method ${method}`)
  if (compressed === 0xffffffff || size === 0xffffffff || entry.offset === 0xffffffff || archive.readUInt16LE(at + 34) === 0xffff) {
    throw new Refusal('ZIP_ZIP64', `${quoted(name)} refers to Zip64`)
  }
  if (archive.readUInt16LE(at + 34) !== 0) throw new Refusal('ZIP_DISKS', `${quoted(name)} lies on another disk`)
  checkKind(archive, at, entry)
  if (entry.directory && size !== 0) throw new Refusal('ZIP_NAME', `${quoted(name)} is named like a directory and holds bytes`)
  if (method === STORED && compressed !== size) throw new Refusal('ZIP_DATA', `${quoted(name)} is stored, with two sizes`)
  if (size > limits.entryBytes) throw new Refusal('ZIP_ENTRY_TOO_LARGE', `${quoted(name)} has ${size} bytes, at most ${limits.entryBytes}`)
  if (size > compressed * limits.compressionRatio) throw new Refusal('ZIP_RATIO', `${quoted(name)} inflates ${Math.round(size / compressed)} times`)
  return entry
}

/** Some readers go by the attributes and not by the name: then a file is a directory, or a link to somewhere else. */
function checkKind (archive: Buffer, at: number, { name, directory }: Entry): void {
  const type = archive.readUInt16LE(at + 40) & FILE_TYPE // Unix's, and taken as such by some whoever wrote it
  if (type === SYMBOLIC_LINK) throw new Refusal('ZIP_LINK', quoted(name))
  const saysDirectory = type === DIRECTORY || (archive.readUInt8(at + 38) & DOS_DIRECTORY) !== 0
  if (saysDirectory && !directory) throw new Refusal('ZIP_NAME_CLASH', `${quoted(name)} is named like a file and marked as a directory`)
}

function readName (archive: Buffer, at: number, length: number, flags: number, limits: ZipLimits): string {
  if (length === 0) throw new Refusal('ZIP_NAME', 'an entry has no name')
  if (length > limits.nameBytes) throw new Refusal('ZIP_NAME', `a name of ${length} bytes, at most ${limits.nameBytes}`)
  let name = archive.toString('latin1', at, at + length)
  if (!isAscii(name)) {
    if ((flags & FLAG_UTF8) === 0) throw new Refusal('ZIP_NAME_ENCODING', 'a name is not ASCII and does not say that it is UTF-8')
    if (!isUtf8(archive.subarray(at, at + length))) throw new Refusal('ZIP_NAME_ENCODING', 'a name is not UTF-8')
    name = archive.toString('utf8', at, at + length)
  }
  // A directory's name ends in the slash that is no segment of its own.
  if (NAME_BAD.test(name.endsWith('/') ? name.slice(0, -1) : name) || name === '/') throw new Refusal('ZIP_NAME', quoted(name))
  return name
}

function isAscii (text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false
  return true
}

function checkExtras (archive: Buffer, from: number, length: number, name: string): void {
  const end = from + length
  for (let at = from; at < end;) {
    if (at + 4 > end) throw new Refusal('ZIP_EXTRA', `an extra field of ${quoted(name)} is cut off`)
    const kind = EXTRAS_REFUSED[archive.readUInt16LE(at)]
    if (kind !== undefined) throw new Refusal(kind === 'Zip64' ? 'ZIP_ZIP64' : 'ZIP_EXTRA', `${quoted(name)} has an extra field for ${kind}`)
    at += 4 + archive.readUInt16LE(at + 2)
    if (at > end) throw new Refusal('ZIP_EXTRA', `an extra field of ${quoted(name)} is cut off`)
  }
}

/** No two names that a reader could take for one another, and no file that is a directory of another. */
function distinctNames (entries: readonly Entry[]): Map<string, string> {
  const folded = new Map<string, string>()
  const seen = new Set<string>()
  const directories = new Set<string>()
  for (const { name, directory } of entries) {
    const key = foldName(directory ? name.slice(0, -1) : name)
    if (seen.has(key)) throw new Refusal('ZIP_NAME_TWICE', `${quoted(name)} stands twice, or differs only in case or Unicode form`)
    seen.add(key)
    if (!directory) folded.set(key, name)
    for (let slash = key.lastIndexOf('/'); slash > 0; slash = key.lastIndexOf('/', slash - 1)) {
      const parent = key.slice(0, slash)
      if (directories.has(parent)) break // its own parents are there already
      directories.add(parent)
    }
  }
  for (const parent of directories) {
    const clash = folded.get(parent)
    if (clash !== undefined) throw new Refusal('ZIP_NAME_CLASH', `${quoted(clash)} is a file and a directory`)
  }
  return folded
}

/** Local headers repeat the directory, and entries fill the file from its first byte to the directory. */
function readLocalHeaders (archive: Buffer, entries: readonly Entry[], directoryAt: number): void {
  const inOrder = [...entries].sort((a, b) => a.offset - b.offset)
  let at = 0
  for (const [i, entry] of inOrder.entries()) {
    const { name, offset, flags, nameAt, nameBytes } = entry
    if (offset !== at) throw new Refusal('ZIP_LAYOUT', `${quoted(name)} begins at ${offset}, what is before it ends at ${at}`)
    if (at + LOCAL_BYTES > directoryAt || archive.readUInt32LE(at) !== LOCAL) throw new Refusal('ZIP_LOCAL_HEADER', `${quoted(name)} has none`)
    if (archive.readUInt16LE(at + 6) !== flags || archive.readUInt16LE(at + 8) !== entry.method || archive.readUInt16LE(at + 26) !== nameBytes) {
      throw new Refusal('ZIP_LOCAL_HEADER', `${quoted(name)}: flags, method or name differ`)
    }
    const extraAt = at + LOCAL_BYTES + nameBytes
    const extraBytes = archive.readUInt16LE(at + 28)
    entry.dataAt = extraAt + extraBytes
    const dataEnd = entry.dataAt + entry.compressed
    if (dataEnd > directoryAt) throw new Refusal('ZIP_LAYOUT', `${quoted(name)} runs into the directory`)
    if (archive.compare(archive, nameAt, nameAt + nameBytes, at + LOCAL_BYTES, extraAt) !== 0) throw new Refusal('ZIP_LOCAL_HEADER', `${quoted(name)}: names differ`)
    checkExtras(archive, extraAt, extraBytes, name)
    const described = (flags & FLAG_DESCRIPTOR) !== 0
    if (!sizesAgree(archive, at + 14, entry) && !(described && sizesAreZero(archive, at + 14))) {
      throw new Refusal('ZIP_LOCAL_HEADER', `${quoted(name)}: CRC or sizes differ`)
    }
    at = described ? descriptorEnd(archive, entry, dataEnd, inOrder[i + 1]?.offset ?? directoryAt) : dataEnd
  }
  if (at !== directoryAt) throw new Refusal('ZIP_LAYOUT', `entries end at ${at}, the directory begins at ${directoryAt}`)
}

function sizesAgree (archive: Buffer, at: number, { crc, compressed, size }: Entry): boolean {
  return archive.readUInt32LE(at) === crc && archive.readUInt32LE(at + 4) === compressed && archive.readUInt32LE(at + 8) === size
}

function sizesAreZero (archive: Buffer, at: number): boolean {
  return archive.readUInt32LE(at) === 0 && archive.readUInt32LE(at + 4) === 0 && archive.readUInt32LE(at + 8) === 0
}

/** A descriptor has its own signature or none; which one it is follows from where the next entry begins. */
function descriptorEnd (archive: Buffer, entry: Entry, dataEnd: number, next: number): number {
  // Who reads front to back finds the end of stored bytes by guessing.
  if (entry.method === STORED) throw new Refusal('ZIP_DESCRIPTOR', `${quoted(entry.name)} is stored with a descriptor`)
  const length = next - dataEnd
  if (length === 16 && archive.readUInt32LE(dataEnd) === DESCRIPTOR && sizesAgree(archive, dataEnd + 4, entry)) return next
  if (length === 12 && sizesAgree(archive, dataEnd, entry)) return next
  throw new Refusal('ZIP_DESCRIPTOR', `the descriptor of ${quoted(entry.name)} is missing or disagrees`)
}

function inflate (archive: Buffer, entry: Entry): Buffer {
  const { name, method, crc, size, dataAt } = entry
  const data = archive.subarray(dataAt, dataAt + entry.compressed)
  const content = method === STORED ? data : inflated(data, size, name)
  if (content.length !== size) throw new Refusal('ZIP_DATA', `${quoted(name)} inflates to ${content.length} bytes and not ${size}`)
  if (crc32(content) !== crc) throw new Refusal('ZIP_CRC', quoted(name))
  return content
}

function inflated (data: Buffer, size: number, name: string): Buffer {
  let result: { buffer: Buffer, engine: { bytesWritten: number } }
  try {
    // Room for one byte more than announced lets zlib end in one round; what is longer fails at maxOutputLength.
    const options = { info: true, maxOutputLength: Math.max(size, 1), chunkSize: Math.max(size + 1, 64) }
    result = inflateRawSync(data, options) as unknown as typeof result
  } catch {
    throw new Refusal('ZIP_DATA', `${quoted(name)} does not inflate to ${size} bytes`)
  }
  if (result.engine.bytesWritten !== data.length) throw new Refusal('ZIP_DATA', `bytes follow the end of ${quoted(name)}`)
  return result.buffer
}
