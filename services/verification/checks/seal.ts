import { dayInChina, type InstantText } from '../../core/clock.js'
import type { SealFacts, SignatureFacts } from '../facts.js'
import type { Aspect, Outcome } from '../report.js'
import { PASSED, passed, SKIPPED, type Check, type Context, type SignatureCheck } from './check.js'

/** One question put to a seal; `when` is the signing time, or the instant asked about for a seal by itself, which has no signature. */
export interface SealCheck {
  name: string
  aspect: Aspect
  run: (seal: SealFacts, when: InstantText | undefined, context: Context, signature?: SignatureFacts) => Outcome
}
/** The same question, asked of the seal inside a signature. */
export function inSignature ({ name, aspect, run }: SealCheck): SignatureCheck {
  return { name, aspect, run: (signature, context) => signature.seal === undefined ? SKIPPED : run(signature.seal, signature.signedAt, context, signature) }
}
/** The same question, asked of a seal by itself. */
export function alone ({ name, aspect, run }: SealCheck): Check {
  return { name, aspect, run: context => context.facts.seal === undefined ? SKIPPED : run(context.facts.seal, context.at, context) }
}

/** Versions other than GB/T 38540-2020 are read and put to every question, but not yet believed. */
export const sealVersion: SealCheck = {
  name: 'seal-version',
  aspect: 'seal',
  run: ({ version }) => version === 4 ? PASSED : { status: 'indeterminate', code: 'SEAL_VERSION_UNSUPPORTED', detail: version === 1 ? 'GM/T 0031-2014' : `version ${version}`, needs: 'a verifier that accepts this version' }
}

/** Did the seal's maker sign this very seal, picture and all? @see GB/T 38540-2020 6.3, GM/T 0031-2014 6.1.2 */
export const sealValue: SealCheck = {
  name: 'seal-value',
  aspect: 'seal',
  run: ({ value, maker }) => value.right ? PASSED : { status: 'failed', code: 'SEAL_MAKER_INVALID', ...(maker.unreadable !== undefined && { detail: maker.unreadable }) }
}

export const sealAlgorithm: SealCheck = {
  name: 'seal-algorithm',
  aspect: 'seal',
  run ({ value, maker }, _when, { policy }) {
    if (maker.unreadable !== undefined) return SKIPPED
    return policy.signatureAlgorithms.includes(value.algorithm) && value.fitsKey ? PASSED : { status: 'failed', code: 'ALGORITHM_REFUSED', detail: value.algorithm }
  }
}

/** Had the seal been made, and was it in force, when it was used? Both ends belong to its period. */
export const sealPeriod: SealCheck = {
  name: 'seal-period',
  aspect: 'seal',
  run ({ createdAt, validFrom, validTo }, when) {
    if (when === undefined) return SKIPPED // signing-time says that nobody knows when
    // Its maker is judged at that instant: were it one to come, a maker who is none yet would do.
    if (createdAt > when) return { status: 'failed', code: 'SEAL_NOT_IN_FORCE', detail: `${day(createdAt)} 制作 made` }
    return when >= validFrom && when <= validTo ? PASSED : { status: 'failed', code: 'SEAL_NOT_IN_FORCE', detail: `${day(validFrom)} – ${day(validTo)}` }
  }
}

/**
 * Critical extensions that nobody here knows are told, not judged: no national meaning of any is published, and seals of the
 * field that carry them are in daily use. docs/decisions/0052-unknown-critical-seal-extensions.md
 */
export const sealExtensions: SealCheck = {
  name: 'seal-extensions',
  aspect: 'seal',
  run: ({ unknownCritical }) => unknownCritical.length === 0 ? PASSED : passed(`unknown critical: ${unknownCritical.join(', ')}`)
}

/** May this certificate sign with this seal? */
export const sealSigner: SignatureCheck = {
  name: 'seal-signer',
  aspect: 'seal',
  run ({ seal }) {
    switch (seal?.signerListed) {
      case undefined: return SKIPPED
      case 'yes': return PASSED
      case 'no': return { status: 'failed', code: 'SIGNER_NOT_IN_SEAL' }
      case 'cannot-tell': return { status: 'indeterminate', code: 'SIGNER_LIST_UNPROVEN', needs: 'a seal that lists certificates' }
    }
  }
}

/** Is the seal beside the signature, which some readers draw, the seal inside it? */
export const sealFile: SignatureCheck = {
  name: 'seal-file',
  aspect: 'seal',
  run ({ sealFile }) {
    switch (sealFile) {
      case undefined: case 'not-named': return SKIPPED
      case 'equal': return PASSED
      case 'different': return { status: 'failed', code: 'SEAL_FILE_DIFFERS' }
      case 'missing': return { status: 'failed', code: 'SEAL_FILE_MISSING' }
    }
  }
}

/** As `seal-extensions`, of what the signer signed. */
export const signatureExtensions: SignatureCheck = {
  name: 'signature-extensions',
  aspect: 'seal',
  run: ({ seal, unknownCritical }) => seal === undefined ? SKIPPED : unknownCritical.length === 0 ? PASSED : passed(`unknown critical: ${unknownCritical.join(', ')}`)
}

/** For people: the calendar day in China. */
function day (at: InstantText): string { return dayInChina(new Date(at)) }
