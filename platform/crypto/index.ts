/** Digests, signatures, DER, certificates and certification paths: the one door for all that is computed over bytes. */
export * from './digest.js'
export * from './der/error.js'
export * from './der/reader.js'
export * from './der/read.js'
export * from './der/writer.js'
export * from './sm2.js'
