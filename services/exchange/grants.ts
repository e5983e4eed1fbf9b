import { Failure, type FailureCode, type Violation } from '../core/failure.js'
import { told } from '../core/words.js'
import type { Form, GrantState, GrantView, SharedResource } from './ports.js'
import { divisionPrefix } from './regions.js'

/** What a grant has to allow. */
export interface Wanted {
  form: Form
  purpose: string
  /** Absent where only grants that name no matter will do. */
  matter?: string
  fields: ReadonlyArray<{ name: string, pointer: string }>
  /** All of this region, for a subscription. */
  region?: string
  grantId?: string
}

/**
 * The grant under which it may leave; of several, the one first given. Where none allows it, the refusal is that of the one that came
 * nearest. Whether there are such records was not looked at by then, so no refusal tells.
 * @throws {Failure} RESOURCE_UNKNOWN, NOT_SHARED, GRANT_MISSING, GRANT_NOT_YET, GRANT_ENDED, GRANT_PULLED, PURPOSE_NOT_GRANTED,
 * MATTER_NOT_GRANTED, FORM_NOT_GRANTED, FIELD_NOT_GRANTED, REGION_NOT_GRANTED
 */
export function chooseGrant (grants: readonly GrantView[], wanted: Wanted, resource: SharedResource): GrantView {
  let nearest: { step: number, failure: Failure } | undefined
  for (const grant of grants) {
    if (wanted.grantId !== undefined && grant.grantId !== wanted.grantId) continue
    const step = CONDITIONS.findIndex(condition => condition(grant, wanted, resource) !== undefined)
    if (step < 0) return grant
    const { code, message, violations = [] } = CONDITIONS[step]?.(grant, wanted, resource) as Shortfall
    if (nearest === undefined || step > nearest.step) nearest = { step, failure: new Failure(code, message, { violations }) }
  }
  throw nearest?.failure ?? new Failure('GRANT_MISSING', wanted.grantId === undefined ? 'nothing of this resource was granted to you' : 'you have no such grant on this resource')
}

interface Shortfall { code: FailureCode, message: string, violations?: Violation[] }
type Condition = (grant: GrantView, wanted: Wanted, resource: SharedResource) => Shortfall | undefined

const STATES: Record<Exclude<GrantState, 'active'>, Shortfall> = {
  'not-yet': { code: 'GRANT_NOT_YET', message: 'the grant has not begun' },
  ended: { code: 'GRANT_ENDED', message: 'the grant has ended' },
  pulled: { code: 'GRANT_PULLED', message: 'the grant was pulled' }
}

/** In the order in which a caller mends them. */
const CONDITIONS: Condition[] = [
  ({ state }) => state === 'active' ? undefined : STATES[state],
  ({ purpose }, wanted) => purpose === wanted.purpose ? undefined : { code: 'PURPOSE_NOT_GRANTED', message: 'the grant names another purpose' },
  ({ matters }, { matter }) => matters === undefined || (matter !== undefined && matters.includes(matter))
    ? undefined
    : { code: 'MATTER_NOT_GRANTED', message: 'the grant names other matters' },
  ({ forms }, { form }) => forms.includes(form) ? undefined : { code: 'FORM_NOT_GRANTED', message: `${form} is not granted, but ${forms.join(', ')}` },
  ({ fields }, wanted) => {
    const violations = wanted.fields.filter(({ name }) => !fields.includes(name)).map(({ pointer }) => ({ pointer, message: told('不在授权范围内', 'is not granted') }))
    return violations.length === 0 ? undefined : { code: 'FIELD_NOT_GRANTED', message: 'what is not granted is listed', violations }
  },
  ({ regions }, { region }, { regionItem }) => {
    if (regions === undefined) return undefined
    if (regionItem === undefined) return { code: 'REGION_NOT_GRANTED', message: 'the grant names regions, and this resource no longer says where a record belongs' }
    return region === undefined || regions.some(granted => divisionPrefix(region).startsWith(divisionPrefix(granted)))
      ? undefined
      : { code: 'REGION_NOT_GRANTED', message: `the grant is for ${regions.join(', ')}` }
  }
]
