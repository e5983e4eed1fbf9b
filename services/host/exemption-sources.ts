import type { Matter, MatterForm, Matters } from '../../config/matters.js'
import { loadCalendar } from '../../config/rules.js'
import { authorOf, type Catalogue } from '../catalogue/index.js'
import { isYearUnknown, WorkingCalendar } from '../catalogue/calendar.js'
import { Failure } from '../core/failure.js'
import { parseResourceId } from '../core/identifiers.js'
import type { ExemptionPorts } from '../exemptions/index.js'
import type { Sharing } from '../exchange/index.js'
import type { Licences } from '../licences/index.js'
import type { VerificationService } from '../verification/index.js'
import type { Believed } from './believed.js'
import type { OrganisationNames } from './organisations.js'

export interface ExemptionSources {
  matters: Matters
  names: OrganisationNames
  believed: Believed
  licences: Licences
  verification: VerificationService
  sharing: Sharing
  catalogue: Pick<Catalogue, 'resources' | 'corrections' | 'licenceUsed'>
  onError: (error: unknown) => void
}

/** What exemptions ask of the other services, answered by them in this process. */
export function exemptionSources ({ matters: { matters, forms }, names, believed, licences, verification, sharing, catalogue: { resources, corrections, licenceUsed }, onError }: ExemptionSources): ExemptionPorts {
  const calendar = new WorkingCalendar(loadCalendar())
  const byId = new Map(matters.map(matter => [matter.id, matter]))
  const matter = (id: string): Matter | undefined => byId.get(id)
  const form = (id: string): MatterForm | undefined => forms.get(byId.get(id)?.form ?? '')
  return {
    matters: { matter, form },
    binding: {
      resource: async title => {
        const resourceId = await resources.byTitle(title)
        const provider = resourceId === undefined ? undefined : parseResourceId(resourceId)?.provider
        return resourceId === undefined || provider === undefined ? undefined : { resourceId, provider }
      },
      licenceTypes: async name => believed.licenceTypes(name)
    },
    register: {
      heldBy: async (code, types, limit) => {
        const found = await Promise.all(types.map(async type => await licences.heldBy(code, { type, limit })))
        // Who held very many once: not all were looked through, so that nobody can say which are still held, and how they stand.
        if (found.some(({ items, next }) => next !== undefined && items.length < limit)) throw new Failure('ROWS_TOO_MANY', 'more licences were held once than are looked through')
        return found.flatMap(({ items }) => items).slice(0, limit).map(({ licenceId, state, facts, issuer, issuedOn }) => ({
          licenceId,
          inForce: state === 'valid',
          holder: { name: facts?.holder.name ?? '', code: facts?.holder.code ?? '' },
          issuer: { code: issuer?.uscc ?? '', name: issuer?.name ?? '' },
          face: faceOf(facts, issuedOn)
        }))
      }
    },
    verifier: {
      verify: async licenceId => {
        const { report: { verdict, at }, receiptId } = await verification.verifyLicence(licenceId)
        return { verdict, at, receiptId }
      }
    },
    shared: () => sharing.forOneRequest(),
    corrections: {
      ask: async (flag, caller) => await corrections.flag(flag, authorOf(caller)),
      isSettled: async correctionId => await corrections.isSettled(correctionId),
      disputed: async code => await corrections.disputed(code)
    },
    calendar: {
      end: (from, { count, unit }) => {
        const day = calendar.end(from, unit === 'year' ? { unit: 'month', count: count * MONTHS } : { unit, count }, false)
        if (isYearUnknown(day)) throw new Failure('CALENDAR_YEAR_UNKNOWN', `there is no calendar of working days for ${day.unknownYear}`)
        return day
      },
      isWithinWorkingDays: (day, until, count) => calendar.isWithinWorkingDays(day, until, count)
    },
    organisationName: uscc => names.nameOf(uscc),
    licenceUsed: ({ licenceType, matterId, caller }) => {
      const [type, other] = believed.licenceTypes(licenceType)
      // An answer neither waits for the list of used types nor fails with it: the next use tells it again.
      if (type !== undefined && other === undefined) licenceUsed({ licenceType: type, caller, way: 'exemption', matter: matterId }).catch(onError)
    }
  }
}

const MONTHS = 12

/** What a licence shows, by the names that forms use: the issuer's own fields, and those that every licence has. */
function faceOf (facts: Awaited<ReturnType<Licences['status']>>['facts'], issuedOn: string | undefined): Record<string, string> {
  if (facts === undefined) return {}
  const { number, holder, validFrom, validUntil, face } = facts
  return {
    ...face,
    证照编号: number,
    持证主体: holder.name,
    持证主体代码: holder.code,
    有效期起: validFrom,
    ...(validUntil === undefined ? {} : { 有效期止: validUntil }),
    ...(issuedOn === undefined ? {} : { 颁发日期: issuedOn })
  }
}
