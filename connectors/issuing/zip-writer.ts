import { crc32 } from 'node:zlib'

/** A file made ready for an archive. What is the same in many archives is packed once and written many times. */
export interface PackedFile {
  name: Buffer
  /** CRC-32 and length of what it holds. */
  crc: number
  size: number
  data: Uint8Array
}

const STORED = 0
const VERSION = 20
const UTF8_NAME = 0x0800
/** 1 January 1980, midnight: the first instant that the format can say, so that no clock and no zone shows in an archive. */
const DOS_DATE = 0x0021
const LOCAL_BYTES = 30
const CENTRAL_BYTES = 46
const END_BYTES = 22

/**
 * Files are stored as they are: inflating costs everyone who verifies more than a fifth of the length. docs/decisions/0095-licences-are-stored.md
 * @param name - path inside the archive, no leading slash
 */
export function packFile (name: string, content: Uint8Array): PackedFile {
  return { name: Buffer.from(name, 'utf8'), crc: crc32(content), size: content.length, data: content }
}

/**
 * Writes a ZIP archive in the one form that strict readers take: no time of day, no extra fields, no data descriptors, no comments,
 * entries end to end in the order given, names in UTF-8. The mirror of services/verification/ofd/zip.ts.
 * @throws {RangeError} more than 65,534 files or 4 GiB, which would need Zip64
 * @see PKWARE APPNOTE 6.3, section 4.3
 */
export function writeZip (files: readonly PackedFile[]): Buffer {
  let directoryAt = 0
  let directoryBytes = 0
  for (const { name, data } of files) {
    directoryAt += LOCAL_BYTES + name.length + data.length
    directoryBytes += CENTRAL_BYTES + name.length
  }
  if (files.length > 0xfffe || directoryAt + directoryBytes > 0xfffffffe) throw new RangeError('an archive this large would need Zip64')
  const archive = Buffer.alloc(directoryAt + directoryBytes + END_BYTES)
  let at = 0
  let entryAt = directoryAt
  for (const file of files) {
    archive.writeUInt32LE(0x04034b50, at)
    writeCommon(archive, at + 4, file)
    archive.set(file.name, at + LOCAL_BYTES)
    archive.set(file.data, at + LOCAL_BYTES + file.name.length)

    archive.writeUInt32LE(0x02014b50, entryAt)
    archive.writeUInt16LE(VERSION, entryAt + 4)
    writeCommon(archive, entryAt + 6, file)
    archive.writeUInt32LE(at, entryAt + 42)
    archive.set(file.name, entryAt + CENTRAL_BYTES)

    at += LOCAL_BYTES + file.name.length + file.data.length
    entryAt += CENTRAL_BYTES + file.name.length
  }
  archive.writeUInt32LE(0x06054b50, entryAt)
  archive.writeUInt16LE(files.length, entryAt + 8)
  archive.writeUInt16LE(files.length, entryAt + 10)
  archive.writeUInt32LE(directoryBytes, entryAt + 12)
  archive.writeUInt32LE(directoryAt, entryAt + 16)
  return archive
}

/** The 26 bytes that local header and directory entry share, from the version needed to the length of the extra fields. */
function writeCommon (archive: Buffer, at: number, { name, crc, size, data }: PackedFile): void {
  archive.writeUInt16LE(VERSION, at)
  archive.writeUInt16LE(UTF8_NAME, at + 2)
  archive.writeUInt16LE(STORED, at + 4)
  archive.writeUInt16LE(DOS_DATE, at + 8)
  archive.writeUInt32LE(crc, at + 10)
  archive.writeUInt32LE(data.length, at + 14)
  archive.writeUInt32LE(size, at + 18)
  archive.writeUInt16LE(name.length, at + 22)
}
