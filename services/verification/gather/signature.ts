import { DerError, digest, readDer, signatureName } from '../../../platform/crypto/index.js'
import { Failure } from '../../core/failure.js'
import type { SignatureFacts } from '../facts.js'
import { parseSealSignature, type SealSignature, type SesLimits } from '../ses/index.js'
import type { Trust } from '../trust.js'
import { certificateFacts, readCertificate, valueFacts } from './certificate.js'
import { sealFacts } from './seal.js'
import { timeStampFacts } from './time-stamp.js'

export interface ValueQuestion {
  trust: Trust
  at: Date
  limits: SesLimits
  /** What was signed: Signature.xml, or the detached content. */
  content: Uint8Array | undefined
  /** The description's own path, where one was to be signed. */
  path?: string
}

/** What stands in a value file, and how it bears out. */
export type ValueFacts = Pick<SignatureFacts, 'form' | 'detail' | 'dialects' | 'unknownCritical' | 'dataHash' | 'propertyInfo' | 'value' | 'signedAt' | 'timeStamp' | 'seal' | 'signer'> & {
  /** The seal inside, as bytes. */
  sealBytes?: Buffer
}

const NOTHING = { dialects: [], unknownCritical: [] }

export function valueFileFacts (bytes: Uint8Array | undefined, question: ValueQuestion): ValueFacts {
  if (bytes === undefined || bytes.length === 0) return { form: 'missing', ...NOTHING }
  const other = otherForm(bytes)
  if (other !== undefined) return { form: other, ...NOTHING }
  try {
    return sesFacts(parseSealSignature(bytes, question.limits), question)
  } catch (error) {
    if (error instanceof DerError) return { form: 'unreadable', detail: error.message, ...NOTHING }
    throw error
  }
}

/** CMS begins with an OID; a bare SM2 value is two INTEGERs. Indefinite lengths are met in the shells of CMS alone. */
function otherForm (bytes: Uint8Array): 'cms' | 'bare' | undefined {
  if (bytes[0] === 0x30 && bytes[1] === 0x80) return 'cms'
  const head = bytes[1] === undefined ? undefined : bytes[1] < 0x80 ? 2 : 2 + (bytes[1] & 0x7f)
  const first = head === undefined ? undefined : bytes[head]
  if (first === 0x06) return 'cms'
  if (first !== 0x02 || bytes.length > 80) return undefined
  try { return readDer(bytes).children.every(({ tag }) => tag === 0x02) ? 'bare' : undefined } catch (error) {
    if (error instanceof Failure) return undefined
    throw error
  }
}

function sesFacts (signature: SealSignature, { trust, at, content, path }: ValueQuestion): ValueFacts {
  const signer = readCertificate(signature.certificate)
  const when = signature.signedAt ?? at
  return {
    form: 'ses',
    dialects: signature.dialects,
    unknownCritical: signature.extensions.filter(({ critical }) => critical).map(({ oid }) => oid),
    dataHash: content === undefined ? 'not-compared' : contentDigest(signature.algorithm, content).equals(signature.dataHash) ? 'equal' : 'different',
    ...(path !== undefined && { propertyInfo: { said: signature.propertyInfo, expected: path } }),
    value: valueFacts(signer, signature.algorithm, signature.signed, signature.value),
    ...(signature.signedAt !== undefined && { signedAt: signature.signedAt.toISOString() }),
    ...(signature.timeStamp !== undefined && { timeStamp: timeStampFacts(signature.timeStamp, signature.valueOctets, { trust, at }) }),
    seal: sealFacts(signature.seal, { trust, at, signer: signature.certificate }),
    signer: certificateFacts(signer, { trust, when, at }),
    sealBytes: signature.seal.bytes
  }
}

/** SM3 where the signature is SM2, else the signature's own digest. @see GM/T 0031-2014 */
function contentDigest (algorithm: string, content: Uint8Array): Buffer {
  const name = signatureName(algorithm)
  const hash = name?.split('-')[1]
  return digest(hash === 'sha256' || hash === 'sha384' || hash === 'sha512' ? hash : 'sm3', content)
}
