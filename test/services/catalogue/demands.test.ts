import t from 'tap'
import type { DecisionRequest } from '../../../schemas/http/decision-request.v1.js'
import { BY_AUTHORITY, BY_COUNTY, COUNTY, DEMAND, openSharing, SHOPS } from './sharing-support.js'
import { BY_MARKET, contents, MARKET, OFFICE, recorded } from './support.js'

const GRANT: DecisionRequest = { outcome: 'grant', grant: { until: '2026-12-31' }, why: '符合共享条件' }
const refused = (code: string, ...pointers: string[]): { code: string } => ({ code, violations: pointers.map(pointer => ({ pointer })) } as { code: string })
const NOBODY = { client: 'other', organisation: '11990000YYYY01103D' }

t.test('a demand is granted whole, and the grant says what, for what and until when', async t => {
  const { sharing: { demands, grants }, clock } = await openSharing(t)
  const made = await demands.make(DEMAND, BY_COUNTY)
  t.match(made, { consumer: COUNTY, provider: MARKET, state: 'open', sharingClass: 'conditional', ruleSet: 'decree-809', clock: { state: 'running', dueOn: '2026-03-16', article: '21' } })
  clock.set('2026-03-05T01:00:00.000Z')
  const decided = await demands.decide(made.demandId, GRANT, BY_MARKET)
  t.match(decided, { state: 'decided', decided: { outcome: 'granted', by: BY_MARKET, why: '符合共享条件' }, clock: { state: 'answered' } })
  const [grant] = await grants.grantsFor({ consumer: COUNTY, resourceId: SHOPS, at: clock.now() })
  t.match(grant, {
    grantId: decided.decided?.grantId as string, demandId: made.demandId, state: 'active', fields: DEMAND.fields, forms: DEMAND.forms, purpose: '开办餐饮店', matters: ['open-restaurant'], regions: ['990104'], from: '2026-03-05', until: '2026-12-31'
  })
  t.same(await grants.grantsFor({ consumer: OFFICE, resourceId: SHOPS, at: clock.now() }), [], 'of others nothing')
  t.same(await grants.view({ grantId: grant?.grantId as string, at: clock.now() }), grant)
  t.equal(await grants.view({ grantId: 'none', at: clock.now() }), undefined)
})

t.test('a grant runs from its first day to the end of its last, in China', async t => {
  const { sharing: { demands, grants } } = await openSharing(t)
  const { demandId } = await demands.make(DEMAND, BY_COUNTY)
  await demands.decide(demandId, { ...GRANT, grant: { from: '2026-04-01', until: '2026-06-30' } }, BY_MARKET)
  const state = async (at: string) => (await grants.grantsFor({ consumer: COUNTY, resourceId: SHOPS, at: new Date(at) })).map(({ state }) => state)[0]
  t.same([await state('2026-03-31T15:59:59.999Z'), await state('2026-03-31T16:00:00.000Z')], ['not-yet', 'active'])
  t.same([await state('2026-06-30T15:59:59.999Z'), await state('2026-06-30T16:00:00.000Z')], ['active', 'ended'])
})

t.test('a part may be granted, more than was asked for may not', async t => {
  const { sharing: { demands } } = await openSharing(t)
  const decide = async (grant: DecisionRequest['grant']) => await demands.decide((await demands.make(DEMAND, BY_COUNTY)).demandId, { ...GRANT, grant }, BY_MARKET)
  t.match(await decide({ fields: ['登记状态'], forms: ['assertion'], until: '2026-06-30', conditions: '用后即删' }), { decided: { outcome: 'partly-granted' } })
  t.match(await decide({ until: '2026-12-31', regions: ['990104001'] }), { decided: { outcome: 'partly-granted' } }, 'a township of the county that was asked for')
  await t.rejects(decide({ fields: ['统一社会信用代码'], forms: ['subscription'], matters: ['new-born'], regions: ['990102'], until: '2027-01-01' }),
    refused('GRANT_BEYOND_DEMAND', '/grant/fields/0', '/grant/forms/0', '/grant/matters/0', '/grant/regions/0', '/grant/until'))
})

t.test('a grant without end, for unknown items or regions, or of conditions that contradict each other is refused', async t => {
  const { sharing: { demands, grants } } = await openSharing(t)
  const { demandId } = await demands.make({ ...DEMAND, from: '2026-03-10' }, BY_COUNTY)
  const decide = async (request: Partial<DecisionRequest>) => await demands.decide(demandId, { ...GRANT, ...request }, BY_MARKET)
  const { grant: _none, ...without } = GRANT
  await t.rejects(demands.decide(demandId, without, BY_MARKET), refused('GRANT_WITHOUT_END', '/grant/until'))
  await t.rejects(decide({ grant: {} }), refused('GRANT_WITHOUT_END', '/grant/until'))
  await t.rejects(decide({ grant: { until: '2026-03-01', from: '2026-03-02' } }), refused('GRANT_CONTRADICTORY', '/grant/until', '/grant/from'))
  await t.rejects(decide({ grant: { until: '2026-02-30' } }), refused('GRANT_CONTRADICTORY', '/grant/until'))
  await t.rejects(decide({ grant: { until: '2026-12-31', from: '2026-03-09' } }), refused('GRANT_BEYOND_DEMAND', '/grant/from'))
  await t.rejects(decide({ article: '示例法第 1 条' }), refused('GRANT_CONTRADICTORY', '/article'))
  await t.rejects(decide({ outcome: 'refuse', article: '示例法第 1 条', reviewOn: '2027-01-01' }), refused('GRANT_CONTRADICTORY', '/grant'))
  await t.rejects(decide({ grant: { until: '2026-12-31', fields: ['名称', '电话'] } }), refused('FIELD_UNKNOWN', '/grant/fields/1'))
  await t.rejects(decide({ grant: { until: '2026-12-31', regions: ['120000'] } }), refused('REGION_UNKNOWN', '/grant/regions/0'))
  t.same(await grants.grantsFor({ consumer: COUNTY, resourceId: SHOPS, at: new Date('2026-03-10T01:00:00.000Z') }), [], 'nothing was granted')
  t.match(await demands.get(demandId, { organisation: COUNTY, all: false }), { state: 'open', version: 1 })
})

t.test('a refusal cites its article and says when it is looked at again', async t => {
  const { sharing: { demands } } = await openSharing(t)
  const { demandId } = await demands.make(DEMAND, BY_COUNTY)
  await t.rejects(demands.decide(demandId, { outcome: 'refuse', why: '不予同意' }, BY_MARKET), refused('INPUT_INVALID', '/article', '/reviewOn'))
  await t.rejects(demands.decide(demandId, { outcome: 'refuse', why: '不予同意', article: '示例法第 1 条', reviewOn: '2026-03-02' }, BY_MARKET), refused('INPUT_INVALID', '/reviewOn'))
  t.match(await demands.decide(demandId, { outcome: 'refuse', why: '不予同意', article: '示例法第 1 条', reviewOn: '2026-03-03' }, BY_MARKET), { decided: { outcome: 'refused', article: '示例法第 1 条', reviewOn: '2026-03-03' } })
})

t.test('what may not be shared, does not exist or contradicts itself is not asked for', async t => {
  const { sharing: { demands }, eventLog } = await openSharing(t)
  const make = async (asked: Partial<typeof DEMAND>) => await demands.make({ ...DEMAND, ...asked }, BY_COUNTY)
  await t.rejects(make({ resourceId: `${MARKET}.secrets` }), { code: 'NOT_SHARED', message: 'not shared by 示例法第 1 条; looked at again on 2027-03-01' })
  await t.rejects(make({ resourceId: `${MARKET}.nothing` }), { code: 'RESOURCE_UNKNOWN' })
  await t.rejects(make({ fields: ['名称', '电话'] }), refused('FIELD_UNKNOWN', '/fields/1'))
  await t.rejects(make({ regions: ['990104', '120000'] }), refused('REGION_UNKNOWN', '/regions/1'))
  await t.rejects(make({ resourceId: `${MARKET}.names` }), refused('REGION_UNKNOWN', '/regions'))
  await t.rejects(make({ matters: ['open-restaurant', 'none'] }), refused('MATTER_UNKNOWN', '/matters/1'))
  await t.rejects(make({ ruleSet: 'none' }), { code: 'RULE_SET_UNKNOWN' })
  await t.rejects(make({ until: '2026-03-01', from: '2026-03-02' }), refused('INPUT_INVALID', '/until', '/from'))
  await t.rejects(make({ until: '2026-02-29' }), refused('INPUT_INVALID', '/until'))
  const { regions: _all, ...everywhere } = DEMAND
  await t.rejects(demands.make({ ...everywhere, resourceId: `${MARKET}.names`, forms: ['subscription'] }, BY_COUNTY), refused('INPUT_INVALID', '/forms'))
  t.same(await recorded(t, eventLog), [])
  t.match(await demands.make({ ...everywhere, resourceId: `${MARKET}.names`, until: '2026-03-02' }, BY_COUNTY), { sharingClass: 'unconditional', clock: { dueOn: '2026-03-03' } }, 'today is still to come')
})

t.test('nobody approves their own demand', async t => {
  const { sharing: { demands }, eventLog } = await openSharing(t)
  await t.rejects(demands.make(DEMAND, BY_MARKET), { code: 'SELF_APPROVAL' }, 'of one\'s own resource')
  const { demandId } = await demands.make(DEMAND, BY_COUNTY)
  await t.rejects(demands.decide(demandId, GRANT, BY_COUNTY), { code: 'SELF_APPROVAL' })
  await t.rejects(demands.decide(demandId, GRANT, NOBODY), { code: 'NOT_FOUND' }, 'of others it does not exist')
  const person = { id: 'p-1', name: '示例员' }
  const { demandId: byPerson } = await demands.make(DEMAND, { ...BY_COUNTY, person })
  await t.rejects(demands.decide(byPerson, GRANT, { ...BY_MARKET, person }), { code: 'SELF_APPROVAL' }, 'nor one person who works at both')
  t.match(await demands.decide(byPerson, GRANT, { ...BY_MARKET, person: { id: 'p-2', name: '另一人' } }), { state: 'decided' })
  await demands.askExtension(demandId, 5, '情况复杂', BY_MARKET)
  await t.rejects(demands.answerExtension(demandId, true, '同意', BY_MARKET), { code: 'SELF_APPROVAL' }, 'nor agrees to the time that it asked for')
  t.same((await recorded(t, eventLog)).map(({ type }) => type), ['demand.made.v1', 'demand.made.v1', 'demand.decided.v1', 'demand.extension-asked.v1'])
})

t.test('missing papers are told at once; the clock stops until they come', async t => {
  const { sharing: { demands }, clock } = await openSharing(t)
  const { demandId } = await demands.make(DEMAND, BY_COUNTY)
  await t.rejects(demands.handInPapers(demandId, [{ name: '授权书' }], '补交', BY_COUNTY), { code: 'PAPERS_NOT_ASKED' })
  clock.set('2026-03-04T01:00:00.000Z')
  t.match(await demands.askPapers(demandId, ['使用单位负责人签字', '用途说明'], '材料不全', BY_MARKET), { state: 'paused', clock: { state: 'paused' }, papersAsked: { missing: ['使用单位负责人签字', '用途说明'] } })
  await t.rejects(demands.decide(demandId, GRANT, BY_MARKET), { code: 'DEMAND_PAUSED' })
  await t.rejects(demands.askPapers(demandId, ['还有一份'], '又缺', BY_MARKET), { code: 'PAPERS_TOLD_ALREADY' })
  await t.rejects(demands.handInPapers(demandId, [{ name: '用途说明' }], '补交', BY_MARKET), { code: 'NOT_FOUND' }, 'the demander hands in')
  clock.set('2026-03-09T01:00:00.000Z')
  t.match(await demands.handInPapers(demandId, [{ name: '用途说明' }], '补交', BY_COUNTY), { state: 'open', clock: { state: 'running', dueOn: '2026-03-20' } })
  await t.rejects(demands.askPapers(demandId, ['还有一份'], '又缺', BY_MARKET), { code: 'PAPERS_TOLD_ALREADY' })
  t.match(await demands.decide(demandId, GRANT, BY_MARKET), { state: 'decided' })
})

t.test('more time needs the authority, once, within the bound, and before the clock has run out', async t => {
  const { sharing: { demands }, clock } = await openSharing(t)
  const { demandId } = await demands.make(DEMAND, BY_COUNTY)
  await t.rejects(demands.answerExtension(demandId, true, '同意', BY_AUTHORITY), { code: 'EXTENSION_REFUSED' }, 'nothing was asked')
  await t.rejects(demands.askExtension(demandId, 11, '情况复杂', BY_MARKET), { code: 'EXTENSION_REFUSED', message: 'at most 10, by article 21' })
  t.match(await demands.askExtension(demandId, 10, '情况复杂', BY_MARKET), { clock: { dueOn: '2026-03-16' } }, 'asking alone adds nothing')
  await t.rejects(demands.askExtension(demandId, 1, '再次', BY_MARKET), { code: 'EXTENSION_REFUSED' })
  t.match(await demands.answerExtension(demandId, true, '同意', BY_AUTHORITY), { extension: { count: 10, consent: { agreed: true, by: BY_AUTHORITY } }, clock: { dueOn: '2026-03-30', extendedBy: 10 } })
  await t.rejects(demands.answerExtension(demandId, false, '改主意', BY_AUTHORITY), { code: 'EXTENSION_REFUSED' })
  const second = (await demands.make(DEMAND, BY_COUNTY)).demandId
  await demands.askExtension(second, 3, '情况复杂', BY_MARKET)
  t.match(await demands.answerExtension(second, false, '理由不足', BY_AUTHORITY), { clock: { dueOn: '2026-03-16' } })
  const third = (await demands.make(DEMAND, BY_COUNTY)).demandId
  clock.set('2026-03-16T16:00:00.000Z')
  await t.rejects(demands.askExtension(third, 3, '来不及', BY_MARKET), { code: 'EXTENSION_REFUSED', message: 'the time has run out already' })
})

t.test('a demand whose time has run out is told to the authority, once', async t => {
  const { sharing: { demands }, clock, eventLog } = await openSharing(t)
  const { demandId } = await demands.make(DEMAND, BY_COUNTY)
  await demands.askPapers((await demands.make(DEMAND, BY_COUNTY)).demandId, ['用途说明'], '材料不全', BY_MARKET)
  clock.set('2026-03-16T15:59:59.999Z')
  t.equal(await demands.escalate(), 0)
  clock.set('2026-03-16T16:00:00.000Z')
  t.equal(await demands.escalate(), 1, 'the one that waits for papers is not late')
  t.equal(await demands.escalate(), 0)
  const told = await demands.list({ side: 'manager', organisation: OFFICE, escalated: true, limit: 10 })
  t.match(told.items, [{ demandId, escalated: { at: '2026-03-16T16:00:00.000Z' }, clock: { state: 'overdue' } }])
  t.match((await recorded(t, eventLog)).at(-1), { type: 'demand.escalated.v1', subject: demandId, by: { client: 'exchange' }, why: '已迟 1 个工作日，应于 2026-03-16 前答复' })
  t.match(await demands.decide(demandId, GRANT, BY_MARKET), { clock: { state: 'answered-late' } }, 'it may be decided all the same')
})

t.test('of several who decide at once one wins, and there is one grant', async t => {
  const { sharing: { demands, grants }, clock } = await openSharing(t)
  const { demandId } = await demands.make(DEMAND, BY_COUNTY)
  const outcomes = await Promise.allSettled([
    demands.decide(demandId, GRANT, BY_MARKET), demands.decide(demandId, { outcome: 'refuse', why: '不予同意', article: '示例法第 1 条', reviewOn: '2027-01-01' }, BY_MARKET), demands.decide(demandId, GRANT, BY_MARKET), demands.withdraw(demandId, '不需要了', BY_COUNTY)
  ])
  t.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
  for (const outcome of outcomes) if (outcome.status === 'rejected') t.match((outcome.reason as { code: string }).code, /VERSION_CONFLICT|DEMAND_SETTLED/)
  const { state } = await demands.get(demandId, { organisation: COUNTY, all: false })
  t.equal((await grants.grantsFor({ consumer: COUNTY, resourceId: SHOPS, at: clock.now() })).length, outcomes[0]?.status === 'fulfilled' || outcomes[2]?.status === 'fulfilled' ? 1 : 0)
  t.match(state, /decided|withdrawn/)
})

t.test('who decides on what changed meanwhile is told so, whichever step it was', async t => {
  const { sharing: { demands } } = await openSharing(t)
  const { demandId } = await demands.make(DEMAND, BY_COUNTY)
  const outcomes = await Promise.allSettled([demands.askExtension(demandId, 5, '情况复杂', BY_MARKET), demands.decide(demandId, GRANT, BY_MARKET)])
  t.same(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  t.match(outcomes.find(({ status }) => status === 'rejected'), { reason: { code: 'VERSION_CONFLICT' } })
})

t.test('what is settled stays so; a demand may be withdrawn until then, by whoever made it', async t => {
  const { sharing: { demands } } = await openSharing(t)
  const { demandId } = await demands.make(DEMAND, BY_COUNTY)
  await t.rejects(demands.withdraw(demandId, '不需要了', BY_MARKET), { code: 'NOT_FOUND' })
  t.match(await demands.withdraw(demandId, '不需要了', BY_COUNTY), { state: 'withdrawn', clock: { state: 'withdrawn' } })
  await t.rejects(demands.decide(demandId, GRANT, BY_MARKET), { code: 'DEMAND_SETTLED' })
  await t.rejects(demands.withdraw(demandId, '再次', BY_COUNTY), { code: 'DEMAND_SETTLED' })
  const second = (await demands.make(DEMAND, BY_COUNTY)).demandId
  await demands.decide(second, GRANT, BY_MARKET)
  await t.rejects(demands.decide(second, GRANT, BY_MARKET), { code: 'DEMAND_SETTLED' })
  await t.rejects(demands.askPapers(second, ['用途说明'], '材料不全', BY_MARKET), { code: 'DEMAND_SETTLED' })
})

t.test('a grant that is pulled is refused from that instant on, for good; a suspended one until that is lifted', async t => {
  const { sharing: { demands, grants }, clock } = await openSharing(t)
  const grantId = (await demands.decide((await demands.make(DEMAND, BY_COUNTY)).demandId, GRANT, BY_MARKET)).decided?.grantId as string
  const state = async () => (await grants.grantsFor({ consumer: COUNTY, resourceId: SHOPS, at: clock.now() }))[0]?.state
  t.match(await grants.suspend(grantId, true, '核查使用情况', BY_AUTHORITY), { state: 'suspended', suspended: { why: '核查使用情况' } })
  t.equal(await state(), 'pulled')
  await t.rejects(grants.suspend(grantId, true, '再次', BY_AUTHORITY), { code: 'VERSION_CONFLICT' })
  await grants.suspend(grantId, false, '核查无误', BY_AUTHORITY)
  t.equal(await state(), 'active')
  await t.rejects(grants.pull(grantId, '收回', BY_COUNTY), { code: 'NOT_FOUND' })
  clock.set('2026-03-04T01:00:00.000Z')
  t.match(await grants.pull(grantId, '超范围使用', BY_MARKET), { state: 'pulled', pulled: { at: '2026-03-04T01:00:00.000Z', why: '超范围使用' } })
  t.equal(await state(), 'pulled')
  await t.rejects(grants.pull(grantId, '再次', BY_MARKET), { code: 'GRANT_OVER' })
  await t.rejects(grants.suspend(grantId, false, '恢复', BY_AUTHORITY), { code: 'GRANT_OVER' })
  t.equal((await grants.grantsFor({ consumer: COUNTY, resourceId: SHOPS, at: new Date('2026-03-03T01:00:00.000Z') }))[0]?.state, 'active', 'the day before it held')
})

t.test('each side finds its own, the authority all, and nobody what is between others', async t => {
  const { sharing: { demands, grants } } = await openSharing(t)
  const first = (await demands.make(DEMAND, BY_COUNTY)).demandId
  const second = (await demands.make({ ...DEMAND, purpose: '核验' }, BY_COUNTY)).demandId
  const grantId = (await demands.decide(first, GRANT, BY_MARKET)).decided?.grantId as string
  const ids = async (question: Partial<Parameters<typeof demands.list>[0]>) => (await demands.list({ side: 'consumer', organisation: COUNTY, limit: 10, ...question })).items.map(({ demandId }) => demandId).sort()
  t.same(await ids({}), [first, second].sort())
  t.same(await ids({ state: 'open' }), [second])
  t.same(await ids({ side: 'provider', organisation: MARKET, state: 'decided' }), [first])
  t.same(await ids({ side: 'manager', organisation: OFFICE, state: 'open' }), [second])
  t.same(await ids({ side: 'manager', organisation: OFFICE, escalated: false }), [first, second].sort())
  t.same(await ids({ organisation: NOBODY.organisation }), [])
  await t.rejects(demands.get(first, { organisation: NOBODY.organisation, all: false }), { code: 'NOT_FOUND' })
  t.match(await demands.get(first, { organisation: NOBODY.organisation, all: true }), { demandId: first })
  t.match(await grants.list({ organisation: MARKET, as: 'provider', limit: 10 }), { items: [{ grantId }] })
  t.match(await grants.list({ organisation: COUNTY, as: 'consumer', resourceId: SHOPS, limit: 10 }), { items: [{ grantId }] })
  t.same(await grants.list({ organisation: COUNTY, as: 'provider', limit: 10 }), { items: [] })
  await t.rejects(grants.get(grantId, { organisation: NOBODY.organisation, all: false }), { code: 'NOT_FOUND' })
})

t.test('demands and grants are rebuilt to the same bytes', async t => {
  const { sharing: { demands, grants }, log, clock } = await openSharing(t)
  for (let i = 0; i < 4; i++) {
    const { demandId } = await demands.make(DEMAND, BY_COUNTY)
    clock.set(`2026-03-0${i + 3}T01:00:00.000Z`)
    if (i === 0) { await demands.askPapers(demandId, ['用途说明'], '材料不全', BY_MARKET); await demands.handInPapers(demandId, [{ name: '用途说明' }], '补交', BY_COUNTY) }
    if (i === 1) { await demands.withdraw(demandId, '不需要了', BY_COUNTY); continue }
    if (i === 2) { await demands.askExtension(demandId, 5, '情况复杂', BY_MARKET); await demands.answerExtension(demandId, true, '同意', BY_AUTHORITY) }
    const { decided } = await demands.decide(demandId, GRANT, BY_MARKET)
    if (i === 3) await grants.pull(decided?.grantId as string, '收回', BY_MARKET)
  }
  const all = async () => [await contents(log.collection('catalogue-demands')), await contents(log.collection('catalogue-grants'))].join('\n---\n')
  const before = await all()
  await log.rebuild()
  t.equal(await all(), before)
})
