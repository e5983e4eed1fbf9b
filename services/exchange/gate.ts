import type { Clock } from '../core/clock.js'
import { Failure } from '../core/failure.js'
import type { ResourceId, Uscc } from '../core/identifiers.js'
import { told } from '../core/words.js'
import { chooseGrant, type Wanted } from './grants.js'
import type { GrantView, ReleasePorts, SharedResource } from './ports.js'

export interface Authorised { resource: SharedResource, grant: GrantView }

/**
 * May this leave, and under which grant? Asks the catalogue and the grants at each call, so that a pull counts at once. No record
 * is looked at here.
 * @throws {Failure} RESOURCE_UNKNOWN, NOT_SHARED, FIELD_UNKNOWN, and those of `chooseGrant`
 */
export async function authorise (
  ports: Pick<ReleasePorts, 'resource' | 'grantsFor'>, clock: Clock, wanted: Wanted & { resourceId: ResourceId }, consumer: Uscc
): Promise<Authorised> {
  const { resourceId, fields } = wanted
  const resource = await ports.resource(resourceId)
  if (resource === undefined || resource.state !== 'published') throw new Failure('RESOURCE_UNKNOWN', 'no resource by this identifier is published')
  if (resource.sharing.class === 'not-shared') throw new Failure('NOT_SHARED', 'the catalogue says that it is not shared')
  const violations = fields.filter(({ name }) => !resource.items.some(item => item.name === name)).map(({ pointer }) => ({ pointer, message: told('不是该资源的信息项', 'is no information item of this resource') }))
  if (violations.length > 0) throw new Failure('FIELD_UNKNOWN', 'what is no information item is listed', { violations })
  const granted = await ports.grantsFor({ consumer, resourceId, at: clock.now() })
  // A grant to someone else, or on something else, is none, whoever handed it to us.
  return { resource, grant: chooseGrant(granted.filter(grant => grant.consumer === consumer && grant.resourceId === resourceId), wanted, resource) }
}
