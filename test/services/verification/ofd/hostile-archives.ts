import { deflateRawSync } from 'node:zlib'
import type { OfdCode } from '../../../../services/verification/ofd/codes.js'
import { buildZip, extraField, u32 } from '../../../support/zip-builder.js'
import type { BuiltArchive, BuiltEntry } from '../../../support/zip-builder.js'

export interface Hostile { title: string, code: OfdCode, bytes: Buffer }

const XML = Buffer.from('<a>' + 'licence '.repeat(40) + '</a>')
/** Two entries of which each hostile archive changes one thing. */
export function plainEntries (): [BuiltEntry, BuiltEntry] {
  return [{ name: 'OFD.xml', content: XML }, { name: 'Doc_0/Document.xml', content: Buffer.from('<b/>') }]
}

const longer = deflateRawSync(Buffer.concat([XML, XML]))
const cut = deflateRawSync(XML).subarray(0, 10)
const noEnd = Buffer.from(buildZip({ entries: plainEntries() })).subarray(0, -22)

/** Each differs from the honest archive in just what its title says. */
export const HOSTILE: readonly Hostile[] = [
  // End record and directory
  { title: 'no end record', code: 'ZIP_END', bytes: noEnd },
  { title: 'nothing at all', code: 'ZIP_END', bytes: Buffer.alloc(0) },
  archive('bytes after the end record', 'ZIP_END', { suffix: Buffer.from('x') }),
  archive('a comment shorter than said', 'ZIP_END', { end: { commentBytes: 5 } }),
  archive('a whole archive in the comment', 'ZIP_END', { comment: buildZip({ entries: [{ name: 'OFD.xml', content: 'other' }] }), suffix: Buffer.from('.') }),
  archive('the signature of an entry in the comment', 'ZIP_COMMENT', { comment: Buffer.from('PK\u0003\u0004') }),
  archive('a second end record in the comment', 'ZIP_DIRECTORY', { comment: buildZip({ entries: [] }) }),
  archive('one entry more counted than listed', 'ZIP_DIRECTORY', { end: { count: 3 } }),
  archive('one entry fewer counted than listed', 'ZIP_DIRECTORY', { end: { count: 1 } }),
  archive('entries on this disk counted differently', 'ZIP_DISKS', { end: { countHere: 1 } }),
  archive('a second disk', 'ZIP_DISKS', { end: { disk: 1, directoryDisk: 1 } }),
  entry('an entry on another disk', 'ZIP_DISKS', { disk: 1 }),
  archive('a directory larger than said', 'ZIP_DIRECTORY', { end: { bytes: 40 } }),
  archive('a directory elsewhere than said', 'ZIP_DIRECTORY', { end: { offset: 0 } }),
  archive('bytes between directory and end record', 'ZIP_DIRECTORY', { afterDirectory: Buffer.from('hidden') }),
  archive('counts of Zip64', 'ZIP_ZIP64', { end: { count: 0xffff } }),
  archive('the directory left to Zip64', 'ZIP_ZIP64', { end: { offset: 0xffffffff } }),
  entry('a size left to Zip64', 'ZIP_ZIP64', { size: 0xffffffff }),
  entry('an extra field for Zip64', 'ZIP_ZIP64', { extra: extraField(0x0001, Buffer.alloc(16)) }),
  // Layout
  archive('bytes before the first entry', 'ZIP_LAYOUT', {}, { before: Buffer.from('#!/bin/sh\n') }),
  archive('bytes between two entries', 'ZIP_LAYOUT', {}, { after: Buffer.from('hidden') }),
  archive('bytes before the directory', 'ZIP_LAYOUT', { beforeDirectory: Buffer.from('hidden') }),
  { title: 'an entry that no directory lists', code: 'ZIP_LAYOUT', bytes: buildZip({ entries: [...plainEntries(), { name: 'hidden.xml', content: 'x', only: 'local' }] }) },
  { title: 'two directory entries for one local entry', code: 'ZIP_LAYOUT', bytes: buildZip({ entries: [...plainEntries(), { name: 'Copy.xml', content: XML, only: 'central', offset: 0 }] }) },
  entry('data that runs into the directory', 'ZIP_LAYOUT', { compressedSize: 4000, local: { compressedSize: 4000 } }),
  entry('an entry that overlaps the next', 'ZIP_LAYOUT', { compressedSize: cut.length + 60, local: { compressedSize: cut.length + 60 } }),
  // Local header
  entry('another name in the local header', 'ZIP_LOCAL_HEADER', { local: { name: 'OFX.xml' } }),
  entry('a longer name in the local header', 'ZIP_LOCAL_HEADER', { local: { name: '/OFD.xml' } }),
  entry('another size in the local header', 'ZIP_LOCAL_HEADER', { local: { size: 5 } }),
  entry('another compressed size in the local header', 'ZIP_LOCAL_HEADER', { local: { compressedSize: 5 } }),
  entry('another CRC in the local header', 'ZIP_LOCAL_HEADER', { local: { crc: 1 } }),
  entry('another method in the local header', 'ZIP_LOCAL_HEADER', { local: { method: 0 } }),
  entry('other flags in the local header', 'ZIP_LOCAL_HEADER', { local: { flags: 0x0002 } }),
  entry('zeros in the local header and no descriptor', 'ZIP_LOCAL_HEADER', { local: { crc: 0, size: 0, compressedSize: 0 } }),
  entry('another signature in the local header', 'ZIP_LOCAL_HEADER', { local: { signature: 0x05034b50 } }),
  // Descriptors
  entry('a descriptor announced and missing', 'ZIP_DESCRIPTOR', { descriptor: Buffer.alloc(0) }),
  entry('a descriptor with another CRC', 'ZIP_DESCRIPTOR', { descriptor: Buffer.concat([u32(0x08074b50), u32(1), u32(deflateRawSync(XML).length), u32(XML.length)]) }),
  entry('a descriptor with another size', 'ZIP_DESCRIPTOR', { descriptor: Buffer.concat([u32(0), u32(0), u32(0)]) }),
  entry('stored bytes with a descriptor', 'ZIP_DESCRIPTOR', { method: 0, descriptor: 'signed' }),
  // Flags, methods, extra fields
  entry('encryption', 'ZIP_ENCRYPTED', { flags: 0x0001 }),
  entry('strong encryption', 'ZIP_ENCRYPTED', { flags: 0x0040 }),
  entry('patch data', 'ZIP_FLAGS', { flags: 0x0020 }),
  entry('a reserved flag', 'ZIP_FLAGS', { flags: 0x4000 }),
  entry('Deflate64', 'ZIP_METHOD', { method: 9 }),
  entry('bzip2', 'ZIP_METHOD', { method: 12 }),
  entry('a Unicode path that renames', 'ZIP_EXTRA', { extra: extraField(0x7075, Buffer.from('\u0001aaaaEvil.xml')) }),
  entry('a Unicode path in the local header alone', 'ZIP_EXTRA', { local: { extra: extraField(0x7075, Buffer.from('\u0001aaaaEvil.xml')) } }),
  entry('AES encryption in an extra field', 'ZIP_EXTRA', { extra: extraField(0x9901, Buffer.alloc(7)) }),
  entry('an extra field that is cut off', 'ZIP_EXTRA', { extra: Buffer.from([0x55, 0x54, 9, 0, 1]) }),
  entry('half an extra field', 'ZIP_EXTRA', { extra: Buffer.from([0x55, 0x54]) }),
  // Names
  ...['../OFD.xml', '/OFD.xml', 'a/../OFD.xml', './OFD.xml', 'a//OFD.xml', 'a\\OFD.xml', 'C:OFD.xml', 'OFD.xml\u0000.png', 'OFD\n.xml', 'OFD.xml.', 'OFD.xml ', '..', '/', '']
    .map(name => named(`the name ${JSON.stringify(name)}`, 'ZIP_NAME', name)),
  named('a name of 600 bytes', 'ZIP_NAME', 'x'.repeat(600)),
  { title: 'a directory with content', code: 'ZIP_NAME', bytes: buildZip({ entries: [...plainEntries(), { name: 'Res/', content: 'x' }] }) },
  { title: 'a name that is no UTF-8', code: 'ZIP_NAME_ENCODING', bytes: buildZip({ entries: [...plainEntries(), { name: Buffer.from([0xff, 0xfe]), flags: 0x0800 }] }) },
  { title: 'a name with a surrogate in UTF-8', code: 'ZIP_NAME_ENCODING', bytes: buildZip({ entries: [...plainEntries(), { name: Buffer.from([0xed, 0xa0, 0x80]), flags: 0x0800 }] }) },
  { title: 'a name in GBK', code: 'ZIP_NAME_ENCODING', bytes: buildZip({ entries: [...plainEntries(), { name: Buffer.from([0xd5, 0xd5]), flags: 0 }] }) },
  { title: 'a name in UTF-8 that does not say so', code: 'ZIP_NAME_ENCODING', bytes: buildZip({ entries: [...plainEntries(), { name: '证照.xml', flags: 0 }] }) },
  twin('the same name', 'OFD.xml'),
  twin('the same name in another case', 'ofd.XML'),
  twin('the same name as a directory', 'OFD.xml/'),
  { title: 'one name in two Unicode forms', code: 'ZIP_NAME_TWICE', bytes: buildZip({ entries: [{ name: 'caf\u00e9.xml' }, { name: 'cafe\u0301.xml' }] }) },
  { title: 'one name with ß and ẞ', code: 'ZIP_NAME_TWICE', bytes: buildZip({ entries: [{ name: 'stra\u00dfe.xml' }, { name: 'strasse.xml' }] }) },
  { title: 'one name with the sign for kelvin', code: 'ZIP_NAME_TWICE', bytes: buildZip({ entries: [{ name: '\u212a.xml' }, { name: 'k.xml' }] }) },
  { title: 'a file that is a directory of another', code: 'ZIP_NAME_CLASH', bytes: buildZip({ entries: [...plainEntries(), { name: 'doc_0' }] }) },
  entry('a file marked as a directory', 'ZIP_NAME_CLASH', { attributes: 0x10 }),
  entry('a file marked as a directory of Unix', 'ZIP_NAME_CLASH', { madeBy: 0x0314, attributes: 0x41ed0000 }),
  entry('a symbolic link', 'ZIP_LINK', { madeBy: 0x0314, attributes: 0xa1ff0000 }),
  // Data
  entry('data that is cut off', 'ZIP_DATA', { data: cut }),
  entry('data that is no deflate stream', 'ZIP_DATA', { data: Buffer.from([0xff, 0xff, 0xff]) }),
  entry('more bytes than announced', 'ZIP_DATA', { data: longer }),
  entry('fewer bytes than announced', 'ZIP_DATA', { size: XML.length + 1 }),
  entry('bytes after the end of the deflate stream', 'ZIP_DATA', { data: Buffer.concat([deflateRawSync(XML), Buffer.from('hidden')]) }),
  entry('stored with two sizes', 'ZIP_DATA', { method: 0, size: 3 }),
  entry('the CRC of other bytes', 'ZIP_CRC', { crc: 1 }),
  entry('the CRC of other stored bytes', 'ZIP_CRC', { method: 0, crc: 1 }),
  entry('a bomb that says what it is', 'ZIP_RATIO', { content: Buffer.alloc(1 << 20) }),
  entry('a bomb that says it is small', 'ZIP_DATA', { data: deflateRawSync(Buffer.alloc(1 << 20)), size: 100, crc: 0 }),
  entry('much out of nothing', 'ZIP_RATIO', { compressedSize: 0, size: 10, data: Buffer.alloc(0) })
]

function archive (title: string, code: OfdCode, changes: Omit<BuiltArchive, 'entries'>, first: Partial<BuiltEntry> = {}): Hostile {
  const [a, b] = plainEntries()
  return { title, code, bytes: buildZip({ entries: [{ ...a, ...first }, b], ...changes }) }
}

function entry (title: string, code: OfdCode, first: Partial<BuiltEntry>): Hostile {
  return archive(title, code, {}, first)
}

function named (title: string, code: OfdCode, name: string): Hostile {
  return { title, code, bytes: buildZip({ entries: [...plainEntries(), { name }] }) }
}

function twin (title: string, name: string): Hostile {
  return { title, code: 'ZIP_NAME_TWICE', bytes: buildZip({ entries: [...plainEntries(), { name }] }) }
}
