import type { Role, Scope } from '../core/caller.js'

/** What each role may do. An operator runs the service and reads nobody's data; an auditor reads records and changes nothing. */
export const ROLE_SCOPES: Record<Role, readonly Scope[]> = {
  provider: ['events:write', 'events:read', 'quarantine:read', 'licences:read-own'],
  approval: ['verifications:write', 'licences:read'],
  auditor: ['audit:read'],
  operator: ['quarantine:manage', 'identity:manage', 'operations:read'],
  'catalogue-manager': ['catalogue:read', 'catalogue:write']
}

export function scopesOf (roles: readonly Role[]): Scope[] {
  return [...new Set(roles.flatMap(role => ROLE_SCOPES[role]))]
}
