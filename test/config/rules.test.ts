import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { loadCalendar, loadRuleSets, type RuleSet, type WorkingCalendar } from '../../config/rules.js'
import { Failure } from '../../services/core/failure.js'
import { projectRoot } from '../../services/core/project-root.js'

const read = (path: string): unknown => JSON.parse(readFileSync(join(projectRoot(), 'config', path), 'utf8'))

/** What is said of a folder with this one file. */
function faults (t: Test, load: (dir: string) => unknown, file: string, content: unknown): string[] {
  const dir = join(t.testdir(), file.replace('.json', ''))
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, file), typeof content === 'string' ? content : JSON.stringify(content))
  try { load(dir) } catch (error) { return error instanceof Failure && error.code === 'CONFIG_INVALID' ? error.violations.map(({ pointer, message }) => `${pointer} ${message.slice(message.indexOf(' / ') + 3)}`) : [String(error)] }
  return []
}

t.test('each year of working days names its notice, or says that it is not confirmed', async t => {
  const years = loadCalendar()
  t.same(years.map(({ year }) => year), [2024, 2025, 2026])
  for (const { year, notice } of years) t.ok(notice.issuedOn !== undefined && (notice.number !== undefined || notice.source.note !== undefined), String(year))
})

t.test('a year with a fault is not read, and every fault is named', async t => {
  const year = read('calendar/2026.json') as WorkingCalendar
  const [first, ...rest] = year.holidays as [WorkingCalendar['holidays'][number], ...WorkingCalendar['holidays']]
  t.same(faults(t, loadCalendar, '2026.json', year), [])
  t.same(faults(t, loadCalendar, '2027.json', year), ['2027.json/year is 2026, and the file is 2027.json'])
  t.same(faults(t, loadCalendar, '2026.json', '{'), ['2026.json is not JSON'])
  t.same(faults(t, loadCalendar, '2026.json', { ...year, holidays: [{ ...first, from: '2026-02-30' }, ...rest], workingDays: ['2025-01-04', '2026-01-05'] }), [
    '2026.json/holidays/0/from is no day', '2026.json/holidays/0/to is before its first day', '2026.json/workingDays/0 is not in 2026', '2026.json/workingDays/1 is no Saturday or Sunday'
  ])
  t.same(faults(t, loadCalendar, '2026.json', { ...year, workingDays: ['2026-01-03'] }), ['2026.json/workingDays/0 lies in a holiday too'])
  t.match(faults(t, loadCalendar, '2026.json', { ...year, moon: 1 }), [/moon .*is not known here/])
  t.throws(() => loadCalendar(join(t.testdir(), 'nowhere')), { code: 'CONFIG_INVALID' })
})

t.test('Decree 809 says how long an answer may take; a shorter local set beside it is not confirmed', async t => {
  const sets = new Map(loadRuleSets().map(set => [set.id, set]))
  const decree = sets.get('decree-809') as RuleSet
  t.same(Object.entries(decree.limits).map(([name, { count, unit, article }]) => [name, count, unit, article]), [
    ['catalogue-update', 10, 'working-day', '17'], ['catalogue-publication', 2, 'working-day', '17'], ['reply-unconditional', 1, 'working-day', '21'],
    ['reply-conditional', 10, 'working-day', '21'], ['delivery', 20, 'working-day', '22'], ['correction', 10, 'working-day', '26']
  ])
  t.same([decree.limits['catalogue-update'].extension?.count, decree.limits['reply-conditional'].extension?.count], [5, 10])
  t.same([decree.firstDay.source.tag, decree.pauseDay.source.tag], ['N', 'N'], 'what the text leaves open is said to be so')
  const county = sets.get('county-short') as RuleSet
  t.same([county.limits['reply-conditional'].count, county.source.tag], [5, 'N'])
})

t.test('a rule set with a limit that is none is not read', async t => {
  const decree = read('rule-sets/decree-809.json') as RuleSet
  t.same(faults(t, loadRuleSets, 'decree-809.json', decree), [])
  t.same(faults(t, loadRuleSets, 'other.json', decree), ['other.json/id is decree-809, and the file is other.json'])
  const { correction: _none, ...limits } = decree.limits
  t.match(faults(t, loadRuleSets, 'decree-809.json', { ...decree, limits }), [/correction/])
  t.match(faults(t, loadRuleSets, 'decree-809.json', { ...decree, limits: { ...decree.limits, correction: { ...decree.limits.correction, unit: 'fortnight' } } }), [/correction\/unit/])
  t.match(faults(t, loadRuleSets, 'decree-809.json', { ...decree, limits: { ...decree.limits, correction: { ...decree.limits.correction, count: 0 } } }), [/correction\/count/])
})
