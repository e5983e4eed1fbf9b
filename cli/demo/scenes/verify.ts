import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LicenceStatus } from '../../../schemas/http/licence-status.v1.js'
import type { Report } from '../../../services/verification/index.js'
import type { Stage } from '../stage.js'
import { expect, expectSame, expectVerdict, Unexpected, type Story } from '../story.js'
import { daysFromNow, type Followed } from './issue.js'

/** A window gets a verdict and a receipt; the receipt and the verdict are worked out again with no service. */
export async function verifyScene (stage: Stage, story: Story, { licenceId, path, bytes, row }: Followed): Promise<void> {
  story.scene({ zh: '窗口核验', en: 'A window verifies' })
  let receipt: string | undefined
  await story.step({ zh: '窗口上传文件，当场得到结论和回执', en: 'A file in, a verdict and its receipt out' }, async () => {
    const verified = await stage.verify(bytes)
    const seen = expectVerdict(verified, 'valid')
    receipt = verified.receipt
    const checks = [...verified.checks, ...verified.signatures.flatMap(({ checks }) => checks)]
    const [seal] = verified.signatures.map(({ seal }) => seal)
    expectSame(seal?.id, stage.department('market').sealId, 'the seal')
    return [`${seen.join()}   ${checks.filter(({ status }) => status === 'passed').length} 项检查通过  checks passed`, `盖章单位 ${seal?.name ?? ''}   回执 ${verified.receiptId}`]
  })
  await story.step({ zh: '不经过服务，只凭信任目录，结论相同', en: 'The same without any service, by the trust directory alone' }, async () => {
    const { status, output } = await stage.command('verify', path, '--trust', stage.layout.trust, '--json')
    expect(status === 0, `ended with ${status}: ${output}`)
    return expectVerdict(JSON.parse(output) as Report, 'valid')
  })
  await story.step({ zh: '断网复核回执：由所记事实重新得出结论', en: 'The receipt checked with the network off: the verdict is worked out again' }, async () => {
    if (receipt === undefined) throw new Unexpected('there is no receipt')
    const file = join(stage.dir, 'receipt.jws')
    writeFileSync(file, receipt)
    const key = stage.layout.service('receipt').publicKey
    const { status, output } = await stage.command('receipt', 'verify', file, '--key', key, '--json')
    expect(status === 0, `ended with ${status}: ${output}`)
    const { receipt: state, id, report } = JSON.parse(output) as { receipt: string, id: string, report: Report }
    expectSame(state, 'valid', 'the receipt')
    const spoilt = join(stage.dir, 'spoilt.jws')
    const at = receipt.indexOf('.') + 40
    writeFileSync(spoilt, `${receipt.slice(0, at)}${receipt[at] === 'A' ? 'B' : 'A'}${receipt.slice(at + 1)}`)
    const refused = await stage.command('receipt', 'verify', spoilt, '--key', key, '--json')
    expectSame([refused.status, (JSON.parse(refused.output) as { code: string }).code], [1, 'RECEIPT_SIGNATURE_INVALID'], 'a receipt with one character changed')
    return [...expectVerdict(report, 'valid'), `回执 ${id}；改动一个字符就不认  one character changed: refused  [RECEIPT_SIGNATURE_INVALID]`]
  })
  await story.step({ zh: '登记：某时的状态，按某时所知', en: 'The register, as of then and as known then' }, async () => {
    const ask = async (query: string): Promise<string> => (await stage.call<LicenceStatus>('approval-window', 'GET', `/v1/licences/${licenceId}${query}`)).body.state
    const before = `${daysFromNow(-11)}T00:00:00Z`
    const yesterday = new Date(Date.now() - 86_400_000).toISOString()
    expectSame([await ask(''), await ask(`?at=${yesterday}`), await ask(`?at=${before}`), await ask(`?known=${yesterday}`)], ['valid', 'valid', 'not-yet-valid', 'unknown'], 'states')
    return [`今天有效，昨天有效；${row.issuedOn} 颁发之前尚未生效  in force today and yesterday, not before it was issued`, '按昨天所知：没有这份证照（今天才上报）  by what was known yesterday there is none']
  })
}
