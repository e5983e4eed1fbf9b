import t from 'tap'
import { recomputeDuties } from '../../../services/catalogue/recompute.js'
import { canonicalJson } from '../../../services/core/json.js'
import { BY_AUTHORITY, COUNTY, DUTY, openSharing, SHOPS, type SharingGround } from './sharing-support.js'
import { contents, MARKET, OFFICE, recorded } from './support.js'

const day = (text: string): Date => new Date(`${text}T02:00:00.000Z`)
const refused = (code: string, ...pointers: string[]): { code: string } => ({ code, violations: pointers.map(pointer => ({ pointer })) } as { code: string })

t.test('an item is set with who and why, changed only over the version that was read, and ended', async t => {
  const { sharing: { duties }, eventLog } = await openSharing(t)
  t.match(await duties.set('d-1', DUTY, BY_AUTHORITY), { itemId: 'd-1', provider: MARKET, ruleSet: 'decree-809', version: 1, state: 'not-yet-due', set: { by: BY_AUTHORITY, why: '列入责任清单' } })
  t.match(await duties.set('d-1', { ...DUTY, updateCycle: 'weekly', replaces: 1 }, BY_AUTHORITY), { version: 2, updateCycle: 'weekly' })
  await t.rejects(duties.set('d-1', { ...DUTY, replaces: 1 }, BY_AUTHORITY), { code: 'VERSION_CONFLICT' })
  await t.rejects(duties.set('d-2', { ...DUTY, replaces: 1 }, BY_AUTHORITY), { code: 'VERSION_CONFLICT' })
  t.match(await duties.end('d-1', '职责调整', BY_AUTHORITY), { state: 'ended', clock: { zh: '责任已终止：职责调整' } })
  await t.rejects(duties.end('d-1', '再次', BY_AUTHORITY), { code: 'VERSION_CONFLICT' })
  await t.rejects(duties.end('d-9', '没有', BY_AUTHORITY), { code: 'NOT_FOUND' })
  t.match(await duties.set('d-1', DUTY, BY_AUTHORITY), { version: 4, state: 'not-yet-due' }, 'and may be taken up again')
  t.same((await recorded(t, eventLog)).map(({ type }) => type), ['duty.set.v1', 'duty.set.v1', 'duty.ended.v1', 'duty.ended.v1', 'duty.set.v1'], 'the void one stands in the topic too')
})

t.test('an item that cannot be is refused, and every fault is named', async t => {
  const { sharing: { duties } } = await openSharing(t)
  await t.rejects(duties.set('d-1', { ...DUTY, resourceId: `${MARKET}.nothing`, dueOn: '2026-02-30', matters: ['none'], consumers: [MARKET, '11990104YYYY040130'] }, BY_AUTHORITY),
    refused('INPUT_INVALID', '/resourceId', '/dueOn', '/matters/0', '/consumers/0', '/consumers/1'))
  await t.rejects(duties.set('d-1', { ...DUTY, ruleSet: 'none' }, BY_AUTHORITY), { code: 'RULE_SET_UNKNOWN' })
  await duties.set('d-1', DUTY, BY_AUTHORITY)
  await t.rejects(duties.set('d-1', { ...DUTY, resourceId: `${MARKET}.names` }, BY_AUTHORITY), refused('INPUT_INVALID', '/resourceId'))
})

t.test('a duty turns late and then is met, by what came in alone', async t => {
  const { sharing: { duties }, tell, clock } = await openSharing(t)
  await duties.set('d-1', DUTY, BY_AUTHORITY)
  const state = async (): Promise<string> => { const { state, clock: { zh } } = await duties.get('d-1', clock.now()); return `${state} ${zh}` }
  clock.set('2026-03-18T02:00:00.000Z')
  t.equal(await state(), 'overdue 已迟 3 个工作日，应于 2026-03-13 前到达')
  await tell('2026-03-18T03:00:00.000Z', { resource: 'elsewhere' })
  t.match(await state(), /^overdue/, 'what comes of another resource meets nothing')
  await tell('2026-03-18T03:00:00.000Z', { resource: 'shops' })
  clock.set('2026-03-18T04:00:00.000Z')
  t.match(await duties.get('d-1', clock.now()), { state: 'late', lateWorkingDays: 3, proofs: [{ href: `/v1/events/${MARKET}/2`, eventId: 's-2' }] })
  await tell('2026-03-19T03:00:00.000Z', { resource: 'shops', asOf: '2026-03-19T02:59:00.000Z' })
  clock.set('2026-03-19T04:00:00.000Z')
  t.match(await duties.get('d-1', clock.now()), { state: 'met', nextDueOn: '2026-03-20', proofs: [{ type: 'resource.refreshed.v1', eventId: 's-3' }] })
  t.match(await duties.get('d-1', day('2026-03-17')), { state: 'overdue' }, 'and as it stood the day before yesterday')
  await t.rejects(duties.get('d-1', new Date('2026-03-02T00:59:59.999Z')), { code: 'NOT_FOUND' }, 'before it was set there was none')
})

/** Items of three kinds, some met, some late, one changed and one ended, over three weeks. */
async function ledger (t: Parameters<typeof openSharing>[0]): Promise<SharingGround> {
  const ground = await openSharing(t)
  const { sharing: { duties }, tell, clock } = ground
  for (let i = 0; i < 12; i++) {
    await duties.set(`d-${i}`, { ...DUTY, resourceId: [SHOPS, `${MARKET}.names`, `${MARKET}.secrets`][i % 3] as string, updateCycle: (['daily', 'weekly', 'once'] as const)[i % 3] as 'daily', consumers: i % 2 === 0 ? [COUNTY] : [OFFICE], ...(i % 5 === 0 ? { ruleSet: 'county-short' } : {}) }, BY_AUTHORITY)
  }
  for (let d = 3; d < 24; d++) {
    const instant = `2026-03-${String(d).padStart(2, '0')}T0${d % 9}:00:00.000Z`
    clock.set(instant)
    if (d % 4 !== 0) await tell(instant, { resource: 'shops' })
    if (d % 6 === 0) await tell(instant, { resource: 'names', asOf: instant })
    if (d === 12) await duties.set('d-3', { ...DUTY, updateCycle: 'monthly', consumers: [OFFICE] }, BY_AUTHORITY)
    if (d === 15) await duties.end('d-4', '职责调整', BY_AUTHORITY)
  }
  await tell('2026-12-31T03:00:00.000Z', { resource: 'shops' })
  return ground
}

t.test('worked out again from the log alone, the list is the same to the byte, for any instant and any question', async t => {
  const { sharing: { duties, rules }, eventLog } = await ledger(t)
  const states = new Set<string>()
  for (const at of ['2026-03-02T01:00:00.000Z', '2026-03-02T00:59:59.999Z', '2026-03-12T02:59:59.999Z', '2026-03-12T03:00:00.000Z', '2026-03-14T00:00:00.000Z', '2026-03-17T09:00:00.000Z', '2026-03-23T05:00:00.000Z', '2026-06-01T00:00:00.000Z', '2027-02-01T00:00:00.000Z'].map(text => new Date(text))) {
    for (const filter of [{}, { owner: MARKET }, { owner: OFFICE }, { consumer: COUNTY }, { state: 'overdue' as const }]) {
      const { next, ...list } = await duties.list({ ...filter, at, limit: 1000 })
      t.equal(next, undefined)
      t.equal(canonicalJson(await recomputeDuties(eventLog, { ...filter, at, rules })), canonicalJson(list), `${at.toISOString()} ${JSON.stringify(filter)}`)
      for (const { state } of list.items) states.add(state)
    }
  }
  t.same([...states].sort(), ['ended', 'indeterminate', 'late', 'met', 'not-yet-due', 'overdue'], 'every state was among them')
})

t.test('pages join to the whole, in order, whatever is asked', async t => {
  const { sharing: { duties } } = await ledger(t)
  const at = new Date('2026-03-23T05:00:00.000Z')
  for (const filter of [{}, { consumer: COUNTY }, { state: 'met' as const }]) {
    const whole = (await duties.list({ ...filter, at, limit: 1000 })).items.map(({ itemId }) => itemId)
    const joined: string[] = []
    for (let after: string | undefined; ;) {
      const { items, next } = await duties.list({ ...filter, at, limit: 3, ...(after === undefined ? {} : { after }) })
      joined.push(...items.map(({ itemId }) => itemId))
      if (next === undefined) break
      after = next
    }
    t.same(joined, whole, JSON.stringify(filter))
  }
  t.equal((await duties.list({ at, limit: 1000 })).items.length, 12)
})

t.test('both views are rebuilt to the same bytes', async t => {
  const { sharing: { arrivals }, log } = await ledger(t)
  const [duties, came] = [await contents(log.collection('catalogue-duties')), await contents(arrivals.arrivals)]
  t.ok(duties.length > 1000 && came.length > 500)
  await log.rebuild()
  await arrivals.view.rebuild()
  t.equal(await contents(log.collection('catalogue-duties')), duties)
  t.equal(await contents(arrivals.arrivals), came)
})
