import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { DecisionRequest } from '../../schemas/http/decision-request.v1.js'
import type { Demand } from '../../schemas/http/demand.v1.js'
import type { Duty } from '../../schemas/http/duty.v1.js'
import { ApiProblem, type Asking } from '../api.js'
import { toldWithMend } from '../codes.js'
import { href } from '../hrefs.js'
import { listedNames, resourceTitles } from '../names.js'
import { CataloguePage, ResourcePage } from '../pages/catalogue.js'
import { DutiesPage, DutyPage, RequestPage, type Named, type TypedDecision } from '../pages/duties.js'
import type { FormProblem } from '../pages/text.js'
import { say, type WordKey } from '../words/index.js'
import { field, fields, type Desk } from './desk.js'

const PAGE = 50

/** The catalogue, who owes what, and demands with their clocks. */
export function dutyRoutes (app: FastifyInstance, desk: Desk): void {
  const { api, options } = desk
  const reads = desk.page('catalogue:read')

  app.get<{ Querystring: Record<string, unknown> }>('/catalogue', reads, async (request, reply) => {
    const { q, after } = request.query
    const words = typeof q === 'string' ? q.trim().slice(0, 100) : ''
    const { items, next, total } = await api.resources(desk.asking(request), { limit: PAGE, ...(words === '' ? {} : { q: words }), ...(typeof after === 'string' ? { after } : {}) })
    return await desk.show(reply, <CataloguePage {...desk.frame(request)} items={items} q={words} {...(next === undefined ? {} : { next })} {...(total === undefined ? {} : { total })} />)
  })

  app.get<{ Params: { resourceId: string } }>('/catalogue/:resourceId', reads, async (request, reply) => {
    const by = desk.asking(request)
    const answer = await api.resource(by, request.params.resourceId)
    const region = (answer.resource ?? answer.draft?.resource)?.region
    const divisionName = await desk.names.ofDivisions(by, region === undefined ? [] : [region])
    return await desk.show(reply, <ResourcePage {...desk.frame(request)} answer={answer} divisionName={divisionName} />)
  })

  app.get<{ Querystring: Record<string, unknown> }>('/duties', reads, async (request, reply) => {
    const by = desk.asking(request)
    const { after, show } = request.query
    const { organisation, roles } = by.session.who
    const own = roles.includes('provider') ? { owner: organisation } : roles.includes('catalogue-manager') ? {} : { consumer: organisation }
    const { items, next, at } = await api.duties(by, { limit: PAGE, ...own, ...(typeof after === 'string' ? { after } : {}) })
    const demands = await demandsOf(by).catch((error: unknown) => {
      request.log.warn(error, 'demands could not be listed')
      return 'unread' as const
    })
    const named = await names(by, [...items, ...(demands === 'unread' ? [] : demands)])
    return await desk.show(reply, <DutiesPage {...desk.frame(request)} duties={items} demands={demands} workOnly={show === 'todo'} at={at} named={named} {...(next === undefined ? {} : { next })} />)
  })

  app.get<{ Params: { itemId: string } }>('/duties/:itemId', reads, async (request, reply) => {
    const by = desk.asking(request)
    const duty = await api.duty(by, request.params.itemId)
    return await desk.show(reply, <DutyPage {...desk.frame(request)} duty={duty} named={await allNames(by, duty)} />)
  })

  const sees = desk.page('demands:write', 'demands:decide', 'catalogue:review')
  app.get<{ Params: { demandId: string } }>('/requests/:demandId', sees, async (request, reply) => {
    const by = desk.asking(request)
    const demand = await api.demand(by, request.params.demandId)
    const grantId = demand.decided?.grantId
    const grant = grantId === undefined ? undefined : await api.grant(by, grantId)
    return await desk.show(reply, <RequestPage {...desk.frame(request)} demand={demand} {...(grant === undefined ? {} : { grant })} named={await allNames(by, demand)} mayDecide={decides(by, demand)} problems={[]} />)
  })

  app.post<{ Params: { demandId: string } }>('/requests/:demandId', desk.page('demands:decide'), async (request, reply) => {
    const by = desk.asking(request)
    const { demandId } = request.params
    const demand = await api.demand(by, demandId)
    const again = async (problems: FormProblem[], status: number) => await desk.show(reply, <RequestPage {...desk.frame(request)} demand={demand} named={await allNames(by, demand)} mayDecide={decides(by, demand)} problems={problems} typed={typedIn(request)} />, status)
    const problems = missing(request)
    if (problems.length > 0) return await again(problems, 400)
    try {
      await api.decideDemand(by, demandId, decisionOf(request, demand))
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status >= 500 || error.status === 401) throw error
      return await again([{ text: toldWithMend(options.codes, error.code) }, ...error.violations.slice(0, 10).map(problemAt)], error.status)
    }
    return await reply.redirect(href.request(demandId), 303)
  })

  async function demandsOf (by: Asking): Promise<Demand[]> {
    const { scopes } = by.session
    const sides = [...(scopes.includes('demands:decide') ? ['provider'] : []), ...(scopes.includes('demands:write') ? ['consumer'] : []), ...(scopes.includes('catalogue:review') ? ['manager'] : [])]
    const listed = await Promise.all(sides.map(async as => (await api.demands(by, { as, limit: PAGE })).items))
    const all = new Map(listed.flat().map(demand => [demand.demandId, demand]))
    const order = (demand: Demand): number => demand.clock.state === 'overdue' ? 0 : demand.state === 'open' || demand.state === 'paused' ? 1 : 2
    return [...all.values()].sort((a, b) => order(a) - order(b) || (a.clock.dueOn ?? '').localeCompare(b.clock.dueOn ?? ''))
  }

  /** Who and what these lines are about, by name. */
  async function names (by: Asking, lines: ReadonlyArray<Duty | Demand>): Promise<Named> {
    const [organisation, division, resource] = await Promise.all([
      desk.names.of(by, lines.flatMap(mentioned)),
      desk.names.ofDivisions(by, lines.flatMap(line => 'regions' in line ? line.regions ?? [] : [])),
      resourceTitles(api, by, lines.map(({ resourceId }) => resourceId))
    ])
    return { organisation, division, resource, matter: id => id, ruleSet: id => id }
  }

  /** Beside that, which matters it is for and which rules count its days: for a page about one. */
  async function allNames (by: Asking, line: Duty | Demand): Promise<Named> {
    const [named, matter, ruleSet] = await Promise.all([names(by, [line]), listedNames(api.matters(by)), listedNames(api.ruleSets(by))])
    return { ...named, matter, ruleSet }
  }
}

function mentioned (line: Duty | Demand): Array<string | undefined> {
  return 'consumers' in line ? [line.provider, ...line.consumers, line.set.by.organisation] : [line.provider, line.consumer, line.decided?.by.organisation]
}

/** Whether the form is shown; that nobody approves their own demand is for the API to keep. */
function decides ({ session: { who, scopes } }: Asking, { provider, consumer }: Demand): boolean {
  return scopes.includes('demands:decide') && who.organisation === provider && who.organisation !== consumer
}

function missing (request: FastifyRequest): FormProblem[] {
  const outcome = field(request, 'outcome')
  const problems: FormProblem[] = []
  if (outcome !== 'grant' && outcome !== 'refuse') problems.push({ field: 'outcome', text: 'request.noOutcome' })
  if (outcome === 'grant' && fields(request, 'field').length === 0) problems.push({ field: 'fields', text: 'request.noFields' })
  if (outcome === 'refuse' && field(request, 'article') === '') problems.push({ field: 'article', text: 'request.noArticle' })
  if (outcome === 'refuse' && field(request, 'reviewOn') === '') problems.push({ field: 'reviewOn', text: 'request.noReviewOn' })
  if (field(request, 'why') === '') problems.push({ field: 'why', text: 'quarantine.noReason' })
  return problems
}

/** What the API could not take, by the words of the form where it has a field for it. */
function problemAt ({ pointer, message }: { pointer: string, message: string }): FormProblem {
  const [, name = ''] = /^\/(?:grant\/)?(\w+)/.exec(pointer) ?? []
  const field = FIELDS.get(name)
  if (field === undefined) return { text: { zh: `${pointer} ${message}`, en: '' } }
  const check = (language: 'zh' | 'en'): string => say('request.check', language, { what: say(field.k, language) })
  return { field: field.id, text: { zh: check('zh'), en: `${check('en')} (${message})` } }
}
const FIELDS = new Map<string, { id: string, k: WordKey }>(Object.entries({
  fields: { id: 'fields', k: 'request.fields' },
  until: { id: 'until', k: 'request.until' },
  conditions: { id: 'conditions', k: 'request.conditions' },
  article: { id: 'article', k: 'request.article' },
  reviewOn: { id: 'reviewOn', k: 'request.reviewOn' },
  why: { id: 'why', k: 'request.why' }
}))

function typedIn (request: FastifyRequest): TypedDecision {
  const [outcome, until, conditions, article, reviewOn, why] = ['outcome', 'until', 'conditions', 'article', 'reviewOn', 'why'].map(name => field(request, name)) as [string, string, string, string, string, string]
  return { outcome, fields: fields(request, 'field'), until, conditions, article, reviewOn, why }
}

function decisionOf (request: FastifyRequest, demand: Demand): DecisionRequest {
  const why = field(request, 'why')
  if (field(request, 'outcome') === 'refuse') return { outcome: 'refuse', article: field(request, 'article'), reviewOn: field(request, 'reviewOn'), why }
  const conditions = field(request, 'conditions')
  return {
    outcome: 'grant',
    grant: { fields: fields(request, 'field').filter(name => demand.fields.includes(name)), until: field(request, 'until'), ...(conditions === '' ? {} : { conditions }) },
    why
  }
}
