import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Correction } from '../../schemas/http/correction.v1.js'
import type { CorrectionList } from '../../schemas/http/correction-list.v1.js'
import { ApiProblem, type Asking } from '../api.js'
import { toldWithMend } from '../codes.js'
import { href } from '../hrefs.js'
import { listedNames, resourceTitles } from '../names.js'
import { CorrectionPage, CorrectionsPage, OUTCOMES, type CorrectionNames, type Shown } from '../pages/corrections.js'
import type { HomeItem } from '../pages/plain.js'
import type { FormProblem } from '../pages/text.js'
import type { Session } from '../sessions.js'
import type { WordKey } from '../words/index.js'
import { field, type Desk } from './desk.js'

const PAGE = 50

/** 校核: what an organisation is asked to verify, and what it asked of others. */
export function correctionRoutes (app: FastifyInstance, desk: Desk): void {
  const { api, options } = desk
  const sees = desk.page('demands:decide', 'demands:write', 'catalogue:review')

  app.get<{ Querystring: Record<string, unknown> }>('/corrections', sees, async (request, reply) => {
    const by = desk.asking(request)
    const { show, after } = request.query
    const among = listsOf(by)
    const shown = among.find(name => name === show) ?? among[0] as Shown
    const { items, next } = await api.corrections(by, { ...QUESTIONS[shown], limit: PAGE, ...(typeof after === 'string' ? { after } : {}) })
    return await desk.show(reply, <CorrectionsPage {...desk.frame(request)} shown={shown} among={among} corrections={items} named={await namesOf(by, items)} {...(next === undefined ? {} : { next })} />)
  })

  interface OnCorrection { Params: { correctionId: string } }
  app.get<OnCorrection>('/corrections/:correctionId', sees, async (request, reply) => {
    const by = desk.asking(request)
    return await desk.show(reply, await pageOf(request, await api.correction(by, request.params.correctionId), []))
  })

  app.post<OnCorrection>('/corrections/:correctionId', sees, async (request, reply) => {
    const by = desk.asking(request)
    const { correctionId } = request.params
    const again = async (problems: FormProblem[], status: number) => await desk.show(reply, await pageOf(request, await api.correction(by, correctionId), problems), status)
    const withdraws = field(request, 'act') === 'withdraw'
    const outcome = OUTCOMES.find(one => one === field(request, 'outcome'))
    const why = whyOf(request)
    const problems: FormProblem[] = []
    if (!withdraws && outcome === undefined) problems.push({ field: 'outcome', text: 'correction.noOutcome' })
    if (why === '') problems.push({ field: withdraws ? 'withdrawal' : 'why', text: 'quarantine.noReason' })
    if (problems.length > 0) return await again(problems, 400)
    try {
      if (withdraws) await api.withdrawCorrection(by, correctionId, why)
      else if (outcome !== undefined) await api.answerCorrection(by, correctionId, { outcome, why })
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status >= 500 || error.status === 401 || error.status === 404) throw error
      return await again([{ text: toldWithMend(options.codes, error.code) }], error.status)
    }
    return await reply.redirect(href.correction(correctionId), 303)
  })

  async function pageOf (request: FastifyRequest, correction: Correction, problems: FormProblem[]) {
    const by = desk.asking(request)
    const [named, ruleSet] = await Promise.all([namesOf(by, [correction]), listedNames(api.ruleSets(by))])
    return <CorrectionPage {...desk.frame(request)} correction={correction} named={{ ...named, ruleSet }} mayAnswer={mayAnswer(by, correction)} mayWithdraw={withdrawsItself(by, correction)} problems={problems} typed={{ outcome: field(request, 'outcome'), why: whyOf(request) }} />
  }

  async function namesOf (by: Asking, corrections: Correction[]): Promise<CorrectionNames> {
    const [organisation, resource] = await Promise.all([
      desk.names.of(by, corrections.flatMap(({ asker, provider, answered, withdrawn }) => [asker, provider, answered?.by.organisation, withdrawn?.by.organisation])),
      resourceTitles(api, by, corrections.flatMap(({ resourceId }) => resourceId ?? []))
    ])
    return { organisation, resource, ruleSet: id => id }
  }
}

/** What the API is asked for each list. What waits longest is the most urgent. */
const QUESTIONS = {
  waiting: { as: 'provider', state: 'open', order: 'oldest' },
  all: { as: 'manager', state: 'open', order: 'oldest' },
  answered: { as: 'provider', state: 'answered' },
  asked: { as: 'asker' }
} as const satisfies Record<Shown, object>

/** The first is what one comes for. */
function listsOf ({ session: { scopes } }: Asking): Shown[] {
  return [
    ...(scopes.includes('demands:decide') ? ['waiting', 'answered'] as const : []),
    ...(scopes.includes('catalogue:review') ? ['all'] as const : []),
    ...(scopes.includes('demands:write') ? ['asked'] as const : [])
  ]
}

/** A count of what is on one page, and whether there is more. */
export function atLeast (count: number, next: string | undefined): string { return next === undefined ? String(count) : `${count}+` }

interface Waiting { question: typeof QUESTIONS['waiting' | 'all'], to: string, counted: (page: CorrectionList) => HomeItem }

/** What of the corrections that wait stands on somebody's start page: a provider answers them, the authority those that a provider let run out. */
export function waitingFor ({ scopes }: Pick<Session, 'scopes'>): Waiting[] {
  const counting = (words: { some: WordKey, none: WordKey, more: WordKey }, to: string, calm: HomeItem['tone']): Waiting['counted'] => ({ items, next }) => {
    if (items.length === 0) return { k: words.none, more: words.more, to, tone: 'ok' }
    const overdue = items.filter(({ clock }) => clock.state === 'overdue').length
    return { k: words.some, more: words.more, to, tone: overdue > 0 ? 'bad' : calm, values: { open: atLeast(items.length, next), overdue: atLeast(overdue, overdue === items.length ? next : undefined) } }
  }
  return [
    ...(scopes.includes('demands:decide') ? [{ question: QUESTIONS.waiting, to: href.corrections, counted: counting({ some: 'home.corrections', none: 'home.correctionsNone', more: 'home.correctionsMore' }, href.corrections, 'pending') }] : []),
    ...(scopes.includes('catalogue:review') ? [{ question: QUESTIONS.all, to: href.correctionsShown('all'), counted: counting({ some: 'home.correctionsAll', none: 'home.correctionsAllNone', more: 'home.correctionsAllMore' }, href.correctionsShown('all'), 'quiet') }] : [])
  ]
}

function whyOf (request: FastifyRequest): string { return field(request, field(request, 'act') === 'withdraw' ? 'withdrawal' : 'why') }

/** Whether the form is shown; who may answer is for the API to keep. */
export function mayAnswer ({ session: { who: { organisation }, scopes } }: { session: Pick<Session, 'who' | 'scopes'> }, { state, provider, asker, clock }: Correction): 'as-provider' | 'as-authority' | 'no' {
  if (state !== 'open') return 'no'
  if (scopes.includes('demands:decide') && organisation === provider) return 'as-provider'
  return scopes.includes('catalogue:review') && organisation !== asker && clock.state === 'overdue' ? 'as-authority' : 'no'
}

function withdrawsItself ({ session: { who: { organisation }, scopes } }: Asking, { state, asker }: Correction): boolean {
  return state === 'open' && scopes.includes('demands:write') && organisation === asker
}
