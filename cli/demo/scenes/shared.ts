import { loadSampleCatalogue } from '../../../config/sample-catalogue.js'
import type { ResourceList } from '../../../schemas/http/resource-list.v1.js'
import { addRecords } from '../register-file.js'
import type { Stage } from '../stage.js'
import { expect, expectSame, type Story } from '../story.js'
import { expectRefused } from './access.js'
import { COUNTY, COUNTY_SHOPS, HAULIER, OWNER, personRecord, SHOP, shopRecord, SISTER, TRUCK } from './cast.js'

/** Departments say what they hold, the data administration publishes it and says who owes what to whom, and the data come in. */
export async function sharedScene (stage: Stage, story: Story): Promise<void> {
  story.scene({ zh: '各部门有什么、欠什么', en: 'What departments hold, and owe' })
  const { resources, duties } = loadSampleCatalogue(stage.province)
  await story.step({ zh: '部门编目，数据管理部门审核发布、定责任；窗口申请，部门授权', en: 'Departments describe, the data administration publishes and sets duties; windows ask, departments grant' }, async () => {
    const { status, output } = await stage.command('sample', 'catalogue', '--url', stage.url)
    expect(status === 0, `ended with ${status}: ${output}`)
    const [, published, owed, granted] = /发布 (\d+)，责任 (\d+)，授权 (\d+)/.exec(output) ?? []
    expectSame([Number(published), Number(owed)], [resources.length, duties.length], 'published and owed')
    expect(Number(granted) > 0, output)
    const again = await stage.command('sample', 'catalogue', '--url', stage.url)
    expect(again.output.includes('发布 0，责任 0，授权 0'), `again: ${again.output}`)
    return `发布 ${published} 项数据资源，定下 ${owed} 条责任，授权 ${granted} 项；再做一遍什么也不变  done again, nothing changes`
  })
  await story.step({ zh: '部门不能替自己的目录审核', en: 'A department does not review its own description' }, async () => {
    const path = `/v1/catalogue/resources/${stage.resourceId('market', 'shops')}/review`
    return expectRefused(await stage.call('market', 'POST', path, { json: { version: 1, outcome: 'publish', why: '演示' } }), 403, 'SCOPE_MISSING')
  })
  await story.step({ zh: '用中文词找目录', en: 'The catalogue is searched by Chinese words' }, async () => {
    const { status, body } = await stage.call<ResourceList>('approval-window', 'GET', `/v1/catalogue/resources?q=${encodeURIComponent('登记状态')}`)
    expectSame([status, body.items.map(({ title }) => title)], [200, ['经营主体登记信息']], 'what is found')
    return `“登记状态” → ${body.items[0]?.title ?? ''}（${body.items[0]?.providerName ?? ''}）`
  })
  await story.step({ zh: '市场监管和公安上报数据', en: 'Market supervision and the police publish their data' }, async () => {
    addRecords(stage.recordsPath('market', 'shops'), [
      shopRecord({ ...SHOP, trade: '餐饮' }),
      ...COUNTY_SHOPS.map(({ code, name }, i) => shopRecord({ code, name, region: COUNTY, address: `云川市青泽县古槐街${i + 1}号`, trade: '零售' }))
    ])
    addRecords(stage.recordsPath('police', 'population'), [personRecord(OWNER), personRecord(SISTER)])
    addRecords(stage.recordsPath('police', 'vehicles'), [{
      号牌号码: TRUCK, 车辆类型: '重型厢式货车', 所有人: HAULIER.name, 所有人证件号码: HAULIER.code, 总质量: '12000', 注册登记日期: '2024-04-01', 检验有效期止: '2029-04-30', 状态: '正常', 区划: '990102'
    }])
    const changed = await stage.publish(['market', 'police'], ['shops', 'population', 'vehicles'])
    expect(changed > 6, `${changed} rows`)
    return `${changed} 条，逐条签名、验签、入库  each signed, checked and kept`
  })
}
