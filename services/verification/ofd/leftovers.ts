import type { OfdFile } from './package.js'

const SIGNATURE_NAME = /(?:^|\/)(?:signatures?\.xml|sign(?:ed)?_?value\.\w+|[^/]+\.esl)$/i
const SIGNATURE_DIRECTORY = /(?:^|\/)signs?(?:_?\d+)?\//i
const SIGNATURE_ROOT = /<(?:[\w.-]+:)?Signatures?[\s>/]/
// SM2 with SM3 as an OID in DER, and the identifier `ES` that begins every seal: SES_Header.
const SM2_WITH_SM3 = Buffer.from('06082a811ccf55018375', 'hex')
const SES_HEADER = Buffer.from('16024553', 'hex')
const HEAD_BYTES = 1024

/**
 * Does this file look like part of a signature: by its name, its directory, or what it begins with? Asked only about files that
 * nothing leads to, so that a wrong yes costs a document nothing but the question who signed it.
 */
export function looksLikeSignature ({ name, bytes }: OfdFile): boolean {
  if (SIGNATURE_NAME.test(name) || SIGNATURE_DIRECTORY.test(name)) return true
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (content[0] === 0x30) return content.includes(SM2_WITH_SM3) || content.subarray(0, 64).includes(SES_HEADER)
  return SIGNATURE_ROOT.test(content.toString('latin1', 0, HEAD_BYTES))
}
