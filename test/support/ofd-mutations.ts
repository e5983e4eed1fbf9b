import type { Mutation } from './ofd-mutation.js'
import { ARCHIVE_MUTATIONS } from './ofd-mutations-archive.js'
import { CONTENT_MUTATIONS } from './ofd-mutations-content.js'
import { SEAL_MUTATIONS } from './ofd-mutations-seal.js'

/** Everything done to a genuine licence; each leaves all checks but its own (and those named beside it) as they were. */
export const MUTATIONS: readonly Mutation[] = [...CONTENT_MUTATIONS, ...SEAL_MUTATIONS, ...ARCHIVE_MUTATIONS]
