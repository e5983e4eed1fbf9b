import type { QuarantineEntry } from '../schemas/http/quarantine-entry.v1.js'
import type { QuarantineList } from '../schemas/http/quarantine-list.v1.js'
import type { QuarantineReplayAnswer } from '../schemas/http/quarantine-replay-answer.v1.js'
import type { Correction } from '../schemas/http/correction.v1.js'
import type { CorrectionAnswer } from '../schemas/http/correction-answer.v1.js'
import type { CorrectionList } from '../schemas/http/correction-list.v1.js'
import type { CorrectionListQuery } from '../schemas/http/correction-list-query.v1.js'
import type { DecisionRequest } from '../schemas/http/decision-request.v1.js'
import type { Demand } from '../schemas/http/demand.v1.js'
import type { DemandList } from '../schemas/http/demand-list.v1.js'
import type { Duty } from '../schemas/http/duty.v1.js'
import type { DivisionList } from '../schemas/http/division-list.v1.js'
import type { DutyList } from '../schemas/http/duty-list.v1.js'
import type { GrantAnswer as Grant } from '../schemas/http/grant.v1.js'
import type { OrganisationList } from '../schemas/http/organisation-list.v1.js'
import type { ResourceAnswer } from '../schemas/http/resource-answer.v1.js'
import type { ResourceList } from '../schemas/http/resource-list.v1.js'
import type { ExemptionCase } from '../schemas/http/exemption-case.v1.js'
import type { ExemptionList } from '../schemas/http/exemption-list.v1.js'
import type { ExemptionRequest } from '../schemas/http/exemption-request.v1.js'
import type { FlaggableList } from '../schemas/http/flaggable-list.v1.js'
import type { MatterList } from '../schemas/http/matter-list.v1.js'
import type { MatterWithForm } from '../schemas/http/matter-with-form.v1.js'
import type { LicenceStatus } from '../schemas/http/licence-status.v1.js'
import type { RuleSetList } from '../schemas/http/rule-set-list.v1.js'
import type { Token } from '../schemas/http/token.v1.js'
import type { VerificationReport } from '../schemas/http/verification-report.v1.js'
import type { Verification } from '../schemas/http/verification.v1.js'
import type { Scope } from '../services/core/caller.js'
import type { Clock } from '../services/core/clock.js'
import { Failure } from '../services/core/failure.js'
import type { ApiAnswer, Credentials, SendToApi } from './ports.js'
import type { PersonTokens, Session, Sessions, SignedIn } from './sessions.js'

/** The API refused, and said why. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly status: number
  readonly code: string
  /** Number of the request, as the access record has it. */
  readonly reference: string
  readonly retryable: boolean
  readonly violations: ReadonlyArray<{ pointer: string, message: string }>

  constructor ({ status, body }: ApiAnswer) {
    const problem = parsed(body) as { code?: string, detail?: string, instance?: string, retryable?: boolean, violations?: Array<{ pointer: string, message: string }> }
    super(problem.detail ?? 'the API gave no reason')
    this.status = status
    this.code = problem.code ?? 'INTERNAL'
    this.reference = problem.instance?.replace(/^urn:uuid:/, '') ?? ''
    this.retryable = problem.retryable === true
    this.violations = problem.violations ?? []
  }
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const MARGIN_MS = 30_000

/** Who asks: the person's session, and where their browser is. */
export interface Asking { session: Session, address: string }

/** The published API, as the console calls it: with the token of the person at work, and no other way. */
export class Api {
  readonly #send: SendToApi
  readonly #credentials: Credentials
  readonly #sessions: Sessions
  readonly #clock: Clock
  /** One renewal at a time for each session: a refresh token works once. */
  readonly #renewals = new Map<string, Promise<void>>()

  constructor ({ send, credentials, sessions, clock }: { send: SendToApi, credentials: Credentials, sessions: Sessions, clock: Clock }) {
    this.#send = send
    this.#credentials = credentials
    this.#sessions = sessions
    this.#clock = clock
  }

  /** @throws {ApiProblem} */
  async signIn (ticket: string, address: string): Promise<{ who: SignedIn, scopes: Scope[], tokens: PersonTokens, seconds: number }> {
    return this.#signedIn(await this.#askToken({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: ticket }, address))
  }

  async signOut ({ session, address }: Asking): Promise<void> {
    const form = new URLSearchParams({ token: session.tokens.refreshToken, client_assertion_type: ASSERTION_TYPE, client_assertion: this.#credentials.assertion() })
    const answer = await this.#send({ method: 'POST', path: '/v1/tokens/revocation', headers: FORM, body: form.toString(), address })
    if (answer.status >= 400) throw new ApiProblem(answer)
  }

  async verifyFile (by: Asking, file: { name: string, bytes: Uint8Array }): Promise<Verification> {
    const form = new FormData()
    form.set('file', new Blob([file.bytes as Uint8Array<ArrayBuffer>]), 'document') // its name tells a verifier nothing
    const encoded = new Response(form)
    return await this.#json(by, 'POST', '/v1/verifications', new Uint8Array(await encoded.arrayBuffer()), encoded.headers.get('content-type') as string) as Verification
  }

  async verifyLicence (by: Asking, licenceId: string): Promise<Verification> { return await this.post(by, '/v1/verifications', { licenceId }) as Verification }
  async report (by: Asking, receiptId: string): Promise<VerificationReport> { return await this.get(by, `/v1/verifications/${part(receiptId)}`) as VerificationReport }
  async receipt (by: Asking, receiptId: string): Promise<{ receiptId: string, receipt: string }> { return await this.get(by, `/v1/verifications/${part(receiptId)}/receipt`) as { receiptId: string, receipt: string } }
  async licence (by: Asking, licenceId: string): Promise<LicenceStatus> { return await this.get(by, `/v1/licences/${part(licenceId)}`) as LicenceStatus }

  async quarantine (by: Asking, query: { cause?: string, after?: string, limit?: number }): Promise<QuarantineList> { return await this.get(by, `/v1/quarantine${queryOf(query)}`) as QuarantineList }
  async quarantineEntry (by: Asking, id: string): Promise<QuarantineEntry> { return await this.get(by, `/v1/quarantine/${part(id)}`) as QuarantineEntry }
  async replay (by: Asking, id: string, reason: string): Promise<QuarantineReplayAnswer> { return await this.post(by, `/v1/quarantine/${part(id)}/replay`, { reason }) as QuarantineReplayAnswer }
  async replayAll (by: Asking, cause: string, reason: string): Promise<QuarantineReplayAnswer> { return await this.post(by, '/v1/quarantine/replay', { cause, reason }) as QuarantineReplayAnswer }
  async discard (by: Asking, id: string, reason: string): Promise<QuarantineReplayAnswer> { return await this.post(by, `/v1/quarantine/${part(id)}/discard`, { reason }) as QuarantineReplayAnswer }

  async resources (by: Asking, query: { q?: string, limit: number, after?: string }): Promise<ResourceList> { return await this.get(by, `/v1/catalogue/resources${queryOf(query)}`) as ResourceList }
  async resource (by: Asking, resourceId: string): Promise<ResourceAnswer> { return await this.get(by, `/v1/catalogue/resources/${part(resourceId)}`) as ResourceAnswer }
  async organisations (by: Asking, usccs: readonly string[]): Promise<OrganisationList> { return await this.get(by, `/v1/catalogue/organisations${queryOf({ uscc: usccs.join(',') })}`) as OrganisationList }
  async divisions (by: Asking, codes: readonly string[]): Promise<DivisionList> { return await this.get(by, `/v1/catalogue/divisions${queryOf({ code: codes.join(',') })}`) as DivisionList }
  async ruleSets (by: Asking): Promise<RuleSetList> { return await this.get(by, '/v1/catalogue/rule-sets') as RuleSetList }
  async duties (by: Asking, query: { owner?: string, consumer?: string, limit: number, after?: string }): Promise<DutyList> { return await this.get(by, `/v1/catalogue/duties${queryOf(query)}`) as DutyList }
  async duty (by: Asking, itemId: string): Promise<Duty> { return await this.get(by, `/v1/catalogue/duties/${part(itemId)}`) as Duty }
  async demands (by: Asking, query: { as: string, limit: number }): Promise<DemandList> { return await this.get(by, `/v1/catalogue/demands${queryOf(query)}`) as DemandList }
  async demand (by: Asking, demandId: string): Promise<Demand> { return await this.get(by, `/v1/catalogue/demands/${part(demandId)}`) as Demand }
  async grant (by: Asking, grantId: string): Promise<Grant> { return await this.get(by, `/v1/catalogue/grants/${part(grantId)}`) as Grant }
  async decideDemand (by: Asking, demandId: string, decision: DecisionRequest): Promise<Demand> { return await this.post(by, `/v1/catalogue/demands/${part(demandId)}/decisions`, decision) as Demand }

  async corrections (by: Asking, query: CorrectionListQuery): Promise<CorrectionList> { return await this.get(by, `/v1/catalogue/corrections${queryOf({ ...query })}`) as CorrectionList }
  async correction (by: Asking, correctionId: string): Promise<Correction> { return await this.get(by, `/v1/catalogue/corrections/${part(correctionId)}`) as Correction }
  async answerCorrection (by: Asking, correctionId: string, answer: CorrectionAnswer): Promise<Correction> { return await this.post(by, `/v1/catalogue/corrections/${part(correctionId)}/answers`, answer) as Correction }
  async withdrawCorrection (by: Asking, correctionId: string, why: string): Promise<Correction> { return await this.post(by, `/v1/catalogue/corrections/${part(correctionId)}/withdrawal`, { why }) as Correction }

  async matters (by: Asking): Promise<MatterList> { return await this.get(by, '/v1/catalogue/matters') as MatterList }
  async matter (by: Asking, matterId: string): Promise<MatterWithForm> { return await this.get(by, `/v1/catalogue/matters/${part(matterId)}`) as MatterWithForm }
  async cases (by: Asking, query: { only?: 'unfinished', limit: number, after?: string }): Promise<ExemptionList> { return await this.get(by, `/v1/exemptions${queryOf(query)}`) as ExemptionList }
  async decide (by: Asking, request: ExemptionRequest): Promise<ExemptionCase> { return await this.post(by, '/v1/exemptions', request) as ExemptionCase }
  async case (by: Asking, caseId: string): Promise<ExemptionCase> { return await this.get(by, `/v1/exemptions/${part(caseId)}`) as ExemptionCase }
  async flaggable (by: Asking, caseId: string, materialId: string): Promise<FlaggableList> { return await this.get(by, `/v1/exemptions/${part(caseId)}/materials/${part(materialId)}/flaggable`) as FlaggableList }
  async actOn (by: Asking, caseId: string, materialId: string, act: 'refusals' | 'flags' | 'commitments' | 'rechecks', body: object): Promise<ExemptionCase> {
    return await this.post(by, `/v1/exemptions/${part(caseId)}/materials/${part(materialId)}/${act}`, body) as ExemptionCase
  }

  async get (by: Asking, path: string): Promise<unknown> { return await this.#json(by, 'GET', path) }
  async post (by: Asking, path: string, body: unknown): Promise<unknown> { return await this.#json(by, 'POST', path, JSON.stringify(body), 'application/json') }

  async #json (by: Asking, method: 'GET' | 'POST', path: string, body?: Uint8Array | string, contentType?: string): Promise<unknown> {
    await this.#renew(by)
    const { accessToken: token } = by.session.tokens
    const answer = await this.#send({
      method,
      path,
      headers: { authorization: `DPoP ${token}`, dpop: this.#credentials.proof({ method, path, token }), ...(contentType === undefined ? {} : { 'content-type': contentType }) },
      ...(body === undefined ? {} : { body }),
      address: by.address
    })
    if (answer.status < 400) return parsed(answer.body)
    const problem = new ApiProblem(answer)
    if (problem.code !== 'TOKEN_INVALID') throw problem
    // Taken back, e.g. by a suspension: there is nothing left to renew.
    await this.#sessions.end(by.session)
    throw new Failure('SESSION_ENDED', 'the sign-in is over', { cause: problem })
  }

  /** Gets the next token of a session whose own is about to end. @throws {Failure} SESSION_ENDED */
  async #renew ({ session, address }: Asking): Promise<void> {
    if (this.#clock.now().getTime() < Date.parse(session.tokens.accessUntil) - MARGIN_MS) return
    const under = this.#renewals.get(session.id)
    if (under !== undefined) {
      await under
      const renewed = await this.#sessions.find(session.number)
      if (renewed === undefined) throw new Failure('SESSION_ENDED', 'the session is over')
      Object.assign(session, renewed)
      return
    }
    const renewal = (async () => {
      // Another request may have renewed it between our reading of the session and now.
      const current = await this.#sessions.find(session.number)
      if (current !== undefined && current.tokens.accessToken !== session.tokens.accessToken) { Object.assign(session, current); return }
      try {
        const { tokens, scopes } = this.#signedIn(await this.#askToken({ grant_type: 'refresh_token', refresh_token: session.tokens.refreshToken }, address))
        await this.#sessions.renew(session, { tokens, scopes })
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.retryable) throw error
        await this.#sessions.end(session)
        throw new Failure('SESSION_ENDED', 'the sign-in is over', { cause: error })
      }
    })()
    this.#renewals.set(session.id, renewal)
    try { await renewal } finally { this.#renewals.delete(session.id) }
  }

  async #askToken (grant: Record<string, string>, address: string): Promise<Token> {
    const form = new URLSearchParams({ ...grant, client_assertion_type: ASSERTION_TYPE, client_assertion: this.#credentials.assertion() })
    const answer = await this.#send({
      method: 'POST', path: '/v1/tokens', headers: { ...FORM, dpop: this.#credentials.proof({ method: 'POST', path: '/v1/tokens' }) }, body: form.toString(), address
    })
    if (answer.status >= 400) throw new ApiProblem(answer)
    return parsed(answer.body) as Token
  }

  #signedIn (token: Token): { who: SignedIn, scopes: Scope[], tokens: PersonTokens, seconds: number } {
    if (token.signed_in === undefined || token.refresh_token === undefined) throw new Failure('INTERNAL', 'a token for a person came without the person')
    return {
      who: token.signed_in,
      scopes: token.scope.split(' ').filter(scope => scope !== '') as Scope[],
      tokens: {
        accessToken: token.access_token,
        accessUntil: new Date(this.#clock.now().getTime() + token.expires_in * 1000).toISOString(),
        refreshToken: token.refresh_token
      },
      seconds: token.refresh_expires_in ?? 0
    }
  }
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

/** One part of an address: whatever it holds, it stays one part. @throws {Failure} NOT_FOUND it would lead elsewhere, encoded or not */
export function part (text: string): string {
  if (text === '' || text === '.' || text === '..') throw new Failure('NOT_FOUND', 'there is nothing of that name')
  return encodeURIComponent(text)
}

export function queryOf (query: Record<string, string | number | undefined>): string {
  const entries = Object.entries(query).filter((entry): entry is [string, string | number] => entry[1] !== undefined)
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries.map(([name, value]) => [name, String(value)])).toString()}`
}

function parsed (body: Uint8Array): unknown {
  try { return JSON.parse(Buffer.from(body).toString('utf8')) } catch { return {} }
}
