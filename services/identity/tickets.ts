import { ROLES, type Person, type Role } from '../core/caller.js'
import { Failure } from '../core/failure.js'
import { isCitizenId } from '../core/identifiers.js'
import { isSignedBy, judgeTimes, readJwt } from './jwt.js'
import { readJwk } from './keys.js'
import { isCurrent, type Registry } from './registry.js'

/** Header `typ` of a ticket, so that neither it nor a client's assertion can pass for the other. */
export const TICKET_TYPE = 'signin+jwt'

export interface Ticket { clientId: string, kid: string, person: Person, roles: Role[], jti: string, until: Date }

const PERSON_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/
const NAME_CHARACTERS = 50

/**
 * What an organisation's system says of a person who wants to work at the console: a JWS by its registered key. Which member is
 * wrong is not told: it would help only who guesses.
 * @throws {Failure} TICKET_INVALID, TICKET_EXPIRED, CLIENT_SUSPENDED
 * @see RFC 7523 section 3
 */
export async function readTicket (ticket: string, { registry, settings, now }: {
  registry: Registry, settings: { issuer: string, assertionSeconds: number, clockSkewSeconds: number }, now: Date
}): Promise<Ticket> {
  const jwt = readJwt(ticket)
  if (jwt === undefined || Object.keys(jwt.header).some(name => !['alg', 'kid', 'typ'].includes(name)) || jwt.header['typ'] !== TICKET_TYPE) throw invalid()
  const { iss, sub, name, roles, aud, jti } = jwt.claims
  const found = typeof iss === 'string' ? await registry.client(iss) : undefined
  const key = found?.client.keys.find(key => key.kid === jwt.header['kid'] && isCurrent(key, now))
  if (found === undefined || key === undefined || !isSignedBy(jwt, readJwk(key.jwk))) throw invalid()
  const until = judgeTimes(jwt, now, settings, { invalid, expired: () => new Failure('TICKET_EXPIRED', 'the ticket has expired') })
  if (aud !== settings.issuer || typeof jti !== 'string' || jti === '') throw invalid()
  if (typeof sub !== 'string' || !PERSON_ID.test(sub) || holdsCitizenId(sub)) throw invalid()
  if (typeof name !== 'string' || name.trim() === '' || [...name].length > NAME_CHARACTERS) throw invalid()
  const asked = Array.isArray(roles) ? roles.filter((role): role is Role => ROLES.includes(role as Role)) : []
  if (!Array.isArray(roles) || asked.length === 0 || asked.length !== roles.length || asked.some(role => role === 'console' || !found.client.roles.includes(role))) throw invalid()
  if (found.suspended) throw new Failure('CLIENT_SUSPENDED', 'this client or its organisation is suspended')
  return { clientId: found.client.id, kid: key.kid, person: { id: sub, name: name.trim() }, roles: asked, jti, until }
}

/** Also in the middle of it, and with a small x: it would stand in every access record of that person. */
function holdsCitizenId (text: string): boolean {
  return [...text.toUpperCase().matchAll(/(?=(\d{17}[\dX]))/g)].some(([, number = '']) => isCitizenId(number))
}

function invalid (): Failure { return new Failure('TICKET_INVALID', 'the ticket is not valid') }
