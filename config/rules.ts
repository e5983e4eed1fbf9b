import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { RuleSet } from '../schemas/documents/rule-set.v1.js'
import type { WorkingCalendar } from '../schemas/documents/working-calendar.v1.js'
import { startOfDayInChina } from '../services/core/clock.js'
import { Failure, type Violation } from '../services/core/failure.js'
import { projectRoot } from '../services/core/project-root.js'
import { violations as shapeViolations } from '../services/core/violations.js'

export type { RuleSet, WorkingCalendar }

/**
 * Working days, one file for each year, named by it.
 * @throws {Failure} CONFIG_INVALID with one violation for each fault: shape, a day that is none or of another year, a holiday that ends
 * before it begins, a working day that is no weekend day
 */
export function loadCalendar (dir: string = join(projectRoot(), 'config', 'calendar')): WorkingCalendar[] {
  return load(dir, 'working-calendar', ({ year, notice, holidays, workingDays }: WorkingCalendar, file) => {
    const found: Violation[] = []
    const fault = (pointer: string, message: string): void => { found.push({ pointer, message }) }
    if (file !== `${year}.json`) fault('/year', `is ${year}, and the file is ${file}`)
    if (notice.issuedOn !== undefined && startOfDayInChina(notice.issuedOn) === undefined) fault('/notice/issuedOn', 'is no day')
    const own = (pointer: string, day: string): void => {
      if (startOfDayInChina(day) === undefined) fault(pointer, 'is no day')
      else if (!day.startsWith(`${year}-`)) fault(pointer, `is not in ${year}`)
    }
    holidays.forEach(({ from, to }, index) => {
      own(`/holidays/${index}/from`, from)
      own(`/holidays/${index}/to`, to)
      if (to < from) fault(`/holidays/${index}/to`, 'is before its first day')
    })
    workingDays.forEach((day, index) => {
      own(`/workingDays/${index}`, day)
      const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
      if (weekday > 0 && weekday < 6) fault(`/workingDays/${index}`, 'is no Saturday or Sunday')
      if (holidays.some(({ from, to }) => from <= day && day <= to)) fault(`/workingDays/${index}`, 'lies in a holiday too')
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
    ...(file === `${id}.json` ? [] : [{ pointer: '/id', message: `is ${id}, and the file is ${file}` }]),
    ...(startOfDayInChina(inForceFrom) === undefined ? [{ pointer: '/inForceFrom', message: 'is no day' }] : [])
  ])
}

function load<T> (dir: string, schemaName: string, faults: (document: T, file: string) => Violation[]): T[] {
  const schema = JSON.parse(readFileSync(join(projectRoot(), 'schemas', 'documents', `${schemaName}.v1.json`), 'utf8')) as object
  const validate = new Ajv2020({ allErrors: true, strict: true }).compile<T>(schema)
  const violations: Violation[] = []
  const documents: T[] = []
  for (const file of filesOf(dir)) {
    let document: unknown
    try { document = JSON.parse(readFileSync(join(dir, file), 'utf8')) } catch { violations.push({ pointer: file, message: 'is not JSON' }); continue }
    const found = validate(document) ? faults(document, file) : shapeViolations(validate.errors ?? [])
    violations.push(...found.map(({ pointer, message }) => ({ pointer: `${file}${pointer}`, message })))
    documents.push(document as T)
  }
  if (violations.length > 0) {
    throw new Failure('CONFIG_INVALID', `${dir}: ${violations.map(({ pointer, message }) => `${pointer} ${message}`).join('; ')}`, { violations })
  }
  return documents
}

function filesOf (dir: string): string[] {
  try { return readdirSync(dir).filter(name => name.endsWith('.json')).sort() } catch (cause) { throw new Failure('CONFIG_INVALID', `${dir} cannot be read`, { cause }) }
}
