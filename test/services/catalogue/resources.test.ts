import t from 'tap'
import type { Resource } from '../../../services/catalogue/index.js'
import { contents, MANAGER, MARKET, openCatalogue, PROVIDER, publish, recorded, shops, START } from './support.js'

const ID = `${MARKET}.shops`
const why = '年度更新'

t.test('a resource is described, published, changed and withdrawn, each by whom and why', async t => {
  const { catalogue: { resources }, clock, eventLog } = await openCatalogue(t)
  t.match(await resources.describe(shops(), { caller: PROVIDER, why: '新建' }), { version: 1, draft: { why: '新建', by: { organisation: MARKET } }, providerName: '示例省市场监督管理局' })
  t.equal(await resources.published(ID), undefined, 'what waits for review is not published')
  t.match(await resources.queue('waiting', { limit: 10 }), { items: [{ id: ID }] })
  t.match(await resources.review(ID, { caller: MANAGER, outcome: 'return', version: 1, why: '摘要过短' }), { version: 2, draft: { returned: { why: '摘要过短' } } })
  await t.rejects(resources.review(ID, { caller: MANAGER, outcome: 'publish', version: 2, why }), { code: 'RESOURCE_STATE' }, 'what was sent back does not wait')
  await resources.describe(shops(), { caller: PROVIDER, why: '补充摘要' })
  const published = await resources.review(ID, { caller: MANAGER, outcome: 'publish', version: 3, why: '合格' })
  t.match(published, { version: 4, published: { at: START, describedAt: START } })
  t.equal(published.draft, undefined)
  clock.set('2026-03-05T00:00:00.000Z')
  await resources.describe(shops('shops', { updateCycle: 'realtime' }), { caller: PROVIDER, why })
  t.match(await resources.published(ID), { updateCycle: 'daily' }, 'what was published stays until the change is')
  await resources.review(ID, { caller: MANAGER, outcome: 'publish', version: 5, why: '合格' })
  clock.set('2026-03-09T00:00:00.000Z')
  await resources.withdraw(ID, { caller: PROVIDER, why: '并入新资源' })
  t.equal(await resources.published(ID), undefined)
  await t.rejects(resources.withdraw(ID, { caller: PROVIDER, why }), { code: 'RESOURCE_STATE' })
  // Any past day
  const cycleAt = async (at: string): Promise<string | undefined> => (await resources.published(ID, new Date(at)))?.updateCycle
  t.same(await Promise.all(['2026-03-02T00:59:59.999Z', START, '2026-03-04T23:59:59.999Z', '2026-03-05T00:00:00.000Z', '2026-03-09T00:00:00.000Z'].map(cycleAt)), [undefined, 'daily', 'daily', 'realtime', undefined])
  const { items } = await resources.history(ID, { limit: 10 })
  t.same(items.map(({ last, version }) => [version, last.type, last.why]), [
    [7, 'withdrawn', '并入新资源'], [6, 'published', '合格'], [5, 'described', why], [4, 'published', '合格'], [3, 'described', '补充摘要'], [2, 'returned', '摘要过短'], [1, 'described', '新建']
  ])
  t.same((await recorded(t, eventLog)).map(({ type, by: { client } }) => [type, client]), [
    ['resource.described.v1', 'market'], ['resource.returned.v1', 'manager'], ['resource.described.v1', 'market'], ['resource.published.v1', 'manager'],
    ['resource.described.v1', 'market'], ['resource.published.v1', 'manager'], ['resource.withdrawn.v1', 'market']
  ])
})

t.test('a provider describes its own alone, and nobody reviews their own', async t => {
  const { catalogue: { resources } } = await openCatalogue(t)
  const other = { ...PROVIDER, organisation: MANAGER.organisation }
  await t.rejects(resources.describe(shops(), { caller: other, why }), { code: 'RESOURCE_NOT_YOURS' })
  await resources.describe(shops(), { caller: PROVIDER, why })
  await t.rejects(resources.review(ID, { caller: { ...MANAGER, organisation: MARKET }, outcome: 'publish', version: 1, why }), { code: 'REVIEW_OWN' })
  await resources.review(ID, { caller: MANAGER, outcome: 'publish', version: 1, why })
  await t.rejects(resources.withdraw(ID, { caller: other, why }), { code: 'RESOURCE_NOT_YOURS' })
  await t.rejects(resources.describe({ ...shops(), provider: MANAGER.organisation }, { caller: PROVIDER, why }), { code: 'INPUT_INVALID' })
  for (const act of [resources.get(`${MARKET}.none`), resources.withdraw(`${MARKET}.none`, { caller: PROVIDER, why }), resources.review(`${MARKET}.none`, { caller: MANAGER, outcome: 'publish', version: 1, why })]) {
    await t.rejects(act, { code: 'RESOURCE_UNKNOWN' })
  }
})

t.test('a reviewer publishes what he looked at, or is told that it changed', async t => {
  const { catalogue: { resources } } = await openCatalogue(t)
  await resources.describe(shops(), { caller: PROVIDER, why })
  await resources.describe(shops('shops', { summary: '改过的摘要' }), { caller: PROVIDER, why })
  await t.rejects(resources.review(ID, { caller: MANAGER, outcome: 'publish', version: 1, why }), { code: 'VERSION_CONFLICT' })
  await t.rejects(resources.describe(shops(), { caller: PROVIDER, why, replaces: 1 }), { code: 'VERSION_CONFLICT' })
  await resources.describe(shops(), { caller: PROVIDER, why, replaces: 2 })
  const outcomes = await Promise.allSettled([1, 2].map(async () => await resources.review(ID, { caller: MANAGER, outcome: 'publish', version: 3, why })))
  t.same(outcomes.map(outcome => outcome.status === 'fulfilled' ? 'published' : (outcome.reason as { code: string }).code).sort(), ['VERSION_CONFLICT', 'published'])
})

t.test('one title belongs to one published resource, and finds it', async t => {
  const { catalogue: { resources, ...catalogue } } = await openCatalogue(t)
  const all = { ...catalogue, resources } as Parameters<typeof publish>[0]
  await resources.describe(shops('a'), { caller: PROVIDER, why })
  await resources.describe(shops('b', { title: '经营主体 登记信息' }), { caller: PROVIDER, why })
  const publishing = ['a', 'b'].map(async name => await resources.review(`${MARKET}.${name}`, { caller: MANAGER, outcome: 'publish', version: 1, why }))
  const outcomes = await Promise.allSettled(publishing)
  t.same(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected'], 'of two at once one wins')
  t.match(outcomes.find(({ status }) => status === 'rejected'), { reason: { code: 'VERSION_CONFLICT' } })
  const held = await resources.byTitle('经营主体登记信息')
  t.equal(held, `${MARKET}.a`)
  await t.rejects(resources.describe(shops('c'), { caller: PROVIDER, why }), { code: 'TITLE_TAKEN' })
  await publish(all, shops('a', { title: '经营主体信息' }))
  t.equal(await resources.byTitle('经营主体登记信息'), undefined, 'a title that is given up is free')
  await publish(all, shops('c'))
  t.equal(await resources.byTitle('经营主体登记信息'), `${MARKET}.c`)
  await resources.withdraw(`${MARKET}.c`, { caller: PROVIDER, why })
  t.equal(await resources.byTitle('经营主体登记信息'), undefined)
  await publish(all, shops('c'))
  t.equal(await resources.byTitle('经营主体登记信息'), `${MARKET}.c`, 'a withdrawn one can come back')
})

t.test('what is wrong with a description is told with its code and where it stands', async t => {
  const { catalogue: { resources } } = await openCatalogue(t, { resourceBytes: 2000 })
  const refused = async (changes: Partial<Resource>): Promise<{ code: string, at: string[] }> => {
    const error = await resources.describe(shops('shops', changes), { caller: PROVIDER, why }).catch((error: unknown) => error) as { code: string, violations: Array<{ pointer: string }> }
    return { code: error.code, at: error.violations?.map(({ pointer }) => pointer) }
  }
  const item = (name: string): Resource['items'][number] => ({ name, type: 'text' })
  t.same(await refused({ items: [item('甲'), item('乙'), item('甲')] }), { code: 'ITEM_TWICE', at: ['/resource/items/2/name'] })
  t.same(await refused({ keyItems: ['编号'], subjectItem: '无', regionItem: '没有' }), { code: 'FIELD_UNKNOWN', at: ['/resource/keyItems/0', '/resource/subjectItem', '/resource/regionItem'] })
  t.same(await refused({ region: '123456' }), { code: 'REGION_UNKNOWN', at: ['/resource/region'] })
  t.same(await refused({ classification: '902001' }), { code: 'CLASSIFICATION_INVALID', at: ['/resource/classification'] })
  t.same(await refused({ sharing: { class: 'conditional' } }), { code: 'SHARING_INCONSISTENT', at: ['/resource/sharing/conditions'] })
  t.same(await refused({ sharing: { class: 'unconditional', conditions: '须经批准' } }), { code: 'SHARING_INCONSISTENT', at: ['/resource/sharing/conditions'] })
  t.same(await refused({ sharing: { class: 'unconditional', refusal: { article: '某条' } }, ways: [] }), { code: 'SHARING_INCONSISTENT', at: ['/resource/sharing/refusal', '/resource/ways'] })
  const ways: Resource['ways'] = []
  t.same(await refused({ sharing: { class: 'not-shared' }, ways }), { code: 'REFUSAL_INCOMPLETE', at: ['/resource/sharing/refusal/article', '/resource/sharing/refusal/reviewOn'] })
  t.same(await refused({ sharing: { class: 'not-shared', refusal: { article: '《居民身份证法》第六条', reviewOn: '2026-03-02' } }, ways }), { code: 'REFUSAL_INCOMPLETE', at: ['/resource/sharing/refusal/reviewOn'] })
  t.same(await refused({ summary: '长'.repeat(600) }), { code: 'RECORD_TOO_LARGE', at: [] })
  t.match(await resources.describe(shops('shops', { sharing: { class: 'not-shared', refusal: { article: '《居民身份证法》第六条', reviewOn: '2026-03-03' } }, ways }), { caller: PROVIDER, why }), { version: 1 })
})

t.test('the catalogue takes as many resources as are set, and no more', async t => {
  const { catalogue: { resources } } = await openCatalogue(t, { resources: 2 })
  for (const name of ['a', 'b']) await resources.describe(shops(name), { caller: PROVIDER, why })
  await t.rejects(resources.describe(shops('c'), { caller: PROVIDER, why }), { code: 'CATALOGUE_FULL' })
  await resources.describe(shops('b'), { caller: PROVIDER, why })
})

t.test('a pattern of classification codes that is none stops the start', async t => {
  await t.rejects(openCatalogue(t, { classificationPattern: '[' }), { code: 'CONFIG_INVALID' })
})

t.test('the view is rebuilt to the same bytes, and search finds the same', async t => {
  const { catalogue, documents } = await openCatalogue(t)
  for (const [name, title] of [['a', '婚姻登记信息'], ['b', '经营主体登记信息'], ['c', '行政处罚信息']] as const) await publish(catalogue, shops(name, { title }))
  await catalogue.resources.withdraw(`${MARKET}.c`, { caller: PROVIDER, why })
  const look = async (): Promise<string> => JSON.stringify([await catalogue.resources.list({ q: '登记', limit: 10 }), await catalogue.resources.history(`${MARKET}.c`, { limit: 10 }), await catalogue.resources.queue('withdrawn', { limit: 9 })])
  const titles = async (): Promise<string> => await contents(await documents.collection('catalogue-titles'))
  const before = [await look(), await titles()]
  await catalogue.rebuild()
  t.same([await look(), await titles()], before)
})
