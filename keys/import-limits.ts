import forge from 'node-forge'
import { readPem } from '../platform/crypto/index.js'
import { Failure } from '../services/core/failure.js'
import { told } from '../services/core/words.js'

export interface ImportLimits {
  /** Size of a key file, bytes. */
  fileBytes: number
  /** Rounds of hashing that opening it may take; also the bound on scrypt's cost. */
  iterations: number
}
export const IMPORT_LIMITS: Readonly<ImportLimits> = { fileBytes: 256 * 1024, iterations: 2_000_000 }

const DEPTH = 24

/**
 * Keystores say themselves how much work opening them takes, and a file from somewhere could say four thousand million rounds: it is
 * looked at before anything is opened.
 * @throws {Failure} BODY_TOO_LARGE, KEY_COST_TOO_HIGH
 */
export function demandAffordable (bytes: Uint8Array, { fileBytes, iterations }: ImportLimits): void {
  if (bytes.length > fileBytes) throw new Failure('BODY_TOO_LARGE', told(`密钥文件超过 ${fileBytes} 字节`, `a key file is larger than ${fileBytes} bytes`))
  const documents = bytes[0] === 0x30 ? [Buffer.from(bytes)] : readPem(bytes).filter(({ label }) => label === 'ENCRYPTED PRIVATE KEY').map(({ der }) => der)
  for (const document of documents) {
    for (const count of counts(parse(document.toString('latin1')), 0)) {
      if (count > iterations) throw new Failure('KEY_COST_TOO_HIGH', told(`打开密钥文件要超过 ${iterations} 轮迭代`, `opening the key file takes more than ${iterations} rounds`))
    }
  }
}

/** Keystores in the field are BER as often as DER, so forge reads them here; what it cannot read is refused by the loader. */
function parse (binary: string): forge.asn1.Asn1 | undefined {
  try { return forge.asn1.fromDer(binary, { strict: false, decodeBitStrings: false } as never) } catch { return undefined }
}

/**
 * Every number that stands where a count of rounds does: after the salt in PBE, PBKDF2 and scrypt parameters, and last in a MacData.
 * @see RFC 8018 appendix A, RFC 7292 section 4, RFC 7914 section 7
 */
function * counts (node: forge.asn1.Asn1 | undefined, depth: number): Generator<number> {
  if (node === undefined || depth > DEPTH) return
  if (Array.isArray(node.value)) {
    const parts = node.value
    // BER may cut a string into pieces; only together are they what the string holds.
    if (isOctets(node)) { yield * counts(parse(parts.map(({ value }) => typeof value === 'string' ? value : '').join('')), depth + 1); return }
    for (const [i, part] of parts.entries()) {
      if (i > 0 && isInteger(part) && isOctets(parts[i - 1])) yield numberOf(part)
      yield * counts(part, depth + 1)
    }
  } else if (isOctets(node) && node.value.startsWith('\x30')) yield * counts(parse(node.value), depth + 1)
}

function isInteger (node: forge.asn1.Asn1 | undefined): boolean { return node?.tagClass === 0 && node.type as number === 2 && typeof node.value === 'string' }
function isOctets (node: forge.asn1.Asn1 | undefined): boolean { return node?.tagClass === 0 && node.type as number === 4 }
function numberOf ({ value }: forge.asn1.Asn1): number { return Number(BigInt(`0x${Buffer.from(value as string, 'latin1').toString('hex') || '0'}`)) }
