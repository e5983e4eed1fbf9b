import type { FastifyPluginAsync } from 'fastify'
import type { Allow } from '../../../platform/http/port.js'
import type { Registry } from '../registry.js'
import type { Tokens } from '../tokens.js'
import { clientRoutes } from './clients.js'
import { tokenRoutes } from './tokens.js'

export interface IdentityRoutesOptions { registry: Registry, tokens: Tokens, allow: Allow }

/** Tokens for systems, and the operator's view of those systems. Registered below /v1. */
export const identityRoutes: FastifyPluginAsync<IdentityRoutesOptions> = async (app, { registry, tokens, allow }) => {
  await app.register(tokenRoutes, { tokens, allow })
  await app.register(clientRoutes, { registry, allow })
}
