export { parseSeal, parseSealSignature, SES_LIMITS, type SesLimits } from './parse.js'
export type { Seal, SealSignature, SealSigners, SesDialect, SesExtension, SesVersion } from './types.js'
