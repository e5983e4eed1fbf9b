import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { RuleSet } from '../schemas/documents/rule-set.v1.js'
import type { WorkingCalendar } from '../schemas/documents/working-calendar.v1.js'
import { startOfDayInChina } from '../services/core/clock.js'
import type { Violation } from '../services/core/failure.js'
import { projectRoot } from '../services/core/project-root.js'
import { FAULT, violations as shapeViolations } from '../services/core/violations.js'
import { told, type Bilingual } from '../services/core/words.js'
import { requireFaultless, jsonFilesIn, readJson } from './read-json.js'

export type { RuleSet, WorkingCalendar }

/**
 * Working days, one file for each year, named by it.
 * @throws {Failure} CONFIG_INVALID with one violation for each fault: shape, a day that is none or of another year, a holiday that ends
 * before it begins, a working day that is no weekend day
 */
export function loadCalendar (dir: string = join(projectRoot(), 'config', 'calendar')): WorkingCalendar[] {
  return load(dir, 'working-calendar', ({ year, notice, holidays, workingDays }: WorkingCalendar, file) => {
    const found: Violation[] = []
    const fault = (pointer: string, message: Bilingual): void => { found.push({ pointer, message }) }
    if (file !== `${year}.json`) fault('/year', misnamed(String(year), file))
    if (notice.issuedOn !== undefined && startOfDayInChina(notice.issuedOn) === undefined) fault('/notice/issuedOn', FAULT.noDay)
    const own = (pointer: string, day: string): void => {
      if (startOfDayInChina(day) === undefined) fault(pointer, FAULT.noDay)
      else if (!day.startsWith(`${year}-`)) fault(pointer, told(`不在 ${year} 年`, `is not in ${year}`))
    }
    holidays.forEach(({ from, to }, index) => {
      own(`/holidays/${index}/from`, from)
      own(`/holidays/${index}/to`, to)
      if (to < from) fault(`/holidays/${index}/to`, told('早于第一天', 'is before its first day'))
    })
    workingDays.forEach((day, index) => {
      own(`/workingDays/${index}`, day)
      const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
      if (weekday > 0 && weekday < 6) fault(`/workingDays/${index}`, told('不是星期六或星期日', 'is no Saturday or Sunday'))
      if (holidays.some(({ from, to }) => from <= day && day <= to)) fault(`/workingDays/${index}`, told('又在放假期间内', 'lies in a holiday too'))
    })
    return found
  })
}

/**
 * Rule sets, one file for each, named by its id.
 * @throws {Failure} CONFIG_INVALID with one violation for each fault
 */
export function loadRuleSets (dir: string = join(projectRoot(), 'config', 'rule-sets')): RuleSet[] {
  return load(dir, 'rule-set', ({ id, inForceFrom }: RuleSet, file) => [
    ...(file === `${id}.json` ? [] : [{ pointer: '/id', message: misnamed(id, file) }]),
    ...(startOfDayInChina(inForceFrom) === undefined ? [{ pointer: '/inForceFrom', message: FAULT.noDay }] : [])
  ])
}

function load<T> (dir: string, schemaName: string, faults: (document: T, file: string) => Violation[]): T[] {
  const schema = readJson(join(projectRoot(), 'schemas', 'documents', `${schemaName}.v1.json`)) as object
  const validate = new Ajv2020({ allErrors: true, strict: true }).compile<T>(schema)
  const violations: Violation[] = []
  const documents: T[] = []
  for (const file of jsonFilesIn(dir)) {
    let document: unknown
    try { document = JSON.parse(readFileSync(join(dir, file), 'utf8')) } catch { violations.push({ pointer: file, message: told('不是 JSON', 'is not JSON') }); continue }
    const found = validate(document) ? faults(document, file) : shapeViolations(validate.errors ?? [])
    violations.push(...found.map(({ pointer, message }) => ({ pointer: `${file}${pointer}`, message })))
    documents.push(document as T)
  }
  requireFaultless(dir, violations)
  return documents
}

function misnamed (name: string, file: string): Bilingual { return told(`这里写的是 ${name}，文件名是 ${file}`, `is ${name}, and the file is ${file}`) }
