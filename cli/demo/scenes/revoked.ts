import type { LicenceStatus } from '../../../schemas/http/licence-status.v1.js'
import type { Stage, Verified } from '../stage.js'
import { expectSame, expectVerdict, type Story } from '../story.js'
import { daysFromNow, type Followed } from './issue.js'

/** The register row says 吊销; from that day on the licence does not count, and what was so before stays so. */
export async function revokedScene (stage: Stage, story: Story, { row, register, licenceId, bytes, recordedBy }: Followed): Promise<void> {
  story.scene({ zh: '证照被吊销', en: 'The licence is revoked' })
  const today = daysFromNow(0)
  await story.step({ zh: '市监局在登记簿里改为吊销，连接器上报', en: 'The department writes it into its register, the connector tells' }, async () => {
    register.put({ ...row, changed: { to: 'revoked', on: today, reason: '经查存在严重违法情形，依法吊销（演示）' } })
    const { issued, stateChanges, rejected } = await stage.issue('market')
    expectSame([issued, stateChanges, rejected], [0, 1, 0], 'issued, changed state, rejected')
    return `状态变更 1（${today} 起吊销）  one change of state`
  })
  await story.step({ zh: '同一份文件再核验：印章没有问题，证照已吊销', en: 'The same file again: the seal is fine, the licence is revoked' }, async () =>
    expectVerdict(await stage.verify(bytes), 'invalid', 'REVOKED'))
  await story.step({ zh: '问昨天：那时仍然有效', en: 'As of yesterday it still counts' }, async () => {
    const yesterday = new Date(Date.now() - 86_400_000).toISOString()
    const { status, body } = await stage.call<Verified>('approval-window', 'POST', '/v1/verifications', { json: { licenceId, at: yesterday } })
    expectSame(status, 200, 'status')
    const now = await stage.call<Verified>('approval-window', 'POST', '/v1/verifications', { json: { licenceId } })
    return ['昨天  yesterday:', ...expectVerdict(body, 'valid'), '今天  today:', ...expectVerdict(now.body, 'invalid', 'REVOKED')]
  })
  await story.step({ zh: '按吊销上报之前所知：当时没有人知道', en: 'As known before it was told: nobody knew' }, async () => {
    const ask = async (query: string): Promise<string> => (await stage.call<LicenceStatus>('approval-window', 'GET', `/v1/licences/${licenceId}${query}`)).body.state
    expectSame([await ask(''), await ask(`?known=${recordedBy.toISOString()}`)], ['revoked', 'valid'], 'states')
    return '现在：吊销；按上报之前所知：有效  revoked now, in force by what was known then'
  })
}
