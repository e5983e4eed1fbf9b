import type { OfdFile } from './package.js'

const SIGNATURE_NAME = /(?:^|\/)(?:signatures?\.xml|sign(?:ed)?_?value\.\w+|[^/]+\.esl)$/i
const SIGNATURE_DIRECTORY = /(?:^|\/)signs?(?:_?\d+)?\//i
const SIGNATURE_ROOT = /<(?:[\w.-]+:)?Signatures?[\s>/]/
/** What stands near the beginning, in DER: the identifier `ES` of a seal; SignedData of GB/T 35275, of PKCS #7. */
const MARKS = ['16024553', '060a2a811ccf550601040202', '06092a864886f70d010702'].map(hex => Buffer.from(hex, 'hex'))
const MARK_BYTES = 64
/** A bare SM2 value: two INTEGERs of 32 bytes at most. */
const BARE_VALUE = /^30(?:4[0-8])02(?:1[c-f]|2[01])/
const HEAD_BYTES = 1024

/**
 * Does this file look like part of a signature: by its name, its directory, or what it begins with? Asked only about files that
 * nothing leads to. What a listed signature covers may lie in its directory for another reason, such as a picture of the seal.
 */
export function looksLikeSignature ({ name, bytes }: OfdFile, covered: boolean): boolean {
  if (SIGNATURE_NAME.test(name) || (!covered && SIGNATURE_DIRECTORY.test(name))) return true
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, HEAD_BYTES))
  if (head[0] !== 0x30) return SIGNATURE_ROOT.test(head.toString('latin1'))
  const start = head.subarray(0, MARK_BYTES)
  return MARKS.some(mark => start.includes(mark)) || (bytes.length <= 72 && BARE_VALUE.test(start.toString('hex')))
}
