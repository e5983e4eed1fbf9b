import { verifyDetachedApart } from '../../platform/crypto/index.js'
import type { Event } from '../core/event.js'
import { dayInChina, parseInstant } from '../core/clock.js'
import { Failure, type Violation } from '../core/failure.js'
import { parseLicenceId } from '../core/identifiers.js'
import { parseJson, type Json } from '../core/json.js'
import type { EventKey, IntakeLimits, IntakeOptions } from './ports.js'
import { validatorsOf, type EventType } from './types.js'

/** One event as it came: bytes and signature, and what is known about how it came. */
export interface Submission {
  key: string
  value: Uint8Array
  signature: string | undefined
  receivedAt: Date
}

export type SignatureFact = 'missing' | 'malformed' | 'key-unknown' | 'key-not-valid' | 'invalid' | 'verified' | 'unasked'

/** What was gathered about one event: all that the checks may ask. Kept apart from judging, so that judging is pure. */
export interface Facts {
  /** What the bytes say, when they can be read in one way only; of any shape. */
  readable: { json: Json } | { failure: 'EVENT_TOO_LARGE' | 'EVENT_UNREADABLE', detail: string }
  /** The key it was filed under. */
  key: string
  /** Present when the shape is right; only then can the rest be read. */
  event?: Event<Record<string, unknown>> & { type: EventType }
  typeKnown: boolean
  violations: readonly Violation[]
  signature: SignatureFact
  /** undefined where it was not asked: no licence was issued or moved to another region. */
  competent: boolean | undefined
  /** The instant against which the event's times are judged. */
  judgedAt: Date
}

export interface Gatherer {
  /** Reads the bytes; needs no one. */
  read: (value: Uint8Array) => Facts['readable']
  /** @param now - for a judgement asked for later than the event came: a key that is valid then serves as well */
  gather: (submission: Submission, readable: Facts['readable'], now?: Date) => Promise<Facts>
}

/**
 * Gathers facts for one batch: what it learns about keys and competence holds for the batch, so that many events of one source
 * cost one question, and a registration takes effect with the next batch.
 */
export function gatherer ({ validate, keyFor, mayIssue }: Pick<IntakeOptions, 'validate' | 'keyFor' | 'mayIssue'>, limits: IntakeLimits): Gatherer {
  const shapes = validatorsOf(validate)
  const keys = new Map<string, Promise<EventKey | undefined>>()
  const competences = new Map<string, Promise<boolean>>()

  const keyAt = async (source: string, kid: string, at: Date): Promise<EventKey | undefined> => {
    // Validity is asked to the minute, else each event would be a question of its own. Registrations name days or hours.
    const minute = new Date(Math.floor(at.getTime() / 60_000) * 60_000)
    return await once(keys, `${source} ${kid} ${minute.getTime()}`, async () => await keyFor(source, kid, minute))
  }

  async function signatureFact ({ value, signature, receivedAt }: Submission, source: string | undefined, now?: Date): Promise<SignatureFact> {
    if (signature === undefined || signature === '') return 'missing'
    const kid = known(signature)
    if (kid === undefined) return 'malformed'
    if (source === undefined) return 'unasked'
    let key = await keyAt(source, kid, receivedAt)
    if (key?.valid !== true && now !== undefined) key = await keyAt(source, kid, now) ?? key
    if (key === undefined) return 'key-unknown'
    try {
      const found = key
      await verifyDetachedApart(signature, value, asked => asked === kid ? found : undefined)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      return error.code === 'JWS_SIGNATURE_INVALID' ? 'invalid' : 'malformed'
    }
    return key.valid ? 'verified' : 'key-not-valid'
  }

  // A sender writes the same header each time.
  const kids = new Map<string, string | undefined>()
  function known (signature: string): string | undefined {
    const header = signature.slice(0, signature.indexOf('.'))
    if (!kids.has(header)) kids.set(header, kidOf(header))
    return kids.get(header)
  }

  async function competence (event: Facts['event']): Promise<boolean | undefined> {
    const question = event === undefined ? undefined : questionOf(event)
    if (question === undefined) return undefined
    const { issuer, licenceType, region, on } = question
    return await once(competences, `${issuer} ${licenceType} ${region} ${on}`, async () => await mayIssue(question))
  }

  return {
    read: value => {
      if (value.length > limits.eventBytes) return { failure: 'EVENT_TOO_LARGE', detail: `more than ${limits.eventBytes} bytes` }
      try {
        return { json: parseJson(value, { bytes: limits.eventBytes, depth: limits.eventDepth }) }
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        return { failure: 'EVENT_UNREADABLE', detail: error.message }
      }
    },
    gather: async (submission, readable, now) => {
      const facts: Facts = {
        readable, key: submission.key, typeKnown: false, violations: [], signature: 'unasked', competent: undefined, judgedAt: now ?? submission.receivedAt
      }
      const json = 'json' in readable ? readable.json : undefined
      const shape = shapes.get(typeOf(json) as EventType)
      if (shape !== undefined) {
        facts.typeKnown = true
        facts.violations = shape(json)
        if (facts.violations.length === 0) facts.event = json as unknown as NonNullable<Facts['event']>
      }
      facts.signature = await signatureFact(submission, sourceOf(json), now)
      facts.competent = await competence(facts.event)
      return facts
    }
  }
}

/** Who issues, and who moves a licence to another region, must be competent there, and on that day. */
function questionOf ({ type, data }: NonNullable<Facts['event']>): Parameters<IntakeOptions['mayIssue']>[0] | undefined {
  if (type === 'licence.issued.v1') {
    const { issuer, licenceType, region, issuedOn } = data as { issuer: { uscc: string }, licenceType: string, region: string, issuedOn: string }
    return { issuer: issuer.uscc, licenceType, region, on: issuedOn }
  }
  if (type !== 'licence.changed.v1') return undefined
  const { licenceId, effectiveAt, changes: { region } } = data as { licenceId: string, effectiveAt: string, changes: { region?: string } }
  const parts = parseLicenceId(licenceId)
  const from = parseInstant(effectiveAt)
  // Where these cannot be read, other checks say so.
  if (region === undefined || parts === undefined || from === undefined) return undefined
  return { issuer: parts.issuer, licenceType: parts.type, region, on: dayInChina(from) }
}

async function once<T> (known: Map<string, Promise<T>>, question: string, ask: () => Promise<T>): Promise<T> {
  let answer = known.get(question)
  if (answer === undefined) known.set(question, answer = ask())
  return await answer
}

function member (json: Json | undefined, name: string): unknown {
  return typeof json === 'object' && json !== null && !Array.isArray(json) && Object.hasOwn(json, name) ? json[name] : undefined
}
const SOURCE = /^urn:uscc:([0-9A-HJ-NPQRTUWXY]{18})$/
/** The organisation that an event names as its source, where it can be read. */
export function sourceOf (json: Json | undefined): string | undefined {
  const source = member(json, 'source')
  return typeof source === 'string' ? SOURCE.exec(source)?.[1] : undefined
}
export function typeOf (json: Json | undefined): string | undefined {
  const type = member(json, 'type')
  return typeof type === 'string' && type.length <= 64 ? type : undefined
}
export function sequenceOf (json: Json | undefined): number | undefined {
  const sequence = member(json, 'sequence')
  return typeof sequence === 'number' && Number.isSafeInteger(sequence) && sequence >= 1 ? sequence : undefined
}
export function eventIdOf (json: Json | undefined): string | undefined {
  const id = member(json, 'id')
  return typeof id === 'string' && /^[A-Za-z0-9._:-]{1,64}$/.test(id) ? id : undefined
}
export function subjectOf (json: Json | undefined): string | undefined {
  const subject = member(json, 'subject')
  return typeof subject === 'string' && subject.length <= 256 ? subject : undefined
}

/** Which key a signature's header names: a hint for looking it up; what the header says is judged by `verifyDetachedApart`. */
function kidOf (header: string): string | undefined {
  if (header.length > 4096) return undefined
  try {
    const { kid } = (JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) ?? {}) as { kid?: unknown }
    return typeof kid === 'string' && kid.length <= 256 ? kid : undefined
  } catch { return undefined }
}
