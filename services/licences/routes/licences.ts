import type { FastifyPluginAsync } from 'fastify'
import { schemaRef, type Allow } from '../../../platform/http/port.js'
import type { LicenceList } from '../../../schemas/http/licence-list.v1.js'
import type { LicenceListQuery } from '../../../schemas/http/licence-list-query.v1.js'
import type { LicenceStatus as StatusAnswer } from '../../../schemas/http/licence-status.v1.js'
import type { Caller } from '../../core/caller.js'
import { parseInstant, type Clock } from '../../core/clock.js'
import { Failure } from '../../core/failure.js'
import { mask } from '../../core/identifiers.js'
import { FAULT } from '../../core/violations.js'
import { requirePast, type HistoryLine, type Licences, type LicenceStatus } from '../index.js'

export interface LicenceRoutesOptions { licences: Licences, clock: Clock, allow: Allow }

const PAGE = 50

/** What a licence's status is or was. Issuers see their own whole, others with the holder masked. Registered below /v1. */
export const licenceRoutes: FastifyPluginAsync<LicenceRoutesOptions> = async (app, { licences, clock, allow }) => {
  app.get<{ Params: { licenceId: string }, Querystring: { at?: string, known?: string } }>('/licences/:licenceId', {
    onRequest: allow('licences:read', 'licences:read-own'),
    schema: {
      tags: ['licences'],
      summary: '查询证照状态：某时的状态，按某时所知 Status of a licence as of then, as known then',
      params: schemaRef('http/licence-params'),
      querystring: schemaRef('http/licence-query'),
      response: { 200: schemaRef('http/licence-status'), '4xx': schemaRef('http/problem') }
    }
  }, async (request): Promise<StatusAnswer> => {
    const { licenceId } = request.params
    request.access.subject = { kind: 'licence', id: licenceId }
    const instants = instantsOf(request.query, clock.now())
    const { status, history } = await licences.statusWithHistory(licenceId, instants)
    const own = status.issuer?.uscc === request.caller.organisation
    if (!own && !readsAll(request.caller)) throw new Failure('NOT_FOUND', 'no licence of yours has this identifier')
    return own ? { ...shown(status, true), history: history.map(line) } : shown(status, false)
  })

  app.get<{ Querystring: LicenceListQuery }>('/licences', {
    onRequest: allow('licences:read', 'licences:read-own'),
    schema: {
      tags: ['licences'],
      summary: '按持证主体检索证照 Licences that someone holds',
      description: 'To approval systems: all; to an issuer: its own. Purpose and case go into the access record.',
      querystring: schemaRef('http/licence-list-query'),
      response: { 200: schemaRef('http/licence-list'), '4xx': schemaRef('http/problem') }
    }
  }, async (request): Promise<LicenceList> => {
    const { holder, type, purpose, case: caseNumber, limit = PAGE, after } = request.query
    Object.assign(request.access, { subject: { kind: /^\d{17}[\dX]$/.test(holder) ? 'person' : 'organisation', id: holder }, purpose, caseNumber })
    const { caller } = request
    const issuer = readsAll(caller) ? {} : { issuer: caller.organisation }
    const { items, next } = await licences.heldBy(holder, { ...instantsOf(request.query, clock.now()), ...issuer, limit, ...(type === undefined ? {} : { type }), ...(after === undefined ? {} : { after }) })
    return { items: items.map(status => shown(status, status.issuer?.uscc === caller.organisation)), ...(next === undefined ? {} : { next }) }
  })
}

function readsAll (caller: Caller): boolean { return caller.scopes.includes('licences:read') }

/** @throws {Failure} INPUT_INVALID an instant is none, or `known` has not come */
function instantsOf (query: { at?: string, known?: string }, now: Date): { at?: Date, known?: Date } {
  const instants: { at?: Date, known?: Date } = {}
  for (const name of ['at', 'known'] as const) {
    const text = query[name]
    if (text === undefined) continue
    const instant = parseInstant(text)
    if (instant === undefined) throw new Failure('INPUT_INVALID', `${name} is no instant`, { violations: [{ pointer: `/${name}`, message: FAULT.noInstant }] })
    instants[name] = instant
  }
  requirePast(instants.known, now)
  return instants
}

/** Least data: others than the issuer learn how it stands and can recognise the holder, no more. */
function shown ({ facts, files, ...status }: LicenceStatus, own: boolean): StatusAnswer {
  if (facts === undefined) return { ...status, ...(files === undefined ? {} : { files }) } as StatusAnswer
  const { holder, face, file: _file, ...rest } = facts
  return {
    ...status,
    ...rest,
    holder: own ? holder : { name: maskName(holder.name), code: mask(holder.code), codeType: holder.codeType },
    ...(own ? { face } : {}),
    ...(files === undefined ? {} : { files })
  } as StatusAnswer
}

/** A person's family name; of an organisation, which is no secret, some more. */
function maskName (name: string): string {
  const characters = [...name]
  const kept = characters.length > 4 ? 4 : 1
  return characters.slice(0, kept).join('') + '*'.repeat(Math.max(1, characters.length - kept))
}

function line ({ ...line }: HistoryLine): NonNullable<StatusAnswer['history']>[number] { return line }
