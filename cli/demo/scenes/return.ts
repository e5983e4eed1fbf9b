import type { GrantList } from '../../../schemas/http/grant-list.v1.js'
import type { SubscriptionComparison } from '../../../schemas/http/subscription-comparison.v1.js'
import type { SubscriptionDay } from '../../../schemas/http/subscription-day.v1.js'
import type { SubscriptionRows } from '../../../schemas/http/subscription-rows.v1.js'
import type { Subscription } from '../../../schemas/http/subscription.v1.js'
import { isWhole, summaryOfReceived, type ReceivedRow } from '../../../connectors/sdk/received.js'
import { dayInChina } from '../../../services/core/clock.js'
import type { Stage } from '../stage.js'
import { expect, expectSame, Unexpected, type Story } from '../story.js'
import { expectRefused, type Problem } from './access.js'
import { COUNTY, COUNTY_SHOPS } from './cast.js'

const CLIENT = 'county-window'
const PURPOSE = '数据回流'

/** A county gets the records of its own region; one is lost on the way, and count and Merkle root tell which. */
export async function returnScene (stage: Stage, story: Story): Promise<void> {
  story.scene({ zh: '数据回流到县', en: 'A county gets its own records back' })
  let subscription: Subscription | undefined
  const received = new Map<string, ReceivedRow>()
  const path = (rest: string): string => {
    if (subscription === undefined) throw new Unexpected('there is no subscription')
    return `/v1/subscriptions/${subscription.subscriptionId}/${rest}`
  }
  await story.step({ zh: '青泽县按授权订阅本县数据；别县的不给', en: 'The county subscribes to its own region; another one is refused' }, async () => {
    const { body: { items } } = await stage.call<GrantList>(CLIENT, 'GET', '/v1/catalogue/grants?as=consumer')
    const grant = items.find(({ purpose, forms }) => purpose === PURPOSE && forms.includes('subscription'))
    if (grant === undefined) throw new Unexpected('the county has no grant')
    const terms = { grantId: grant.grantId, purpose: PURPOSE, basis: grant.legalBasis }
    const other = expectRefused(await stage.call<Problem>(CLIENT, 'POST', '/v1/subscriptions', { json: { ...terms, region: '990105' } }), 403, 'REGION_NOT_GRANTED')
    const { status, body } = await stage.call<Subscription & Problem>(CLIENT, 'POST', '/v1/subscriptions', { json: { ...terms, region: COUNTY } })
    expect(status === 201, `answered with ${status} ${body.code ?? ''}`)
    subscription = body
    return [`别县 990105：${other}`, `本县 ${COUNTY}：${body.fields.join('、')}`]
  })
  const fetchAll = async (): Promise<ReceivedRow[]> => {
    const rows: ReceivedRow[] = []
    for (let after = ''; ;) {
      const { status, body } = await stage.call<SubscriptionRows>(CLIENT, 'GET', path(`rows?limit=1000${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`))
      expectSame(status, 200, 'the answer')
      for (const { key, values, digest } of body.items) if (values !== undefined && digest !== undefined) rows.push({ key, values, digest })
      after = body.next
      if (!body.more) return rows
    }
  }
  const [lost] = COUNTY_SHOPS
  await story.step({ zh: '逐条核对摘要后入库；有一条没存上', en: 'Each row is checked by its digest; one is not kept' }, async () => {
    const rows = await fetchAll()
    expect(rows.length >= COUNTY_SHOPS.length && rows.every(isWhole), `${rows.length} rows`)
    expect(rows.every(({ values }) => values['区划'] === COUNTY), 'a row of another region came')
    for (const row of rows) if (row.key !== lost?.code) received.set(row.key, row)
    expectSame(received.size, rows.length - 1, 'kept')
    return `收到 ${rows.length} 条，存下 ${received.size} 条  received, kept`
  })
  const day = dayInChina(new Date())
  const own = (): Array<{ key: string, digest: string }> => [...received.values()].map(({ key, digest }) => ({ key, digest }))
  await story.step({ zh: '每日条数和默克尔根对不上：少了哪一条，一问便知', en: 'Count and Merkle root of the day differ, and the one that is missing is named' }, async () => {
    const { body: theirs } = await stage.call<SubscriptionDay>(CLIENT, 'GET', path(`days/${day}`))
    const ours = summaryOfReceived(own())
    expect(theirs.count === ours.count + 1 && theirs.root !== ours.root, `theirs ${theirs.count}, ours ${ours.count}`)
    const { status, body } = await stage.call<SubscriptionComparison>(CLIENT, 'POST', path('comparisons'), { json: { day, rows: own() } })
    expectSame([status, body.findings], [200, [{ key: lost?.code, finding: 'missing' }]], 'the comparison')
    return `对方 ${theirs.count} 条 ${theirs.root.slice(0, 12)}…，本方 ${ours.count} 条 ${ours.root.slice(0, 12)}…；缺 ${lost?.code ?? ''}`
  })
  await story.step({ zh: '补领后两边一致', en: 'Fetched again, both sides agree' }, async () => {
    for (const row of await fetchAll()) received.set(row.key, row)
    const { body: theirs } = await stage.call<SubscriptionDay>(CLIENT, 'GET', path(`days/${day}`))
    const ours = summaryOfReceived(own())
    expectSame([ours.count, ours.root], [theirs.count, theirs.root], 'count and root')
    return `${theirs.count} 条，根 ${theirs.root.slice(0, 16)}…`
  })
}
