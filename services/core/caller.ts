import type { Uscc } from './identifiers.js'

/** What a caller may be allowed to do. Each route names one of these or says that it is public; roles are sets of them. */
export const SCOPES = [
  'events:write', // publish signed events of one's own organisation
  'events:read', // what became of one's own events
  'quarantine:read', // one's own refused events, with reasons
  'quarantine:replay-own', // have one's own refused events judged again
  'quarantine:manage', // list and replay refused events of all
  'licences:read',
  'licences:read-own', // those that one's own organisation issued
  'verifications:write',
  'exemptions:write', // which materials an applicant may skip, and what became of each
  'queries:write', // values, under a grant
  'assertions:write', // yes or no, under a grant
  'subscriptions:read', // the rows of a region, under a grant
  'catalogue:read',
  'catalogue:write', // describe one's own resources
  'catalogue:review', // publish what departments describe, set their duties, agree to longer clocks
  'demands:write', // ask for data
  'demands:decide', // answer what others ask of one's own resources, and pull what was granted
  'audit:read',
  'identity:manage', // see and suspend clients; reads no business data
  'operations:read' // health and progress of the service in detail
] as const
export type Scope = typeof SCOPES[number]

export const ROLES = ['provider', 'approval', 'auditor', 'operator', 'catalogue-manager', 'console'] as const
export type Role = typeof ROLES[number]

/** A person who signed in at the console. `id` is a staff number, never a citizen's number. */
export interface Person { id: string, name: string }

/** Who is calling: one system of one organisation, as its token says and identity confirms at each request. */
export interface Caller {
  /** Identifier of the system, e.g. `approval-window`. */
  client: string
  organisation: Uscc
  roles: readonly Role[]
  scopes: readonly Scope[]
  /** Who sits there, where someone signed in at the console; `client` is then the system that vouched for them. */
  person?: Person
}
