import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ExemptionRequest } from '../../schemas/http/exemption-request.v1.js'
import type { ValueFlagRequest } from '../../schemas/http/value-flag-request.v1.js'
import { Failure } from '../../services/core/failure.js'
import { ApiProblem, type Asking } from '../api.js'
import { toldWithMend } from '../codes.js'
import { href } from '../hrefs.js'
import { ACTS, CaseNewPage, CasePage, CasesPage, choiceOf, MaterialPage, NONE, NoticePage, openFlags, type Case, type Corrections, type Flaggable, type MaterialView, type Matter, type Typed } from '../pages/cases.js'
import type { FormProblem } from '../pages/text.js'
import { say, type WordKey } from '../words/index.js'
import { field, fields, type Desk, type Form } from './desk.js'

const PAGE = 50
const WAITING_MS = 8 * 3_600_000
const WAITING_KEPT = 500
type Answers = NonNullable<ExemptionRequest['answers']>

/** 免于提交: what an applicant hands in, and what became of each material. */
export function caseRoutes (app: FastifyInstance, desk: Desk): void {
  const { api, options } = desk
  const may = desk.page('exemptions:write')
  // What was asked of a case with open questions: they are answered in a new request, and the case itself holds no identifier in the
  // clear. For this process, for a day's work, for who asked.
  const waiting = new Map<string, { request: ExemptionRequest, person: string, organisation: string, at: number }>()

  app.get<{ Querystring: Record<string, unknown> }>('/cases', may, async (request, reply) => {
    const by = desk.asking(request)
    const { after, only } = request.query
    const unfinished = only === 'unfinished'
    const [{ items: matters }, { items, next }] = await Promise.all([api.matters(by), api.cases(by, { limit: PAGE, ...(unfinished ? { only } : {}), ...(typeof after === 'string' ? { after } : {}) })])
    return await desk.show(reply, <CasesPage {...desk.frame(request)} matters={matters} cases={items} unfinished={unfinished} {...(next === undefined ? {} : { next })} />)
  })

  app.get<{ Querystring: Record<string, unknown> }>('/cases/new', may, async (request, reply) => {
    const { matter } = await api.matter(desk.asking(request), String(request.query['matter'] ?? ''))
    return await desk.show(reply, <CaseNewPage {...desk.frame(request)} matter={matter} typed={{}} problems={[]} />)
  })

  app.post<{ Querystring: Record<string, unknown> }>('/cases/new', may, async (request, reply) => {
    const { matter } = await api.matter(desk.asking(request), String(request.query['matter'] ?? ''))
    const problems = missing(request, matter)
    const again = async (problems: FormProblem[], status: number) => await desk.show(reply, <CaseNewPage {...desk.frame(request)} matter={matter} typed={(request.body ?? {}) as Typed} problems={problems} />, status)
    if (problems.length > 0) return await again(problems, 400)
    try {
      return await reply.redirect(await decide(request, requestOf(request, matter)), 303)
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status >= 500 || error.status === 403 || error.status === 401) throw error
      const named = error.violations.map(({ pointer }) => matter.parties.find(({ id }) => pointer === `/parties/${id}`)?.name.zh).filter(name => name !== undefined)
      return await again([{ text: toldWithMend(options.codes, error.code, named.length === 0 ? undefined : named.join('、')) }, ...error.violations.slice(0, 10).map(({ pointer, message }) => problemAt(pointer, message, matter))], error.status)
    }
  })

  app.get<{ Params: { caseId: string } }>('/cases/:caseId', may, async (request, reply) => {
    const by = desk.asking(request)
    const view = await withNames(by, await api.case(by, request.params.caseId))
    const asked = await api.matter(by, view.matter.id).then(({ matter }) => matter.questions, () => []) // its words only: without them the identifiers stand
    return await desk.show(reply, <CasePage {...desk.frame(request)} view={view} asked={asked} continues={waitingOf(request) !== undefined} corrections={await correctionsOf(by, view.materials)} />)
  })

  /** Answers what was still open. */
  app.post<{ Params: { caseId: string } }>('/cases/:caseId', may, async (request, reply) => {
    const before = waitingOf(request)
    if (before === undefined) throw new Failure('NOT_FOUND', 'what was asked is not at hand any more')
    const view = await api.case(desk.asking(request), request.params.caseId)
    return await reply.redirect(await decide(request, { ...before, answers: { ...before.answers, ...answersOf(request, view.questions) } }), 303)
  })

  app.get<{ Params: { caseId: string } }>('/cases/:caseId/notice', may, async (request, reply) => {
    const by = desk.asking(request)
    const view = await withNames(by, await api.case(by, request.params.caseId))
    const undecided = view.materials.filter(({ outcome }) => outcome === 'undecided')
    return await desk.show(reply, <NoticePage {...desk.frame(request)} view={view} corrections={await correctionsOf(by, undecided)} />)
  })

  interface OnMaterial { Params: { caseId: string, materialId: string, act: string } }
  app.get<OnMaterial>('/cases/:caseId/materials/:materialId/:act', may, async (request, reply) => {
    return await desk.show(reply, <MaterialPage {...desk.frame(request)} {...await materialOf(request)} problems={[]} />)
  })

  app.post<OnMaterial>('/cases/:caseId/materials/:materialId/:act', may, async (request, reply) => {
    const by = desk.asking(request)
    const about = await materialOf(request)
    const again = async (problems: FormProblem[], status = 400) => await desk.show(reply, <MaterialPage {...desk.frame(request)} {...about} problems={problems} typed={(request.body ?? {}) as Typed} />, status)
    const { caseId, materialId } = request.params
    const reason = field(request, 'reason')
    if ((about.act === 'refuse' || about.act === 'withdraw') && reason === '') return await again([{ field: 'reason', text: 'quarantine.noReason' }])
    switch (about.act) {
      case 'refuse': await api.actOn(by, caseId, materialId, 'refusals', { reason }); break
      case 'recheck': await api.actOn(by, caseId, materialId, 'rechecks', reason === '' ? {} : { reason }); break
      case 'flag': {
        try { await api.actOn(by, caseId, materialId, 'flags', flagOf(request)) } catch (error) {
          if (!(error instanceof ApiProblem) || error.status >= 500 || error.status === 401 || error.status === 403) throw error
          const named = error.violations.flatMap(({ pointer }): FormProblem[] => pointer === '/note' ? [{ field: 'note', text: 'flag.noteHint' }] : pointer === '/item' ? [{ field: 'item', text: 'flag.item' }] : [])
          return await again(named.length > 0 ? named : [{ text: toldWithMend(options.codes, error.code) }], error.status)
        }
        break
      }
      case 'withdraw': await withdraw(request, about, reason); break
      case 'commit': {
        const { commitment } = about.material
        if (commitment === undefined) throw new Failure('NOT_FOUND', 'no commitment is possible for this material')
        await api.actOn(by, caseId, materialId, 'commitments', { commitment: commitment.id, text: commitment.text.zh, signedBy: field(request, 'signedBy') === 'agent' ? 'agent' : 'applicant' })
      }
    }
    return await reply.redirect(href.case(caseId, materialId), 303)
  })

  /** What was flagged counts again once the material is asked for anew; where that does not come about now, the case offers it. */
  async function withdraw (request: FastifyRequest<OnMaterial>, { material, corrections }: MaterialView, why: string): Promise<void> {
    const by = desk.asking(request)
    const { caseId, materialId } = request.params
    const chosen = field(request, 'correction')
    if (!openFlags(material, corrections).some(({ correctionId }) => correctionId === chosen)) throw new Failure('NOT_FOUND', 'no such flag of this material waits for an answer')
    await api.withdrawCorrection(by, chosen, why)
    try { await api.actOn(by, caseId, materialId, 'rechecks', { reason: why }) } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      request.log.warn(error, 'a flag was withdrawn, and its material not asked for again')
    }
  }

  async function materialOf (request: FastifyRequest<OnMaterial>): Promise<MaterialView> {
    const by = desk.asking(request)
    const { caseId, materialId, act: name } = request.params
    const view = await api.case(by, caseId)
    const material = view.materials.find(({ id }) => id === materialId)
    const act = ACTS.find(act => act === name)
    if (material === undefined || act === undefined) throw new Failure('NOT_FOUND', 'there is no such material in this case')
    const corrections = act === 'withdraw' ? await correctionsOf(by, [material]) : new Map<string, never>()
    if (act === 'withdraw' && openFlags(material, corrections).length === 0) throw new Failure('CORRECTION_ANSWERED', 'no flag of this material waits for an answer')
    return { view, material, act, flaggable: act === 'flag' ? await flaggableOf(by, caseId, materialId) : [], corrections }
  }

  /** Where only was asked whether there is a record, all that the resource describes may be wrong about it. */
  async function flaggableOf (by: Asking, caseId: string, materialId: string): Promise<Flaggable> {
    const { items } = await api.flaggable(by, caseId, materialId)
    return await Promise.all(items.map(async told => {
      if (told.items.length > 0 || told.resourceId === undefined) return told
      const described = await api.resource(by, told.resourceId).then(({ resource }) => resource?.items ?? [], () => []) // words to choose from only
      return { ...told, items: described.map(({ name }) => name), unsaid: true as const }
    }))
  }

  /** What became of the flags of these materials; one that cannot be told now stays without a word on it. */
  async function correctionsOf (by: Asking, materials: Case['materials']): Promise<Corrections> {
    const ids = [...new Set(materials.flatMap(({ flags = [] }) => flags.flatMap(({ correctionId }) => correctionId ?? [])))]
    const found = await Promise.all(ids.map(async id => await api.correction(by, id).catch((error: unknown) => {
      if (error instanceof ApiProblem) return undefined
      throw error
    })))
    return new Map(found.flatMap(correction => correction === undefined ? [] : [[correction.correctionId, correction]]))
  }

  /** Sources by the name of their organisation; its USCC stands in the identifier of the resource. */
  async function withNames (by: Asking, view: Case): Promise<Case> {
    const nameOf = await desk.names.of(by, view.materials.map(({ source }) => source?.organisation))
    return { ...view, materials: view.materials.map(material => material.source?.organisation === undefined ? material : { ...material, source: { ...material.source, organisation: nameOf(material.source.organisation) } }) }
  }

  async function decide (request: FastifyRequest, asked: ExemptionRequest): Promise<string> {
    const by = desk.asking(request)
    const { caseId, state } = await decideWhatArises(by, asked)
    const now = options.clock.now().getTime()
    for (const [id, { at }] of waiting) if (now - at > WAITING_MS || waiting.size >= WAITING_KEPT) waiting.delete(id)
    if (state === 'open') waiting.set(caseId, { request: asked, person: by.session.who.person.id, organisation: by.session.who.organisation, at: now })
    return href.case(caseId)
  }

  /** Answers to questions that do not arise with the others are left out: people fill in what they see. */
  async function decideWhatArises (by: Asking, asked: ExemptionRequest): Promise<Case> {
    try { return await api.decide(by, asked) } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== 'ANSWERS_CONTRADICT') throw error
      const idle = new Set(error.violations.map(({ pointer }) => pointer.replace('/answers/', '')))
      const answers = Object.fromEntries(Object.entries(asked.answers ?? {}).filter(([id]) => !idle.has(id)))
      if (Object.keys(answers).length === Object.keys(asked.answers ?? {}).length) throw error
      return await decideWhatArises(by, { ...asked, answers })
    }
  }

  function waitingOf (request: FastifyRequest<{ Params: { caseId: string } }>): ExemptionRequest | undefined {
    const found = waiting.get(request.params.caseId)
    const { who } = desk.session(request)
    return found !== undefined && found.person === who.person.id && found.organisation === who.organisation ? found.request : undefined
  }
}

/** Chinese input methods write digits and letters full width. */
function code (request: FastifyRequest, name: string): string { return field(request, name).normalize('NFKC').replace(/\s+/g, '').toUpperCase() }

const FIELDS: Record<string, { field: string, label: WordKey }> = {
  '/applicant/name': { field: 'name', label: 'case.name' },
  '/applicant/code': { field: 'code', label: 'case.code' },
  '/caseNumber': { field: 'caseNumber', label: 'case.number' },
  '/agent/name': { field: 'agentName', label: 'case.agentName' },
  '/agent/code': { field: 'agentCode', label: 'case.agentCode' },
  '/agent/authorisation/reference': { field: 'agentReference', label: 'case.authorisation' }
}

/** What the API could not take, by the words of the form where it has a field for it. */
function problemAt (pointer: string, message: string, { parties, questions }: Matter): FormProblem {
  const party = parties.find(({ id }) => pointer === `/parties/${id}` || pointer.startsWith(`/parties/${id}/`))
  if (party !== undefined) return { ...(party.from === undefined ? { field: `party.${party.id}.${pointer.endsWith('/code') ? 'code' : 'name'}` } : {}), text: { zh: `请核对“${party.name.zh}”的姓名和证件号码`, en: `Check name and number: ${party.name.en}` } }
  const question = questions.find(({ id }) => pointer === `/answers/${id}`)
  if (question !== undefined) return { text: { zh: `请核对回答：${question.ask.zh}`, en: `Check the answer: ${question.ask.en}` } }
  const known = FIELDS[pointer]
  if (known === undefined) return { text: { zh: `${pointer} ${message}`, en: '' } }
  const checked = (language: 'zh' | 'en'): string => say('case.checkField', language, { field: say(known.label, language) })
  return { field: known.field, text: { zh: checked('zh'), en: checked('en') } }
}

function missing (request: FastifyRequest, { parties }: Matter): FormProblem[] {
  const needed: Array<[string, FormProblem['text']]> = [['name', 'case.noName'], ['code', 'case.noCode'], ['caseNumber', 'case.noNumber']]
  for (const { id, from } of parties) if (from === undefined && (field(request, `party.${id}.name`) === '') !== (code(request, `party.${id}.code`) === '')) needed.push([`party.${id}.name`, 'case.noName'], [`party.${id}.code`, 'case.noCode'])
  if ((field(request, 'agentName') === '') !== (code(request, 'agentCode') === '')) needed.push(['agentName', 'case.noName'], ['agentCode', 'case.noCode'])
  return needed.filter(([name]) => field(request, name) === '').map(([field, text]) => ({ field, text }))
}

function requestOf (request: FastifyRequest, matter: Matter): ExemptionRequest {
  const kind = field(request, 'kind') as ExemptionRequest['applicant']['kind']
  const parties = Object.fromEntries(matter.parties.flatMap(({ id }) => {
    const [name, number] = [field(request, `party.${id}.name`), code(request, `party.${id}.code`)]
    return name === '' || number === '' ? [] : [[id, { name, code: number }]]
  }))
  const agentName = field(request, 'agentName')
  const reference = field(request, 'agentReference')
  const consent = fields(request, 'consent').filter(id => matter.parties.some(party => party.id === id))
  const chosen = fields(request, 'subMatter').filter(id => matter.subMatters.some(sub => sub.id === id))
  return {
    matterId: matter.id,
    applicant: { kind, code: code(request, 'code'), name: field(request, 'name') },
    ...(agentName === '' ? {} : { agent: { name: agentName, code: code(request, 'agentCode'), ...(reference === '' ? {} : { authorisation: { reference } }) } }),
    ...(Object.keys(parties).length === 0 ? {} : { parties }),
    answers: answersOf(request, matter.questions),
    ...(chosen.length === 0 ? {} : { subMatters: chosen }),
    caseNumber: field(request, 'caseNumber'),
    purpose: matter.name.zh, // what grants for this matter are given for
    ...(consent.length === 0 ? {} : { consent: { parties: consent, how: '当面同意' } })
  }
}

/** Which item is optional: of data the one that was asked for is meant then, of a licence all of it. */
function flagOf (request: FastifyRequest): ValueFlagRequest {
  const [note, chosen] = [field(request, 'note'), field(request, 'item')]
  const way = FLAGGED_WAYS.find(way => chosen.startsWith(choiceOf(way, '')))
  return {
    kind: field(request, 'kind') as ValueFlagRequest['kind'],
    ...(note === '' ? {} : { note }),
    ...(way === undefined ? {} : { way, item: chosen.slice(choiceOf(way, '').length) })
  }
}
const FLAGGED_WAYS = ['assertion', 'data', 'licence'] as const

/** What was left open stays open. */
function answersOf (request: FastifyRequest, questions: ReadonlyArray<{ id: string, type: string, options?: Array<{ id: string }> }>): Answers {
  const answers: Answers = {}
  for (const { id, type, options = [] } of questions) {
    const given = fields(request, `q.${id}`).map(value => value.trim()).filter(value => value !== '')
    const [first] = given
    if (first === undefined) continue
    if (type === 'yes-no') answers[id] = first === 'true'
    else if (type === 'number') answers[id] = Number(first.normalize('NFKC'))
    else if (type === 'some-of') answers[id] = given.includes(NONE) ? [] : given.filter(value => options.some(option => option.id === value))
    else if (options.some(option => option.id === first)) answers[id] = first
  }
  return answers
}

export type { Form }
