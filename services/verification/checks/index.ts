import { competence, issuer } from './authority.js'
import type { Check, SignatureCheck } from './check.js'
import { added, coverage, covers, manifest, present, stamps } from './coverage.js'
import { face } from './face.js'
import { format, identifier, signatureFormat } from './format.js'
import { description, place, references } from './integrity.js'
import { certificatePath, makerKeyUsage, makerPath, signerKeyUsage, signerPath } from './path.js'
import { certificateRevocation, makerRevocation, signerRevocation } from './revocation.js'
import { alone, inSignature, sealAlgorithm, sealExtensions, sealFile, sealPeriod, sealSigner, sealValue, sealVersion, signatureExtensions } from './seal.js'
import { algorithm, checkMethod, signed, value } from './signature.js'
import { status } from './status.js'
import { makerTimeProof, signerTimeProof, signingTime } from './time.js'
import { timeStamp } from './time-stamp.js'

/*
 * The order is that in which findings rank: by aspect as ASPECTS has them, then as they stand here, those on the whole input
 * before those on one signature. A person reads the first failure first.
 */

export const DOCUMENT_CHECKS: readonly Check[] = [
  format, identifier,
  coverage, added, manifest,
  signed,
  issuer,
  status,
  face
]

export const SIGNATURE_CHECKS: readonly SignatureCheck[] = [
  signatureFormat,
  references, description, place,
  present, covers, stamps,
  value, algorithm, checkMethod,
  inSignature(sealValue), sealSigner, inSignature(sealPeriod), sealFile, inSignature(sealAlgorithm), inSignature(sealExtensions), signatureExtensions, inSignature(sealVersion),
  signerPath, signerKeyUsage, inSignature(makerPath), inSignature(makerKeyUsage),
  signerRevocation, inSignature(makerRevocation),
  signingTime, timeStamp, signerTimeProof, inSignature(makerTimeProof),
  competence
]

/** Of a seal by itself. */
export const SEAL_CHECKS: readonly Check[] = [
  format,
  ...[sealValue, sealPeriod, sealAlgorithm, sealExtensions, sealVersion, makerPath, makerKeyUsage, makerRevocation, makerTimeProof].map(alone)
]

/** Of a certificate by itself. */
export const CERTIFICATE_CHECKS: readonly Check[] = [format, certificatePath, certificateRevocation]

/** Of a licence that is named and not shown. */
export const LICENCE_CHECKS: readonly Check[] = [format, identifier, status]
