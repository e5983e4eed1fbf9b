import t from 'tap'
import { dayInChina, fixedClock, inChinaTime, parseInstant, startOfDayInChina } from '../../../services/core/clock.js'

t.test('an instant has one spelling: RFC 3339 in UTC', async t => {
  t.equal(parseInstant('2026-03-02T01:00:00Z')?.getTime(), Date.UTC(2026, 2, 2, 1))
  t.equal(parseInstant('2026-03-02T01:00:00.123Z')?.getTime(), Date.UTC(2026, 2, 2, 1, 0, 0, 123))
  t.equal(parseInstant('2028-02-29T23:59:59.9Z')?.getTime(), Date.UTC(2028, 1, 29, 23, 59, 59, 900))
  for (const text of ['2026-03-02T09:00:00+08:00', '2026-02-30T00:00:00Z', '2026-03-02T24:00:00Z', '2026-03-02T23:59:60Z', '2026-03-02', '2026-03-02T01:00Z', '2026-03-02t01:00:00z', '2026-03-02T01:00:00.1234Z', '2026-13-01T00:00:00Z', '2026-03-02T01:00:00Z\n']) {
    t.equal(parseInstant(text), undefined, text)
  }
})

t.test('a calendar day is China\'s', async t => {
  t.equal(dayInChina(new Date('2026-03-01T15:59:59.999Z')), '2026-03-01')
  t.equal(dayInChina(new Date('2026-03-01T16:00:00Z')), '2026-03-02')
  t.equal(startOfDayInChina('2026-03-02')?.toISOString(), '2026-03-01T16:00:00.000Z')
  for (const text of ['2026-02-30', '2026-3-2', '20260302', '2026-03-02T00:00:00Z']) t.equal(startOfDayInChina(text), undefined, text)
})

t.test('a fixed clock stands still until it is told otherwise', async t => {
  const clock = fixedClock('2026-03-02T01:00:00Z')
  clock.now().setFullYear(1999)
  t.equal(clock.now().toISOString(), '2026-03-02T01:00:00.000Z')
  clock.set('2026-03-03T00:00:00Z')
  t.equal(clock.now().toISOString(), '2026-03-03T00:00:00.000Z')
})

t.test('instants in a text are told by the clock in China, and nothing else of it changes', async t => {
  t.equal(inChinaTime('某局: 2026-03-01T16:00:00.000Z keyCompromise, 2026-03-02T01:00:00Z', '（北京时间）'), '某局: 2026-03-02 00:00:00（北京时间） keyCompromise, 2026-03-02 09:00:00（北京时间）')
  for (const text of ['', '2026-03-01', '2026-02-30T00:00:00Z', '2026-03-01T16:00:00+08:00', '$& $1']) t.equal(inChinaTime(text, '$&'), text)
})
