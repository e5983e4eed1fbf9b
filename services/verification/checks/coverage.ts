import type { Listed } from '../facts.js'
import { PASSED, passed, SKIPPED, type Check, type SignatureCheck } from './check.js'

/**
 * Is all that a reader shows covered by a signature? What a signature names counts as covered by it even if that signature
 * fails: the document is then no better than that signature, and the reader learns one reason in place of two.
 */
export const coverage: Check = {
  name: 'coverage',
  aspect: 'coverage',
  run ({ facts }) {
    if (facts.package === undefined || facts.signatures.length === 0) return SKIPPED
    const { uncovered, reachable } = facts.package
    if (uncovered.count === 0) return passed(String(reachable))
    return { status: 'failed', code: 'NOT_ALL_COVERED', detail: list({ count: uncovered.count, some: uncovered.some.map(({ path, label }) => label === undefined ? path : `${label} (${path})`) }) }
  }
}

/** Does the package hold files that no reader is led to and no signature covers? Someone put them there later. */
export const added: Check = {
  name: 'added',
  aspect: 'coverage',
  run ({ facts }) {
    if (facts.package === undefined || facts.signatures.length === 0) return SKIPPED
    const { stray } = facts.package
    return stray.count === 0 ? PASSED : { status: 'failed', code: 'FILES_ADDED', detail: list(stray) }
  }
}

/** Does the package agree with the list of its files (GM/T 0099 OFDEntries.xml), where it has one? */
export const manifest: Check = {
  name: 'manifest',
  aspect: 'coverage',
  run ({ facts }) {
    const found = facts.package?.manifest
    if (found === undefined) return SKIPPED
    if (found.unlisted.count > 0) return { status: 'failed', code: 'MANIFEST_UNLISTED', detail: list(found.unlisted) }
    if (found.missing.count > 0) return { status: 'failed', code: 'REFERENCED_FILE_MISSING', detail: list(found.missing) }
    if (found.value === 'missing') return { status: 'failed', code: 'SIGNATURE_REMOVED', detail: 'OFDEntries.xml' }
    return { status: 'indeterminate', code: 'MANIFEST_UNPROVEN', needs: 'a verifier that reads GB/T 35275 signatures' }
  }
}

/** Are all the files that the signature names still there? */
export const present: SignatureCheck = {
  name: 'present',
  aspect: 'coverage',
  run ({ references: { missing } }, { facts: { kind } }) {
    if (kind !== 'ofd') return SKIPPED
    return missing.count === 0 ? PASSED : { status: 'failed', code: 'REFERENCED_FILE_MISSING', detail: list(missing) }
  }
}

/** How much of what a reader shows does this one signature cover? Told here; judged over all signatures by `coverage`. */
export const covers: SignatureCheck = {
  name: 'covers',
  aspect: 'coverage',
  run ({ covers: { files, of, list }, dataHash }, { facts: { kind } }) {
    if (kind !== 'ofd') return dataHash === 'equal' ? PASSED : SKIPPED
    return passed(`${files}/${of}, ${list ? 'whole' : 'continuing'}`)
  }
}

/** Do the pages exist on which the stamps are to appear? */
export const stamps: SignatureCheck = {
  name: 'stamps',
  aspect: 'coverage',
  run ({ stamps: { count, pagesMissing } }) {
    if (count === 0) return SKIPPED
    return pagesMissing.length === 0 ? PASSED : { status: 'failed', code: 'STAMP_PAGE_MISSING', detail: list({ count: pagesMissing.length, some: pagesMissing }) }
  }
}

function list ({ count, some }: Listed<string>): string {
  const shown = some.slice(0, 5).join('、')
  return count > 5 ? `${shown}… (${count})` : shown
}
