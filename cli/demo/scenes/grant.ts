import type { Demand } from '../../../schemas/http/demand.v1.js'
import type { QueryAnswer } from '../../../schemas/http/query-answer.v1.js'
import type { AssertionAnswer } from '../../../schemas/http/assertion-answer.v1.js'
import type { Stage } from '../stage.js'
import { expect, expectSame, Unexpected, type Story } from '../story.js'
import { expectRefused, type Problem } from './access.js'
import { TRUCK } from './cast.js'
import { daysFromNow } from './issue.js'

export const GRANT_CASE = 'DEMO-3'
const PURPOSE = '货运车辆技术管理'

/** Transport asks the police for vehicles, gets less than it asked for, uses it, is refused what was not granted, and is stopped. */
export async function grantScene (stage: Stage, story: Story): Promise<void> {
  story.scene({ zh: '申请、授权、使用、收回', en: 'Asked for, granted, used, pulled' })
  const resourceId = stage.resourceId('police', 'vehicles')
  const asked = { resourceId, key: TRUCK, purpose: PURPOSE, matter: 'freight', caseNumber: GRANT_CASE }
  const query = async (fields: string[], more: object = {}) => await stage.call<QueryAnswer & Problem>('transport', 'POST', '/v1/queries', { json: { ...asked, fields, ...more } })
  let demand: Demand | undefined

  await story.step({ zh: '没有授权：查不到', en: 'Without a grant nothing leaves' }, async () => expectRefused(await query(['检验有效期止']), 403, 'GRANT_MISSING'))
  await story.step({ zh: '交通运输厅申请机动车信息，写明用途、依据、期限', en: 'Transport asks: items, purpose, legal basis, last day' }, async () => {
    const { status, body } = await stage.call<Demand & Problem>('transport', 'POST', '/v1/catalogue/demands', {
      json: {
        resourceId,
        fields: ['号牌号码', '车辆类型', '总质量', '检验有效期止', '所有人证件号码'],
        forms: ['query', 'assertion'],
        purpose: PURPOSE,
        matters: [],
        legalBasis: '《中华人民共和国道路运输条例》第三十条',
        scenario: '核对营运货车检验情况',
        scope: '全省营运货车',
        until: daysFromNow(200)
      }
    })
    expect(status === 201, `answered with ${status} ${body.code ?? ''}`)
    demand = body
    return `${body.clock.words.zh}  ${body.clock.words.en}`
  })
  const decide = async (client: string, json: object) => {
    if (demand === undefined) throw new Unexpected('there is no demand')
    return await stage.call<Demand & Problem>(client, 'POST', `/v1/catalogue/demands/${demand.demandId}/decisions`, { json })
  }
  await story.step({ zh: '自己批自己的申请：拒绝', en: 'Nobody approves their own demand' }, async () => {
    return expectRefused(await decide('transport', { outcome: 'grant', grant: { until: daysFromNow(200) }, why: '自批（演示）' }), 403, 'SELF_APPROVAL')
  })
  let grantId: string | undefined
  await story.step({ zh: '没有截止日的授权不成立；公安按最少够用授权', en: 'A grant without an end is none; the police grant what suffices' }, async () => {
    const fields = ['号牌号码', '车辆类型', '总质量', '检验有效期止']
    const endless = expectRefused(await decide('police', { outcome: 'grant', grant: { fields }, why: '演示' }), 422, 'GRANT_WITHOUT_END')
    const { status, body } = await decide('police', { outcome: 'grant', grant: { fields, until: daysFromNow(100) }, why: '够用的四项，到期可续（演示）' })
    expectSame([status, body.code, body.decided?.outcome], [200, undefined, 'partly-granted'], 'the decision')
    grantId = body.decided?.grantId
    return [endless, `授权 ${fields.join('、')}，至 ${daysFromNow(100)}；不给所有人证件号码  less than was asked for`]
  })
  await story.step({ zh: '按授权使用：能答是否的不给数据', en: 'Used: yes or no where that suffices, else the value' }, async () => {
    const { body: said, status } = await stage.call<AssertionAnswer & Problem>('transport', 'POST', '/v1/assertions', { json: { ...asked, ask: { item: '检验有效期止', atLeast: daysFromNow(0) } } })
    expectSame([status, said.answer], [200, 'yes'], 'the assertion')
    const { body } = await query(['车辆类型', '总质量'])
    expectSame([body.outcome, body.grantId, body.rows[0]?.values], ['found', grantId, { 车辆类型: '重型厢式货车', 总质量: 12000 }], 'the query')
    return [`检验有效期不早于今天？${said.answer === 'yes' ? '是' : said.answer}  yes`, `${TRUCK}：${JSON.stringify(body.rows[0]?.values)}，摘要 ${body.rows[0]?.digest.slice(0, 16) ?? ''}…`]
  })
  await story.step({ zh: '换个用途读同一条：拒绝', en: 'The same record for another purpose: refused' }, async () => expectRefused(await query(['总质量'], { purpose: '车辆保险推销' }), 403, 'PURPOSE_NOT_GRANTED'))
  await story.step({ zh: '多要一项：拒绝，一项也不给', en: 'One item more than was granted: refused, none leaves' }, async () => expectRefused(await query(['总质量', '所有人证件号码']), 403, 'FIELD_NOT_GRANTED'))
  await story.step({ zh: '公安收回授权，下一次就拒绝', en: 'The police pull the grant; the next read is refused' }, async () => {
    if (grantId === undefined) throw new Unexpected('there is no grant')
    const { status } = await stage.call('police', 'POST', `/v1/catalogue/grants/${grantId}/pull`, { json: { why: '业务调整（演示）' } })
    expectSame(status, 200, 'the pull')
    return expectRefused(await query(['总质量']), 403, 'GRANT_PULLED')
  })
}
