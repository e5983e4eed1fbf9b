import type { Licences, LicenceState } from '../licences/index.js'
import type { RegisteredLicence, RegisterLookup } from '../verification/index.js'

/** What verification asks of the register, answered by the licences service. */
export function registerLookup (licences: Licences): RegisterLookup {
  return async (licenceId, at, known) => {
    const instants = { at, ...(known === undefined ? {} : { known }) }
    const { status: { state, since, replacedBy, type, typeName, issuer, issuedOn, facts, files }, history: [issued] } = await licences.statusWithHistory(licenceId, instants)
    const status = STATUSES[state]
    if (status === undefined) return undefined
    const file = files?.at(-1)
    const face = {
      ZZMC: typeName,
      ZZLXDM: type,
      ZZBFJGDM: issuer?.uscc,
      ZZBFRQ: issuedOn,
      ZZBH: facts?.number,
      CZZT: facts?.holder.name,
      CZZTDM: facts?.holder.code,
      ZZYXQQSRQ: facts?.validFrom,
      ZZYXQJZRQ: facts?.validUntil
    }
    return {
      status,
      ...(since === undefined ? {} : { since: new Date(since) }),
      ...(replacedBy === undefined ? {} : { replacedBy }),
      ...(facts === undefined ? {} : { region: facts.region }),
      ...(issued === undefined ? {} : { recordedAt: new Date(issued.recordedAt) }),
      ...(file === undefined ? {} : { file: { sha256: file.sha256 } }),
      face: Object.fromEntries(Object.entries(face).filter((entry): entry is [string, string] => entry[1] !== undefined))
    }
  }
}

/** The register's states in verification's words; a licence that it does not know has none. */
const STATUSES: Record<LicenceState, RegisteredLicence['status'] | undefined> = {
  valid: 'active',
  'not-yet-valid': 'not-yet-valid',
  suspended: 'suspended',
  expired: 'expired',
  revoked: 'revoked',
  cancelled: 'cancelled',
  replaced: 'replaced',
  unknown: undefined
}
