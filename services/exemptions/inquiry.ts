import type { AccessSubject, DataUse } from '../../platform/http/port.js'
import type { Ask } from '../../schemas/documents/matter.v1.js'
import type { Caller } from '../core/caller.js'
import type { InstantText } from '../core/clock.js'
import type { Failure } from '../core/failure.js'
import { isUscc } from '../core/identifiers.js'
import { canonicalJson } from '../core/json.js'
import type { SourceRef } from './judge.js'
import type { BoundResource, DataQuestion, ExemptionPorts, ExemptionSettings, HeldLicence, Released, SharedData } from './ports.js'
import { isReasonCode, type ReasonCode } from './reasons.js'

/** What a source said, or why it said nothing. What is `disputed` was flagged as wrong and not answered since: it proves nothing. */
export type Reading<T> = Told<T> | { told: false, code: ReasonCode, source: SourceRef }
interface Told<T> { told: true, value: T, source: SourceRef, asOf?: InstantText, receiptId?: string, digest?: string, disputed?: true }

export type Answer = 'yes' | 'no' | 'none' | 'several'
export interface Row { outcome: 'found' | 'none' | 'several', values: Readonly<Record<string, unknown>> }
/** How licences of one type stand that somebody holds. */
export type Holding =
  | { state: 'none' | 'several' }
  | { state: 'not-in-force' | 'other-name', licence?: HeldLicence }
  | { state: 'in-force', licence: HeldLicence }

export interface Asking { caller: Caller, purpose: string, matter: string, caseNumber: string }
export interface Person { code: string, name?: string }

/** As many reads as an access record can name: what could not be recorded is not read. */
const USES = 200

/** What may be asked during one request: each question once, a few at a time, none longer than its limit. */
export class Inquiry {
  readonly #ports: Pick<ExemptionPorts, 'binding' | 'register' | 'verifier' | 'shared' | 'corrections'>
  readonly #shared: SharedData
  readonly #settings: ExemptionSettings
  readonly #asking: Asking
  readonly #onError: (error: unknown) => void
  readonly #asked = new Map<string, Promise<Reading<unknown>>>()
  readonly #disputed = new Map<string, Promise<ReadonlySet<string> | 'all'>>()
  readonly #bound = new Map<string, Promise<BoundResource | undefined>>()
  /** Sources that let a question run into its limit: they are not waited for again. */
  readonly #silent = new Set<string>()
  readonly #waiting: Array<() => void> = []
  readonly #ends: number
  #running = 0
  #read = 0
  /** What was read, for the access record; in the order asked. */
  readonly uses: DataUse[] = []

  constructor (ports: Pick<ExemptionPorts, 'binding' | 'register' | 'verifier' | 'shared' | 'corrections'>, settings: ExemptionSettings, asking: Asking, onError: (error: unknown) => void) {
    this.#ports = ports
    this.#shared = ports.shared()
    this.#settings = settings
    this.#asking = asking
    this.#onError = onError
    this.#ends = performance.now() + settings.answerTimeoutMs
  }

  async assert (title: string, subject: Person, ask: Ask): Promise<Reading<Answer>> {
    return await this.#once(['assert', title, subject.code, canonicalJson(ask)], async () => await this.#ofResource(title, subject, 'assertion', ask.item === undefined ? [] : [ask.item],
      async question => await this.#shared.assert({ ...question, ask }, this.#asking.caller),
      ({ answer, recordedAt, asOf }) => ({ value: answer, asOf: recordedAt ?? asOf, tells: answer === 'yes' || answer === 'no' })))
  }

  /** These items of the one row about this person or organisation. */
  async values (title: string, subject: Person, items: readonly string[]): Promise<Reading<Row>> {
    return await this.#once(['values', title, subject.code, [...items].sort()], async () => await this.#ofResource(title, subject, 'query', items,
      async question => await this.#shared.query({ ...question, fields: items }, this.#asking.caller),
      ({ outcome, rows: [row], asOf }) => row === undefined || outcome !== 'found'
        ? { value: { outcome, values: {} }, asOf, tells: false }
        : { value: { outcome, values: row.values }, asOf: row.recordedAt, digest: row.digest, tells: true }))
  }

  /** How this type of licence stands with its holder. Reads the register alone: what the licence says is not looked at. */
  async holding (typeName: string, holder: Person): Promise<Reading<Holding>> {
    const source: SourceRef = { kind: 'licence', name: typeName }
    return await this.#once(['holding', typeName, holder.code], async () => {
      let asked = false
      const found = await this.#within('register of licences', source, async (): Promise<Reading<Holding>> => {
        const types = await this.#ports.binding.licenceTypes(typeName)
        if (types.length === 0) return { told: false, code: 'LICENCE_TYPE_UNKNOWN', source }
        asked = true
        const held = (await this.#ports.register.heldBy(holder.code, types, this.#settings.heldLicences + 1)).filter(({ holder: { code } }) => code === holder.code)
        const value = standingOf(held, holder, this.#settings.heldLicences)
        return { told: true, value, source: value.state === 'in-force' ? licenceOf(typeName, value.licence) : source }
      })
      this.#noteLicence(typeName, asked ? holder.code : undefined, found, found.told && found.value.state !== 'none')
      return found
    })
  }

  async verify (typeName: string, licence: HeldLicence): Promise<Reading<'valid' | 'invalid' | 'indeterminate'>> {
    const source = licenceOf(typeName, licence)
    return await this.#once(['verify', licence.licenceId], async () => {
      let asked = false
      const found = await this.#within('verification', source, async () => {
        asked = true
        const { verdict, receiptId, at } = await this.#ports.verifier.verify(licence.licenceId)
        const reading: Told<typeof verdict> = { told: true, value: verdict, source, asOf: at, receiptId }
        if (await this.#isDisputed(licence.holder.code, licence.licenceId)) reading.disputed = true
        return reading
      })
      this.#noteLicence(typeName, asked ? licence.holder.code : undefined, found, true)
      return found
    })
  }

  async #once<T> (question: unknown, ask: () => Promise<Reading<T>>): Promise<Reading<T>> {
    const key = JSON.stringify(question)
    let asked = this.#asked.get(key)
    if (asked === undefined) this.#asked.set(key, asked = ask())
    return await (asked as Promise<Reading<T>>)
  }

  /** Looked up once for each person or organisation; where it cannot be, the source counts as one that failed. */
  async #isDisputed (code: string, source: string): Promise<boolean> {
    let disputed = this.#disputed.get(code)
    if (disputed === undefined) this.#disputed.set(code, disputed = this.#ports.corrections.disputed(code))
    const sources = await disputed
    return sources === 'all' || sources.has(source)
  }

  /** @param holder - absent where nobody was looked up in the end */
  #noteLicence (resource: string, holder: string | undefined, { told }: Reading<unknown>, some: boolean): void {
    if (this.uses.length < USES) this.uses.push({ ...(holder === undefined ? {} : { about: partyOf(holder) }), way: 'licence', resource, outcome: !told ? 'failed' : some ? 'answered' : 'nothing' })
  }

  async #ofResource<Answer, T> (title: string, subject: Person, way: 'assertion' | 'query', fields: readonly string[],
    call: (question: DataQuestion) => Promise<Released<Answer & { grantId: string }>>, read: (answer: Answer) => { value: T, asOf: InstantText, digest?: string, tells: boolean }): Promise<Reading<T>> {
    const unbound: SourceRef = { kind: 'data', name: title }
    let bound: BoundResource | undefined
    let noted = false
    let asked = false
    let over = false
    const found = await this.#within<T>(title, unbound, async () => {
      bound = await this.#boundTo(title)
      if (bound === undefined) return { told: false, code: 'NOT_SHARED', source: unbound }
      if (over) return { told: false, code: 'SOURCE_SILENT', source: unbound } // nobody waits for it, and nobody would record it
      const { purpose, matter, caseNumber } = this.#asking
      asked = true
      const released = await call({ resourceId: bound.resourceId, subject: subject.code, purpose, matter, caseNumber })
      if (!noted) this.uses.push({ ...released.use, about: partyOf(subject.code) })
      noted = true
      const source: SourceRef = { kind: 'data', name: title, resourceId: bound.resourceId, organisation: bound.provider }
      if ('refusal' in released) return { told: false, code: codeOf(released.refusal), source }
      source.grantId = released.answer.grantId
      const { tells, value, asOf, digest } = read(released.answer)
      const reading: Told<T> = { told: true, value, source, asOf }
      if (digest !== undefined) reading.digest = digest
      if (tells && await this.#isDisputed(subject.code, bound.resourceId)) reading.disputed = true
      return reading
    })
    over = true
    if (found.told || noted || bound === undefined) return found
    noted = true // what comes after the limit is not told
    this.uses.push({ ...(asked ? { about: partyOf(subject.code) } : {}), way, resource: bound.resourceId, fields: [...fields], outcome: 'failed', code: 'TIMED_OUT' })
    return { ...found, source: { ...unbound, resourceId: bound.resourceId, organisation: bound.provider } }
  }

  async #boundTo (title: string): Promise<BoundResource | undefined> {
    let bound = this.#bound.get(title)
    if (bound === undefined) this.#bound.set(title, bound = this.#ports.binding.resource(title))
    return await bound
  }

  /** Runs a call in its turn, until its limit. Nothing that goes wrong in it ever counts as an answer. */
  async #within<T> (name: string, source: SourceRef, call: () => Promise<Reading<T>>): Promise<Reading<T>> {
    const silent: Reading<T> = { told: false, code: 'SOURCE_SILENT', source }
    if (this.#running >= this.#settings.concurrentCalls) await new Promise<void>(resolve => { this.#waiting.push(resolve) })
    else this.#running++
    let timer: NodeJS.Timeout | undefined
    try {
      const ms = Math.min(this.#settings.sourceTimeoutMs, this.#ends - performance.now())
      if (ms <= 0 || this.#silent.has(name)) return silent
      if (++this.#read > USES) return { told: false, code: 'SOURCE_FAILED', source }
      const answer = call()
      answer.catch(() => {}) // it may fail after nobody waits for it any more
      return await Promise.race([answer, new Promise<Reading<T>>(resolve => {
        timer = setTimeout(() => { this.#silent.add(name); resolve(silent) }, ms)
      })])
    } catch (error) {
      this.#onError(error)
      return { told: false, code: 'SOURCE_FAILED', source }
    } finally {
      clearTimeout(timer)
      const next = this.#waiting.shift()
      if (next === undefined) this.#running--
      else next() // the turn passes on
    }
  }
}

/** Codes were checked before: who is no organisation is a person. */
function partyOf (code: string): AccessSubject { return { kind: isUscc(code) ? 'organisation' : 'person', id: code } }

function licenceOf (name: string, { issuer }: HeldLicence): SourceRef {
  return { kind: 'licence', name, ...(issuer.name === '' ? {} : { organisation: issuer.name }) }
}

/** What a refusal is called here: the catalogue knows no such resource any more, or the grant falls short. */
function codeOf ({ code }: Failure): ReasonCode {
  switch (code) {
    case 'RESOURCE_UNKNOWN': return 'NOT_SHARED'
    case 'ROWS_TOO_MANY': return 'SEVERAL_MATCHES'
    default: return isReasonCode(code) ? code : 'SOURCE_FAILED'
  }
}

/** One in force is the one meant; which of several it is nobody can tell. */
function standingOf (held: readonly HeldLicence[], holder: Person, most: number): Holding {
  if (held.length === 0) return { state: 'none' }
  const inForce = held.filter(licence => licence.inForce)
  if (inForce.length > 1 || held.length > most) return { state: 'several' }
  const [licence] = inForce
  const [only, other] = held
  if (licence === undefined) return { state: 'not-in-force', ...(only === undefined || other !== undefined ? {} : { licence: only }) }
  return { state: holder.name !== undefined && !sameName(licence.holder.name, holder.name) ? 'other-name' : 'in-force', licence }
}

/** Full and half width, spaces and the various middle dots are the same. */
export function sameName (first: string, second: string): boolean { return plain(first) === plain(second) }
function plain (name: string): string { return name.normalize('NFKC').replace(/\s/g, '').replace(/[·•‧∙⋅・.]/g, '·') }
