import type { MatterForm, Origin } from '../../schemas/documents/matter-form.v1.js'
import type { Matter } from '../../schemas/documents/matter.v1.js'
import type { PrefillAnswer } from '../../schemas/http/prefill-answer.v1.js'
import { typeAt, setAt } from './forms.js'
import type { Inquiry } from './inquiry.js'
import { rankOf, said, type ReasonCode } from './reasons.js'
import { Parties, type Request } from './resolution.js'
import type { Naming } from './shown.js'
import { isEmpty } from './ways.js'

type Field = PrefillAnswer['fields'][number]
type Source = Field['sources'][number]
type Value = string | number | boolean
/** What one origin of a field said. */
type Said = { source: Source['source'], value: Value, asOf?: string, receiptId?: string } | { source: Source['source'], code: ReasonCode }

export type PrefillSubjects = Pick<Request, 'applicant' | 'agent' | 'parties' | 'consent'>

/**
 * Fills in a form from what registers and verified licences say. Every origin of a field is asked; where two differ the field stays empty
 * and both are shown.
 */
export async function prefill (form: MatterForm, matter: Matter, subjects: PrefillSubjects, inquiry: Inquiry, now: Date, named: Naming): Promise<PrefillAnswer> {
  const parties = new Parties(matter, subjects, inquiry, now)
  const origins = form.prefill.flatMap(({ from }) => from)
  await parties.find(new Set(origins.flatMap(origin => 'data' in origin ? [origin.subject] : 'licenceType' in origin ? [origin.holder] : [])))
  // Items of one resource about one subject are read together: one question, one line in the access record.
  const items = new Map<string, Set<string>>()
  for (const origin of origins) if ('data' in origin) items.set(keyOf(origin), (items.get(keyOf(origin)) ?? new Set()).add(origin.item))

  const fields = await Promise.all(form.prefill.map(async ({ field, from }): Promise<Field> => {
    const told = await Promise.all(from.map(async origin => await ask(origin, { subjects, parties, inquiry, items })))
    return fieldOf(field, told.map(said => 'value' in said ? { ...said, value: typed(said.value, typeAt(form.schema, field)) } : said).map(said => ({ ...said, source: named(said.source) })))
  }))
  const filled: Record<string, unknown> = {}
  for (const { pointer, value } of fields) if (value !== undefined) setAt(filled, pointer, value)
  return { formId: form.id, version: form.version, at: now.toISOString(), form: filled, fields }
}

interface Asking { subjects: PrefillSubjects, parties: Parties, inquiry: Inquiry, items: ReadonlyMap<string, ReadonlySet<string>> }

function keyOf ({ data, subject }: { data: string, subject: string }): string { return `${data}\n${subject}` }

async function ask (origin: Origin, { subjects: { applicant }, parties, inquiry, items }: Asking): Promise<Said> {
  if ('applicant' in origin) return { source: { kind: 'applicant', name: '申请人填报' }, value: applicant[origin.applicant] }
  const source: Source['source'] = 'data' in origin ? { kind: 'data', name: origin.data } : { kind: 'licence', name: origin.licenceType }
  const subject = parties.subject('data' in origin ? origin.subject : origin.holder)
  if (!('person' in subject)) return { source, code: subject.code }
  if ('data' in origin) {
    const together = [...items.get(keyOf(origin)) ?? [origin.item]]
    let reading = await inquiry.values(origin.data, subject.person, together)
    if (!reading.told && reading.code === 'FIELD_NOT_GRANTED' && together.length > 1) reading = await inquiry.values(origin.data, subject.person, [origin.item])
    if (!reading.told) return { source: reading.source, code: reading.code }
    const { outcome, values } = reading.value
    if (outcome !== 'found') return { source: reading.source, code: outcome === 'none' ? 'NO_MATCH' : 'SEVERAL_MATCHES' }
    const value = values[origin.item]
    if (isEmpty(value) || !isValue(value)) return { source: reading.source, code: 'VALUE_MISSING' }
    if (reading.disputed === true) return { source: reading.source, code: 'SOURCE_DISPUTED' }
    return { source: reading.source, value, ...(reading.asOf === undefined ? {} : { asOf: reading.asOf }) }
  }
  const holding = await inquiry.holding(origin.licenceType, subject.person)
  if (!holding.told) return { source: holding.source, code: holding.code }
  if (holding.value.state !== 'in-force') return { source: holding.source, code: STATES[holding.value.state] }
  const value = holding.value.licence.face[origin.item]
  if (value === undefined || isEmpty(value)) return { source: holding.source, code: 'VALUE_MISSING' }
  const verdict = await inquiry.verify(origin.licenceType, holding.value.licence)
  if (!verdict.told) return { source: verdict.source, code: verdict.code }
  const { asOf, receiptId } = verdict
  const about = { ...(asOf === undefined ? {} : { asOf }), ...(receiptId === undefined ? {} : { receiptId }) }
  if (verdict.disputed === true) return { source: verdict.source, code: 'SOURCE_DISPUTED' }
  return verdict.value === 'valid' ? { source: verdict.source, value, ...about } : { source: verdict.source, code: 'VERDICT_NOT_VALID' }
}

const STATES = { none: 'NO_MATCH', several: 'SEVERAL_MATCHES', 'not-in-force': 'LICENCE_NOT_IN_FORCE', 'other-name': 'HOLDER_NOT_MATCHED' } as const
const FILL_IN = { zh: '请申请人填写', en: 'The applicant fills it in' }

function fieldOf (pointer: string, told: readonly Said[]): Field {
  const known = told.filter((one): one is Extract<Said, { value: unknown }> => 'value' in one)
  const [first, ...others] = known
  if (first === undefined) {
    const codes = told.filter((one): one is Extract<Said, { code: unknown }> => 'code' in one).sort((a, b) => rankOf(a.code) - rankOf(b.code))
    const worst = codes[0] as Extract<Said, { code: unknown }> // a form's field has one origin at least
    return { pointer, outcome: 'empty', code: worst.code, reason: said(worst.code, worst.source.name).reason, needs: FILL_IN, sources: codes.map(({ source }) => ({ source })) }
  }
  const about = [...new Set(known.map(({ source }) => source.name))].join('、')
  if (others.some(other => !sameValue(other.value, first.value))) return { pointer, outcome: 'conflict', code: 'FIELD_CONFLICT', ...said('FIELD_CONFLICT', about), sources: known }
  return { pointer, outcome: 'filled', code: 'FIELD_FILLED', ...said('FIELD_FILLED', about), value: first.value, sources: known.map(({ value: _value, ...source }) => source) }
}

function isValue (value: unknown): value is Value { return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' }

/** Registers hand over numbers and yes or no as text, too. */
function typed (value: Value, type: unknown): Value {
  if (typeof value !== 'string') return value
  if ((type === 'number' || type === 'integer') && /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(value)) return Number(value)
  return type === 'boolean' && (value === 'true' || value === 'false') ? value === 'true' : value
}

/** Spelling aside: full and half width, spaces. */
export function sameValue (first: unknown, second: unknown): boolean { return plain(first) === plain(second) }
function plain (value: unknown): string { return String(value).normalize('NFKC').replace(/\s/g, '') }
