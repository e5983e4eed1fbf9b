import type { Role, Scope } from '../core/caller.js'

/** What each role may do. An operator runs the service and reads nobody's data; an auditor reads records and changes nothing. */
export const ROLE_SCOPES: Record<Role, readonly Scope[]> = {
  provider: [
    'events:write', 'events:read', 'quarantine:read', 'quarantine:replay-own', 'licences:read-own', 'catalogue:read', 'catalogue:write', 'demands:write', 'demands:decide',
    'queries:write', 'assertions:write', 'subscriptions:read' // a department uses what others hold, too
  ],
  approval: [
    'verifications:write', 'licences:read', 'exemptions:write', 'catalogue:read', 'demands:write', 'queries:write', 'assertions:write', 'subscriptions:read'
  ],
  auditor: ['audit:read', 'catalogue:read'],
  operator: ['quarantine:manage', 'identity:manage', 'operations:read'],
  'catalogue-manager': ['catalogue:read', 'catalogue:review'],
  console: [] // signs people in by tickets of their own organisation's systems, and may do nothing by itself
}

export function holds (roles: readonly Role[], scope: Scope): boolean { return roles.some(role => ROLE_SCOPES[role].includes(scope)) }

export function scopesOf (roles: readonly Role[]): Scope[] {
  return [...new Set(roles.flatMap(role => ROLE_SCOPES[role]))]
}
