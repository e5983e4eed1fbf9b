import type { FastifyInstance, FastifyRequest } from 'fastify'
import { FAILURES, type FailureCode } from '../../services/core/failure.js'
import { ApiProblem, type Asking } from '../api.js'
import { forgetSession, requireSecure, sessionNumber, setSession } from '../browser.js'
import { wordsOf } from '../codes.js'
import { HelpPage, HomePage, MePage, SignedInPage, SignedOutPage, SignInPage, type HomeItem, type Unfinished } from '../pages/plain.js'
import { href } from '../hrefs.js'
import { listedNames } from '../names.js'
import { atLeast, waitingFor } from './corrections.js'
import type { Desk } from './desk.js'

const TICKET_CHARACTERS = 8192
/** So many cases that wait for something stand on the start page. */
const CASES = 10
/** Of what waits so many are looked at for the start page. */
const LOOKED_AT = 100

/** Signing in and out, what waits for a person, and what a code means. */
export function accountRoutes (app: FastifyInstance, desk: Desk): void {
  const { options, api, sessions } = desk
  const open = { onRequest: options.allow.public(), schema: { hide: true } }

  app.get<{ Params: { name: string } }>('/assets/:name', open, async (request, reply) => {
    const file = Object.hasOwn(desk.files, request.params.name) ? desk.files[request.params.name] : undefined
    if (file === undefined) return await reply.code(404).type('text/plain').send('')
    return await reply.header('cache-control', 'public, max-age=31536000, immutable').type(file.type).send(file.body)
  })

  // A link, since older Chromium holds a form's policy against the redirects that follow it.
  app.get<{ Querystring: { ticket?: unknown } }>('/signin', open, async (request, reply) => {
    const { ticket } = request.query
    const { development } = options
    if (typeof ticket !== 'string') return await desk.show(reply, <SignInPage {...desk.frame(request)} development={development} />)
    try {
      requireSecure(request)
      const { who, scopes, tokens, seconds } = await api.signIn(ticket.slice(0, TICKET_CHARACTERS), request.ip)
      const before = sessionNumber(request)
      const left = before === undefined ? undefined : await sessions.find(before)
      if (left !== undefined) await leave({ session: left, address: request.ip }, request)
      const session = await sessions.begin({ who, scopes, tokens, seconds })
      setSession(request, reply, session.number)
      // No redirect: a browser that came from elsewhere would not send a strict cookie along with it.
      return await desk.show(reply, <SignedInPage {...desk.frame(request, session)} />)
    } catch (error) {
      const { code, status } = error instanceof ApiProblem ? error : options.explain(error)
      if (status >= 500) request.log.error(error, 'nobody can sign in')
      return await desk.show(reply, <SignInPage {...desk.frame(request)} development={development} problem={{ ...wordsOf(options.codes, code), code }} />, status)
    }
  })

  async function leave (by: Asking, request: FastifyRequest): Promise<void> {
    await sessions.end(by.session)
    await api.signOut(by).catch((error: unknown) => { request.log.warn(error, 'the sign-in could not be ended at the exchange; it ends by itself') })
  }

  app.post('/signout', desk.page(), async (request, reply) => {
    const by = desk.asking(request)
    await leave(by, request)
    forgetSession(request, reply)
    const { viewer: _viewer, ...frame } = desk.frame(request)
    return await desk.show(reply, <SignedOutPage {...frame} />)
  })

  async function unfinishedOf (by: Asking): Promise<Unfinished> {
    const [{ items: cases, next }, matterName] = await Promise.all([api.cases(by, { only: 'unfinished', limit: CASES }), listedNames(api.matters(by))])
    return { cases, more: next !== undefined, matterName }
  }

  app.get('/', desk.page(), async (request, reply) => {
    const { session } = desk.asking(request)
    const has = (scope: string): boolean => (session.scopes as string[]).includes(scope)
    const items: Array<HomeItem | Promise<HomeItem>> = []
    /** What cannot be counted now is still led to. */
    const counted = async ({ k, to, untold }: Pick<HomeItem, 'k' | 'to'> & { untold: string }, count: () => Promise<HomeItem>): Promise<HomeItem> => {
      try { return await count() } catch (error) {
        request.log.warn(error, untold)
        return { k, more: 'home.part', to, tone: 'pending', failed: true }
      }
    }
    if (has('verifications:write')) items.push({ k: 'home.verify', more: 'home.verifyMore', to: href.verify, tone: 'quiet' })
    const own = has('demands:decide') // a provider's duties; the authority sees those of all
    if ((own || has('catalogue:review')) && has('catalogue:read')) {
      items.push(counted({ k: 'nav.duties', to: href.duties, untold: 'how duties stand could not be told' }, async () => {
        const { items: duties, next } = await api.duties(desk.asking(request), { ...(own ? { owner: session.who.organisation } : {}), limit: LOOKED_AT })
        const late = duties.filter(({ state }) => state === 'late' || state === 'overdue').length
        const unclear = duties.filter(({ state }) => state === 'indeterminate').length
        return { k: own ? 'home.duties' : 'home.dutiesAll', more: 'home.dutiesMore', to: href.duties, tone: late > 0 ? 'bad' : unclear > 0 ? 'pending' : 'ok', values: { late: atLeast(late, next), unclear: atLeast(unclear, next) } }
      }))
    }
    if (has('demands:decide')) {
      items.push(counted({ k: 'duties.demands', to: href.duties, untold: 'the demands that wait could not be told' }, async () => {
        const { items: demands } = await api.demands(desk.asking(request), { as: 'provider', limit: 100 })
        const open = demands.filter(({ state }) => state === 'open').length
        const overdue = demands.filter(({ clock }) => clock.state === 'overdue').length
        return open === 0
          ? { k: 'home.demandsNone', more: 'home.demandsMore', to: href.duties, tone: 'ok' }
          : { k: 'home.demands', more: 'home.demandsMore', to: href.duties, tone: overdue > 0 ? 'bad' : 'pending', values: { open, overdue } }
      }))
    }
    for (const waiting of waitingFor(session)) {
      items.push(counted({ k: 'nav.corrections', to: waiting.to, untold: 'the corrections that wait could not be told' }, async () => waiting.counted(await api.corrections(desk.asking(request), { ...waiting.question, limit: LOOKED_AT }))))
    }
    if (has('catalogue:read')) items.push({ k: 'home.catalogue', more: 'home.catalogueMore', to: href.catalogue, tone: 'quiet' })
    if (has('exemptions:write')) items.push({ k: 'home.case', more: 'home.caseMore', to: href.cases, tone: 'quiet' })
    if (has('quarantine:read') || has('quarantine:manage')) {
      items.push(counted({ k: 'nav.quarantine', to: href.quarantine, untold: 'the number of refused events could not be told' }, async () => {
        const { items: some, causes = {} } = await api.quarantine(desk.asking(request), { limit: 100 })
        const count = Math.max(...Object.values(causes), some.filter(({ state }) => state === 'open').length, 0)
        return count === 0
          ? { k: 'home.quarantineNone', more: 'home.quarantineMore', to: href.quarantine, tone: 'ok' }
          : { k: 'home.quarantine', more: 'home.quarantineMore', to: href.quarantine, tone: 'bad', values: { count } }
      }))
    }
    if (has('audit:read')) items.push({ k: 'home.auditor', more: 'home.auditorMore', tone: 'quiet' })
    const unfinished = has('exemptions:write')
      ? unfinishedOf(desk.asking(request)).catch((error: unknown) => {
        request.log.warn(error, 'the cases that wait for something could not be told')
        return 'unread' as const
      })
      : undefined
    const urgency = ({ tone }: HomeItem): number => tone === 'bad' ? 0 : tone === 'pending' ? 1 : 2
    return await desk.show(reply, <HomePage {...desk.frame(request)} items={(await Promise.all(items)).sort((a, b) => urgency(a) - urgency(b))} {...(unfinished === undefined ? {} : { unfinished: await unfinished })} />)
  })

  app.get('/me', desk.page(), async (request, reply) => {
    const { startedAt, until } = desk.session(request)
    return await desk.show(reply, <MePage {...desk.frame(request)} startedAt={startedAt} until={until} idleMinutes={Math.round(options.settings.idleSeconds / 60)} />)
  })

  app.get<{ Params: { code: string } }>('/help/:code', open, async (request, reply) => {
    const { code } = request.params
    const words = /^[A-Z][A-Z0-9_]{0,63}$/.test(code) ? options.codes(code) : undefined
    const retryable = Object.hasOwn(FAILURES, code) && FAILURES[code as FailureCode].retryable
    return await desk.show(reply, <HelpPage {...desk.frame(request, await desk.lookedUp(request))} code={code} words={words} retryable={retryable} />, words === undefined ? 404 : 200)
  })
}
