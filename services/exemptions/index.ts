import type { Documents } from '../../platform/documents/port.js'
import type { EventLog } from '../../platform/event-log/port.js'
import type { DataUse } from '../../platform/http/port.js'
import type { MatterForm } from '../../schemas/documents/matter-form.v1.js'
import type { Material, Matter } from '../../schemas/documents/matter.v1.js'
import type { CommitmentRequest } from '../../schemas/http/commitment-request.v1.js'
import type { ExemptionCase } from '../../schemas/http/exemption-case.v1.js'
import type { ExemptionExplanation } from '../../schemas/http/exemption-explanation.v1.js'
import type { ExemptionList } from '../../schemas/http/exemption-list.v1.js'
import type { ExemptionRequest } from '../../schemas/http/exemption-request.v1.js'
import type { FlaggableList } from '../../schemas/http/flaggable-list.v1.js'
import type { FormCheckAnswer } from '../../schemas/http/form-check-answer.v1.js'
import type { FormCheckRequest } from '../../schemas/http/form-check-request.v1.js'
import type { PrefillAnswer } from '../../schemas/http/prefill-answer.v1.js'
import type { PrefillRequest } from '../../schemas/http/prefill-request.v1.js'
import type { ValueFlagRequest } from '../../schemas/http/value-flag-request.v1.js'
import type { Caller } from '../core/caller.js'
import { dayInChina, type Clock } from '../core/clock.js'
import { Failure } from '../core/failure.js'
import { CORRECTION_KINDS } from '../core/words.js'
import { CaseLog, MOST_FLAGS, standing, undecidedIn, type CaseDocument } from './cases.js'
import { flaggableOf, flaggedIn, WHOLE_LICENCE } from './flags.js'
import { checkForm } from './form-checks.js'
import { Inquiry } from './inquiry.js'
import { digestOf } from './matter.js'
import type { ExemptionPorts, ExemptionSettings } from './ports.js'
import { prefill } from './prefill.js'
import { checkRequest, Parties, resolveAgain, resolveCase, type Assessed, type Request } from './resolution.js'
import { explanationOf, namingBy, offeredOf, shownCase, shownLine } from './shown.js'
import { isAuthorised } from './ways.js'

export { REASONS, type ReasonCode } from './reasons.js'
export type * from './ports.js'
export { exemptionRoutes, type ExemptionRoutesOptions } from './routes/exemptions.js'
export { formRoutes } from './routes/forms.js'

export interface ExemptionsOptions {
  eventLog: EventLog
  documents: Documents
  clock: Clock
  newId: () => string
  ports: ExemptionPorts
  settings: ExemptionSettings
  /** Partitions of the topic `cases`. */
  partitions: number
  onError?: (error: unknown) => void
}

/** An answer, and the reads of sources behind it for the access record. */
export interface Answered<T = ExemptionCase> { answer: T, uses: DataUse[] }
/** Told of the list of reads before the first is made, and so of those of a request that fails, too: the list grows as they are made. */
export type NoteUses = (uses: DataUse[]) => void

type Step = NonNullable<ExemptionList['items'][number]['step']>

export type Exemptions = Awaited<ReturnType<typeof createExemptions>>

/** Which documents may this applicant skip? */
export async function createExemptions ({ eventLog, documents, clock, newId, ports, settings, partitions, onError }: ExemptionsOptions) {
  const cases = await CaseLog.open({ eventLog, documents, clock, newId, partitions, ...(onError === undefined ? {} : { onError }) })
  const inquiry = (caller: Caller, { matterId, purpose, caseNumber }: { matterId: string, purpose: string, caseNumber: string }, noteUses: NoteUses | undefined): Inquiry => {
    const asking = new Inquiry(ports, settings, { caller, purpose, caseNumber, matter: matterId }, onError ?? (() => {}))
    noteUses?.(asking.uses)
    return asking
  }
  const named = namingBy(uscc => ports.organisationName(uscc))
  const matterBy = (id: string): Matter => {
    const matter = ports.matters.matter(id)
    if (matter === undefined) throw new Failure('MATTER_UNKNOWN', 'there is no such matter')
    return matter
  }
  const formOf = (matterId: string): MatterForm => {
    const form = ports.matters.form(matterId)
    if (form === undefined) throw new Failure('MATTER_UNKNOWN', 'the matter has no form')
    return form
  }
  /** The matter that the case was decided by, if it still reads as it did then. */
  const sameMatter = ({ request: { matterId }, matterVersion, matterDigest }: CaseDocument): Matter | undefined => {
    const matter = ports.matters.matter(matterId)
    return matter?.version === matterVersion && (matterDigest === undefined || matterDigest === digestOf(matter)) ? matter : undefined
  }
  /** @throws {Failure} MATTER_CHANGED: a case is read by the matter that it was decided by */
  const matterOf = (found: CaseDocument): Matter => {
    const matter = sameMatter(found)
    if (matter === undefined) throw new Failure('MATTER_CHANGED', `the case was decided by version ${found.matterVersion} of the matter, or by other words of it`)
    return matter
  }
  const materialOf = (found: CaseDocument, matter: Matter, id: string): { material: Material, assessed: Assessed } => {
    const material = matter.materials.find(other => other.id === id)
    const assessed = found.resolution.materials.find(other => other.id === id)
    if (material === undefined || assessed === undefined || assessed.need === 'spare') throw new Failure('MATERIAL_UNKNOWN', 'the case has no such material')
    return { material, assessed: standing(found, assessed) }
  }
  const isSettled = async (correctionId: string): Promise<boolean> => {
    try { return await ports.corrections.isSettled(correctionId) } catch (error) {
      if (error instanceof Failure && error.code === 'NOT_FOUND') return false // nobody has answered what nobody knows
      throw error
    }
  }
  /** A material that was flagged can be asked for again once all its flags are answered or withdrawn; any other at any time. */
  const stepOf = async (found: CaseDocument): Promise<Step> => {
    if (sameMatter(found) === undefined) return 'begin-again'
    if (found.resolution.questions.length > 0) return 'answer'
    for (const { id } of undecidedIn(found)) {
      const flags = found.flags.filter(({ material }) => material === id)
      if ((await Promise.all(flags.map(async ({ correctionId }) => await isSettled(correctionId)))).every(Boolean)) return 'recheck'
    }
    return 'wait'
  }
  const noteLicences = (materials: readonly Assessed[], matterId: string, caller: Caller): void => {
    const at = clock.now().toISOString()
    for (const { outcome, way, source } of materials) {
      if (outcome === 'skip' && way === 'licence' && source !== undefined) ports.licenceUsed?.({ licenceType: source.name, matterId, caller, at })
    }
  }

  return {
    start (): void { cases.start() },
    async stop (): Promise<void> { await cases.stop() },
    /** Resolves when the view knows all that was said before. */
    async idle (): Promise<void> { await cases.idle() },
    async lag (): Promise<number> { return await cases.lag() },
    async rebuild (): Promise<void> { await cases.rebuild() },

    /**
     * Opens a case: what is to be handed in, what not and why. Durable before its access record is.
     * @throws {Failure} MATTER_UNKNOWN, REQUIREMENTS_TOO_COMPLEX, and those of `checkRequest` and `resolveCase`
     */
    async decide (asked: ExemptionRequest, caller: Caller, noteUses?: NoteUses): Promise<Answered> {
      const matter = matterBy(asked.matterId)
      const request: Request = asked
      checkRequest(matter, request)
      const asking = inquiry(caller, request, noteUses)
      const { resolution, fetched } = await resolveCase(matter, request, asking, { now: clock.now(), steps: settings.resolverSteps })
      const found = await cases.open({ matterVersion: matter.version, matterDigest: digestOf(matter), request, resolution }, caller, request.purpose)
      noteLicences(resolution.materials.filter(({ need }) => need === 'needed'), matter.id, caller)
      return { answer: shownCase(found, matter, named, fetched), uses: asking.uses }
    },

    /** @throws {Failure} NOT_FOUND, MATTER_CHANGED */
    async get (caseId: string, caller: Caller): Promise<ExemptionCase> {
      const found = await cases.get(caseId, caller.organisation)
      return shownCase(found, matterOf(found), named)
    },
    async list (caller: Caller, page: { limit: number, after?: string }): Promise<ExemptionList> {
      const { items, next } = await cases.list(caller.organisation, page)
      return { items: items.map(shownLine), ...(next === undefined ? {} : { next }) }
    },
    /** Those of which something is not decided, each with what is to be done next. */
    async unfinished (caller: Caller, page: { limit: number, after?: string }): Promise<ExemptionList> {
      const { items, next } = await cases.unfinished(caller.organisation, page)
      const lines = await Promise.all(items.map(async found => ({ ...shownLine(found), step: await stepOf(found) })))
      return { items: lines, ...(next === undefined ? {} : { next }) }
    },
    /** Whom a case is about, for the access record. @throws {Failure} NOT_FOUND */
    async about (caseId: string, caller: Caller): Promise<Request> { return (await cases.get(caseId, caller.organisation)).request },
    /** @throws {Failure} NOT_FOUND, MATTER_CHANGED */
    async explain (caseId: string, caller: Caller): Promise<ExemptionExplanation> {
      const found = await cases.get(caseId, caller.organisation)
      return explanationOf(found, matterOf(found), named)
    },

    /** The applicant hands in the original instead. @throws {Failure} MATERIAL_NOT_SPARED, MATERIAL_UNKNOWN, NOT_FOUND, MATTER_CHANGED, VERSION_CONFLICT */
    async refuse (caseId: string, materialId: string, reason: string, caller: Caller): Promise<ExemptionCase> {
      const found = await cases.get(caseId, caller.organisation)
      const matter = matterOf(found)
      const { assessed } = materialOf(found, matter, materialId)
      if (assessed.outcome === 'submit' || assessed.need !== 'needed') throw new Failure('MATERIAL_NOT_SPARED', 'the material is handed in anyway, or waits for an answer')
      return shownCase(await cases.act('material.refused.v1', found, { material: materialId, reason }, caller, reason), matter, named)
    },

    /** What of a material can be flagged, by name. @throws {Failure} NOT_FOUND, MATTER_CHANGED, MATERIAL_UNKNOWN */
    async flaggable (caseId: string, materialId: string, caller: Caller, noteUses?: NoteUses): Promise<FlaggableList> {
      const found = await cases.get(caseId, caller.organisation)
      const matter = matterOf(found)
      const { material, assessed } = materialOf(found, matter, materialId)
      const asking = inquiry(caller, found.request, noteUses)
      return { items: await flaggableOf(assessed, material, new Parties(matter, found.request, asking, clock.now()), asking) }
    },

    /**
     * What was fetched is wrong: the provider of the data or the issuer of the licence is asked to correct it.
     * @throws {Failure} FLAGS_TOO_MANY, FIELD_UNKNOWN, INPUT_INVALID, as `refuse`, and those of the catalogue
     */
    async flag (caseId: string, materialId: string, { kind, note, way, item }: ValueFlagRequest, caller: Caller, noteUses?: NoteUses): Promise<ExemptionCase> {
      const found = await cases.get(caseId, caller.organisation)
      const matter = matterOf(found)
      const { material, assessed } = materialOf(found, matter, materialId)
      requireRoom(found)
      const { request, caseNumber } = found
      const asking = inquiry(caller, request, noteUses)
      const { about, ...flag } = await flaggedIn(assessed, material, { ...(way === undefined ? {} : { way }), ...(item === undefined ? {} : { item }) }, new Parties(matter, request, asking, clock.now()), asking)
      const noted = note === undefined ? {} : { note }
      const { correctionId, answeredBefore } = await ports.corrections.ask({ about, ...flag, kind, caseNumber, ...noted }, caller)
      const flagged = { material: materialId, kind, item: about.item ?? WHOLE_LICENCE, ...noted, correctionId, ...(answeredBefore ? { answeredBefore } : {}) }
      // Its provider is asked by now. Whatever else was done in the case meanwhile, the case must know of it.
      for (let [now, left] = [found, FLAGGINGS]; ; now = await cases.get(caseId, caller.organisation)) {
        requireRoom(now)
        try { return shownCase(await cases.act('value.flagged.v1', now, flagged, caller, note ?? CORRECTION_KINDS[kind].zh), matter, named) } catch (error) {
          if (!(error instanceof Failure) || error.code !== 'VERSION_CONFLICT' || --left === 0) throw error
        }
      }
    },

    /**
     * A commitment is made, in the words that bind.
     * @throws {Failure} COMMITMENT_NOT_OFFERED, COMMITMENT_TEXT_DIFFERS, SIGNER_NOT_AUTHORISED, and as `refuse`
     */
    async commit (caseId: string, materialId: string, { commitment: id, text, signedBy }: CommitmentRequest, caller: Caller): Promise<ExemptionCase> {
      const found = await cases.get(caseId, caller.organisation)
      const matter = matterOf(found)
      const { material, assessed } = materialOf(found, matter, materialId)
      const commitment = matter.commitments.find(other => other.id === id)
      const made = found.commitments[materialId] !== undefined
      if (commitment === undefined || made || assessed.outcome !== 'commit' || assessed.need !== 'needed' || !offeredOf(found, materialId, material.ways).includes(id)) throw new Failure('COMMITMENT_NOT_OFFERED', 'this commitment does not stand for this material now')
      if (text !== commitment.text.zh && text !== commitment.text.en) throw new Failure('COMMITMENT_TEXT_DIFFERS', 'the text is not the one that the matter has')
      const { agent } = found.request
      if (signedBy === 'agent' && (agent === undefined || !isAuthorised(agent, clock.now()))) throw new Failure('SIGNER_NOT_AUTHORISED', 'the agent may not commit for the applicant')
      const { consequences, followUp } = commitment
      const followUpOn = ports.calendar.end(dayInChina(clock.now()), followUp.period)
      return shownCase(await cases.act('commitment.made.v1', found, {
        material: materialId, commitment: id, signedBy, text, consequences, followUpOn, followUpBy: followUp.by
      }, caller, commitment.name.zh), matter, named)
    },

    /** Asks the sources of one material again. @throws {Failure} RECHECK_NOT_POSSIBLE, and as `refuse` */
    async recheck (caseId: string, materialId: string, reason: string, caller: Caller, noteUses?: NoteUses): Promise<Answered> {
      const found = await cases.get(caseId, caller.organisation)
      const matter = matterOf(found)
      const { assessed } = materialOf(found, matter, materialId)
      const settled = new Set([...Object.keys(found.refusals), ...Object.keys(found.commitments)])
      if (assessed.need !== 'needed' || settled.has(materialId)) throw new Failure('RECHECK_NOT_POSSIBLE', 'the material waits for an answer, or is settled with the applicant')
      const asking = inquiry(caller, found.request, noteUses)
      const now = clock.now()
      const pinned = new Set([...settled, ...found.flags.map(flag => flag.material).filter(id => id !== materialId)])
      const flags = found.flags.filter(({ material }) => material === materialId).map(({ correctionId }) => correctionId)
      // Before the sources: what was read before its provider answered still stands for nothing.
      const answered = await Promise.all(flags.map(async id => await ports.corrections.isSettled(id)))
      const { materials, fetched } = await resolveAgain(matter, found.request, found.resolution, materialId, asking, { now, steps: settings.resolverSteps, pinned })
      const next = await cases.act('material.rechecked.v1', found, {
        material: materialId, decidedAt: now.toISOString(), materials, settled: flags.filter((_, index) => answered[index])
      }, caller, reason)
      noteLicences(materials.filter(({ id }) => id === materialId), matter.id, caller)
      return { answer: shownCase(next, matter, named, fetched), uses: asking.uses }
    },

    /** Fills in the form of a matter. @throws {Failure} MATTER_UNKNOWN, and those of `checkRequest` */
    async prefill (matterId: string, { caseNumber, purpose, ...subjects }: PrefillRequest, caller: Caller, noteUses?: NoteUses): Promise<Answered<PrefillAnswer>> {
      const matter = matterBy(matterId)
      checkRequest(matter, subjects)
      const asking = inquiry(caller, { matterId, purpose, caseNumber }, noteUses)
      return { answer: await prefill(formOf(matterId), matter, subjects, asking, clock.now(), named), uses: asking.uses }
    },

    /** All that is wrong with a filled form; with an applicant, the registers are asked too. @throws {Failure} as `prefill` */
    async checkForm (matterId: string, { form: filled, caseNumber, purpose, applicant, ...others }: FormCheckRequest, caller: Caller, noteUses?: NoteUses): Promise<Answered<FormCheckAnswer>> {
      const matter = matterBy(matterId)
      const form = formOf(matterId)
      const asking = inquiry(caller, { matterId, purpose, caseNumber }, noteUses)
      const now = clock.now()
      let registers: PrefillAnswer | undefined
      if (applicant !== undefined) {
        checkRequest(matter, { applicant, ...others })
        registers = await prefill(form, matter, { applicant, ...others }, asking, now, named)
      }
      const findings = checkForm(form, filled, { today: dayInChina(now), isWithinWorkingDays: (day, until, count) => ports.calendar.isWithinWorkingDays(day, until, count) }, registers)
      return { answer: { formId: form.id, version: form.version, passed: findings.length === 0, findings, compared: registers !== undefined }, uses: asking.uses }
    }
  }
}

/** How often a flag is tried to be added to a case in which others act at the same time. */
const FLAGGINGS = 20
function requireRoom ({ flags }: CaseDocument): void {
  if (flags.length >= MOST_FLAGS) throw new Failure('FLAGS_TOO_MANY', `${MOST_FLAGS} flags of this case wait for an answer`)
}
