import t, { type Test } from 'tap'
import type { Document, IndexOptions } from '../../../platform/documents/port.js'
import type { DataUse } from '../../../platform/http/port.js'
import { isWhole, rangesOfReceived, summaryOfReceived, type ReceivedEntry } from '../../../connectors/sdk/received.js'
import type { Caller } from '../../../services/core/caller.js'
import { TOPICS } from '../../../services/core/event.js'
import { VIEW_MARKS, type ViewMark } from '../../../services/core/views.js'
import { createSharing } from '../../../services/exchange/index.js'
import { RECORD_INDEXES } from '../../../services/exchange/records.js'
import { answering, citizen, counting, grant, LIMITS, PEOPLE, people, person, SECRETS, sharingGround } from './support.js'
import { OFFICE_USCC, PROVIDER_USCC } from '../../support/server.js'

const CALLER: Caller = { client: 'county-1', organisation: OFFICE_USCC, roles: ['approval'], scopes: ['subscriptions:read'] }
const REQUEST = { grantId: 'grant-1', region: '990102', purpose: '开办餐饮店', matter: 'open-restaurant' }
const row = (number: number, values = {}) => ({ key: citizen(number), values: person(number, values) })
const failing = async (work: Promise<unknown>): Promise<unknown> => await work.then(() => 'it went through', (error: { code?: string }) => error.code ?? error)

async function subscribed (t: Test, options: Parameters<typeof sharingGround>[1] = {}) {
  const here = await sharingGround(t, options)
  const uses: DataUse[] = []
  const note = (use: DataUse): void => { uses.push(use) }
  here.answers.grants = [{ ...grant, fields: [...grant.fields, '公民身份号码'], regions: ['990102', '990103'] }]
  const subscription = await here.sharing.subscribe(REQUEST, CALLER, note)
  const id = subscription.subscriptionId
  /** What a receiver does: reads on from where it stood, checks each row, keeps its table. */
  const table = new Map<string, { digest: string, values: Record<string, unknown>, recordedAt: string }>()
  let after: string | undefined
  const receive = async (limit?: number): Promise<string[]> => {
    await here.sharing.idle()
    const got: string[] = []
    for (;;) {
      const page = await here.sharing.rows(id, { ...(after === undefined ? {} : { after }), ...(limit === undefined ? {} : { limit }) }, CALLER, note)
      for (const item of page.items) {
        got.push('deleted' in item ? `-${item.key}` : item.key)
        if ('deleted' in item) table.delete(item.key)
        else if (isWhole(item)) table.set(item.key, item)
        else throw new Error('a row is not what its digest says')
      }
      after = page.next
      if (!page.more) return got
    }
  }
  const entries = (): ReceivedEntry[] => [...table].map(([key, { digest }]) => ({ key, digest }))
  return { ...here, subscription, id, note, uses, receive, table, entries }
}

t.test('a county receives its rows in the order of the log, each as it is now, and goes on where it stood', async t => {
  const { upsert, receive, table, uses } = await subscribed(t)
  await upsert(PEOPLE, [row(1), row(2, { 区划: '990103' }), row(3), row(4, { 区划: '990102001' }), row(1, { 姓名: '乙1' })])
  t.same(await receive(), [citizen(3), citizen(4), citizen(1)])
  t.same(table.get(citizen(1))?.values, { 姓名: '乙1', 区划: '990102', 公民身份号码: citizen(1) })
  t.match(uses.at(-1), { resource: PEOPLE, grantId: 'grant-1', way: 'subscription', outcome: 'answered', rows: 3 })
  t.same(await receive(), [])
  t.match(uses.at(-1), { outcome: 'nothing', rows: 0, rowsAbout: [] })
  await upsert(PEOPLE, [row(5)])
  t.same(await receive(), [citizen(5)])
})

t.test('the access record is told whose rows left in each page, of those too who left the region, and of nobody else', async t => {
  const { sharing, upsert, remove, id, note, uses, answers } = await subscribed(t)
  await upsert(PEOPLE, [row(1), row(2, { 区划: '990103' }), row(3), row(4), row(5)])
  const person = (number: number) => ({ kind: 'person', id: citizen(number) })
  await sharing.idle()
  const first = await sharing.rows(id, { limit: 2 }, CALLER, note)
  t.same([uses.at(-1)?.rows, uses.at(-1)?.rowsAbout], [2, [person(1), person(3)]])
  const second = await sharing.rows(id, { after: first.next }, CALLER, note)
  t.same(uses.at(-1)?.rowsAbout, [person(4), person(5)])
  await upsert(PEOPLE, [row(1, { 区划: '990103' }), { key: 'household-7', values: person7() }, { key: 'nobody', values: { ...person7(), 公民身份号码: '不详' } }])
  await remove(PEOPLE, [citizen(3)])
  await sharing.idle()
  answers.resources = answers.resources.map(resource => ({ ...resource, keyItems: [] }))
  const last = await sharing.rows(id, { after: second.next }, CALLER, note)
  t.same(last.items.map(item => 'deleted' in item), [true, false, false, true])
  t.notOk(last.items.some(({ key }) => key === citizen(1)), 'under names that tell the receiver nothing')
  t.same([uses.at(-1)?.rows, uses.at(-1)?.rowsAbout], [4, [person(1), person(7), person(3)]])
})
function person7 () { return { ...row(7).values } }

t.test('a clock that is set back loses no row and unsorts none', async t => {
  const { upsert, receive, table, clock } = await subscribed(t)
  await upsert(PEOPLE, [row(1)])
  t.same(await receive(), [citizen(1)])
  clock.set('2026-03-01T00:00:00.000Z')
  await upsert(PEOPLE, [row(2), row(3)])
  t.same(await receive(), [citizen(2), citizen(3)])
  t.equal(table.get(citizen(3))?.recordedAt, table.get(citizen(1))?.recordedAt)
})

t.test('pages hold no more than asked for or set, and together all', async t => {
  const { upsert, receive, sharing, id, note } = await subscribed(t)
  await upsert(PEOPLE, Array.from({ length: 10 }, (_, number) => row(number)))
  await sharing.idle()
  t.equal((await sharing.rows(id, {}, CALLER, note)).items.length, LIMITS.pageRows)
  t.equal((await sharing.rows(id, { limit: 1000 }, CALLER, note)).items.length, LIMITS.pageRows)
  t.equal((await sharing.rows(id, { limit: 2 }, CALLER, note)).items.length, 2)
  t.equal((await receive(3)).length, 10)
})

t.test('rows that were deleted or left the region arrive as deletions, also without their key being granted', async t => {
  const { upsert, remove, receive, table, answers, id, sharing, note } = await subscribed(t)
  await upsert(PEOPLE, [row(1), row(2), row(3)])
  await receive()
  await remove(PEOPLE, [citizen(1)])
  await upsert(PEOPLE, [row(2, { 区划: '990103' })])
  t.same(await receive(), [`-${citizen(1)}`, `-${citizen(2)}`])
  t.same([...table.keys()], [citizen(3)])
  await upsert(PEOPLE, [row(2)])
  t.same(await receive(), [citizen(2)], 'and back again')
  answers.grants = [{ ...grant, fields: [...grant.fields, '公民身份号码'] }]
  answers.resources = [{ ...people, keyItems: ['户主公民身份号码'] }]
  const page = await sharing.rows(id, {}, CALLER, note)
  t.ok(page.items.every(({ key }) => key.startsWith('row-')))
})

t.test('who begins is not told who was there before', async t => {
  const { upsert, remove, receive } = await subscribed(t)
  await upsert(PEOPLE, [row(1), row(2), row(3, { 区划: '990101' })])
  await remove(PEOPLE, [citizen(1)])
  t.same(await receive(1), [citizen(2)])
  await remove(PEOPLE, [citizen(2), citizen(3)])
  t.same(await receive(1), [`-${citizen(2)}`])
})

t.test('who left the region before it was subscribed to is not told of, whatever is said of them elsewhere later', async t => {
  const { upsert, remove, receive, clock, sharing, id, note } = await subscribed(t)
  await upsert(PEOPLE, [row(1), row(2), row(3)])
  await upsert(PEOPLE, [row(1, { 区划: '990101' })])
  t.same(await receive(), [citizen(2), citizen(3)])
  await upsert(PEOPLE, [row(1, { 区划: '990101', 姓名: '改名' })])
  t.same(await receive(), [])
  await upsert(PEOPLE, [row(2, { 区划: '990101' })])
  t.same(await receive(), [`-${citizen(2)}`], 'who was handed over is taken back')
  await remove(PEOPLE, [citizen(1)])
  t.same(await receive(), [])
  await upsert(PEOPLE, [row(1)])
  t.same(await receive(), [citizen(1)], 'until they come back')
  await sharing.idle()
  const { next } = await sharing.rows(id, {}, CALLER, note)
  await upsert(PEOPLE, [row(1, { 区划: '990101' })])
  const left = clock.now().toISOString()
  clock.set('2026-11-01T00:00:00.000Z')
  await upsert(PEOPLE, [row(1, { 区划: '990101', 姓名: '再改' })])
  await sharing.idle()
  t.match((await sharing.rows(id, { after: next }, CALLER, note)).items, [{ deleted: true, recordedAt: left }], 'when they left, and not when something was said of them there')
})

t.test('a row that goes while the first pages are read is still taken back', async t => {
  const { upsert, remove, receive, sharing, id, note } = await subscribed(t)
  await upsert(PEOPLE, [row(1), row(2), row(3)])
  await sharing.idle()
  const first = await sharing.rows(id, { limit: 1 }, CALLER, note)
  t.same(first.items.map(({ key }) => key), [citizen(1)])
  await remove(PEOPLE, [citizen(1)])
  await sharing.idle()
  const rest = await sharing.rows(id, { after: first.next }, CALLER, note)
  t.same(rest.items.map(item => 'deleted' in item ? `-${item.key}` : item.key), [citizen(2), citizen(3), `-${citizen(1)}`])
  t.same(await receive(), [citizen(2), citizen(3)])
})

t.test('a position is of one subscription, and tells nothing', async t => {
  const { upsert, sharing, id, note } = await subscribed(t)
  await upsert(PEOPLE, [row(1)])
  await sharing.idle()
  const { next } = await sharing.rows(id, {}, CALLER, note)
  t.notMatch(Buffer.from(next, 'base64url').toString('latin1'), /2026|after/)
  t.equal((await sharing.rows(id, {}, CALLER, note)).next, next, 'the same position, the same text')
  const other = await sharing.subscribe({ ...REQUEST, region: '990103' }, CALLER, note)
  t.equal(await failing(sharing.rows(other.subscriptionId, { after: next }, CALLER, note)), 'INPUT_INVALID')
  t.equal(await failing(sharing.rows(id, { after: `${next.slice(0, -2)}AA` }, CALLER, note)), 'INPUT_INVALID')
  t.equal(await failing(sharing.rows(id, { after: 'x' }, CALLER, note)), 'INPUT_INVALID')
})

t.test('subscribing asks for a region, a purpose, and a matter or a basis', async t => {
  const { sharing, note, uses, answers } = await subscribed(t)
  const ask = async (change: object) => await failing(sharing.subscribe({ ...REQUEST, ...change }, CALLER, note))
  t.equal(await ask({ region: '99010' }), 'REGION_UNKNOWN')
  t.equal(await ask({ region: '云西区' }), 'REGION_UNKNOWN')
  t.equal(await ask({ region: '980102' }), 'REGION_UNKNOWN', 'of the right form, and none')
  t.equal(await ask({ region: '990101' }), 'REGION_NOT_GRANTED')
  t.match(uses.at(-1), { resource: PEOPLE, grantId: 'grant-1', way: 'subscription', outcome: 'refused', code: 'REGION_NOT_GRANTED' })
  t.equal(await ask({ region: '990100' }), 'REGION_NOT_GRANTED', 'more than its counties')
  t.equal(await ask({ region: '990103' }), 'it went through')
  t.equal(await ask({ region: '990102001' }), 'it went through', 'a township of it')
  t.equal(await ask({ purpose: '其他' }), 'PURPOSE_NOT_GRANTED')
  t.equal(await ask({ matter: 'newborn' }), 'MATTER_NOT_GRANTED')
  t.equal(await ask({ matter: undefined }), 'INPUT_INVALID')
  t.equal(await ask({ matter: undefined, basis: '国令第809号第十四条' }), 'MATTER_NOT_GRANTED', 'the grant names matters')
  t.equal(await ask({ fields: ['子女数'] }), 'FIELD_NOT_GRANTED')
  t.equal(await ask({ fields: ['名姓'] }), 'FIELD_UNKNOWN')
  t.equal(await ask({ grantId: 'grant-9' }), 'GRANT_MISSING')
  answers.grants = answers.grants.map(({ matters: _, ...any }) => any)
  t.equal(await ask({ matter: undefined, basis: '国令第809号第十四条' }), 'it went through')
  answers.grants = answers.grants.map(one => ({ ...one, consumer: PROVIDER_USCC }))
  t.equal(await ask({}), 'GRANT_MISSING')
  answers.grants = answers.grants.map(one => ({ ...one, consumer: OFFICE_USCC, forms: ['query'] }))
  t.equal(await ask({}), 'FORM_NOT_GRANTED')
  answers.grants = [grant]
  const { regionItem: _, ...placeless } = people
  answers.resources = [placeless]
  t.equal(await ask({}), 'REGION_UNKNOWN')
})

t.test('the same terms make the same subscription; one that was ended can be made again', async t => {
  const { sharing, note, subscription, id, log } = await subscribed(t)
  t.same(await sharing.subscribe(REQUEST, CALLER, note), subscription)
  t.equal((await log.end(TOPICS.subscriptions, 0)), 1)
  t.same((await sharing.subscriptionsOf(CALLER, { limit: 10 })).items, [subscription])
  await sharing.unsubscribe(id, CALLER)
  await sharing.unsubscribe(id, CALLER)
  t.equal(await failing(sharing.rows(id, {}, CALLER, note)), 'SUBSCRIPTION_ENDED')
  t.equal((await sharing.subscribe(REQUEST, CALLER, note)).subscriptionId, id)
  t.equal(await failing(sharing.rows(id, {}, CALLER, note)), 'it went through')
})

t.test('as many subscriptions run for a consumer as are set, also where they are made at once; one that ended makes room', async t => {
  const { sharing, note, id } = await subscribed(t, { limits: { consumerSubscriptions: 3 } })
  const made = async (basis: string) => await failing(sharing.subscribe({ ...REQUEST, basis }, CALLER, note))
  t.same((await Promise.all(['甲', '乙', '丙', '丁'].map(made))).sort(), ['SUBSCRIPTIONS_TOO_MANY', 'SUBSCRIPTIONS_TOO_MANY', 'it went through', 'it went through'].sort())
  t.equal(await failing(sharing.subscribe(REQUEST, CALLER, note)), 'it went through', 'the same once more is none more')
  await sharing.unsubscribe(id, CALLER)
  t.equal(await made('丁'), 'it went through')
  t.equal(await failing(sharing.subscribe(REQUEST, CALLER, note)), 'SUBSCRIPTIONS_TOO_MANY')
  t.notOk('running' in ((await sharing.subscriptionsOf(CALLER, { limit: 1 })).items[0] ?? {}))
  await sharing.rebuild()
  t.equal(await failing(sharing.subscribe(REQUEST, CALLER, note)), 'SUBSCRIPTIONS_TOO_MANY', 'also after the view was built anew')
})

t.test('a view that other rules made is built anew before anything is read of it', async t => {
  const { sharing, upsert, documents, clock, log, answers } = await sharingGround(t)
  await upsert(PEOPLE, [row(1)])
  await sharing.idle()
  await sharing.stop()
  const records = await documents.collection<Document & { key: string }>('shared-records', { indexes: RECORD_INDEXES })
  const marks = await documents.collection<ViewMark>(VIEW_MARKS)
  const whole = async () => JSON.stringify((await records.find({ index: 'id', limit: 10 })).items.map(({ document }) => document))
  const before = await whole()
  const reopened = async (version: number | undefined) => {
    await records.set((await records.find({ index: 'id', limit: 10 })).items.map(({ document: { id, key } }) => ({ id, key, resourceId: PEOPLE }) as Document & { key: string })) // as an older version kept it
    if (version === undefined) await marks.clear()
    else await marks.set([{ id: 'shared-records', version }])
    const again = await createSharing({ eventLog: log, documents, clock, newId: counting(), ports: answering(answers), secrets: SECRETS, limits: LIMITS })
    again.start()
    await again.idle()
    await again.stop()
    return await whole()
  }
  t.equal(await reopened(undefined), before, 'one from before there were numbers')
  t.equal(await reopened(1), before)
  const { document: { version } } = await marks.get('shared-records') as { document: ViewMark }
  t.not(await reopened(version), before, 'one of the same number stays as it is')
})

t.test('a subscription is its consumer\'s alone', async t => {
  const { sharing, note, id } = await subscribed(t)
  const other = { ...CALLER, organisation: PROVIDER_USCC }
  t.equal(await failing(sharing.rows(id, {}, other, note)), 'SUBSCRIPTION_UNKNOWN')
  t.equal(await failing(sharing.unsubscribe(id, other)), 'SUBSCRIPTION_UNKNOWN')
  t.equal(await failing(sharing.day('sub-x', '2026-03-02', CALLER, note)), 'SUBSCRIPTION_UNKNOWN')
  t.same((await sharing.subscriptionsOf(other, { limit: 10 })).items, [])
})

t.test('a pull ends a running subscription at its next page, count or comparison', async t => {
  const { sharing, note, id, uses, upsert, answers } = await subscribed(t)
  await upsert(PEOPLE, [row(1), row(2)])
  await sharing.idle()
  const { next } = await sharing.rows(id, { limit: 1 }, CALLER, note)
  const day = '2026-03-02'
  const asked = [
    async () => await sharing.rows(id, { after: next }, CALLER, note),
    async () => await sharing.day(id, day, CALLER, note),
    async () => await sharing.compareRows(id, { day, rows: [] }, CALLER, note),
    async () => await sharing.compareRanges(id, { day, ranges: [{ count: 0, root: '' }] }, CALLER, note)
  ]
  for (const ask of asked) t.equal(await failing(ask()), 'it went through')
  const [given] = answers.grants
  for (const [state, code] of [['pulled', 'GRANT_PULLED'], ['ended', 'GRANT_ENDED']] as const) {
    answers.grants = [{ ...given as typeof grant, state }]
    for (const ask of asked) {
      t.equal(await failing(ask()), code)
      t.match(uses.at(-1), { outcome: 'refused', code })
    }
  }
  answers.grants = [{ ...given as typeof grant, regions: ['990103'] }]
  for (const ask of asked) t.equal(await failing(ask()), 'REGION_NOT_GRANTED', 'and so does a grant that no longer holds the region')
})

t.test('count and root of each day agree with what the receiver worked out, and name what is missing, surplus or different', async t => {
  const { sharing, note, id, upsert, remove, receive, entries, table, clock } = await subscribed(t)
  await upsert(PEOPLE, [row(1), row(2), row(9, { 区划: '990101' })])
  clock.set('2026-03-02T15:59:59.999Z')
  await upsert(PEOPLE, [row(3)])
  clock.set('2026-03-02T16:00:00.000Z') // midnight in China
  await upsert(PEOPLE, [row(4), row(2, { 姓名: '乙2' })])
  await receive()
  const ofDay = (day: string): ReceivedEntry[] => entries().filter(({ key }) => (day === '2026-03-02') === ((table.get(key)?.recordedAt ?? '') < '2026-03-02T16:00'))
  for (const [day, keys] of [['2026-03-02', [1, 3]], ['2026-03-03', [2, 4]], ['2026-03-04', []]] as const) {
    const { count, root } = await sharing.day(id, day, CALLER, note)
    t.equal(count, keys.length)
    t.same({ count, root }, summaryOfReceived(day === '2026-03-04' ? [] : ofDay(day)))
    t.same((await sharing.compareRows(id, { day, rows: day === '2026-03-04' ? [] : ofDay(day) }, CALLER, note)).findings, [])
  }
  // The receiver lost one, made one up, and spoiled one.
  const spoiled = [...ofDay('2026-03-03').filter(({ key }) => key !== citizen(4)).map(({ key }) => ({ key, digest: '0'.repeat(64) })), { key: citizen(7), digest: '0'.repeat(64) }]
  t.same((await sharing.compareRows(id, { day: '2026-03-03', rows: spoiled }, CALLER, note)).findings, [
    { key: citizen(2), finding: 'different' }, { key: citizen(4), finding: 'missing' }, { key: citizen(7), finding: 'surplus' }
  ].sort((a, b) => a.key < b.key ? -1 : 1))
  // A deletion that was missed shows as surplus.
  await remove(PEOPLE, [citizen(1)])
  await sharing.idle()
  t.same((await sharing.compareRows(id, { day: '2026-03-02', rows: ofDay('2026-03-02') }, CALLER, note)).findings, [{ key: citizen(1), finding: 'surplus' }])
})

t.test('findings are paged, and a range of keys is compared by itself', async t => {
  const { sharing, note, id, upsert } = await subscribed(t)
  await upsert(PEOPLE, Array.from({ length: LIMITS.dayRows }, (_, number) => row(number)))
  await sharing.idle()
  const day = '2026-03-02'
  const keys = Array.from({ length: LIMITS.dayRows }, (_, number) => citizen(number)).sort()
  const first = await sharing.compareRows(id, { day, rows: [] }, CALLER, note)
  t.same(first.findings.map(({ key }) => key), keys.slice(0, LIMITS.pageRows))
  const second = await sharing.compareRows(id, { day, rows: [], after: first.next as string }, CALLER, note)
  t.same(second.findings.map(({ key }) => key), keys.slice(LIMITS.pageRows))
  t.equal(second.next, undefined)
  const middle = await sharing.compareRows(id, { day, from: keys[1] as string, before: keys[3] as string, rows: [] }, CALLER, note)
  t.same(middle.findings.map(({ key }) => key), keys.slice(1, 3))
  const twice = { key: 'a', digest: '0'.repeat(64) }
  t.equal(await failing(sharing.compareRows(id, { day, rows: [twice, twice] }, CALLER, note)), 'INPUT_INVALID')
  t.equal(await failing(sharing.compareRows(id, { day, from: 'b', rows: [twice] }, CALLER, note)), 'INPUT_INVALID')
  await upsert(PEOPLE, [row(50)])
  await sharing.idle()
  t.equal(await failing(sharing.day(id, day, CALLER, note)), 'DAY_TOO_LARGE')
})

t.test('ranges tell where two sides differ without sending all', async t => {
  const { sharing, note, id, upsert, receive, entries } = await subscribed(t)
  await upsert(PEOPLE, Array.from({ length: LIMITS.dayRows }, (_, number) => row(number)))
  await receive()
  const day = '2026-03-02'
  const ask = async (held: ReceivedEntry[]) => (await sharing.compareRanges(id, { day, ranges: rangesOfReceived(held, 2) }, CALLER, note)).ranges.map(({ agrees }) => agrees)
  t.same(await ask(entries()), [true, true, true])
  const ordered = entries().sort((a, b) => a.key < b.key ? -1 : 1)
  t.same(await ask(ordered.map((entry, at) => at === 3 ? { ...entry, digest: '0'.repeat(64) } : entry)), [true, false, true])
  t.same(await ask([]), [false])
  const [one, two] = rangesOfReceived(ordered, 3) as [object, object]
  const ranges = [two, one] as Parameters<typeof sharing.compareRanges>[1]['ranges']
  t.equal(await failing(sharing.compareRanges(id, { day, ranges }, CALLER, note)), 'INPUT_INVALID')
})

t.test('both views, thrown away and read off the log again, are the same to the byte', async t => {
  const { sharing, upsert, remove, documents, clock } = await subscribed(t)
  await upsert(PEOPLE, [row(1), row(2, { 区划: '990101' }), row(3)])
  clock.set('2026-03-01T00:00:00.000Z') // a clock that was set back
  await upsert(PEOPLE, [row(2), row(3, { 姓名: '丙' }), row(1, { 区划: null })])
  await remove(PEOPLE, [citizen(1)])
  await sharing.idle()
  const indexesOf: Record<string, Record<string, IndexOptions>> = { 'shared-records': RECORD_INDEXES, 'shared-records-progress': {}, subscriptions: { byConsumer: { on: ['consumer', 'madeAt'] }, byRunning: { on: ['running'] } } }
  const bytes = async () => JSON.stringify(await Promise.all(Object.entries(indexesOf).map(async ([name, indexes]) =>
    (await (await documents.collection(name, { indexes })).find({ index: 'id', limit: 1000 })).items.map(({ document }) => document))))
  const before = await bytes()
  t.ok(before.includes('"sequence":7'))
  await sharing.rebuild()
  t.equal(await bytes(), before)
})

t.test('no key, resource or item can pass for another', async t => {
  const { sharing, upsert, answers } = await sharingGround(t)
  answers.resources = [people, { ...people, resourceId: `${PEOPLE}.a`, keyItems: [] }]
  answers.grants = [grant, { ...grant, resourceId: `${PEOPLE}.a` }]
  await upsert(PEOPLE, [{ key: '.a 1', values: person(1, { 姓名: '一' }) }, { key: '["x","1"]', values: person(2, { 姓名: '二' }) }])
  await upsert(`${PEOPLE}.a`, [{ key: ' 1', values: person(3, { 姓名: '三' }) }, { key: '1', values: person(4, { 姓名: '四' }) }])
  await sharing.idle()
  const named = async (resourceId: string, key: string) => {
    const outcome = await sharing.query({ resourceId, key, fields: ['姓名'], purpose: grant.purpose, matter: 'open-restaurant', caseNumber: 'C' }, CALLER)
    return 'answer' in outcome ? outcome.answer.rows[0]?.values['姓名'] : outcome.refusal.code
  }
  t.same([await named(PEOPLE, '.a 1'), await named(`${PEOPLE}.a`, ' 1'), await named(`${PEOPLE}.a`, '1'), await named(PEOPLE, '["x","1"]'), await named(PEOPLE, '1')], ['一', '三', '四', '二', undefined])
})
