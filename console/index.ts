import type { FastifyPluginAsync } from 'fastify'
import { accountRoutes } from './routes/account.js'
import { correctionRoutes } from './routes/corrections.js'
import { dutyRoutes } from './routes/duties.js'
import { caseRoutes } from './routes/cases.js'
import { Desk, serveForms, type ConsoleOptions } from './routes/desk.js'
import { quarantineRoutes } from './routes/quarantine.js'
import { verifyRoutes } from './routes/verify.js'

export type { NamedFile } from './file-names.js'
export type { ConsoleOptions } from './routes/desk.js'
export type { KeptSession } from './sessions.js'
export type { ApiAnswer, ApiRequest, CodeWords, Credentials, Keeper, SendToApi } from './ports.js'

/** The web pages for people, over the published API alone. Registered beside /v1, never below it. */
export const consoleRoutes: FastifyPluginAsync<ConsoleOptions> = async (app, options) => {
  const desk = new Desk(options)
  serveForms(app, desk)
  accountRoutes(app, desk)
  await verifyRoutes(app, desk)
  dutyRoutes(app, desk)
  correctionRoutes(app, desk)
  caseRoutes(app, desk)
  quarantineRoutes(app, desk)
}
