import { parseLicenceId } from '../../core/identifiers.js'
import type { Reason } from '../reasons.js'
import type { Check } from './check.js'

/**
 * May this source say this? Licences may be issued by an office that the authority list names for that type, region and day, and
 * from then on are the business of the office that issued them: also after its competence has ended.
 */
export const authority: Check = ({ event, competent }) => {
  const reasons: Reason[] = []
  if (event === undefined) return reasons
  const source = event.source.slice('urn:uscc:'.length)
  const { issuer, licenceId, replaces, replacedBy } = event.data as { issuer?: { uscc: string }, licenceId?: string, replaces?: string, replacedBy?: string }
  if (issuer !== undefined && issuer.uscc !== source) reasons.push({ code: 'ISSUER_NOT_SOURCE', pointer: '/data/issuer/uscc' })
  for (const [pointer, id] of [['/data/licenceId', licenceId], ['/data/replaces', replaces], ['/data/replacedBy', replacedBy]] as const) {
    if (id !== undefined && parseLicenceId(id)?.issuer !== source) reasons.push({ code: 'LICENCE_NOT_OF_ISSUER', pointer })
  }
  if (competent === false) reasons.push({ code: 'NOT_COMPETENT', pointer: event.type === 'licence.changed.v1' ? '/data/changes/region' : '/data/licenceType' })
  return reasons
}
