import chineseDays from 'chinese-days'
import fc from 'fast-check'
import t from 'tap'
import { loadCalendar } from '../../../config/rules.js'
import { addDays, isYearUnknown, WorkingCalendar } from '../../../services/catalogue/calendar.js'

const calendar = new WorkingCalendar(loadCalendar())

t.test('every day of 2024, 2025 and 2026 is a working day just where chinese-days says so', async t => {
  const differing: string[] = []
  let days = 0
  for (let day = '2024-01-01'; day <= '2026-12-31'; day = addDays(day, 1)) {
    days++
    if (calendar.isWorkingDay(day) !== chineseDays.isWorkday(day)) differing.push(day)
  }
  t.same([days, differing], [366 + 365 + 365, []])
})

t.test('a year without its notice is an answer, never a guess', async t => {
  t.same(calendar.isWorkingDay('2027-01-04'), { unknownYear: 2027 })
  t.same(calendar.isWorkingDay('2023-12-29'), { unknownYear: 2023 })
  t.same(calendar.addWorkingDays('2026-12-30', 1, false), '2026-12-31')
  t.same(calendar.addWorkingDays('2026-12-30', 2, false), { unknownYear: 2027 })
  t.same(calendar.workingDaysAfter('2026-12-30', '2026-12-31'), 1)
  t.same(calendar.workingDaysAfter('2026-12-30', '2027-01-01'), { unknownYear: 2027 })
})

t.test('working days pass over holidays and take in the days that make up for them', async t => {
  // National Day 2026: 1 to 7 October closed; Sunday 20 September and Saturday 10 October worked.
  t.equal(calendar.addWorkingDays('2026-09-30', 1, false), '2026-10-08')
  t.equal(calendar.addWorkingDays('2026-09-30', 3, false), '2026-10-10')
  t.equal(calendar.addWorkingDays('2026-09-18', 1, false), '2026-09-20')
  t.equal(calendar.workingDaysAfter('2026-09-30', '2026-10-10'), 3)
  t.equal(calendar.workingDaysAfter('2026-10-10', '2026-09-30'), 0)
})

t.test('whether the first day counts is the caller\'s to say', async t => {
  t.equal(calendar.addWorkingDays('2026-03-02', 1, true), '2026-03-02')
  t.equal(calendar.addWorkingDays('2026-03-02', 1, false), '2026-03-03')
  t.equal(calendar.addWorkingDays('2026-03-07', 1, true), '2026-03-09', 'a Saturday is no first working day')
  t.equal(calendar.addWorkingDays('2026-03-02', 0, false), '2026-03-02')
})

t.test('days and months are counted by the calendar', async t => {
  t.equal(calendar.end('2026-03-02', { unit: 'day', count: 7 }, false), '2026-03-09')
  t.equal(calendar.end('2026-03-02', { unit: 'day', count: 7 }, true), '2026-03-08')
  t.equal(calendar.end('2026-01-31', { unit: 'month', count: 1 }, false), '2026-02-28')
  t.equal(calendar.end('2024-01-31', { unit: 'month', count: 1 }, false), '2024-02-29')
  t.equal(calendar.end('2026-11-30', { unit: 'month', count: 3 }, false), '2027-02-28', 'a year whose holidays nobody knows has months all the same')
  t.equal(calendar.end('2026-03-02', { unit: 'working-day', count: 10 }, false), '2026-03-16')
})

t.test('a period of n working days holds n working days and ends on one', async t => {
  const day = fc.integer({ min: 0, max: 900 }).map(index => addDays('2024-01-01', index))
  fc.assert(fc.property(day, fc.integer({ min: 1, max: 60 }), fc.boolean(), (from, count, firstDayCounts) => {
    const end = calendar.addWorkingDays(from, count, firstDayCounts)
    if (isYearUnknown(end)) return true
    const first = firstDayCounts && calendar.isWorkingDay(from) === true ? 1 : 0
    return calendar.isWorkingDay(end) === true && calendar.workingDaysAfter(from, end) === count - first
  }), { seed: 809, numRuns: 300 })
})

t.test('a day lies within so many working days just where no more of them follow it', async t => {
  const day = fc.integer({ min: 0, max: 900 }).map(index => addDays('2024-01-01', index))
  fc.assert(fc.property(day, fc.integer({ min: -5, max: 60 }), fc.integer({ min: 0, max: 40 }), (from, span, count) => {
    const until = addDays(from, span)
    const follow = calendar.workingDaysAfter(from, until)
    return calendar.isWithinWorkingDays(from, until, count) === (from <= until && (follow as number) <= count)
  }), { seed: 810, numRuns: 300 })
  t.same(calendar.isWithinWorkingDays('2026-12-31', '2027-01-04', 9), { unknownYear: 2027 })
  t.equal(calendar.isWithinWorkingDays('1900-01-01', '2026-03-02', 9), false)
})
