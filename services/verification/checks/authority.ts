import { dayInChina } from '../../core/clock.js'
import { divisionContains } from '../../core/identifiers.js'
import { PASSED, skipped, SKIPPED, type Check, type SignatureCheck } from './check.js'

/** May the owner of this seal issue this type of licence, there and then? */
export const competence: SignatureCheck = {
  name: 'competence',
  aspect: 'authority',
  run ({ form, signer, signedAt }, { facts: { licence, register }, policy, at }) {
    if (policy.authority === 'off') return skipped('policy')
    if (form !== 'ses') return SKIPPED
    if (licence?.parts === undefined) return { status: 'indeterminate', code: 'LICENCE_TYPE_UNKNOWN', needs: 'a licence identifier inside what is signed' }
    const owner = signer?.owner
    if (owner === undefined) return { status: 'indeterminate', code: 'SEAL_OWNER_UNKNOWN', needs: 'a certificate that names its owner by USCC' }
    const rules = licence.authorities ?? []
    if (rules.length === 0) return { status: 'indeterminate', code: 'AUTHORITY_UNKNOWN', detail: licence.parts.type, needs: 'this licence type in the authority list' }
    const own = rules.filter(({ issuer }) => issuer === owner)
    if (own.length === 0) return { status: 'failed', code: 'NOT_COMPETENT', detail: owner }
    const there = own.filter(({ regions }) => regions.some(held => divisionContains(held, regionOf(owner, register?.answer === 'found' ? register.region : undefined))))
    if (there.length === 0) return { status: 'failed', code: 'NOT_COMPETENT', detail: `${owner}: region` }
    const day = dayInChina(new Date(signedAt ?? at))
    return there.some(({ from, to }) => day >= from && (to === undefined || day <= to)) ? PASSED : { status: 'failed', code: 'NOT_COMPETENT', detail: `${owner}: ${day}` }
  }
}

/** Where the register does not say for where the licence is, the owner's own place counts: characters 3 to 8 of its USCC. */
function regionOf (owner: string, registered: string | undefined): string { return registered ?? owner.slice(2, 8) }

/**
 * Is one of the competent seals that of the issuer whom the licence identifier names, and does it stand over what the licence says?
 * Else another office could put its own pages beside a few files that the issuer once sealed.
 */
export const issuer: Check = {
  name: 'issuer',
  aspect: 'authority',
  run ({ facts: { licence, signatures, package: ofd }, policy }) {
    if (policy.authority === 'off') return skipped('policy')
    const parts = licence?.parts
    if (parts === undefined) return SKIPPED
    const competent = new Set(licence?.authorities?.map(({ issuer }) => issuer))
    const seals = signatures.filter(({ signer }) => signer?.owner !== undefined && competent.has(signer.owner))
    if (seals.length === 0) return SKIPPED // competence has said it
    const uncovered = (ofd?.uncovered.count ?? 0) > 0 // coverage has said it
    return seals.some(({ signer, covers }) => signer?.owner === parts.issuer && (uncovered || covers.content !== false)) ? PASSED : { status: 'failed', code: 'ISSUER_DIFFERS', detail: parts.issuer }
  }
}
