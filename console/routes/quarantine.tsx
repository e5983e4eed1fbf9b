import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { QuarantineEntry } from '../../schemas/http/quarantine-entry.v1.js'
import { technical, toldOf } from '../codes.js'
import { href } from '../hrefs.js'
import { maskEvent } from '../masking.js'
import { QuarantineEntryPage, QuarantinePage, QuarantineReplayPage, type EntryLine, type EntryView } from '../pages/quarantine.js'
import type { NameOf } from '../names.js'
import type { CodeWords } from '../ports.js'
import { field, type Desk } from './desk.js'

const PAGE = 50
const CODE = /^(?:[A-Z_]{1,64})$/

/** Refused events: a source mends its own, an operator looks after all without seeing what they say. */
export function quarantineRoutes (app: FastifyInstance, desk: Desk): void {
  const { options, api } = desk
  const read = ['quarantine:read', 'quarantine:manage'] as const
  const act = ['quarantine:replay-own', 'quarantine:manage'] as const
  const may = (request: FastifyRequest, scopes: readonly string[]): boolean => scopes.some(scope => (desk.session(request).scopes as string[]).includes(scope))

  app.get<{ Querystring: Record<string, unknown> }>('/quarantine', desk.page(...read), async (request, reply) => {
    const { cause, after, requested, more } = request.query
    const asked = {
      limit: PAGE, ...(typeof cause === 'string' && CODE.test(cause) ? { cause } : {}), ...(typeof after === 'string' ? { after } : {})
    }
    const { items, next, causes = {} } = await api.quarantine(desk.asking(request), asked)
    const count = Number(requested)
    const nameOf = await desk.names.of(desk.asking(request), items.map(({ source }) => source))
    return await desk.show(reply,
      <QuarantinePage
        {...desk.frame(request)}
        causes={Object.entries(causes).map(([code, count]) => ({ code, count: Number(count), words: toldOf(options.codes, code) })).sort((a, b) => b.count - a.count)}
        entries={items.map(item => lineOf(item, options.codes, nameOf))}
        mayReplay={may(request, act)}
        {...(next === undefined ? {} : { next })}
        {...(asked.cause === undefined ? {} : { cause: { code: asked.cause, words: toldOf(options.codes, asked.cause) } })}
        {...(requested !== undefined && Number.isSafeInteger(count) && count >= 0 ? { requested: { count, more: more === '1' } } : {})}
      />)
  })

  app.get<{ Querystring: Record<string, unknown> }>('/quarantine/replay', desk.page(...act), async (request, reply) => {
    return await desk.show(reply, <QuarantineReplayPage {...desk.frame(request)} {...await asked(request)} />)
  })

  app.post<{ Querystring: Record<string, unknown> }>('/quarantine/replay', desk.page(...act), async (request, reply) => {
    const about = await asked(request)
    const reason = field(request, 'reason')
    if (reason === '') return await desk.show(reply, <QuarantineReplayPage {...desk.frame(request)} {...about} problem='quarantine.noReason' />, 400)
    const { requested, more } = await api.replayAll(desk.asking(request), about.cause.code, reason)
    return await reply.redirect(`${href.quarantine}?requested=${requested}${more ? '&more=1' : ''}`, 303)
  })

  app.get<{ Params: { id: string } }>('/quarantine/:id', desk.page(...read), async (request, reply) => {
    return await desk.show(reply, <QuarantineEntryPage {...desk.frame(request)} {...await entryOf(request)} />)
  })

  app.post<{ Params: { id: string } }>('/quarantine/:id', desk.page(...act), async (request, reply) => {
    const reason = field(request, 'reason')
    const { id } = request.params
    if (reason === '') return await desk.show(reply, <QuarantineEntryPage {...desk.frame(request)} {...await entryOf(request)} problem='quarantine.noReason' />, 400)
    if (field(request, 'act') === 'discard') await api.discard(desk.asking(request), id, reason)
    else await api.replay(desk.asking(request), id, reason)
    return await reply.redirect(href.quarantineEntry(id), 303)
  })

  async function asked (request: FastifyRequest) {
    const { cause } = request.query as Record<string, unknown>
    const code = typeof cause === 'string' && CODE.test(cause) ? cause : '*'
    const { causes = {} } = await api.quarantine(desk.asking(request), { limit: 1 })
    return { cause: { code, words: toldOf(options.codes, code) }, count: Number(causes[code] ?? 0) }
  }

  async function entryOf (request: FastifyRequest<{ Params: { id: string } }>) {
    const entry = await api.quarantineEntry(desk.asking(request), request.params.id)
    const nameOf = await desk.names.of(desk.asking(request), [entry.source, ...entry.acts.map(({ by }) => by.organisation)])
    return { entry: entryView(entry, options.codes, nameOf), mayReplay: may(request, act), mayDiscard: may(request, ['quarantine:manage']) }
  }
}

function lineOf ({ id, state, waiting, refusedAt, type, subject, source, sequence, reasons: [first] }: QuarantineEntry, codes: CodeWords, nameOf: NameOf): EntryLine {
  return {
    id,
    state,
    waiting,
    refusedAt,
    ...(type === undefined ? {} : { type }),
    ...(subject === undefined ? {} : { subject }),
    ...(source === undefined ? {} : { source, sourceName: nameOf(source) }),
    ...(sequence === undefined ? {} : { sequence }),
    ...(first === undefined ? {} : { first: toldOf(codes, first.code, first.detail) })
  }
}

export function entryView (entry: QuarantineEntry, codes: CodeWords, nameOf: NameOf = uscc => uscc): EntryView {
  const { stage, times, digest, reasons, neighbours = [], event, acts, updatedAt } = entry
  const last = acts.at(-1)
  return {
    ...lineOf(entry, codes, nameOf),
    stage,
    times,
    digest,
    ...(last === undefined || updatedAt < last.at ? {} : { judgedAt: updatedAt }),
    neighbours,
    reasons: reasons.map(({ detail, ...reason }) => ({ ...reason, ...(detail === undefined ? {} : { detail: technical(detail) }), words: toldOf(codes, reason.code, detail) })),
    acts: acts.map(({ request, at, by, why }) => ({ request, at, by: `${nameOf(by.organisation)}（${by.client}）`, why })),
    ...(event === undefined ? {} : { event: eventLines(event, new Set(reasons.flatMap(({ pointer }) => pointer === undefined || pointer === '' ? [] : [pointer]))) })
  }
}

const LINES_SHOWN = 400

/** Masked, line by line, with those that a reason points to. What is no JSON has no members to show, and is not shown raw. */
function eventLines (event: string, pointers: ReadonlySet<string>): Array<{ text: string, marked: boolean }> {
  let value: unknown
  try { value = maskEvent(JSON.parse(Buffer.from(event, 'base64url').toString('utf8'))) } catch { return [{ text: '（不是 JSON，不能显示）', marked: true }] }
  const lines: Array<{ text: string, marked: boolean }> = []
  const write = (value: unknown, path: string, head: string, indent: string): void => {
    const marked = pointers.has(path)
    if (typeof value !== 'object' || value === null) { lines.push({ text: `${indent}${head}${JSON.stringify(value)}`, marked }); return }
    const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
    lines.push({ text: `${indent}${head}${open}`, marked })
    for (const [name, member] of Object.entries(value)) {
      write(member, `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, Array.isArray(value) ? '' : `${JSON.stringify(name)}: `, `${indent}  `)
    }
    for (const pointer of pointers) {
      // A member that should be there and is not has no line of its own.
      const [missing = '', ...deeper] = pointer.startsWith(`${path}/`) ? pointer.slice(path.length + 1).split('/') : []
      const name = missing.replaceAll('~1', '/').replaceAll('~0', '~')
      if (name !== '' && deeper.length === 0 && !Object.hasOwn(value, name)) lines.push({ text: `${indent}  ${name}: （缺少）`, marked: true })
    }
    lines.push({ text: `${indent}${close}`, marked: false })
  }
  write(value, '', '', '')
  return lines.slice(0, LINES_SHOWN)
}
