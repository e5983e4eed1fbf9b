import { PASSED, passed, skipped, SKIPPED, type SignatureCheck } from './check.js'

/** Do the files that the signature names still have the digests that it gives? @see GB/T 33190-2016 table 68 */
export const references: SignatureCheck = {
  name: 'references',
  aspect: 'integrity',
  run ({ references: { count, wrong, notCompared } }, { facts: { kind } }) {
    if (kind !== 'ofd') return SKIPPED
    if (wrong.count > 0) return { status: 'failed', code: 'CONTENT_CHANGED', detail: wrong.some.join(', ') }
    if (count === 0) return { status: 'failed', code: 'NOTHING_REFERENCED' }
    if (notCompared > 0) return skipped('the digest algorithm is refused')
    return passed(String(count))
  }
}

/** Is the description of the signature, with all its digests, the one that was signed? */
export const description: SignatureCheck = {
  name: 'description',
  aspect: 'integrity',
  run ({ dataHash }) {
    switch (dataHash) {
      case undefined: return SKIPPED
      case 'equal': return PASSED
      case 'different': return { status: 'failed', code: 'DESCRIPTION_CHANGED' }
      case 'not-compared': return { status: 'indeterminate', code: 'CONTENT_MISSING', needs: 'the content that was signed' }
    }
  }
}

/** Was it signed for this place, or copied from another? @see formats.md 4.2, propertyInfo */
export const place: SignatureCheck = {
  name: 'place',
  aspect: 'integrity',
  run ({ propertyInfo }) {
    if (propertyInfo === undefined) return SKIPPED
    const { said, expected } = propertyInfo
    return said === expected ? PASSED : { status: 'failed', code: 'PROPERTY_INFO_DIFFERS', detail: `${said} ≠ ${expected}` }
  }
}
