import { DerError, readDer, type DerNode } from '../../../platform/crypto/index.js'
import type { InputKind } from '../facts.js'

export type SniffedKind = Exclude<InputKind, 'licence'> | 'damaged' | 'two-kinds'

const TOKEN = /^[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*(?:~[A-Za-z0-9_~.-]*)?\s*$/
const PEM = /-----BEGIN ([A-Z0-9 ]{1,40})-----/

/** What a file claims to be, by how it begins and how it is built; its name is not asked. */
export function sniff (bytes: Uint8Array): SniffedKind {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096)).toString('latin1')
  // Readers of PDF look for their mark in the first kilobyte: such a file shows them something else than it shows readers of OFD.
  if (head.startsWith('PK')) return head.slice(0, 1024).includes('%PDF-') ? 'two-kinds' : 'ofd'
  if (head.slice(0, 1024).includes('%PDF-')) return 'pdf'
  if (head.charCodeAt(0) === 0x30 && head.charCodeAt(1) >= 0x80 && head.charCodeAt(1) <= 0x84) return sniffDer(bytes)
  const label = PEM.exec(head)?.[1]
  if (label === 'CERTIFICATE' || label === 'X509 CERTIFICATE') return 'certificate'
  if (label === 'PKCS7' || label === 'CMS') return 'cms'
  if (bytes.length <= 65_536 && TOKEN.test(Buffer.from(bytes).toString('latin1'))) return 'token'
  return 'unknown'
}

/** By shape alone; whoever reads it next judges every field. */
function sniffDer (bytes: Uint8Array): SniffedKind {
  if (bytes[1] === 0x80) return bytes[2] === 0x06 ? 'cms' : 'unknown' // indefinite length: only the shells of CMS are met with it
  let root: DerNode
  try { root = readDer(bytes, { dialects: ['unsorted-set'] }) } catch (error) {
    if (error instanceof DerError) return 'damaged'
    throw error
  }
  const [first, second, third] = root.children
  if (first === undefined || second === undefined) return 'unknown'
  if (first.tag === 0x06) return 'cms'
  if (first.tag === 0x30 && second.tag === 0x30 && third?.tag === 0x03 && root.children.length === 3) return 'certificate'
  const inner = first.tag === 0x30 ? first.children[0]?.tag : undefined
  return inner === 0x02 ? 'seal-signature' : inner === 0x30 ? 'seal' : 'unknown'
}
