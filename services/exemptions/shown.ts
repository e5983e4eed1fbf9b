import type { Requirement, Matter, Material, Condition } from '../../schemas/documents/matter.v1.js'
import type { ExemptionCase } from '../../schemas/http/exemption-case.v1.js'
import type { ExemptionExplanation, Node } from '../../schemas/http/exemption-explanation.v1.js'
import type { ExemptionList } from '../../schemas/http/exemption-list.v1.js'
import { isUscc, mask } from '../core/identifiers.js'
import { standing, type CaseDocument } from './cases.js'
import { holds, type Situation, type Truth } from './conditions.js'
import { usersOf } from './matter.js'
import type { ExemptionPorts } from './ports.js'
import { QUESTION_NEEDS, said, saidToApplicant, type ReasonCode } from './reasons.js'
import { situationThen, type Assessed } from './resolution.js'
import { isAuthorised, refOf, type Fetched } from './ways.js'

/** Names the organisation of a source. */
export type Naming = <T extends { organisation?: string }>(source: T) => T & { organisationName?: string }
export function namingBy (nameOf: ExemptionPorts['organisationName']): Naming {
  return source => {
    const { organisation } = source
    if (organisation === undefined) return source
    const name = isUscc(organisation) ? nameOf(organisation) : organisation
    return name === undefined ? source : { ...source, organisationName: name }
  }
}

/** A case as its organisation sees it: words beside each code, people masked. */
export function shownCase (found: CaseDocument, matter: Matter, named: Naming, fetched: ReadonlyMap<string, Fetched> = new Map()): ExemptionCase {
  const { request, resolution } = found
  const situation = situationThen(matter, request, resolution)
  const users = usersOf(matter, situation)
  const materials = resolution.materials.map(material => standing(found, material)).filter(({ need }) => need !== 'spare')
    .map(material => shownMaterial(found, matter, material, users.get(material.id) ?? [], named, fetched.get(material.id)))
  const { applicant, agent } = request
  return {
    caseId: found.id,
    state: stateOf(found),
    caseNumber: found.caseNumber,
    purpose: request.purpose,
    openedAt: found.openedAt,
    decidedAt: resolution.decidedAt,
    matter: { id: matter.id, version: matter.version, name: matter.name },
    applicant: { kind: applicant.kind, ...(applicant.kind === 'natural' ? masked(applicant) : { code: applicant.code, name: applicant.name }) },
    ...(agent === undefined ? {} : { agent: { ...masked(agent), authorised: isAuthorised(agent, new Date(resolution.decidedAt)) } }),
    parties: resolution.parties.map(({ id, ...party }) => {
      const known = matter.parties.find(other => other.id === id)
      const code = request.parties?.[id]?.code
      return { id, name: known?.name ?? { zh: id, en: id }, ...(code === undefined ? {} : { code: known?.kind === 'natural' ? mask(code) : code }), ...party }
    }),
    ends: resolution.ended.flatMap(index => matter.ends[index]?.say ?? []),
    counts: countsOf(materials),
    materials,
    questions: resolution.questions.flatMap(({ question: id, code, source }) => {
      const question = matter.questions.find(other => other.id === id)
      if (question === undefined) return []
      const { ask, type, unit, options } = question
      return [{ id, ask, type, ...(unit === undefined ? {} : { unit }), ...(options === undefined ? {} : { options: options.map(({ id, name }) => ({ id, name })) }), ...(code === undefined ? {} : { code, ...said(code as ReasonCode, source?.name ?? ''), needs: QUESTION_NEEDS }) }]
    }),
    answers: resolution.answers.map(({ source, ...answer }) => ({ ...answer, ...(source === undefined ? {} : { source: named(source) }) })),
    subMatters: matter.subMatters.map(({ id, name, department }) => ({ id, name, department, takesPart: word(situation.takesPart(id).truth) }))
  }
}

export function shownLine (found: CaseDocument): NonNullable<ExemptionList['items'][number]> {
  const { request: { applicant, matterId } } = found
  const materials = found.resolution.materials.map(material => standing(found, material)).filter(({ need }) => need !== 'spare')
  return { caseId: found.id, caseNumber: found.caseNumber, matterId, applicant: applicant.kind === 'natural' ? maskedName(applicant.name) : applicant.name, state: stateOf(found), openedAt: found.openedAt, counts: countsOf(materials) }
}

function stateOf ({ resolution: { ended, questions } }: CaseDocument): ExemptionCase['state'] { return ended.length > 0 ? 'ended' : questions.length > 0 ? 'open' : 'decided' }

function countsOf (materials: ReadonlyArray<{ outcome: Assessed['outcome'] }>): ExemptionCase['counts'] {
  const counts = { skip: 0, submit: 0, commit: 0, undecided: 0 }
  for (const { outcome } of materials) counts[outcome]++
  return counts
}

function masked ({ code, name }: { code: string, name: string }): { code: string, name: string } { return { code: mask(code), name: maskedName(name) } }
function maskedName (name: string): string { return `${[...name][0] ?? ''}**` }
function word (truth: Truth): 'yes' | 'no' | 'unknown' { return truth === 'unknown' ? truth : truth ? 'yes' : 'no' }

function shownMaterial (found: CaseDocument, matter: Matter, { tried: _tried, need, ...material }: Assessed, forSubMatters: string[], named: Naming, fetched: Fetched | undefined): ExemptionCase['materials'][number] {
  const { name, original, copies, ways } = materialOf(matter, material.id)
  const { reason, needs } = said(material.code as ReasonCode, aboutOf(matter, material))
  const shown: ExemptionCase['materials'][number] = { ...material, name, need: need as 'needed', reason, needs, forSubMatters }
  if (material.source !== undefined) shown.source = named(material.source)
  const applicantNeeds = saidToApplicant(material.code as ReasonCode, shown.source?.organisationName)
  if (applicantNeeds !== undefined) shown.applicantNeeds = applicantNeeds
  if (fetched !== undefined) shown.fetched = fetched.items
  if (original !== undefined) shown.original = original
  if (copies !== undefined) shown.copies = copies
  const commitment = material.outcome === 'commit' ? commitmentOf(found, matter, material.id, ways) : undefined
  if (commitment !== undefined) shown.commitment = commitment
  const refused = found.refusals[material.id]
  if (refused !== undefined) shown.refused = refused
  const flags = found.flags.filter(flag => flag.material === material.id).map(({ material: _material, ...flag }) => flag)
  if (flags.length > 0) shown.flags = flags
  return shown
}

/** What a reason is about: the source, or the questions that it waits for. */
function aboutOf (matter: Matter, { source, questions, code }: Pick<Assessed, 'source' | 'questions' | 'code'>): string {
  if (code !== 'QUESTION_OPEN') return source?.name ?? ''
  return (questions ?? []).map(id => matter.questions.find(question => question.id === id)?.ask.zh ?? id).join('；')
}

function commitmentOf (found: CaseDocument, matter: Matter, material: string, ways: Material['ways']): ExemptionCase['materials'][number]['commitment'] {
  const made = found.commitments[material]
  const ids = made === undefined ? offeredOf(found, material, ways) : [made.commitment]
  const commitment = matter.commitments.find(({ id }) => ids.includes(id))
  if (commitment === undefined) return undefined
  const { id, kind, name, text, consequences, followUp } = commitment
  if (made === undefined) return { id, kind, name, text, consequences, followUpBy: followUp.by }
  const { commitment: _id, ...rest } = made
  return { id, kind, name, text, consequences, followUpBy: followUp.by, made: rest }
}

/** Commitments that may be made for a material as it was last judged. */
export function offeredOf (found: CaseDocument, material: string, ways: Material['ways']): string[] {
  const assessed = found.resolution.materials.find(({ id }) => id === material)
  if (assessed?.outcome !== 'commit') return []
  return assessed.tried.filter(({ result }) => result === 'allowed').flatMap(({ index }) => {
    const way = ways[index]
    return way?.way === 'commitment' ? [way.commitment] : []
  })
}

function materialOf (matter: Matter, id: string): Material { return matter.materials.find(material => material.id === id) as Material }

/** The whole tree. Each leaf says why, and what to do next. */
export function explanationOf (found: CaseDocument, matter: Matter, named: Naming): ExemptionExplanation {
  const situation = situationThen(matter, found.request, found.resolution)
  const assessed = new Map(found.resolution.materials.map(material => [material.id, standing(found, material)]))
  return {
    caseId: found.id,
    matter: { id: matter.id, version: matter.version, name: matter.name },
    ends: found.resolution.ended.flatMap(index => matter.ends[index]?.say ?? []),
    subMatters: matter.subMatters.map(({ id, name, requires }) => {
      const { truth, questions } = situation.takesPart(id)
      const code: ReasonCode | undefined = truth === true ? undefined : truth ? 'QUESTION_OPEN' : 'TAKES_NO_PART'
      return {
        id,
        name,
        takesPart: word(truth),
        ...(code === undefined ? {} : { code, ...said(code, aboutOf(matter, { code, questions: [...questions] })) }),
        ...(questions.size === 0 ? {} : { questions: [...questions] }),
        requires: explained(requires, truth, [...questions], { matter, situation, assessed, named })
      }
    })
  }
}

interface Explaining { matter: Matter, situation: Situation, assessed: ReadonlyMap<string, Assessed>, named: Naming }

/** @param applies - does this case get as far as this node? `waits` are the questions that keep it from being known */
function explained (node: Requirement, applies: Truth, waits: readonly string[], context: Explaining): Node {
  if ('material' in node) return explainedMaterial(node.material, applies, waits, context)
  if ('if' in node) {
    const { truth, questions } = holds(node.if, context.situation)
    const both = (branch: Truth): Truth => applies === true ? branch : applies === false ? false : branch === false ? false : 'unknown'
    const waiting = truth === 'unknown' ? [...waits, ...questions] : waits
    return {
      kind: 'if',
      applies: word(both(truth)),
      when: spoken(node.if, context.matter),
      ...(questions.size === 0 ? {} : { questions: [...questions] }),
      parts: [
        explained(node.then, both(truth), waiting, context),
        ...(node.else === undefined ? [] : [explained(node.else, both(truth === 'unknown' ? truth : !truth), waiting, context)])
      ]
    }
  }
  const parts = ('allOf' in node ? node.allOf : node.anyOf).map(part => explained(part, applies, waits, context))
  return { kind: 'allOf' in node ? 'all' : 'any', applies: word(applies), parts }
}

function explainedMaterial (id: string, applies: Truth, waits: readonly string[], { matter, assessed, named }: Explaining): Node {
  const { name, ways } = materialOf(matter, id)
  const found = assessed.get(id)
  const node = { kind: 'material' as const, applies: word(applies), material: id, name }
  if (applies === false) return { ...node, chosen: false, code: 'DOES_NOT_APPLY', ...said('DOES_NOT_APPLY', '') }
  if (found === undefined) {
    const code: ReasonCode = waits.length > 0 ? 'QUESTION_OPEN' : 'DOES_NOT_APPLY'
    return { ...node, chosen: false, code, ...said(code, aboutOf(matter, { code, questions: [...waits] })), ...(waits.length === 0 ? {} : { questions: [...waits] }) }
  }
  const chosen = found.need !== 'spare'
  return {
    ...node,
    chosen,
    ...(chosen ? { outcome: found.outcome, code: found.code, ...said(found.code as ReasonCode, aboutOf(matter, found)) } : { code: 'NOT_CHOSEN', ...said('NOT_CHOSEN', '') }),
    ...(found.questions === undefined ? {} : { questions: found.questions }),
    ways: found.tried.map(({ way, result, code, source, asOf, receiptId, questions, index }) => ({
      way,
      result,
      code,
      ...said(code as ReasonCode, aboutOf(matter, { code, source: code === 'NOT_ASKED' && ways[index] !== undefined ? refOf(ways[index], matter) : source, ...(questions === undefined ? {} : { questions }) })),
      source: named(source),
      ...(asOf === undefined ? {} : { asOf }),
      ...(receiptId === undefined ? {} : { receiptId })
    }))
  }
}

const KINDS = { natural: { zh: '自然人', en: 'a person' }, legal: { zh: '法人', en: 'a legal person' }, 'individual-business': { zh: '个体工商户', en: 'an individual business' } }
/** A condition in words. */
function spoken (condition: Condition, matter: Matter): { zh: string, en: string } {
  if ('applicant' in condition) return { zh: `申请人是${KINDS[condition.applicant].zh}`, en: `the applicant is ${KINDS[condition.applicant].en}` }
  if ('agent' in condition) return condition.agent ? { zh: '由代理人办理', en: 'an agent acts' } : { zh: '本人办理', en: 'nobody acts for the applicant' }
  if ('subMatter' in condition) {
    const name = matter.subMatters.find(({ id }) => id === condition.subMatter)?.name
    return { zh: `办理“${name?.zh ?? condition.subMatter}”`, en: `"${name?.en ?? condition.subMatter}" takes part` }
  }
  if ('not' in condition) {
    const { zh, en } = spoken(condition.not, matter)
    return { zh: `并非（${zh}）`, en: `not (${en})` }
  }
  if ('allOf' in condition || 'anyOf' in condition) {
    const parts = ('allOf' in condition ? condition.allOf : condition.anyOf).map(part => spoken(part, matter))
    const [zh, en] = 'allOf' in condition ? ['，并且', ' and '] : ['，或者', ' or ']
    return cut({ zh: `（${parts.map(part => part.zh).join(zh)}）`, en: `(${parts.map(part => part.en).join(en)})` })
  }
  const question = matter.questions.find(({ id }) => id === condition.answer)
  const option = (value: unknown, language: 'zh' | 'en'): string => question?.options?.find(({ id }) => id === value)?.name[language] ?? (value === true ? { zh: '是', en: 'yes' }[language] : value === false ? { zh: '否', en: 'no' }[language] : String(value))
  const compared = (language: 'zh' | 'en'): string => [
    ...(condition.is === undefined ? [] : [`= ${option(condition.is, language)}`]),
    ...(condition.includes === undefined ? [] : [`∋ ${option(condition.includes, language)}`]),
    ...(condition.oneOf === undefined ? [] : [`∈ ${condition.oneOf.map(value => option(value, language)).join(' / ')}`]),
    ...(condition.atLeast === undefined ? [] : [`≥ ${condition.atLeast}`]),
    ...(condition.atMost === undefined ? [] : [`≤ ${condition.atMost}`])
  ].join(', ')
  return cut({ zh: `${question?.ask.zh ?? condition.answer} ${compared('zh')}`, en: `${question?.ask.en ?? condition.answer} ${compared('en')}` })
}
const SPOKEN = 2000
function cut ({ zh, en }: { zh: string, en: string }): { zh: string, en: string } { return { zh: zh.slice(0, SPOKEN), en: en.slice(0, SPOKEN) } }
