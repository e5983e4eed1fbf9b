import type { FastifyPluginAsync } from 'fastify'
import type { Allow } from '../../../platform/http/port.js'
import type { Clock } from '../../core/clock.js'
import type { Sharing } from '../sharing.js'
import { correctionRoutes } from './corrections.js'
import { demandRoutes } from './demands.js'
import { dutyRoutes } from './duties.js'
import { grantRoutes } from './grants.js'
import { ruleRoutes } from './rules.js'

export interface LedgerRoutesOptions extends Pick<Sharing, 'duties' | 'demands' | 'grants' | 'corrections' | 'rules'> { clock: Clock, allow: Allow }

/** What is owed, asked for, granted and corrected. Registered below /v1. */
export const ledgerRoutes: FastifyPluginAsync<LedgerRoutesOptions> = async (app, { duties, demands, grants, corrections, rules, clock, allow }) => {
  await app.register(dutyRoutes, { duties, clock, allow })
  await app.register(demandRoutes, { demands, allow })
  await app.register(grantRoutes, { grants, clock, allow })
  await app.register(correctionRoutes, { corrections, allow })
  await app.register(ruleRoutes, { rules, allow })
}
