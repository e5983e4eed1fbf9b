import type { AccessRecordV2 } from '../../../schemas/documents/access-record.v2.js'
import type { Stage } from '../stage.js'
import { residentMib } from '../resident.js'
import { expect, expectSame, type Story } from '../story.js'
import { expectRefused, recordsSince, type Problem } from './access.js'
import { GRANT_CASE } from './grant.js'
import { OWNER, SHOP, SISTER } from './cast.js'

/** The auditor reads who asked what for which case, refusals too; the operator reads nothing. */
export async function recordsScene (stage: Stage, story: Story, { since, memoryMib }: { since: string, memoryMib: number }): Promise<void> {
  story.scene({ zh: '谁看过什么', en: 'Who looked at what' })
  let records: AccessRecordV2[] = []
  await story.step({ zh: '每次使用都有记录，被拒绝的也有', en: 'Each use is on record, those that were refused too' }, async () => {
    records = await recordsSince(stage, since)
    const uses = records.filter(({ caseNumber, client }) => caseNumber === GRANT_CASE && client === 'transport').flatMap(({ uses = [] }) => uses)
    expectSame(uses.map(({ way, outcome, code }) => `${way} ${outcome} ${code ?? ''}`.trim()), [
      'query refused GRANT_MISSING', 'assertion answered', 'query answered', 'query refused PURPOSE_NOT_GRANTED', 'query refused FIELD_NOT_GRANTED', 'query refused GRANT_PULLED'
    ], 'what transport did')
    return uses.map(({ way, fields = [], outcome, code }) => `· transport ${way} [${fields.join('、')}] ${outcome}${code === undefined ? '' : ` ${code}`}`)
  })
  await story.step({ zh: '办件查了哪些库、凭哪个授权，一条条都在', en: 'Which sources the case was looked up in, under which grant' }, async () => {
    const uses = records.filter(({ caseNumber, route }) => caseNumber === 'DEMO-2' && route === '/v1/exemptions').flatMap(({ uses = [] }) => uses)
    const asked = uses.filter(({ way, outcome }) => way === 'assertion' && outcome === 'answered')
    expect(asked.length > 0 && asked.every(({ grantId }) => grantId !== undefined), `uses: ${JSON.stringify(uses)}`)
    const returned = records.filter(({ client, uses = [] }) => client === 'county-window' && uses.some(({ way, outcome }) => way === 'subscription' && outcome === 'answered'))
    expect(returned.length > 0, 'nothing of the county is on record')
    return `核验 ${asked.length} 次，都有授权编号；回流 ${returned.length} 次  assertions with their grants, readings of the county`
  })
  await story.step({ zh: '记录里没有证件号码，也没有数据的内容', en: 'Records hold no identifiers and nothing of what was read' }, async () => {
    const text = JSON.stringify(records)
    for (const secret of [OWNER.code, SISTER.code, SHOP.code, OWNER.name, SHOP.address]) expect(!text.includes(secret), 'a record says more than it should')
    return `${records.length} 条记录  records`
  })
  await story.step({ zh: '运维管平台，看不到数据', en: 'The operator runs it and reads no data' }, async () => {
    const refused = await stage.call<Problem>('operator', 'POST', '/v1/queries', {
      json: { resourceId: stage.resourceId('police', 'population'), subject: OWNER.code, fields: ['住址'], purpose: '排查问题', matter: 'ops', caseNumber: 'DEMO-4' }
    })
    return expectRefused(refused, 403, 'SCOPE_MISSING')
  })
  await story.step({ zh: `常驻内存仍不超过 ${memoryMib} MB`, en: 'Resident memory is still within its limit' }, async () => {
    const resident = await residentMib()
    expect(resident <= memoryMib, `${resident} MB`)
    return `${resident} MB`
  })
}
