import { Failure } from '../../../services/core/failure.js'
import { parseCertificate, type Certificate } from './certificate.js'

export interface PemBlock { label: string, der: Buffer }

/** Bytes of a file of keys or certificates. */
export const PEM_LIMIT_BYTES = 4 * 1024 * 1024

const BEGIN = /^-----BEGIN ([A-Z0-9 ]{1,40})-----$/
const HEADER = /^[A-Za-z0-9-]+:\s/
/**
 * Reads every block of a PEM text. What stands between blocks is explanatory text and skipped; inside one, everything counts.
 * @throws {Failure} PEM_INVALID a block without end, or whose content is not base64
 * @see RFC 7468
 */
export function readPem (input: string | Uint8Array): PemBlock[] {
  const text = typeof input === 'string' ? input : Buffer.from(input.buffer, input.byteOffset, input.byteLength).toString('latin1')
  if (text.length > PEM_LIMIT_BYTES) throw new Failure('PEM_INVALID', `a PEM file of more than ${PEM_LIMIT_BYTES} bytes`)
  const blocks: PemBlock[] = []
  let label: string | undefined
  let body = ''
  let headers = false
  for (const line of text.split(/\r\n|\n|\r/)) {
    const trimmed = line.trim()
    const begin = BEGIN.exec(trimmed)
    if (begin !== null) {
      if (label !== undefined) throw new Failure('PEM_INVALID', 'a PEM block without end')
      label = begin[1] as string
      body = ''
      headers = false
    } else if (label !== undefined) {
      if (trimmed === `-----END ${label}-----`) {
        // A block encrypted the old way has headers; its content is no DER that we could read.
        blocks.push({ label, der: headers ? Buffer.alloc(0) : decode(body) })
        label = undefined
      } else if (body === '' && HEADER.test(trimmed)) headers = true
      else body += trimmed
    } else if (trimmed.startsWith('-----END ')) throw new Failure('PEM_INVALID', 'a PEM block without beginning')
  }
  if (label !== undefined) throw new Failure('PEM_INVALID', 'a PEM block without end')
  return blocks
}

function decode (body: string): Buffer {
  const der = Buffer.from(body, 'base64')
  if (der.length === 0 || der.toString('base64') !== body) throw new Failure('PEM_INVALID', 'a PEM block that is not base64')
  return der
}

/** Lines of 64 characters. @see RFC 7468 */
export function writePem (label: string, der: Uint8Array): string {
  const body = Buffer.from(der).toString('base64').replace(/.{64}(?=.)/g, '$&\n')
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`
}

const CERTIFICATE_LABELS = new Set(['CERTIFICATE', 'X509 CERTIFICATE'])
/**
 * Every certificate of a file, DER or PEM.
 * @throws {Failure} CERTIFICATE_INVALID, also where there is none; PEM_INVALID
 */
export function certificatesFromFile (bytes: Uint8Array): Certificate[] {
  if (bytes[0] === 0x30) return [parseCertificate(bytes)]
  const certificates = readPem(bytes).filter(({ label }) => CERTIFICATE_LABELS.has(label)).map(({ der }) => parseCertificate(der))
  if (certificates.length === 0) throw new Failure('CERTIFICATE_INVALID', 'a file without a certificate')
  return certificates
}

/** The content of each block with this label, or the bytes themselves where they are DER. */
export function derFromFile (bytes: Uint8Array, label: string): Buffer[] {
  if (bytes[0] === 0x30) return [Buffer.from(bytes)]
  return readPem(bytes).filter(block => block.label === label).map(({ der }) => der)
}
