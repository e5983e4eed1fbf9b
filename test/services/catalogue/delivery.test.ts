import t from 'tap'
import { loadCalendar, loadRuleSets } from '../../../config/rules.js'
import { WorkingCalendar } from '../../../services/catalogue/calendar.js'
import { deliveryStanding, type Agreement } from '../../../services/catalogue/delivery.js'
import type { Advance, Arrivals } from '../../../services/catalogue/duty-arrivals.js'
import { Grants } from '../../../services/catalogue/grants.js'
import { recomputeDeliveries } from '../../../services/catalogue/recompute.js'
import { Rules } from '../../../services/catalogue/rule-sets.js'
import { TOPICS } from '../../../services/core/event.js'
import { canonicalJson } from '../../../services/core/json.js'
import { BY_AUTHORITY, BY_COUNTY, COUNTY, DEMAND, openSharing, SHOPS } from './sharing-support.js'
import { BY_MARKET, contents, MARKET, OFFICE, recorded } from './support.js'

const rules = new Rules({ calendar: new WorkingCalendar(loadCalendar()), ruleSets: loadRuleSets() })
const AGREED: Agreement = { resourceId: SHOPS, ruleSet: 'decree-809', agreedAt: '2026-03-05T01:00:00.000Z' }
function came (recordedAt: string): Arrivals {
  const first: Advance = { sequence: 7, eventId: 's-7', type: 'record.upserted.v1', recordedAt, asOf: recordedAt.slice(0, 10) }
  return { id: SHOPS, first, advances: [first], dropped: 0, through: 0 }
}
const standing = (at: string, arrivals?: Arrivals, agreement: Partial<Agreement> = {}) => deliveryStanding({ ...AGREED, ...agreement }, arrivals, new Date(at), rules)

t.test('twenty working days from the consenting reply, and overdue once the last has ended', async t => {
  t.match(standing('2026-03-05T01:00:00.000Z'), { state: 'not-yet-due', article: '22', period: { unit: 'working-day', count: 20 }, startsOn: '2026-03-05', dueOn: '2026-04-02', words: { zh: '尚未提供共享，最迟 2026-04-02（还有 20 个工作日）' } })
  t.equal(standing('2026-04-02T15:59:59.999Z').state, 'not-yet-due')
  t.match(standing('2026-04-02T16:00:00.000Z'), { state: 'overdue', since: '2026-04-02T16:00:00.000Z', dueOn: '2026-04-02', lateWorkingDays: 1, words: { zh: '已迟 1 个工作日，应于 2026-04-02 前提供共享' } })
  t.match(standing('2026-03-05T01:00:00.000Z', undefined, { ruleSet: 'county-short' }), { dueOn: '2026-03-19', period: { count: 10 } })
})

t.test('the first event of the resource shows that it can be used: from the reply on where it came before', async t => {
  const proof = { href: `/v1/events/${MARKET}/7`, eventId: 's-7' }
  t.match(standing('2026-06-01T00:00:00.000Z', came('2026-04-02T15:59:59.999Z')), { state: 'met', since: '2026-04-02T15:59:59.999Z', proof })
  t.match(standing('2026-06-01T00:00:00.000Z', came('2026-04-02T16:00:00.000Z')), { state: 'late', since: '2026-04-02T16:00:00.000Z', lateWorkingDays: 1, proof })
  t.match(standing('2026-03-05T01:00:00.000Z', came('2026-01-05T00:00:00.000Z')), { state: 'met', since: AGREED.agreedAt, proof })
  const before = standing('2026-04-01T00:00:00.000Z', came('2026-04-01T00:00:00.001Z'))
  t.match(before, { state: 'not-yet-due' }, 'what had not come then counts for nothing')
  t.notOk(before.proof)
})

t.test('once the grant is over nothing is owed, and what came in time stays met', async t => {
  const pulled = { endedAt: '2026-03-20T01:00:00.000Z' }
  t.equal(standing('2026-03-20T00:59:59.999Z', undefined, pulled).state, 'not-yet-due')
  const over = standing('2026-06-01T00:00:00.000Z', undefined, pulled)
  t.match(over, { state: 'ended', since: pulled.endedAt })
  t.notOk(over.lateWorkingDays)
  t.match(standing('2026-06-01T00:00:00.000Z', came('2026-03-20T01:00:00.001Z'), pulled), { state: 'ended' }, 'too late to be used')
  t.match(standing('2026-06-01T00:00:00.000Z', came('2026-03-20T01:00:00.000Z'), pulled), { state: 'met' })
  t.match(standing('2026-06-01T00:00:00.000Z', undefined, { endedAt: '2026-04-07T01:00:00.000Z' }), { state: 'ended', lateWorkingDays: 2 }, 'how late it was by then is said')
})

t.test('without the rule set, or the working days of the year, it says what would settle it', async t => {
  t.match(standing('2026-03-05T01:00:00.000Z', undefined, { ruleSet: 'none' }), { state: 'indeterminate', code: 'RULE_SET_UNKNOWN' })
  const lastYear = Math.max(...rules.calendar.years)
  const agreedAt = `${lastYear}-12-20T01:00:00.000Z`
  t.match(standing(`${lastYear}-12-31T00:00:00.000Z`, undefined, { agreedAt }), { state: 'not-yet-due' })
  const unknown = standing(`${lastYear + 1}-01-01T00:00:00.000Z`, undefined, { agreedAt })
  t.match(unknown, { state: 'indeterminate', code: 'CALENDAR_YEAR_UNKNOWN', needs: { en: new RegExp(`${lastYear + 1}`) } })
  t.notOk(unknown.dueOn)
  t.match(standing(`${lastYear + 1}-01-01T00:00:00.000Z`, came(`${lastYear}-12-28T00:00:00.000Z`), { agreedAt }), { state: 'met' }, 'what came before that year is in time')
})

t.test('each grant tells how its sharing stands, from the reply to the first event, by the rules of its demand', async t => {
  const { sharing: { demands, grants }, log, clock, tell } = await openSharing(t)
  const { demandId } = await demands.make({ ...DEMAND, ruleSet: 'county-short' }, BY_COUNTY)
  const { decided } = await demands.decide(demandId, { outcome: 'grant', grant: { until: '2026-12-31' }, why: '符合共享条件' }, BY_MARKET)
  const reader = { organisation: COUNTY, all: false }
  const delivery = async () => (await grants.get(decided?.grantId as string, reader)).delivery
  t.match(await delivery(), { state: 'not-yet-due', ruleSet: 'county-short', startsOn: '2026-03-02', dueOn: '2026-03-16', article: '22' })
  clock.set('2026-03-17T01:00:00.000Z')
  t.match(await delivery(), { state: 'overdue', lateWorkingDays: 1 })
  const kept = await contents(log.collection('catalogue-grants'))
  await tell('2026-03-17T02:00:00.000Z', { resource: 'names' })
  clock.set('2026-03-17T03:00:00.000Z')
  t.match(await delivery(), { state: 'overdue' }, 'what another resource tells says nothing of this one')
  await tell('2026-03-17T02:00:00.000Z', { resource: 'shops' })
  t.match(await delivery(), { state: 'late', since: '2026-03-17T02:00:00.000Z', lateWorkingDays: 1, proof: { type: 'record.upserted.v1' } })
  t.same((await grants.list({ organisation: MARKET, as: 'provider', limit: 10 })).items.map(({ delivery: { state } }) => state), ['late'])
  t.equal(await contents(log.collection('catalogue-grants')), kept, 'nothing of it is set by hand')
  await log.rebuild()
  t.equal(await contents(log.collection('catalogue-grants')), kept)
})

t.test('how all that was granted stood at any instant is listed in its order, and the log gives the same bytes again', async t => {
  const { sharing: { demands, grants }, eventLog, clock, tell } = await openSharing(t)
  const granted = async (at: string, demand: typeof DEMAND, by = BY_COUNTY): Promise<string> => {
    clock.set(at)
    const { demandId } = await demands.make(demand, by)
    return (await demands.decide(demandId, { outcome: 'grant', grant: { until: '2026-12-31' }, why: '符合共享条件' }, BY_MARKET)).decided?.grantId as string
  }
  const { regions: _everywhere, ...everywhere } = DEMAND
  const first = await granted('2026-03-02T01:00:00.000Z', DEMAND)
  const second = await granted('2026-03-03T01:00:00.000Z', { ...everywhere, resourceId: `${MARKET}.names` }, BY_AUTHORITY)
  const third = await granted('2026-03-04T01:00:00.000Z', { ...DEMAND, ruleSet: 'county-short' })
  const refused = await demands.make(DEMAND, BY_COUNTY)
  await demands.decide(refused.demandId, { outcome: 'refuse', article: '示例法第 1 条', reviewOn: '2027-01-01', why: '不符合' }, BY_MARKET)
  clock.set('2026-03-12T01:00:00.000Z')
  await grants.suspend(second, true, '核查', BY_AUTHORITY)
  await tell('2026-03-20T01:00:00.000Z', { resource: 'shops' })
  clock.set('2026-04-10T01:00:00.000Z')
  await grants.pull(second, '收回', BY_MARKET)
  const states = async (at: string, filter: Parameters<typeof grants.deliveries>[0] | object = {}): Promise<string[]> => (await grants.deliveries({ at: new Date(at), limit: 10, ...filter })).items.map(({ grantId, delivery: { state } }) => `${[first, second, third].indexOf(grantId)} ${state}`)
  t.same(await states('2026-03-03T00:59:59.999Z'), ['0 not-yet-due'], 'what was granted later was not there')
  t.same(await states('2026-03-19T01:00:00.000Z'), ['0 not-yet-due', '1 not-yet-due', '2 overdue'])
  t.same(await states('2026-04-09T01:00:00.000Z'), ['0 met', '1 overdue', '2 late'])
  t.same(await states('2026-04-11T01:00:00.000Z'), ['0 met', '1 ended', '2 late'])
  t.same(await states('2026-04-09T01:00:00.000Z', { state: 'overdue' }), ['1 overdue'])
  t.same(await states('2026-04-09T01:00:00.000Z', { consumer: COUNTY }), ['0 met', '2 late'])
  t.same(await states('2026-04-09T01:00:00.000Z', { owner: MARKET, consumer: OFFICE }), ['1 overdue'])
  t.same(await states('2026-04-09T01:00:00.000Z', { owner: COUNTY }), [])
  for (const at of ['2026-03-01T00:00:00.000Z', '2026-03-03T00:59:59.999Z', '2026-03-19T01:00:00.000Z', '2026-04-09T01:00:00.000Z', '2026-04-11T01:00:00.000Z', '2099-01-01T00:00:00.000Z']) {
    for (const filter of [{}, { owner: MARKET }, { consumer: COUNTY }, { consumer: COUNTY, state: 'late' as const }, { owner: MARKET, consumer: OFFICE }]) {
      const items: object[] = []
      for (let after: string | undefined; ;) {
        const page = await grants.deliveries({ at: new Date(at), limit: 1, ...filter, ...(after === undefined ? {} : { after }) })
        items.push(...page.items)
        if (page.next === undefined) break
        after = page.next
      }
      t.equal(canonicalJson({ at, items }), canonicalJson(await recomputeDeliveries(eventLog, { at: new Date(at), rules, ...filter })), `${at} ${JSON.stringify(filter)}`)
    }
  }
})

t.test('what was granted and is not shared in time is told to the authority, once; what came, or is over, is not', async t => {
  const ground = await openSharing(t)
  const { sharing: { demands, grants }, eventLog, clock, log, tell } = ground
  const { regions: _everywhere, ...names } = { ...DEMAND, resourceId: `${MARKET}.names` }
  const granted = async (at: string, demand: typeof DEMAND): Promise<string> => {
    clock.set(at)
    const { demandId } = await demands.make(demand, BY_COUNTY)
    return (await demands.decide(demandId, { outcome: 'grant', grant: { until: '2026-12-31' }, why: '符合共享条件' }, BY_MARKET)).decided?.grantId as string
  }
  const reader = { organisation: COUNTY, all: false }
  const long = await granted('2026-03-02T01:00:00.000Z', DEMAND)
  const short = await granted('2026-03-03T01:00:00.000Z', { ...DEMAND, ruleSet: 'county-short' })
  const pulled = await granted('2026-03-03T02:00:00.000Z', { ...DEMAND, ruleSet: 'county-short' })
  await granted('2026-03-03T03:00:00.000Z', { ...names, ruleSet: 'county-short' })
  await tell('2026-03-04T01:00:00.000Z', { resource: 'names' })
  await grants.pull(pulled, '收回', BY_MARKET)
  clock.set('2026-03-17T15:59:59.999Z')
  t.equal(await grants.escalate(), 0)
  const [before] = (await grants.deliveries({ at: clock.now(), limit: 10, state: 'not-yet-due' })).items
  t.match(before, { grantId: long, escalated: undefined })
  clock.set('2026-03-17T16:00:00.000Z')
  t.equal(await grants.escalate(), 1)
  t.equal(await grants.escalate(), 0)
  t.match((await recorded(t, eventLog)).at(-1), { type: 'grant.escalated.v1', subject: short, by: { client: 'exchange', organisation: MARKET }, why: '已迟 1 个工作日，应于 2026-03-17 前提供共享' })
  t.match(await grants.get(short, reader), { escalated: { at: '2026-03-17T16:00:00.000Z' }, delivery: { state: 'overdue' } })
  t.match((await grants.deliveries({ at: clock.now(), limit: 10, state: 'overdue' })).items, [{ grantId: short, escalated: { at: '2026-03-17T16:00:00.000Z' } }])
  clock.set('2026-03-31T01:00:00.000Z')
  t.equal(await grants.escalate(), 1, 'what had more time is told when that has run out')
  t.match(await grants.get(long, reader), { escalated: { at: '2026-03-31T01:00:00.000Z' } })
  await tell('2026-03-31T02:00:00.000Z', { resource: 'shops' })
  clock.set('2026-03-31T03:00:00.000Z')
  t.equal(await grants.escalate(), 0)
  t.match(await grants.suspend(short, true, '核查', BY_AUTHORITY), { delivery: { state: 'late' }, escalated: { at: '2026-03-17T16:00:00.000Z' } }, 'it stays told')
  for (const at of ['2026-03-17T16:00:00.000Z', '2026-03-31T03:00:00.000Z']) {
    t.equal(canonicalJson(await grants.deliveries({ at: new Date(at), limit: 10 })), canonicalJson(await recomputeDeliveries(eventLog, { at: new Date(at), rules })), at)
  }
  const kept = await contents(log.collection('catalogue-grants'))
  await log.rebuild()
  t.equal(await contents(log.collection('catalogue-grants')), kept)
})

t.test('nothing is told that came in meanwhile, and of what was told by another process nothing is told twice', async t => {
  const { sharing: { demands, grants, arrivals }, eventLog, clock, log } = await openSharing(t)
  clock.set('2026-03-02T01:00:00.000Z')
  for (const resource of ['shops', 'names']) {
    const { regions: _everywhere, ...demand } = { ...DEMAND, resourceId: `${MARKET}.${resource}`, ruleSet: 'county-short' }
    await demands.decide((await demands.make(demand, BY_COUNTY)).demandId, { outcome: 'grant', grant: { until: '2026-12-31' }, why: '符合' }, BY_MARKET)
  }
  clock.set('2026-03-20T01:00:00.000Z')
  const event = { id: 's-1', source: `urn:uscc:${MARKET}`, type: 'record.upserted.v1', sequence: 1, data: { resource: 'shops' } }
  await eventLog.append(TOPICS.trusted, [{ key: event.source, value: Buffer.from(JSON.stringify(event)), headers: { 'recorded-at': '2026-03-10T01:00:00.000Z' } }])
  const another = new Grants({ log, arrivals, rules, clock })
  t.equal((await Promise.all([grants.escalate(), another.escalate()])).reduce((sum, told) => sum + told, 0), 1, 'the view of what came in is waited for, and of two who tell one does')
  t.same((await recorded(t, eventLog)).filter(({ type }) => type === 'grant.escalated.v1').length - ((await contents(log.collection('catalogue-voids'))).match(/grant\.escalated/g)?.length ?? 0), 1)
})
