import { join } from 'node:path'
import { writeLicence } from '../../../connectors/issuing/ofd-writer.js'
import { initAuthority, KeyLayout, readSealing, type SealFolder } from '../../../keys/index.js'
import { sealPictures } from '../../../connectors/issuing/seal-picture.js'
import { systemClock } from '../../../services/core/clock.js'
import type { LicenceFields } from '../../../connectors/issuing/licence-fields.js'
import { sealAgain } from '../ofd-package.js'
import type { Stage } from '../stage.js'
import { expectVerdict, type Story } from '../story.js'
import type { Followed } from './issue.js'

const YEAR_MS = 365 * 86_400_000

/** Licences that look right, under seals that must not be believed for this licence. */
export async function sealsScene (stage: Stage, story: Story, { row, licenceId }: Followed): Promise<void> {
  story.scene({ zh: '不该信的印章', en: 'Seals that must not be believed' })
  const { serial: _serial, ...said } = row
  const { uscc, name } = stage.department('market')
  const licence: LicenceFields = { ...said, licenceId, issuer: { uscc, name } }
  const sealed = (folder: SealFolder, signedAt = new Date(), fields = licence): Buffer => writeLicence({ licence: fields, signer: readSealing(folder), signedAt }).bytes
  const { layout } = stage

  await story.step({ zh: '自造的根证书、自刻的“市场监督管理局”印章，名称一字不差', en: 'A forged licence: another root and seal under the very same names' }, async () => {
    const dir = join(stage.dir, 'forger')
    await initAuthority({ dir, province: stage.province, clock: systemClock, sealPictures })
    const own = new KeyLayout(dir).department('market')
    const renamed = { ...licence, holder: { ...licence.holder, name: '云川市云东区晨光大酒楼有限公司' } }
    return [
      '照抄真证照的内容  with the content of the genuine one:',
      ...expectVerdict(await stage.verify(sealed(own)), 'indeterminate', 'PATH_UNTRUSTED'),
      '换成自己的店名  with another holder:',
      ...expectVerdict(await stage.verify(sealed(own, new Date(), renamed)), 'invalid', 'FACE_DIFFERS', 'PATH_UNTRUSTED')
    ]
  })
  await story.step({ zh: '民政厅的真印章，盖在食品经营许可证上', en: 'A genuine seal of the wrong department' }, async () =>
    expectVerdict(await stage.verify(sealed(layout.department('civil'))), 'invalid', 'NOT_COMPETENT'))
  await story.step({ zh: '行业协会的真印章，协会无权发证', en: 'A genuine seal of an organisation with no authority at all' }, async () =>
    expectVerdict(await stage.verify(sealed(layout.demonstration('catering-association'))), 'invalid', 'NOT_COMPETENT'))
  await story.step({ zh: '市监局已过期的旧印章', en: 'A seal that has expired' }, async () => {
    const folder = layout.demonstration('market-expired')
    const then = sealed(folder, new Date(Date.now() - 2 * YEAR_MS))
    return expectVerdict(await stage.verify(sealAgain(then, readSealing(folder), new Date())), 'invalid', 'CERTIFICATE_EXPIRED', 'SEAL_NOT_IN_FORCE')
  })
  await story.step({ zh: '证书已被吊销的印章', en: 'A seal whose certificate was revoked' }, async () =>
    expectVerdict(await stage.verify(sealed(layout.demonstration('market-revoked'))), 'invalid', 'CERTIFICATE_REVOKED', 'TIME_UNPROVEN'))
}
