import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Divisions as DivisionTable } from '../schemas/documents/divisions.v1.js'
import { dayInChina, startOfDayInChina, type DayText } from '../services/core/clock.js'
import type { Violation } from '../services/core/failure.js'
import { projectRoot } from '../services/core/project-root.js'
import { FAULT, violations as shapeViolations } from '../services/core/violations.js'
import { told } from '../services/core/words.js'
import { requireFaultless, readJson } from './read-json.js'

type Division = DivisionTable['divisions'][number]

/** Which codes are divisions, and on which days. */
export class Divisions {
  readonly #byCode = new Map<string, Division[]>()

  constructor (divisions: readonly Division[]) {
    for (const division of divisions) this.#byCode.set(division.code, [...this.#byCode.get(division.code) ?? [], division])
  }

  /** A code of nine or twelve digits names a township or village: these are not in the table, and stand where their county does. */
  isDivision (code: string, on: DayText): boolean { return this.name(code, on) !== undefined && (code.length === 6 || code.length === 9 || code.length === 12) }

  /** Name of the division, or of the county that holds it. */
  name (code: string, on: DayText): string | undefined {
    return this.#byCode.get(code.slice(0, 6))?.find(({ from, to }) => (from === undefined || from <= on) && (to === undefined || on <= to))?.name
  }

  /** The same with the province and the city that hold it before it: 示例省云川市青泽县. */
  fullName (code: string, on: DayText): string | undefined {
    if (!this.isDivision(code, on)) return undefined
    const county = code.slice(0, 6)
    const path = new Set([`${county.slice(0, 2)}0000`, `${county.slice(0, 4)}00`, county])
    return [...path].map(holder => this.name(holder, on) ?? '').join('')
  }
}

/**
 * The table of divisions of config/divisions.json, or of another file of the same shape.
 * @throws {Failure} CONFIG_INVALID with one violation for each fault: shape, a day that is none, two names for one code on one day
 */
export function loadDivisions (file: string = join(projectRoot(), 'config', 'divisions.json')): Divisions {
  const table = readJson(file) as DivisionTable
  const schema = readJson(join(projectRoot(), 'schemas', 'documents', 'divisions.v1.json')) as object
  const validate = new Ajv2020({ allErrors: true, strict: true }).compile(schema)
  const violations = validate(table) ? contradictions(table.divisions) : shapeViolations(validate.errors ?? [])
  requireFaultless(file, violations)
  return new Divisions(table.divisions)
}

function contradictions (divisions: readonly Division[]): Violation[] {
  const violations: Violation[] = []
  const lines = new Map<string, Division[]>()
  divisions.forEach((division, i) => {
    for (const name of ['from', 'to'] as const) {
      const day = division[name]
      const begins = day === undefined ? undefined : startOfDayInChina(day)
      if (day !== undefined && (begins === undefined || dayInChina(begins) !== day)) violations.push({ pointer: `/divisions/${i}/${name}`, message: FAULT.noDay })
    }
    const others = lines.get(division.code) ?? []
    if (others.some(other => (division.from ?? '') <= (other.to ?? '9999') && (other.from ?? '') <= (division.to ?? '9999'))) violations.push({ pointer: `/divisions/${i}`, message: told('有一天与同一代码的另一行同时有效', 'holds on a day on which another line for this code does') })
    lines.set(division.code, [...others, division])
  })
  return violations
}
