import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormatsModule from 'ajv-formats'
import type { MatterForm, Test } from '../../schemas/documents/matter-form.v1.js'
import type { Period } from '../../schemas/documents/matter.v1.js'
import type { FormCheckAnswer } from '../../schemas/http/form-check-answer.v1.js'
import type { PrefillAnswer } from '../../schemas/http/prefill-answer.v1.js'
import { startOfDayInChina, type DayText } from '../core/clock.js'
import { isCitizenId, isUscc } from '../core/identifiers.js'
import { placeOf, shapeWords } from '../core/violations.js'
import type { Truth } from './conditions.js'
import type { Calendar } from './ports.js'
import { getAt, titleAt } from './forms.js'
import { sameValue } from './prefill.js'

export type FormFinding = FormCheckAnswer['findings'][number]

// Under NodeNext the types of this CommonJS package show its function one level deeper than it is.
const addFormats = addFormatsModule as unknown as (ajv: Ajv2020) => void
const compiled = new WeakMap<object, ValidateFunction>()
const FINDINGS = 1000

/**
 * All that is wrong with a filled form, in the order of its fields: its shape, its rules, and what the registers say otherwise.
 * @param registers - what could be filled in for the same applicant; undefined where nobody was asked
 */
export function checkForm (form: MatterForm, filled: Record<string, unknown>, days: Days, registers?: PrefillAnswer): FormFinding[] {
  return [...shapeFindings(form, filled), ...ruleFindings(form, filled, days), ...registerFindings(form, filled, registers)].slice(0, FINDINGS)
}

function shapeFindings (form: MatterForm, filled: unknown): FormFinding[] {
  let validate = compiled.get(form)
  if (validate === undefined) {
    const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true })
    addFormats(ajv)
    compiled.set(form, validate = ajv.compile(form.schema))
  }
  if (validate(filled)) return []
  return (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if').map(error => shapeFinding(form, error))
}

function shapeFinding ({ schema }: MatterForm, error: ErrorObject): FormFinding {
  const pointer = placeOf(error)
  const title = titleAt(schema, pointer)
  const { zh, en } = shapeWords(error)
  return { pointer, code: SHAPE_CODES[error.keyword] ?? 'FIELD_INVALID', say: { zh: `${title.zh}：${zh}`, en: `${title.en}: ${en}` } }
}

/** By the keyword that a field breaks. */
const SHAPE_CODES: Record<string, string> = {
  required: 'FIELD_MISSING',
  additionalProperties: 'FIELD_UNEXPECTED',
  type: 'FIELD_TYPE',
  enum: 'FIELD_NOT_AN_OPTION',
  const: 'FIELD_NOT_AN_OPTION',
  minLength: 'FIELD_TOO_SHORT',
  maxLength: 'FIELD_TOO_LONG',
  minimum: 'FIELD_TOO_SMALL',
  exclusiveMinimum: 'FIELD_TOO_SMALL',
  maximum: 'FIELD_TOO_LARGE',
  exclusiveMaximum: 'FIELD_TOO_LARGE',
  minItems: 'FIELD_TOO_FEW',
  maxItems: 'FIELD_TOO_MANY',
  uniqueItems: 'FIELD_TWICE',
  format: 'FIELD_FORMAT',
  pattern: 'FIELD_FORMAT'
}

/** Today, and which days before it are worked. */
export interface Days extends Pick<Calendar, 'isWithinWorkingDays'> { today: DayText }
/** What a rule is tested on. `unknownYears` gathers those whose working days it would have had to know. */
interface Tested extends Days { filled: Record<string, unknown>, unknownYears: Set<number> }

/** A rule that nobody can tell for want of a calendar is a finding too: the form has not passed it. */
function ruleFindings ({ checks }: MatterForm, filled: Record<string, unknown>, days: Days): FormFinding[] {
  return checks.flatMap(({ id, say, when, must }): FormFinding[] => {
    const unknownYears = new Set<number>()
    const on: Tested = { ...days, filled, unknownYears }
    const applies = when === undefined ? true : tested(when, on)
    const kept = applies === false ? true : tested(must, on)
    const finding = { pointer: fieldsOf(must)[0] ?? '', rule: id }
    if (applies === true && kept === false) return [{ ...finding, code: 'RULE_BROKEN', say }]
    if (kept === true || unknownYears.size === 0) return []
    const years = [...unknownYears].join('、')
    return [{
      ...finding,
      code: 'CALENDAR_YEAR_UNKNOWN',
      say: { zh: `无法判断：${say.zh}（缺少 ${years} 年的工作日安排）`, en: `Cannot be told: ${say.en} (there is no calendar of working days for ${years})` },
      needs: { zh: '请人工核对，或待配置该年日历后重新预审', en: 'Check it by hand, or again once the calendar of that year is there' }
    }]
  })
}

function fieldsOf (test: Test): string[] {
  if ('field' in test) return [test.field]
  if ('not' in test) return fieldsOf(test.not)
  return ('allOf' in test ? test.allOf : test.anyOf).flatMap(fieldsOf)
}

/** Kleene's logic: what compares a field that is empty can't be told. */
function tested (test: Test, on: Tested): Truth {
  if ('allOf' in test) return together(test.allOf.map(part => tested(part, on)), false)
  if ('anyOf' in test) return together(test.anyOf.map(part => tested(part, on)), true)
  if ('not' in test) {
    const truth = tested(test.not, on)
    return truth === 'unknown' ? truth : !truth
  }
  const { filled, today } = on
  const value = getAt(filled, test.field)
  const there = isFilled(value)
  if (test.filled !== undefined) return there === test.filled
  if (!there) return 'unknown'
  const other = (pointer: string, compare: (other: unknown) => boolean): Truth => {
    const found = getAt(filled, pointer)
    return isFilled(found) ? compare(found) : 'unknown'
  }
  if (test.is !== undefined) return value === test.is
  if (test.oneOf !== undefined) return (Array.isArray(value) ? value : [value]).every(one => test.oneOf?.includes(one as string) === true)
  if (test.atLeast !== undefined) return typeof value === 'number' && value >= test.atLeast
  if (test.atMost !== undefined) return typeof value === 'number' && value <= test.atMost
  if (test.equalsField !== undefined) return other(test.equalsField, found => sameValue(value, found))
  if (test.noLaterThanField !== undefined) return other(test.noLaterThanField, found => isDay(value) && isDay(found) && value <= found)
  if (test.withinLast !== undefined) return isDay(value) && value <= today && isWithin(value, test.withinLast, on)
  if (test.valid !== undefined) return typeof value === 'string' && VALID[test.valid](value)
  return 'unknown'
}

function together (truths: readonly Truth[], settles: boolean): Truth { return truths.includes(settles) ? settles : truths.includes('unknown') ? 'unknown' : !settles }
function isFilled (value: unknown): boolean { return value !== undefined && value !== null && !(typeof value === 'string' && value.trim() === '') && !(Array.isArray(value) && value.length === 0) }
function isDay (value: unknown): value is DayText { return typeof value === 'string' && startOfDayInChina(value) !== undefined }

const VALID = {
  uscc: isUscc,
  'citizen-id': isCitizenId,
  day: isDay,
  phone: (text: string): boolean => /^(?:\+?86-?)?1[3-9]\d{9}$|^(?:0\d{2,3}-?)?[2-9]\d{6,7}(?:-\d{1,6})?$/.test(text)
} as const

function isWithin (day: DayText, { count, unit }: Period, { today, isWithinWorkingDays, unknownYears }: Tested): Truth {
  if (unit !== 'working-day') return day >= back(today, count, unit)
  const within = isWithinWorkingDays(day, today, count)
  if (typeof within === 'boolean') return within
  unknownYears.add(within.unknownYear)
  return 'unknown'
}

/** The day that lies so far back. */
function back (today: DayText, count: number, unit: 'day' | 'month' | 'year'): DayText {
  const day = new Date(`${today}T00:00:00Z`)
  const number = day.getUTCDate()
  if (unit === 'day') day.setUTCDate(number - count)
  else {
    day.setUTCMonth(day.getUTCMonth() - count * (unit === 'year' ? 12 : 1))
    if (day.getUTCDate() !== number) day.setUTCDate(0) // there is no such day in that month: its last
  }
  return day.toISOString().slice(0, 10)
}

/** Where two registers differ nobody knows who is right, so only what they agree on is held against a form. */
function registerFindings ({ schema }: MatterForm, filled: Record<string, unknown>, registers: PrefillAnswer | undefined): FormFinding[] {
  return (registers?.fields ?? []).filter(({ pointer, outcome, value }) => outcome === 'filled' && isFilled(getAt(filled, pointer)) && !sameValue(getAt(filled, pointer), value)).map(({ pointer, sources }) => {
    const [{ source, asOf } = { source: undefined }] = sources
    const { zh, en } = titleAt(schema, pointer)
    return {
      pointer,
      code: 'FIELD_DIFFERS',
      say: { zh: `${zh}：与“${source?.name ?? ''}”的登记不一致`, en: `${en}: differs from "${source?.name ?? ''}"` },
      needs: { zh: '请核对；登记有误的提出校核', en: 'Check it; if the register is wrong, ask for a correction' },
      ...(source === undefined ? {} : { source }),
      ...(asOf === undefined ? {} : { asOf })
    }
  })
}
