import fc from 'fast-check'
import t from 'tap'
import { loadCalendar, loadRuleSets } from '../../../config/rules.js'
import { addDays, WorkingCalendar } from '../../../services/catalogue/calendar.js'
import { ArrivalsFold, type Arrivals } from '../../../services/catalogue/duty-arrivals.js'
import { dutyStanding, type ResponsibilityItem } from '../../../services/catalogue/duty-standing.js'
import { Rules } from '../../../services/catalogue/rule-sets.js'
import type { EventRecord } from '../../../platform/event-log/port.js'
import { MARKET, OFFICE } from './support.js'

const rules = new Rules({ calendar: new WorkingCalendar(loadCalendar()), ruleSets: loadRuleSets() })
const ITEM: ResponsibilityItem = {
  itemId: 'd-1', resourceId: `${MARKET}.shops`, provider: MARKET, consumers: [OFFICE], dueOn: '2026-03-13', updateCycle: 'daily', matters: ['open-restaurant'], ruleSet: 'decree-809', contact: { office: '数据处' }
}

/** What the fold makes of events that were recorded then; a text with a slash says as of when a pass began, too. */
function arrivalsOf (instants: string[], kept?: number): Arrivals | undefined {
  const fold = new ArrivalsFold(kept)
  instants.forEach((text, offset) => { fold.take(record(text, offset)) })
  return fold.get(ITEM.resourceId)
}
function record (text: string, offset: number): EventRecord {
  const [recordedAt = '', asOf] = text.split('/')
  const data = { resource: 'shops', ...(asOf === undefined ? {} : { asOf }) }
  const event = { id: `e-${offset}`, source: `urn:uscc:${MARKET}`, type: asOf === undefined ? 'record.upserted.v1' : 'resource.refreshed.v1', sequence: offset + 1, data }
  return { topic: 'trusted', partition: 0, offset, key: event.source, value: Buffer.from(JSON.stringify(event)), headers: { 'recorded-at': recordedAt }, storedAt: new Date(recordedAt) }
}
const standing = (item: Partial<ResponsibilityItem>, instants: string[], at: string, kept?: number) => dutyStanding({ ...ITEM, ...item }, arrivalsOf(instants, kept), new Date(at), rules)
/** State and clock alone. */
const state = (...asked: Parameters<typeof standing>): string => { const { state, clock } = standing(...asked); return `${state}: ${clock.zh}` }

t.test('nothing has come: not yet due until the day has ended in China, overdue from then on', async t => {
  t.equal(state({}, [], '2026-03-02T01:00:00.000Z'), 'not-yet-due: 尚未到期，最迟 2026-03-13（还有 9 个工作日）')
  t.equal(standing({}, [], '2026-03-13T15:59:59.999Z').state, 'not-yet-due')
  t.match(standing({}, [], '2026-03-13T16:00:00.000Z'), { state: 'overdue', since: '2026-03-13T16:00:00.000Z', lateWorkingDays: 0, clock: { zh: '已迟 不足 1 个工作日，应于 2026-03-13 前到达' }, proofs: [] })
  t.match(standing({}, [], '2026-03-18T01:00:00.000Z'), { state: 'overdue', lateWorkingDays: 3, dueOn: '2026-03-13', clock: { zh: '已迟 3 个工作日，应于 2026-03-13 前到达', en: '3 working days late, due by 2026-03-13' } })
})

t.test('what comes by the end of the day meets it, what comes later was late, and both name the event', async t => {
  t.match(standing({}, ['2026-03-13T15:59:59.999Z'], '2026-03-14T00:00:00.000Z'), {
    state: 'met', since: '2026-03-13T15:59:59.999Z', dueOn: '2026-03-16', proofs: [{ href: `/v1/events/${MARKET}/1`, eventId: 'e-0', type: 'record.upserted.v1', recordedAt: '2026-03-13T15:59:59.999Z', asOf: '2026-03-13' }]
  })
  t.match(standing({}, ['2026-03-16T16:00:00.000Z'], '2026-03-17T01:00:00.000Z'), { state: 'late', lateWorkingDays: 2, clock: { zh: '最近一次数据最迟应于 2026-03-13 到达，2026-03-17 才到，迟了 2 个工作日；下一次最迟 2026-03-18（还有 1 个工作日）' } })
})

t.test('each cycle sets the day of the next refresh by its rule', async t => {
  const due = (updateCycle: ResponsibilityItem['updateCycle'], ruleSet = 'decree-809') => standing({ updateCycle, ruleSet, dueOn: '2026-01-05' }, ['2026-01-05T01:00:00.000Z'], '2026-01-05T02:00:00.000Z').dueOn
  t.same([due('realtime'), due('daily'), due('weekly'), due('monthly'), due('quarterly'), due('yearly'), due('once')],
    ['2026-01-06', '2026-01-06', '2026-01-12', '2026-02-05', '2026-04-05', '2027-01-05', undefined])
  t.equal(due('weekly', 'county-short'), '2026-01-12', 'five working days, the same here')
  t.equal(standing({ updateCycle: 'weekly', ruleSet: 'county-short' }, ['2026-02-13T01:00:00.000Z'], '2026-02-13T02:00:00.000Z').dueOn, '2026-03-13', 'never before the first day')
  t.equal(standing({ updateCycle: 'weekly', ruleSet: 'county-short', dueOn: '2026-02-13' }, ['2026-02-13T01:00:00.000Z'], '2026-02-13T02:00:00.000Z').dueOn, '2026-02-27', 'over Spring Festival')
  t.equal(standing({ updateCycle: 'once' }, ['2026-03-01T01:00:00.000Z'], '2099-01-01T00:00:00.000Z').state, 'met', 'what was supplied once is never due again')
})

t.test('a daily duty passes over holidays and turns late on the first working day that ends without news', async t => {
  const at = (instant: string) => standing({ dueOn: '2026-02-13' }, ['2026-02-14T01:00:00.000Z'], instant).state
  t.equal(standing({ dueOn: '2026-02-13' }, ['2026-02-14T01:00:00.000Z'], '2026-02-20T00:00:00.000Z').dueOn, '2026-02-24')
  t.same([at('2026-02-24T15:59:59.999Z'), at('2026-02-24T16:00:00.000Z')], ['late', 'overdue'])
})

t.test('a pass that began days ago makes data no fresher than they were then', async t => {
  const stale = '2026-03-16T01:00:00.000Z/2026-03-12T01:00:00.000Z'
  t.match(standing({}, [stale], '2026-03-16T02:00:00.000Z'), { state: 'overdue', dueOn: '2026-03-13', proofs: [{ asOf: '2026-03-12' }] })
  t.match(standing({}, ['2026-03-13T01:00:00.000Z', stale], '2026-03-16T02:00:00.000Z'), { state: 'met', dueOn: '2026-03-16', proofs: [{ eventId: 'e-0' }] }, 'and proves nothing')
  t.match(standing({}, ['2026-03-12T01:00:00.000Z/2027-01-01T00:00:00.000Z'], '2026-03-12T02:00:00.000Z'), { proofs: [{ asOf: '2026-03-12' }] }, 'nor fresher than the day on which it came')
})

t.test('how it stood on a past day is told by what had come by then', async t => {
  const days = ['2026-03-13T01:00:00.000Z', '2026-03-18T01:00:00.000Z', '2026-03-19T01:00:00.000Z']
  const at = (instant: string) => standing({}, days, instant).state
  t.same(['2026-03-12', '2026-03-14', '2026-03-17', '2026-03-18', '2026-03-19'].map(day => at(`${day}T01:00:00.000Z`)), ['not-yet-due', 'met', 'overdue', 'late', 'met'])
})

t.test('a year without working days makes a state indeterminate once it matters, and says what is missing', async t => {
  const last = ['2026-12-31T01:00:00.000Z']
  t.match(standing({ dueOn: '2026-12-31' }, last, '2026-12-31T15:59:59.999Z'), { state: 'met', clock: { zh: '按期，下次期限在 2027 年，该年工作日尚未公布' } }, 'this year has not ended: it is not late')
  t.match(standing({ dueOn: '2026-12-31' }, last, '2026-12-31T16:00:00.000Z'), { state: 'indeterminate', code: 'CALENDAR_YEAR_UNKNOWN', needs: { zh: '缺少 2027 年的工作日数据，请补充 config/calendar/2027.json' } })
  t.match(standing({ dueOn: '2026-12-31' }, [...last, '2027-01-04T01:00:00.000Z'], '2027-01-04T02:00:00.000Z'), { state: 'indeterminate', code: 'CALENDAR_YEAR_UNKNOWN' }, 'nobody knows whether that was in time')
  t.match(standing({ dueOn: '2026-12-31' }, [], '2027-01-04T02:00:00.000Z'), { state: 'overdue', clock: { zh: '已迟 若干工作日（2027 年工作日未知），应于 2026-12-31 前到达' } }, 'late it is, by however many')
  t.equal(standing({ dueOn: '2026-12-31' }, [], '2027-01-04T02:00:00.000Z').lateWorkingDays, undefined)
  t.match(standing({ ruleSet: 'none' }, [], '2026-03-02T00:00:00.000Z'), { state: 'indeterminate', code: 'RULE_SET_UNKNOWN' })
})

t.test('arrivals are kept within a bound, and a day before them is not guessed at', async t => {
  const days = ['2026-03-10', '2026-03-11', '2026-03-12', '2026-03-13'].map(day => `${day}T01:00:00.000Z`)
  const arrivals = arrivalsOf(days, 3)
  t.same([arrivals?.advances.length, arrivals?.dropped, arrivals?.first.recordedAt], [3, 1, days[0]])
  t.equal(standing({ dueOn: '2026-03-01' }, days, '2026-03-13T02:00:00.000Z', 3).state, 'met')
  t.equal(standing({ dueOn: '2026-03-01' }, days, '2026-03-12T02:00:00.000Z', 3).state, 'met')
  t.match(standing({ dueOn: '2026-03-01' }, days, '2026-03-11T02:00:00.000Z', 3), { state: 'indeterminate', code: 'ARRIVALS_NOT_KEPT' })
  t.equal(standing({ dueOn: '2026-03-01' }, days, '2026-03-11T02:00:00.000Z').state, 'met', 'kept whole')
})

t.test('told in batches or one by one, twice or once, what came in is the same', async t => {
  const instant = fc.integer({ min: 0, max: 40 * 24 }).map(hours => new Date(Date.UTC(2026, 2, 1) + hours * 3_600_000).toISOString())
  fc.assert(fc.property(fc.array(instant, { maxLength: 60 }), fc.nat(60), (unsorted, cut) => {
    const records = unsorted.sort().map(record)
    const whole = new ArrivalsFold()
    for (const one of records) whole.take(one)
    const twice = new ArrivalsFold()
    for (const one of records.slice(0, cut)) twice.take(one)
    const after = new ArrivalsFold()
    for (const document of twice.all()) after.know(structuredClone(document))
    for (const one of records) after.take(one) // from the beginning again, as after a crash
    return JSON.stringify(after.all().map(({ through: _, ...rest }) => rest)) === JSON.stringify(whole.all().map(({ through: _, ...rest }) => rest))
  }), { seed: 809, numRuns: 200 })
})

t.test('a duty is overdue on just the days for which the days say so', async t => {
  // The same question put naively: walk from the latest news to today and count working days.
  const day = fc.integer({ min: 0, max: 250 }).map(index => addDays('2026-01-05', index))
  fc.assert(fc.property(fc.array(day, { minLength: 1, maxLength: 8 }), day, (unsorted, today) => {
    const days = [...new Set(unsorted)].sort()
    const got = standing({ dueOn: '2026-01-05' }, days.map(day => `${day}T04:00:00.000Z`), `${today}T05:00:00.000Z`)
    const latest = days.filter(day => day <= today).at(-1)
    if (latest === undefined) return got.state === (today > '2026-01-05' ? 'overdue' : 'not-yet-due')
    const passed = rules.calendar.workingDaysAfter(latest, addDays(today, -1))
    return (got.state === 'overdue') === (passed as number >= 1)
  }), { seed: 26, numRuns: 300 })
})

t.test('however an event is written, it is of the resource that it names', async t => {
  const awkward = fc.constantFrom('shops', '"data":{"resource":"shops"', '\\"data":{"resource":"names"', '","source":"urn:uscc:X', 'urn:uscc:11990000YYYY010074', '面馆', 'a\\')
  const seen = (text: string): string | undefined => {
    const fold = new ArrivalsFold()
    fold.take({ topic: 'trusted', partition: 0, offset: 0, key: 'k', value: Buffer.from(text), headers: { 'recorded-at': '2026-03-02T01:00:00.000Z' }, storedAt: new Date(0) })
    return fold.all()[0]?.id
  }
  fc.assert(fc.property(fc.constantFrom('record.upserted.v1', 'record.deleted.v1', 'resource.refreshed.v1', 'licence.issued.v1'), awkward, awkward, fc.shuffledSubarray(['id', 'source', 'type', 'subject', 'sequence', 'data'], { minLength: 6 }), fc.boolean(), fc.boolean(), (type, subject, word, order, keyFirst, spaced) => {
    const values = { source: word, resource: word, type: word, data: subject }
    const data = type.startsWith('licence') ? { licenceId: subject, face: values } : keyFirst ? { key: subject, resource: 'shops', values } : { resource: 'shops', key: subject, values }
    const members: Record<string, unknown> = { id: word, source: `urn:uscc:${MARKET}`, type, subject, sequence: 1, data }
    const event = Object.fromEntries(order.map(name => [name, members[name]]))
    return seen(JSON.stringify(event, undefined, spaced ? 1 : undefined)) === (type.startsWith('licence') ? undefined : `${MARKET}.shops`)
  }), { seed: 44, numRuns: 500 })
})
