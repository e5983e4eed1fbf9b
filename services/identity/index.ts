import type { KeyObject } from 'node:crypto'
import type { Documents } from '../../platform/documents/port.js'
import type { Clock } from '../core/clock.js'
import { Once } from './once.js'
import { SenderProofs } from './proofs.js'
import { Registry } from './registry.js'
import { SignIns } from './sign-ins.js'
import { Tokens, type TokenSettings } from './tokens.js'

export { identityRoutes, type IdentityRoutesOptions } from './routes/index.js'
export { ROLE_SCOPES, scopesOf } from './roles.js'
export type { Algorithm, PublicJwk, VerificationKey } from './keys.js'
export type { Client, Organisation, Registry } from './registry.js'
export { TICKET_TYPE } from './tickets.js'
export type { Tokens, TokenSettings } from './tokens.js'

export interface Identity { registry: Registry, tokens: Tokens }

/**
 * Who is calling: organisations, their systems, keys, tokens.
 * @param tokenKey - Ed25519 private key that signs access tokens; another one than before takes over with overlap
 * @throws {Failure} CONFIG_INVALID, IDENTITY_INVALID
 */
export async function createIdentity ({ documents, clock, settings, tokenKey }: {
  documents: Documents, clock: Clock, settings: TokenSettings, tokenKey: KeyObject
}): Promise<Identity> {
  const registry = await Registry.open(documents, clock)
  const once = await Once.open(documents)
  const proofs = new SenderProofs({ once, clock, clockSkewSeconds: settings.clockSkewSeconds })
  return { registry, tokens: await Tokens.open(settings, tokenKey, documents, { registry, once, proofs, signIns: await SignIns.open(documents), clock }) }
}
