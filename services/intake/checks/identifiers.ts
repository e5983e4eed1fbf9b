import { isCitizenId, isUscc, parseLicenceId } from '../../core/identifiers.js'
import { sourceOf } from '../facts.js'
import type { Reason } from '../reasons.js'
import type { Check } from './check.js'

/** Do the check characters hold, and do identifiers agree with what stands beside them? @see GB 32100-2015, GB/T 36904-2018, GB 11643-1999 */
export const identifiers: Check = ({ readable, key, event }) => {
  const reasons: Reason[] = []
  if (!('json' in readable)) return reasons
  const source = sourceOf(readable.json)
  if (source !== undefined) {
    if (!isUscc(source)) reasons.push({ code: 'USCC_WRONG', pointer: '/source' })
    // Order is kept by partition: under another key it would be judged beside events of others, not of its own source.
    if (key !== `urn:uscc:${source}`) reasons.push({ code: 'PARTITION_KEY_WRONG', pointer: '/source' })
  }
  if (event === undefined) return reasons

  const { licenceId, licenceType, issuer, holder, replaces, replacedBy, key: recordKey, resource } = event.data as {
    licenceId?: string, licenceType?: string, issuer?: { uscc: string }, holder?: Holder, replaces?: string, replacedBy?: string, key?: string, resource?: string
  }
  if (event.subject !== (licenceId ?? recordKey ?? resource)) reasons.push({ code: 'SUBJECT_MISMATCH', pointer: '/subject' })
  for (const [pointer, id] of [['/data/licenceId', licenceId], ['/data/replaces', replaces], ['/data/replacedBy', replacedBy]] as const) {
    if (id !== undefined) reasons.push(...licence(id, pointer))
  }
  const parts = licenceId === undefined ? undefined : parseLicenceId(licenceId)
  if (parts !== undefined && licenceType !== undefined && parts.type !== licenceType) reasons.push({ code: 'LICENCE_ID_MISMATCH', pointer: '/data/licenceType' })
  if (parts !== undefined && issuer !== undefined && parts.issuer !== issuer.uscc) reasons.push({ code: 'LICENCE_ID_MISMATCH', pointer: '/data/issuer/uscc' })
  if (issuer !== undefined && !isUscc(issuer.uscc)) reasons.push({ code: 'USCC_WRONG', pointer: '/data/issuer/uscc' })
  if (holder !== undefined && !holds(holder)) reasons.push({ code: 'HOLDER_CODE_INVALID', pointer: '/data/holder/code' })
  const changed = (event.data['changes'] as { holder?: Holder } | undefined)?.holder
  if (changed !== undefined && !holds(changed)) reasons.push({ code: 'HOLDER_CODE_INVALID', pointer: '/data/changes/holder/code' })
  return reasons
}

interface Holder { code: string, codeType: string }

function licence (id: string, pointer: string): Reason[] {
  switch (parseLicenceId(id)?.check) {
    case 'right': return []
    case 'variant': return [{ code: 'LICENCE_ID_VARIANT', pointer }]
    default: return [{ code: 'LICENCE_ID_WRONG', pointer }]
  }
}

function holds ({ code, codeType }: Holder): boolean {
  switch (codeType) {
    case '001': return isUscc(code)
    case '111': return isCitizenId(code)
    default: return true // other kinds of document have no check character that we know
  }
}
