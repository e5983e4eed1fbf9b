import fc from 'fast-check'
import t from 'tap'
import { loadCalendar, loadRuleSets, type RuleSet } from '../../../config/rules.js'
import { addDays, WorkingCalendar } from '../../../services/catalogue/calendar.js'
import { replyClock, type ClockFacts } from '../../../services/catalogue/reply-clock.js'
import { Rules } from '../../../services/catalogue/rule-sets.js'

const calendar = new WorkingCalendar(loadCalendar())
const rules = new Rules({ calendar, ruleSets: loadRuleSets() })
const MADE: ClockFacts = { ruleSet: 'decree-809', limit: 'reply-conditional', startedAt: '2026-03-02T01:00:00.000Z', pauses: [] }
const clockAt = (facts: Partial<ClockFacts>, at: string, by = rules) => replyClock({ ...MADE, ...facts }, new Date(at), by)

t.test('ten working days for conditional data, one for unconditional, and overdue once the last has ended', async t => {
  t.match(clockAt({}, '2026-03-02T01:00:00.000Z'), { state: 'running', article: '21', dueOn: '2026-03-16', words: { zh: '最迟 2026-03-16 答复（还有 10 个工作日）' } })
  t.equal(clockAt({}, '2026-03-16T15:59:59.999Z').state, 'running')
  t.match(clockAt({}, '2026-03-16T16:00:00.000Z'), { state: 'overdue', lateWorkingDays: 1, words: { zh: '已迟 1 个工作日，应于 2026-03-16 前答复', en: '1 working day late, due by 2026-03-16' } })
  t.match(clockAt({ limit: 'reply-unconditional' }, '2026-03-02T01:00:00.000Z'), { dueOn: '2026-03-03' })
  t.match(clockAt({ ruleSet: 'county-short' }, '2026-03-02T01:00:00.000Z'), { dueOn: '2026-03-09', ruleSet: 'county-short' })
})

t.test('an answer is judged by the day on which it was given', async t => {
  const answered = (at: string) => clockAt({ ended: { at, how: 'answered' } }, '2026-06-01T00:00:00.000Z')
  t.match(answered('2026-03-16T15:59:59.999Z'), { state: 'answered', dueOn: '2026-03-16' })
  t.match(answered('2026-03-17T01:00:00.000Z'), { state: 'answered-late', lateWorkingDays: 1 })
  t.equal(clockAt({ ended: { at: '2026-03-30T00:00:00.000Z', how: 'withdrawn' } }, '2026-06-01T00:00:00.000Z').state, 'withdrawn')
})

t.test('a pause stops the clock, papers let it go on with what was left', async t => {
  // Told on Wednesday 4 March: Tuesday alone has run. Handed in on Monday 9: nine working days from there.
  const paused = { pauses: [{ from: '2026-03-04T01:00:00.000Z' }] }
  t.match(clockAt(paused, '2026-05-30T00:00:00.000Z'), { state: 'paused', words: { zh: '已暂停，等待补充材料（剩余 9 个工作日）' } })
  t.equal(clockAt(paused, '2026-03-03T00:00:00.000Z').state, 'running', 'before it was paused it ran')
  const resumed = { pauses: [{ from: '2026-03-04T01:00:00.000Z', until: '2026-03-09T01:00:00.000Z' }] }
  t.match(clockAt(resumed, '2026-03-09T02:00:00.000Z'), { state: 'running', dueOn: '2026-03-20' })
  const late = { pauses: [{ from: '2026-03-18T01:00:00.000Z', until: '2026-03-30T01:00:00.000Z' }] }
  t.match(clockAt(late, '2026-03-31T02:00:00.000Z'), { state: 'overdue', dueOn: '2026-03-16' }, 'a clock that has run out is not stopped')
  const decree = loadRuleSets().find(({ id }) => id === 'decree-809') as RuleSet
  const counting = new Rules({ calendar, ruleSets: [{ ...decree, pauseDay: { ...decree.pauseDay, counts: true }, firstDay: { ...decree.firstDay, counts: true } }] })
  t.match(clockAt({}, '2026-03-02T01:00:00.000Z', counting), { dueOn: '2026-03-13' }, 'the first day counts where the rule set says so')
  t.match(clockAt(resumed, '2026-03-09T02:00:00.000Z', counting), { dueOn: '2026-03-17' }, 'and the day of the pause: three have run, seven are left from the ninth on')
})

t.test('an extension adds its days', async t => {
  t.match(clockAt({ extendedBy: 10 }, '2026-03-20T01:00:00.000Z'), { state: 'running', extendedBy: 10, dueOn: '2026-03-30' })
})

t.test('a deadline in a year without working days is said to be unknown, and late only where that is sure', async t => {
  const facts = { startedAt: '2026-12-28T01:00:00.000Z' }
  t.match(clockAt(facts, '2026-12-31T15:00:00.000Z'), { state: 'running', code: 'CALENDAR_YEAR_UNKNOWN', needs: { en: 'the working days of 2027 are missing: add config/calendar/2027.json' } })
  t.match(clockAt(facts, '2026-12-31T16:00:00.000Z'), { state: 'indeterminate', code: 'CALENDAR_YEAR_UNKNOWN' })
  t.equal(clockAt({ ...facts, ended: { at: '2026-12-31T01:00:00.000Z', how: 'answered' } }, '2027-03-01T00:00:00.000Z').state, 'answered')
  t.match(clockAt({ ruleSet: 'gone' }, '2026-03-02T01:00:00.000Z'), { state: 'indeterminate', code: 'RULE_SET_UNKNOWN' })
})

t.test('with a pause or without, just the days of the rule set run', async t => {
  const start = fc.integer({ min: 0, max: 200 }).map(index => addDays('2026-01-05', index))
  fc.assert(fc.property(start, fc.integer({ min: 0, max: 25 }), fc.integer({ min: 0, max: 25 }), (startsOn, until, length) => {
    const [pausedOn, resumedOn] = [addDays(startsOn, until), addDays(startsOn, until + length)]
    const { dueOn = '' } = clockAt({ startedAt: `${startsOn}T01:00:00.000Z`, pauses: [{ from: `${pausedOn}T01:00:00.000Z`, until: `${resumedOn}T02:00:00.000Z` }] }, `${resumedOn}T03:00:00.000Z`)
    const between = (after: string, through: string): number => Math.max(0, calendar.workingDaysAfter(after, through) as number)
    const before = between(startsOn, addDays(pausedOn, -1))
    return before >= 10 ? between(startsOn, dueOn) === 10 : before + between(resumedOn, dueOn) === 10
  }), { seed: 21, numRuns: 300 })
})
