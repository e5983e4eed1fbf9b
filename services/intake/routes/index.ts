import type { FastifyPluginAsync } from 'fastify'
import type { Allow } from '../../../platform/http/port.js'
import type { Intake } from '../index.js'
import { eventRoutes } from './events.js'
import { quarantineRoutes } from './quarantine.js'

export interface IntakeRoutesOptions {
  intake: Intake
  allow: Allow
  /** Largest batch of events, bytes. */
  batchBytes: number
}

/** Handing in events, what became of them, and the quarantine. Registered below /v1. */
export const intakeRoutes: FastifyPluginAsync<IntakeRoutesOptions> = async (app, { intake, allow, batchBytes }) => {
  // Without the prefix, which each plugin would add once more
  await app.register(eventRoutes, { intake, allow, batchBytes })
  await app.register(quarantineRoutes, { intake, allow, batchBytes })
}
